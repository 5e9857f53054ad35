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
import { MAX_INDEX, NO_NODE, START } from './layout';
import { bigAddEntry, bigAddLeafSlots } from './wr-big';
import { freeBetweenEdges, masCommitBNode, setLeftEdge, walkRightEdge } from './wr-commit';
import { rightNodes, wr } from './wr-state';

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

export function masWrSpanningStore<T>(c: Cursor<T>, entry: T | null): void {
  const core = c.core;
  const pool = c.pool;
  const slot = setRightEdge(c, entry);
  if (entry === null) extendNullLeft(c);
  if (entry === null && c.index === 0 && c.last === MAX_INDEX) {
    masEmptyTree(c);
    return;
  }
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
