/**
 * wrSpanningStore: a store that ends in another leaf than it begins in, or whose empty range reaches its leaf's end.
 *
 *      left leaf                                     right leaf: the one that holds last + 1
 *      | a | b | c    |   ... all of these ...   |    d    | e | f |
 *              [first ------------------------ last]
 *      | a | b | c |  new                          | d | e | f |        brought together in the big node
 *
 * Rules that hold here:
 * - The right edge is walked to last + 1, not to last: what that slot keeps follows by itself, and an empty range sees
 *   the slot behind it. Where last is the top index nothing is behind.
 * - Whether something is kept on the right is asked by index, never by position.
 */
import { debug, warn } from '../debug';
import type { Cursor } from './cursor';
import { pairGaps } from './gaps';
import { MAX_INDEX, minSlots, NO_NODE, START } from './layout';
import { bigAddEntry, bigAddLeafSlots } from './wr-big';
import { freeBetweenEdges, masCommitBNode, setLeftEdge, walkRightEdge } from './wr-commit';
import { rightNodes, rightSlots, wr } from './wr-state';

/** Grows an empty range to the left, within the left leaf. */
function extendNullLeft<T>(c: Cursor<T>): void {
  const pool = c.pool;
  const at = c.leaf * pool.leafSlots + wr.offset;
  if (pool.leafValues[at] === null) {
    c.index = wr.rMin;
  } else if (c.index === wr.rMin && wr.offset > 0 && pool.leafValues[at - 1] === null) {
    wr.offset--;
    wr.rMin = wr.offset > 0 ? pool.leafPivots[at - 2] + 1 : c.min;
    c.index = wr.rMin;
  }
}

/** Sets the right edge, and grows an empty range over the slot behind it. Answers the first slot kept there. */
function setRightEdge<T>(c: Cursor<T>, entry: T | null): number {
  const core = c.core;
  const pool = c.pool;
  if (c.last === MAX_INDEX) {
    walkRightEdge(core, MAX_INDEX);
    return pool.leafEnds[rightNodes[core.height - 1]] + 1;
  }
  const slot = walkRightEdge(core, c.last + 1);
  const at = rightNodes[core.height - 1] * pool.leafSlots + slot;
  if (entry !== null || pool.leafValues[at] !== null) return slot;
  c.last = pool.leafPivots[at];
  return slot + 1;
}

/** Drops the whole tree: nothing is left in it. */
export function masEmptyTree<T>(c: Cursor<T>): void {
  c.core.dropAll();
  c.leaf = NO_NODE;
  c.state = START;
}

/** Keeps the first `kept` slots of the left leaf and puts the entry, if there is one, behind them. */
function trimLeft<T>(c: Cursor<T>, entry: T | null, kept: number, count: number): void {
  const pool = c.pool;
  const base = c.leaf * pool.leafSlots;
  const values = pool.leafValues;
  if (c.index > wr.rMin) pool.leafPivots[base + wr.offset] = c.index - 1;
  if (entry !== null) {
    pool.leafPivots[base + kept] = c.last;
    values[base + kept] = entry;
  }
  for (let at = base + count, stop = base + pool.leafEnds[c.leaf]; at <= stop; at++) values[at] = null;
  pool.leafEnds[c.leaf] = count - 1;
}

/** Keeps the slots of the right leaf from `from` on, behind an empty one if `empty`. */
function trimRight<T>(c: Cursor<T>, right: number, from: number, empty: boolean): void {
  const pool = c.pool;
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = right * pool.leafSlots;
  const end = pool.leafEnds[right];
  const by = (empty ? 1 : 0) - from;
  if (by < 0) {
    for (let at = base + from, stop = base + end; at <= stop; at++) {
      pivots[at + by] = pivots[at];
      values[at + by] = values[at];
    }
    for (let at = base + end + by + 1, stop = base + end; at <= stop; at++) values[at] = null;
  } else if (by > 0) {
    for (let at = base + end; at >= base; at--) {
      pivots[at + 1] = pivots[at];
      values[at + 1] = values[at];
    }
  }
  if (empty) {
    pivots[base] = c.last;
    values[base] = null;
  }
  pool.leafEnds[right] = end + by;
}

/**
 * The common small case: two leaves side by side under one parent, both full enough without what the store covers. Then
 * only the border between them moves. An entry goes to the end of the left leaf, an empty range to the front of the
 * right. False, with nothing changed, if it is not that case.
 */
function masWrSpanPair<T>(c: Cursor<T>, entry: T | null, from: number): boolean {
  const pool = c.pool;
  const depth = c.core.height - 2;
  const parent = c.path[depth * 2];
  const slot = c.path[depth * 2 + 1];
  if (rightNodes[depth] !== parent || rightSlots[depth] !== slot + 1) return false;
  const slots = pool.leafSlots;
  const least = minSlots(slots);
  const right = rightNodes[depth + 1];
  const kept = wr.offset + (c.index > wr.rMin ? 1 : 0);
  const leftCount = entry === null ? kept : kept + 1;
  const rightCount = pool.leafEnds[right] + 1 - from + (entry === null ? 1 : 0);
  if (leftCount < least || leftCount > slots || rightCount < least || rightCount > slots) return false;
  trimLeft(c, entry, kept, leftCount);
  trimRight(c, right, from, entry === null);
  pool.innerPivots[parent * pool.innerSlots + slot] = entry === null ? c.index - 1 : c.last;
  c.offset = kept;
  if (entry === null) {
    c.leaf = right;
    c.offset = 0;
    c.min = c.index;
    c.path[depth * 2 + 1] = slot + 1;
  }
  pairGaps(c, parent, slot);
  return true;
}

export function masWrSpanningStore<T>(c: Cursor<T>, entry: T | null): void {
  const core = c.core;
  const pool = c.pool;
  const slot = setRightEdge(c, entry);
  if (entry === null) extendNullLeft(c);
  if (entry === null && c.index === 0 && c.last === MAX_INDEX) {
    masEmptyTree(c);
    return;
  }
  if (masWrSpanPair(c, entry, slot)) return;
  setLeftEdge(c);
  const left = c.leaf;
  const right = rightNodes[core.height - 1];
  if (debug.on && left === right)
    warn('span-one-leaf', `store of ${c.index}-${c.last} spans, but stays in leaf ${left}`);
  wr.count = 0;
  bigAddLeafSlots(pool, left, 0, wr.offset - 1);
  if (c.index > wr.rMin) bigAddEntry(c.index - 1, pool.leafValues[left * pool.leafSlots + wr.offset]);
  bigAddEntry(c.last, entry);
  bigAddLeafSlots(pool, right, slot, pool.leafEnds[right]);
  freeBetweenEdges(core);
  masCommitBNode(c);
}
