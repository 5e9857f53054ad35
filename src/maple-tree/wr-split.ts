/**
 * wrSplitStore and wrRebalance: one leaf comes to have more slots than it holds, or fewer than it must.
 *
 *      push        [ a b . . ] [ c d e f ] + x   ->   [ a b c . ] [ d e x f ]     a sibling with room takes some
 *      split       [ a b c d ] + x               ->   [ a b . . ] [ c x d . ]
 *      rebalance   [ a . . . ] [ b c d . ]       ->   [ a b . . ] [ c d . . ]     or both become one
 *
 * Nearly always only two leaves and their parent take part. Then slots are first moved, as they are, and the write is
 * done afterwards in the leaf that is now not full. In all other cases the leaf is laid out in the big node as it will
 * be, and wr-commit.ts does the rest.
 *
 * Rules that hold here:
 * - The cut is never inside the write, so that it stays within one leaf; nor behind an empty slot, present or coming.
 * - Both leaves have the minimum at least when the write is done.
 * - Stores that append to the tree's last leaf leave as much as they may on the left: then leaves come out full.
 */
import { debug, hit } from '../debug';
import { type Cursor, minOfPath } from './cursor';
import { STEP_LEAVES_2, STEP_PUSH_LEFT, STEP_PUSH_RIGHT, stepEvent } from './events';
import { pairGaps } from './gaps';
import { MAX_INDEX, minSlots } from './layout';
import type { NodePool } from './pool';
import { bigAddEntry, bigAddLeafSlots } from './wr-big';
import { masCommitBNode, setLeftEdge, setRightEdgeAsLeft } from './wr-commit';
import { masWrNodeStore } from './wr-leaf';
import { wr } from './wr-state';

/** How far from the middle a cut is looked for. */
const CUT_REACH = 3;

/** Moves the first `count` slots of `leaf` behind the last of its left sibling. */
function moveLeft<T>(pool: NodePool<T>, leaf: number, sibling: number, count: number): void {
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = leaf * pool.leafSlots;
  const end = pool.leafEnds[leaf];
  const to = sibling * pool.leafSlots + pool.leafEnds[sibling] + 1;
  for (let i = 0; i < count; i++) {
    pivots[to + i] = pivots[base + i];
    values[to + i] = values[base + i];
  }
  for (let at = base + count, stop = base + end; at <= stop; at++) {
    pivots[at - count] = pivots[at];
    values[at - count] = values[at];
  }
  for (let at = base + end - count + 1, stop = base + end; at <= stop; at++) values[at] = null;
  pool.leafEnds[sibling] += count;
  pool.leafEnds[leaf] = end - count;
}

/** Moves the slots of `leaf` from `from` on to the front of its right sibling, which has `present` slots in use. */
function moveRight<T>(pool: NodePool<T>, leaf: number, sibling: number, from: number, present: number): void {
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = leaf * pool.leafSlots;
  const to = sibling * pool.leafSlots;
  const count = pool.leafEnds[leaf] + 1 - from;
  for (let at = to + present - 1; at >= to; at--) {
    pivots[at + count] = pivots[at];
    values[at + count] = values[at];
  }
  for (let i = 0; i < count; i++) {
    pivots[to + i] = pivots[base + from + i];
    values[to + i] = values[base + from + i];
    values[base + from + i] = null;
  }
  pool.leafEnds[sibling] = present + count - 1;
  pool.leafEnds[leaf] = from - 1;
}

/**
 * Whether the leaf may be cut before slot `cut`, with `left` and `right` slots already beside it, and the write done.
 */
function isCut<T>(c: Cursor<T>, entry: T | null, cut: number, left: number, right: number): boolean {
  const slots = c.pool.leafSlots;
  if (cut < 1 || cut > wr.end) return false;
  const added = wr.newEnd - wr.end;
  const inRight = cut <= wr.offset;
  if (!inRight && cut <= wr.offsetEnd) return false;
  if (c.pool.leafValues[c.leaf * slots + cut - 1] === null) return false;
  // The write would leave an empty slot at the end of the left leaf.
  if (entry === null && cut === wr.offsetEnd + 1 && c.last === wr.endPiv) return false;
  const leftCount = left + cut + (inRight ? 0 : added);
  const rightCount = right + wr.end + 1 - cut + (inRight ? added : 0);
  const min = minSlots(slots);
  return leftCount >= min && leftCount <= slots && rightCount >= min && rightCount <= slots;
}

/** The possible cut nearest to `wanted`; 0 if there is none near. */
function findCut<T>(c: Cursor<T>, entry: T | null, wanted: number, left: number, right: number): number {
  if (isCut(c, entry, wanted, left, right)) return wanted;
  for (let by = 1; by <= CUT_REACH; by++) {
    if (isCut(c, entry, wanted - by, left, right)) return wanted - by;
    if (isCut(c, entry, wanted + by, left, right)) return wanted + by;
  }
  return 0;
}

/** After slots moved: the write goes to the leaf behind the cut, in slot `slot` of the parent. */
function followRight<T>(c: Cursor<T>, leaf: number, slot: number, min: number, cut: number): void {
  c.leaf = leaf;
  c.min = min;
  c.path[(c.core.height - 2) * 2 + 1] = slot;
  wr.offset -= cut;
  wr.offsetEnd -= cut;
}

/** A free slot in `parent` behind `slot`, filled with `child`, which takes over the right end of what slot has. */
function insertChild<T>(pool: NodePool<T>, parent: number, slot: number, child: number): void {
  const { innerPivots, innerChildren, innerGaps, tracksGaps } = pool;
  const base = parent * pool.innerSlots;
  for (let at = base + pool.innerEnds[parent]; at >= base + slot; at--) {
    innerPivots[at + 1] = innerPivots[at];
    innerChildren[at + 1] = innerChildren[at];
    if (tracksGaps) innerGaps[at + 1] = innerGaps[at];
  }
  innerChildren[base + slot + 1] = child;
  pool.innerEnds[parent]++;
}

/**
 * Does the write once slots were moved across the end of slot `slot` of the parent; `cut` is where the leaf was cut.
 */
function storeAfterMove<T>(c: Cursor<T>, entry: T | null, parent: number, slot: number, added: number): void {
  wr.end = c.pool.leafEnds[c.leaf];
  wr.newEnd = wr.end + added;
  masWrNodeStore(c, entry);
  pairGaps(c, parent, slot);
}

/** The left sibling takes the leaf's first slots. False, with nothing changed, if that cannot be. */
function pushLeft<T>(c: Cursor<T>, entry: T | null, parent: number, slot: number, appending: boolean): boolean {
  const pool = c.pool;
  const slots = pool.leafSlots;
  const added = wr.newEnd - wr.end;
  const at = parent * pool.innerSlots + slot - 1;
  const sibling = pool.innerChildren[at];
  const present = pool.leafEnds[sibling] + 1;
  const total = present + wr.newEnd + 1;
  let wanted = (total >> 1) - present;
  if (appending) {
    // As much as the sibling has room for, if that is worth the while.
    wanted = Math.min(slots - present, wr.newEnd + 1 - minSlots(slots));
    if (wanted < slots >> 2) return false;
  } else if (total > 2 * slots - 1 - (slots >> 3)) {
    return false;
  }
  const cut = findCut(c, entry, wanted, present, 0);
  if (cut === 0) return false;
  if (debug.on) hit(stepEvent(STEP_PUSH_LEFT, false));
  moveLeft(pool, c.leaf, sibling, cut);
  const pivot = pool.leafPivots[sibling * slots + present + cut - 1];
  pool.innerPivots[at] = pivot;
  if (cut <= wr.offset) {
    followRight(c, c.leaf, slot, pivot + 1, cut);
  } else {
    c.leaf = sibling;
    c.path[(c.core.height - 2) * 2 + 1] = slot - 1;
    c.min = slot > 1 ? pool.innerPivots[at - 1] + 1 : minOfPath(c, c.core.height - 2);
    wr.offset += present;
    wr.offsetEnd += present;
  }
  storeAfterMove(c, entry, parent, slot - 1, added);
  return true;
}

/** The right sibling takes the leaf's last slots. False, with nothing changed, if that cannot be. */
function pushRight<T>(c: Cursor<T>, entry: T | null, parent: number, slot: number): boolean {
  const pool = c.pool;
  const slots = pool.leafSlots;
  const added = wr.newEnd - wr.end;
  const at = parent * pool.innerSlots + slot;
  const sibling = pool.innerChildren[at + 1];
  const present = pool.leafEnds[sibling] + 1;
  const total = present + wr.newEnd + 1;
  if (total > 2 * slots - 1 - (slots >> 3)) return false;
  const cut = findCut(c, entry, total >> 1, 0, present);
  if (cut === 0) return false;
  if (debug.on) hit(stepEvent(STEP_PUSH_RIGHT, false));
  moveRight(pool, c.leaf, sibling, cut, present);
  const pivot = pool.leafPivots[c.leaf * slots + cut - 1];
  pool.innerPivots[at] = pivot;
  if (cut <= wr.offset) followRight(c, sibling, slot + 1, pivot + 1, cut);
  storeAfterMove(c, entry, parent, slot, added);
  return true;
}

/** A new leaf takes the leaf's last slots, if the parent has room for it; else false, with nothing changed. */
function splitOff<T>(c: Cursor<T>, entry: T | null, parent: number, slot: number, appending: boolean): boolean {
  const pool = c.pool;
  const slots = pool.leafSlots;
  if (pool.innerEnds[parent] + 1 >= pool.innerSlots) return false;
  const added = wr.newEnd - wr.end;
  const total = wr.newEnd + 1;
  const cut = findCut(c, entry, appending ? total - minSlots(slots) : total >> 1, 0, 0);
  if (cut === 0) return false;
  if (debug.on) hit(stepEvent(STEP_LEAVES_2, false));
  const leaf = pool.takeLeaf();
  moveRight(pool, c.leaf, leaf, cut, 0);
  insertChild(pool, parent, slot, leaf);
  const pivot = pool.leafPivots[c.leaf * slots + cut - 1];
  pool.innerPivots[parent * pool.innerSlots + slot] = pivot;
  if (cut <= wr.offset) followRight(c, leaf, slot + 1, pivot + 1, cut);
  storeAfterMove(c, entry, parent, slot, added);
  return true;
}

/** A split among two leaves under one parent. False, with nothing changed, if it takes more than that. */
function masWrSplitLeaf<T>(c: Cursor<T>, entry: T | null): boolean {
  const core = c.core;
  const pool = c.pool;
  if (core.height === 1) return false;
  const parent = c.path[(core.height - 2) * 2];
  const slot = c.path[(core.height - 2) * 2 + 1];
  const appending = wr.offset === wr.end && wr.endPiv === MAX_INDEX;
  if (slot > 0 && pushLeft(c, entry, parent, slot, appending)) return true;
  if (slot < pool.innerEnds[parent] && pushRight(c, entry, parent, slot)) return true;
  return splitOff(c, entry, parent, slot, appending);
}

/** Lays out the leaf in the big node with the write done. */
function storeBNode<T>(c: Cursor<T>, entry: T | null): void {
  const pool = c.pool;
  wr.count = 0;
  bigAddLeafSlots(pool, c.leaf, 0, wr.offset - 1);
  if (c.index > wr.rMin) bigAddEntry(c.index - 1, pool.leafValues[c.leaf * pool.leafSlots + wr.offset]);
  bigAddEntry(c.last, entry);
  const from = wr.offsetEnd + (c.last < wr.endPiv ? 0 : 1);
  bigAddLeafSlots(pool, c.leaf, from, wr.end);
}

function masWrBNode<T>(c: Cursor<T>, entry: T | null): void {
  storeBNode(c, entry);
  setLeftEdge(c);
  setRightEdgeAsLeft(c.core);
  masCommitBNode(c);
}

/** wrSplitStore. */
export function masWrSplitStore<T>(c: Cursor<T>, entry: T | null): void {
  if (!masWrSplitLeaf(c, entry)) masWrBNode(c, entry);
}

/** wrRebalance. */
export function masWrRebalance<T>(c: Cursor<T>, entry: T | null): void {
  masWrBNode(c, entry);
}
