/**
 * Puts plain operations in the place of elaborate ones: a store over a range for whatever stored, a set for whatever
 * moved a maple state. What the elaborate one needed can then go: a state that was set for it, a gap that it searched.
 *
 *     mas_set_range 5 9, mas_store 1      ->      store_range 5 9 1
 *     mas_config 7 8                      ->      mas_set 7
 *
 * An operation is replaced by a plainer one only, so the search ends.
 */
import { OracleTree } from '../../../oracle/tree';
import type { DomainFormat } from '../../format/domain';
import { isIndex } from '../../format/spelling';
import type { Operation } from '../../format/types';
import { fieldKinds } from '../../minimize/simplify';
import type { Trial } from '../../minimize/trial';
import type { TreeHeader } from './header';
import { treeSpec } from './operations';

/** Operations that store over a range, plainest first; what is not listed is the least plain. */
const WRITERS = ['store_range', 'erase', 'insert_range'];

/** Whether an operation stores over a range, so that a plain store may do in its place. */
export function storesRange({ op }: Operation): boolean {
  return treeSpec(op)?.storesRange === true;
}

/** Likewise those that only move a state. */
const MOVERS = ['mas_set', 'mas_set_range', 'mas_walk'];

/** Ranges that a plain store is tried with beside those that the old operation names. */
const PLAIN_RANGES: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [0, 1],
  [2, 2],
];

/** Tries plainer operations everywhere. Whether any was put in. */
export async function substitute(trial: Trial): Promise<boolean> {
  let changed = false;
  for (let i = 0; i < trial.operations.length && !trial.over; i++) {
    changed = (await substituteAt(trial, i)) || changed;
  }
  return changed;
}

async function substituteAt(trial: Trial, i: number): Promise<boolean> {
  const operation = trial.operations[i];
  const alike = sameEffect(trial, i);
  const put = (plainer: Operation): Operation[] => trial.operations.map((old, j) => (j === i ? plainer : old));
  // The failing operation itself is replaced only by one that does the same.
  const fails = i === trial.operations.length - 1 && trial.difference.operation !== null;
  if (fails) return alike !== null && (await trial.tryOtherEnd(put(alike)));
  if (alike !== null && (await trial.tryOperations(put(alike)))) return true;
  for (const plainer of plainerOperations(trial.domain, operation))
    if (await trial.tryOperations(put(plainer))) return true;
  return false;
}

/** A plain store that changes what a write less plain than that changes; null if there is none. */
function sameEffect({ header, operations }: Trial, i: number): Operation | null {
  const operation = operations[i];
  if (!storesRange(operation) || operation.op === WRITERS[0] || operation.op === 'bulk') return null;
  const tree = new OracleTree((header as TreeHeader).ranges);
  for (const earlier of operations.slice(0, i)) treeSpec(earlier.op)?.apply(tree, earlier);
  const before = tree.entries();
  treeSpec(operation.op)?.apply(tree, operation);
  const range = changedRange(before, tree.entries());
  if (range === null || !isIndex(range.first) || !isIndex(range.last)) return null;
  const { fail } = operation;
  return { op: 'store_range', ...range, value: tree.load(range.first), ...(fail === undefined ? {} : { fail }) };
}

type Entries = readonly (readonly [first: number, last: number, value: number])[];

/** The range from the first index at which two contents differ to the last one. */
function changedRange(before: Entries, after: Entries): { first: number; last: number } | null {
  const at = (entries: Entries, index: number): number | null =>
    entries.find(([first, last]) => first <= index && index <= last)?.[2] ?? null;
  const starts = new Set([0]);
  for (const [first, last] of [...before, ...after]) starts.add(first).add(last + 1);
  const edges = [...starts].sort((a, b) => a - b);
  const differs = edges.map((edge) => at(before, edge) !== at(after, edge));
  const first = differs.indexOf(true);
  return first < 0 ? null : { first: edges[first], last: edges[differs.lastIndexOf(true) + 1] - 1 };
}

/** Plainer operations that might do the same for the failure. */
function plainerOperations(domain: DomainFormat, operation: Operation): Operation[] {
  if (storesRange(operation)) return plainerWriters(operation, indexesOf(domain, operation));
  return operation.op.startsWith('mas_') ? plainerMovers(operation, indexesOf(domain, operation)) : [];
}

function plainerWriters(operation: Operation, indexes: readonly number[]): Operation[] {
  const rank = WRITERS.indexOf(operation.op);
  if (rank === 0) return [];
  const ranges = [...pairs(indexes), ...PLAIN_RANGES];
  const value = typeof operation.value === 'number' ? operation.value : 1;
  const stores = ranges.map(([first, last]) => ({ op: 'store_range', first, last, value }));
  // What took something away may be a store of nothing.
  const isErase = operation.op.endsWith('erase') || operation.value === null;
  const nulls = isErase ? ranges.map(([first, last]) => ({ op: 'store_range', first, last, value: null })) : [];
  const erases = rank !== 1 && isErase ? [...indexes, 0, 1].map((index) => ({ op: 'erase', index })) : [];
  return [...stores, ...nulls, ...erases];
}

function plainerMovers(operation: Operation, named: readonly number[]): Operation[] {
  const rank = MOVERS.indexOf(operation.op);
  const r = operation.r as number;
  if (rank === 0) return [];
  const sets: Operation[] = [...named, 0, 1].map((index) => ({ op: 'mas_set', r, index }));
  if (rank === 1) return sets;
  for (const [first, last] of pairs(named)) sets.push({ op: 'mas_set_range', r, first, last });
  if (rank < 0) sets.push({ op: 'mas_walk', r });
  return sets;
}

/** The indexes that an operation names. */
function indexesOf(domain: DomainFormat, operation: Operation): number[] {
  const indexes: number[] = [];
  for (const [name, kind] of fieldKinds(domain, operation)) {
    const value = operation[name];
    if (kind === 'index') indexes.push(value as number);
    if (kind !== 'entries') continue;
    for (const [first, last] of (value as readonly (readonly [number, number, number])[]).slice(0, 4))
      indexes.push(first, last);
  }
  return [...new Set(indexes)];
}

/** Ranges from one of the numbers to the same or another. */
function pairs(numbers: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const first of numbers) for (const last of numbers) if (first <= last) found.push([first, last]);
  return found;
}
