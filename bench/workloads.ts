/**
 * The workloads: names, what one operation is, and the loops that do them on a RangeMap. kernel/driver.c has the same
 * loops in C; a change here belongs there too. A loop does the rows [from, to) of its operations, so that a run can
 * stop in between when a peer is hopelessly slow, and gives how many found something (or a sum that must agree).
 */
import { MMAP, type Ops, PROTECT } from './inputs';
import type { RangeMap } from './peers/range-map';

export interface Workload {
  name: string;
  /** What the nanoseconds are for. */
  unit: string;
  about: string;
  /** Nothing changes: one filled map serves all repetitions. */
  onlyReads: boolean;
  /** The whole workload is one call, however many operations it counts. */
  oneCall: boolean;
}

const row = (name: string, unit: string, about: string, onlyReads = false, oneCall = false): Workload => ({
  name,
  unit,
  about,
  onlyReads,
  oneCall,
});

export const workloads: readonly Workload[] = [
  row('append', 'store', 'n ranges in ascending order into an empty map'),
  row('insert', 'store', 'the same ranges in random order'),
  row('overwrite', 'store', 'random ranges of 1 to 64 over n ranges of 16 with 16 free between'),
  row('erase', 'erase', 'each of n ranges by one index inside it, in random order'),
  row('load', 'load', 'random indexes, half of them free', true),
  row('forward', 'entry', 'from the first entry to the last through a state', true, true),
  row('backward', 'entry', 'from the last entry to the first through a state', true, true),
  row('duplicate', 'entry', 'a copy of the whole map', true, true),
  row('validate', 'entry', 'a check of the whole structure', true, true),
  row('gap-lowest', 'search', 'lowest 1 to 64 free indexes above a random place', true),
  row('gap-highest', 'search', 'highest 1 to 64 free indexes below a random place', true),
  row('vma-mix', 'call', 'recorded mmap, munmap, mprotect, brk of many processes side by side'),
];

export function workloadNamed(name: string): Workload {
  const found = workloads.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`no workload named ${name}; there are ${workloads.map((one) => one.name).join(', ')}`);
  return found;
}

/** Numbers as a user's program would have them: small integers stay small integers. */
export type Column = Int32Array | Float64Array;

export interface Columns {
  window: number;
  count: number;
  a: Column;
  b: Column;
  c: Column;
}

const column = (numbers: Float64Array): Column =>
  numbers.every((x) => x < 2 ** 31) ? Int32Array.from(numbers) : numbers;

export function columnsOf(ops: Ops): Columns {
  return { window: ops.window, count: ops.a.length, a: column(ops.a), b: column(ops.b), c: column(ops.c) };
}

function stores(map: RangeMap, ops: Columns, from: number, to: number, firstValue: number): number {
  const { a, b } = ops;
  for (let i = from; i < to; i++) map.store(a[i], b[i], firstValue + i);
  return 0;
}

function loads(map: RangeMap, ops: Columns, from: number, to: number): number {
  const { a } = ops;
  let hits = 0;
  for (let i = from; i < to; i++) if (map.load(a[i])) hits++;
  return hits;
}

function erases(map: RangeMap, ops: Columns, from: number, to: number): number {
  const { a } = ops;
  let hits = 0;
  for (let i = from; i < to; i++) if (map.erase(a[i])) hits++;
  return hits;
}

function lowest(map: RangeMap, ops: Columns, from: number, to: number): number {
  const { a, b, c } = ops;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const found = map.lowestGap(a[i], b[i], c[i]);
    if (found >= 0) sum += found;
  }
  return sum;
}

function highest(map: RangeMap, ops: Columns, from: number, to: number): number {
  const { a, b, c } = ops;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const found = map.highestGap(a[i], b[i], c[i]);
    if (found >= 0) sum += found;
  }
  return sum;
}

/** What the kernel's calls do to a process's tree; see patterns/derive.ts for the kinds. */
export function mix(map: RangeMap, ops: Columns, from: number, to: number, firstValue: number): number {
  const { a, b, c, window } = ops;
  let hits = 0;
  for (let i = from; i < to; i++) {
    const first = a[i];
    const last = b[i];
    const kind = c[i];
    if (kind === MMAP) {
      const low = Math.floor(first / window) * window;
      if (map.highestGap(low, low + window - 1, last - first + 1) >= 0) hits++;
    } else if (kind === PROTECT && map.load(first)) hits++;
    map.store(first, last, keeps(kind) ? firstValue + i : 0);
  }
  return hits;
}

/** mmap, fixed mmap and mprotect leave something behind; munmap and leaving do not. */
const keeps = (kind: number) => kind <= 1 || kind === PROTECT;

let copies: RangeMap[] = [];

/** Does rows [from, to) of a workload. A duplicate is kept until `dropCopies`, so that freeing it is not timed. */
export function doRows(
  workload: string,
  map: RangeMap,
  ops: Columns,
  from: number,
  to: number,
  firstValue: number,
): number {
  switch (workload) {
    case 'append':
    case 'insert':
    case 'overwrite':
      return stores(map, ops, from, to, firstValue);
    case 'erase':
      return erases(map, ops, from, to);
    case 'load':
      return loads(map, ops, from, to);
    case 'forward':
      return map.forward();
    case 'backward':
      return map.backward();
    case 'gap-lowest':
      return lowest(map, ops, from, to);
    case 'gap-highest':
      return highest(map, ops, from, to);
    case 'vma-mix':
      return mix(map, ops, from, to, firstValue);
    case 'duplicate':
      copies.push(map.duplicate());
      return 0;
    case 'validate':
      if (!map.validate()) throw new Error('the map is broken');
      return 0;
    default:
      throw new Error(`no workload named ${workload}`);
  }
}

export function dropCopies(): void {
  for (const copy of copies) copy.destroy?.();
  copies = [];
}

/** A sum over the content (32 bits): equal in every subject that holds the same ranges with the same values. */
export function contentOf(map: RangeMap): { content: number; entries: number } {
  let sum = 0;
  let entries = 0;
  map.each((first, last, value) => {
    sum = ((Math.imul(sum, 31) + low32(first) * 7 + low32(last) * 3 + value) % 0x100000000) | 0;
    entries++;
  });
  return { content: sum >>> 0, entries };
}

const low32 = (x: number) => x % 0x100000000;
