/**
 * The minimizer stays with what a target outside may be asked: no corner of the kernel's, no operation that it lacks.
 */

import { FORMAT, MAX_INDEX, type Operation, type Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { createJudging } from './judging';
import { comesIntoCorner, keepLegal } from './legal';

const DIFFERENCE: Difference = { step: 0, operation: null, rule: 'answer', foundBy: 'answer', detail: 'another' };

function sequenceOf(...operations: Operation[]): Sequence {
  return { header: { format: FORMAT, domain: 'tree', ranges: true }, operations };
}

const STORE: Operation = { op: 'store_range', first: 0, last: 9, value: 1 };
const FINE = sequenceOf(STORE, { op: 'insert_range', first: 5, last: 20, value: 2 });
const CORNER = sequenceOf(STORE, { op: 'insert_range', first: 0, last: MAX_INDEX, value: 2 });

/** Whether each variant was run, when they are variants of a sequence. */
function areRun(original: Sequence, ...variants: Sequence[]): boolean[] {
  const run = keepLegal(() => DIFFERENCE, original, ['bulk']);
  return variants.map((variant) => run(variant) !== null);
}

it('a corner is seen where the content leads into it', () => {
  expect(comesIntoCorner(FINE)).toBe(false);
  expect(comesIntoCorner(CORNER)).toBe(true);
  // In an empty tree nothing is there to be written over.
  expect(comesIntoCorner(sequenceOf({ op: 'insert_range', first: 0, last: MAX_INDEX, value: 2 }))).toBe(false);
});

it('variants that come into one, or have what a target lacks, are not run', () => {
  const bulk = sequenceOf({ op: 'bulk', entries: [[0, 9, 1]] });
  expect(areRun(FINE, FINE, sequenceOf(STORE), CORNER, bulk)).toEqual([true, true, false, false]);
});

it('of a sequence that is no better itself, all are run', () => {
  expect(areRun(CORNER, FINE, CORNER)).toEqual([true, true]);
});

it('between src and oracle there is nothing to leave out', () => {
  const judging = createJudging('src,oracle', []);
  expect(judging.runVariantsOf(FINE)).toBe(judging.runVariantsOf(CORNER));
});
