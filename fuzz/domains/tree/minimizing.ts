/**
 * How failing sequences of the domain tree become short and plain.
 */
import type { Operation } from '../../format/types';
import type { MinimizingPasses } from '../../minimize/minimizing';
import { withSmallerNodes } from '../nodes';
import { fitSmallNodes, gather, removeEntries } from './gather';
import { ShortTreeSequences } from './rebuild';
import { substitute } from './substitute';

export const treeMinimizing: MinimizingPasses = {
  header: {
    plainer: (header) => ('ranges' in header && header.ranges ? [{ ...header, ranges: false }] : []),
    smaller: withSmallerNodes,
    dropsLast: ['slots'],
  },
  round: [
    { phase: 'plainer operations', run: substitute, freesOperations: true },
    { phase: 'one build for many stores', run: gather, freesOperations: true },
    { phase: 'fewer entries', run: removeEntries, freesOperations: false },
    { phase: 'smaller nodes', run: fitSmallNodes, freesOperations: false },
  ],
  range: ['first', 'last'],
  union: unionOf,
  shortSequences: (stream, trial, failing) => new ShortTreeSequences(stream, trial, failing),
};

function unionOf(a: Operation, b: Operation): Partial<Operation> | null {
  if (typeof a.first !== 'number' || typeof b.first !== 'number') return null;
  return { first: Math.min(a.first, b.first), last: Math.max(a.last as number, b.last as number) };
}
