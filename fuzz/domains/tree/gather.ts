/**
 * Puts one `bulk` in the place of the writes that fill a tree: what is there before the failure counts, seldom how it
 * came.
 *
 *     store 1, store 3, erase 3, store 5, store 7, load 5      ->      bulk [1 5 7], load 5
 *
 * The content is asked of the oracle, which is what the format says that it is. A build fills its nodes where single
 * stores leave them half empty, so it is also tried with some entries more. Then entries that are not needed go, in
 * chunks and one by one, as operations do.
 */
import { OracleTree } from '../../../oracle/tree';
import type { FieldValue, Operation } from '../../format/types';
import { mapPoints } from '../../minimize/renumber';
import { type Trial, weightOf } from '../../minimize/trial';
import { withSmallerNodes } from '../nodes';
import type { TreeHeader } from './header';
import { treeSpec } from './operations';

type Entries = readonly (readonly [first: number, last: number, value: number])[];

/** So many more entries are tried in front of a bulk: where its nodes end depends on how many come before. */
const MOST_IN_FRONT = 4;

/** Tries a bulk for as many of the first operations as may be. Whether one was put in. */
export async function gather(trial: Trial): Promise<boolean> {
  const contents = contentsOf(trial.operations, (trial.header as TreeHeader).ranges);
  const before = trial.operations.length;
  for (let count = before; count >= 2 && !trial.over; count--) {
    if (contents[count].length === 0) continue;
    for (const content of [contents[count], singles(contents[count]), filled(contents[count])]) {
      for (let front = 0; front <= MOST_IN_FRONT; front++) {
        if (await gatherAs(trial, count, content, front)) return true;
      }
    }
  }
  return false;
}

/** Wider ranges than this are not cut into single indexes. */
const WIDEST_TO_CUT = 12;

/** The same indexes taken, each by an entry of its own: a tree with more slots. */
function singles(content: Entries): Entries {
  return content.flatMap(([first, last, value]) => {
    if (last - first >= WIDEST_TO_CUT) return [[first, last, value] as const];
    return Array.from({ length: last - first + 1 }, (_, i) => [first + i, first + i, value] as const);
  });
}

/**
 * An entry more in each gap that has room for one and two empty slots, and single indexes: a tree with yet more slots.
 */
function filled(content: Entries): Entries {
  const more: (readonly [number, number, number])[] = [];
  let next = 0;
  for (const entry of singles(content)) {
    const middle = next + Math.floor((entry[0] - 1 - next) / 2);
    if (entry[0] - next >= 3) more.push([middle, middle, 1]);
    more.push(entry);
    next = entry[1] + 1;
  }
  return more;
}

/** One attempt: the first `count` operations become a bulk, with `front` more entries before all else. */
async function gatherAs(trial: Trial, count: number, content: Entries, front: number): Promise<boolean> {
  const first = Array.from({ length: front }, (_, i) => [2 * i, 2 * i, 1] as const);
  const bulk: Operation = { op: 'bulk', entries: content };
  const shifted = mapPoints(trial.domain, [bulk, ...trial.operations], (index) => index + 2 * front);
  if (shifted === null) return false;
  const build: Operation = { op: 'bulk', entries: [...first, ...(shifted[0].entries as Entries)] };
  const rest = shifted.slice(1 + count);
  // A build of all there is in the end: does it break the same rule?
  if (rest.length === 0) return trial.difference.operation !== null && (await trial.tryOtherEnd([build]));
  if (await trial.tryOperations([build, ...rest])) return true;
  const kept = shifted.slice(1, 1 + count).filter((operation) => treeSpec(operation.op)?.writes === false);
  return kept.length > 0 && kept.length + 1 < count && (await trial.tryOperations([build, ...kept, ...rest]));
}

/** What is in the tree before each operation, and at the end. */
function contentsOf(operations: readonly Operation[], ranges: boolean): Entries[] {
  const tree = new OracleTree(ranges);
  const contents: Entries[] = [tree.entries()];
  for (const operation of operations) {
    treeSpec(operation.op)?.apply(tree, operation);
    contents.push(tree.entries());
  }
  return contents;
}

/** Takes entries out of each bulk, chunks first. Whether any went. */
export async function removeEntries(trial: Trial): Promise<boolean> {
  let went = false;
  for (let i = 0; i < trial.operations.length && !trial.over; i++) {
    if (trial.operations[i].op === 'bulk') went = (await removeEntriesOf(trial, i)) || went;
  }
  return went;
}

async function removeEntriesOf(trial: Trial, i: number): Promise<boolean> {
  let went = false;
  let size = entriesAt(trial, i).length >> 1;
  while (size > 0 && !trial.over) {
    let once = false;
    for (let end = entriesAt(trial, i).length; end > 0; end -= size) {
      const entries = entriesAt(trial, i);
      const fewer = [...entries.slice(0, Math.max(0, end - size)), ...entries.slice(end)];
      if (fewer.length > 0 && (await trial.tryOperations(withEntries(trial, i, fewer)))) once = true;
    }
    went ||= once;
    if (size > 1 || !once) size >>= 1;
  }
  return went;
}

/** So many operations and entries are few enough. */
const LIGHT = 5;
/** Longer builds are not cut to fit smaller nodes. */
const LONGEST_TO_FIT = 24;

/**
 * Tries smaller nodes and fewer entries of the first bulk at once: what a node of 15 slots does with 14 entries, one of
 * 4 does with 3. Whether it was so.
 */
export async function fitSmallNodes(trial: Trial): Promise<boolean> {
  const at = trial.operations.findIndex(({ op }) => op === 'bulk');
  if (at < 0 || weightOf(trial.operations) <= LIGHT) return false;
  const entries = entriesAt(trial, at);
  if (entries.length > LONGEST_TO_FIT) return false;
  for (const header of withSmallerNodes(trial.header)) {
    for (let gone = 1; gone < entries.length; gone++) {
      for (let from = 0; from + gone <= entries.length && !trial.over; from++) {
        const fewer = entries.filter((_, i) => i < from || i >= from + gone);
        if (await trial.attempt(header, withEntries(trial, at, fewer))) return true;
      }
    }
  }
  return false;
}

function entriesAt(trial: Trial, i: number): Entries {
  return (trial.operations[i]?.entries ?? []) as Entries;
}

function withEntries(trial: Trial, i: number, entries: Entries): Operation[] {
  return trial.operations.map((old, j) => (j === i ? { ...old, entries: entries as FieldValue } : old));
}
