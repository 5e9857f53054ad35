/**
 * How failing sequences of the domain mm become short and plain.
 */
import { type Header, type Operation, PAGE } from '../../format/types';
import type { MinimizingPasses } from '../../minimize/minimizing';
import { withSmallerNodes } from '../nodes';
import type { MmHeader } from './header';
import { givePlaces } from './places';
import { ShortMmSequences } from './rebuild';

const LIMITS = ['max_map_count', 'memlock'];

export const mmMinimizing: MinimizingPasses = {
  header: {
    drops: ['kernel', 'memlock', 'max_map_count', 'counters', 'brk', 'bottom_up'],
    lowers: [...LIMITS, 'brk'],
    limits: LIMITS,
    dropsLast: ['slots'],
    smaller: withSmallerNodes,
    width: (header) => (header as MmHeader).pages,
    narrower: narrowerWindow,
  },
  first: [{ phase: 'places', run: givePlaces, freesOperations: false }],
  range: ['addr', 'len'],
  union: unionOf,
  placesOf: endsOf,
  placed: withPlaces,
  shortSequences: (stream, trial, failing) => new ShortMmSequences(stream, trial, failing),
};

/** The heap must start inside the window. */
function narrowerWindow(header: Header, by: number): Header | null {
  const window = header as MmHeader;
  const pages = window.pages - by;
  return pages > (window.brk ?? 0) && pages > 0 ? { ...window, pages } : null;
}

function unionOf(a: Operation, b: Operation): Partial<Operation> | null {
  if (typeof a.len !== 'number' || typeof b.len !== 'number') return null;
  const addr = Math.min(a.addr as number, b.addr as number);
  const end = Math.max((a.addr as number) + a.len, (b.addr as number) + b.len);
  return { addr, len: end - addr };
}

function endsOf({ addr, len }: Operation): number[] {
  return typeof addr === 'number' && typeof len === 'number' ? [addr + len, addr + len - PAGE] : [];
}

/** Where the kernel chose a place for a mapping, it is given one. */
function withPlaces(operation: Operation, header: Header, places: readonly number[]): Operation[] {
  const old = operation.flags as readonly string[];
  if (operation.op !== 'mmap' || old.some((flag) => flag.startsWith('fixed'))) return [];
  const flags = [...old, 'fixed'];
  const top = (header as MmHeader).pages * PAGE - (operation.len as number);
  return [top, ...places].filter((addr) => addr >= 0).map((addr) => ({ ...operation, addr, flags }));
}
