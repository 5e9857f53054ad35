/**
 * The searches for free room: the lowest and the highest empty range of a size within a window.
 *
 *      window          min |---------------------------| max
 *      leaves     | A  -  B | C  D | E  -  -  F | G  -  H |
 *                       ^ cut by min               ^ cut by max
 *
 * From the root, first towards the window's near end, the search goes on from gap record to gap record and looks only
 * into leaves that have a gap long enough. The ends of the window may cut it; that shows in the leaf.
 *
 * Rules that hold here:
 * - Both answers are exact: the lowest start, the highest start.
 * - A gap that the far end makes too small ends the search: all others lie beyond.
 * - Afterwards the cursor stands on the gap's slot, and its index and last are the range found, in it.
 * - The window is the cursor's index and last, and each direction is one function but for the leaf: in pieces V8
 *   inlines a part and calls the rest, and a number above 2^31 that is handed to a function is made an object. That
 *   took a third more time.
 */

import type { TreeErrno } from './api';
import { type Cursor, childAt, makePathRoom, minOfPath, slotAt } from './cursor';
import { ACTIVE, ERROR, MAX_INDEX, NO_NODE, NONE, ROOT } from './layout';

/** What the search in a leaf answers when it found nothing: look in another leaf, or give up. */
const NOWHERE = -1;
const BEYOND = -2;

/**
 * Looks in the cursor's leaf, which begins at `first`, for an empty slot that has `size` indexes within the cursor's
 * window, from the low end on. Answers the slot, NOWHERE if there is none in this leaf, or BEYOND if there is none
 * further up either.
 */
function leafUp<T>(c: Cursor<T>, first: number, size: number): number {
  const { leafPivots, leafValues, leafEnds, leafSlots } = c.pool;
  const base = c.leaf * leafSlots;
  const stop = base + leafEnds[c.leaf];
  // Prefetch: the condition never holds, but asks memory for the values before the pivots are looked at.
  if (leafValues[base + (leafSlots >> 1)] === undefined) return NOWHERE;
  const max = c.last;
  let at = base;
  let before = first - 1;
  if (first < c.index) {
    at = slotAt(leafPivots, base, c.index);
    before = c.index - 1;
  }
  for (; at <= stop; at++) {
    const pivot = leafPivots[at];
    // Most slots are too short, whatever they hold.
    if (pivot - before >= size && leafValues[at] === null) return max - before >= size ? at - base : BEYOND;
    before = pivot;
  }
  return before >= max ? BEYOND : NOWHERE;
}

/** The mirror of leafUp. */
function leafDown<T>(c: Cursor<T>, first: number, size: number): number {
  const { leafPivots, leafValues, leafEnds, leafSlots } = c.pool;
  const base = c.leaf * leafSlots;
  if (leafValues[base + (leafSlots >> 1)] === undefined) return NOWHERE;
  const min = c.index;
  let at = base + leafEnds[c.leaf];
  let last = leafPivots[at];
  if (last > c.last) {
    at = slotAt(leafPivots, base, c.last);
    last = c.last;
  }
  for (; at > base; at--) {
    const before = leafPivots[at - 1];
    if (last - before >= size && leafValues[at] === null) return last - min + 1 >= size ? at - base : BEYOND;
    last = before;
  }
  if (last - first + 1 >= size && leafValues[at] === null && last - min + 1 >= size) return 0;
  return first <= min ? BEYOND : NOWHERE;
}

/** The lowest empty range of `size` within the cursor's index to last. Leaves the cursor on it, or answers false. */
function searchUp<T>(c: Cursor<T>, size: number): boolean {
  const { core, path } = c;
  const { innerPivots, innerGaps, innerChildren, innerEnds, innerSlots } = c.pool;
  const levels = core.height - 1;
  let node = core.root;
  let d = 0;
  // Towards index, as far as the records promise such a gap.
  for (; d < levels; d++) {
    const base = node * innerSlots;
    // Prefetch: the condition never holds, but asks memory for records and children before the pivots are looked at.
    if (innerGaps[base + 3] < NO_NODE || innerChildren[base + 3] < NO_NODE) return false;
    const at = childAt(innerPivots, base, innerSlots, c.index);
    path[d * 2] = node;
    path[d * 2 + 1] = at - base;
    if (innerGaps[at] < size) break;
    node = innerChildren[at];
  }
  for (;;) {
    if (d === levels) {
      c.leaf = node;
      const first = minOfPath(c, levels);
      const slot = leafUp(c, first, size);
      if (slot === BEYOND) return false;
      if (slot !== NOWHERE) return standLow(c, first, slot, size);
      d--;
    }
    // Behind the path's slot: the next one that promises, in this node or in one above.
    let at = 0;
    for (; d >= 0; d--) {
      node = path[d * 2];
      const stop = node * innerSlots + innerEnds[node];
      at = node * innerSlots + path[d * 2 + 1] + 1;
      while (at <= stop && innerGaps[at] < size) at++;
      if (at <= stop) break;
    }
    if (d < 0) return false;
    // And down by the first that promise.
    for (;;) {
      path[d * 2 + 1] = at - node * innerSlots;
      node = innerChildren[at];
      if (++d === levels) break;
      path[d * 2] = node;
      at = node * innerSlots;
      for (const end = at + innerEnds[node]; at < end && innerGaps[at] < size; ) at++;
    }
  }
}

/** The cursor takes the lowest `size` indexes of a slot that lie in its window. */
function standLow<T>(c: Cursor<T>, first: number, slot: number, size: number): true {
  const { leafPivots, leafSlots } = c.pool;
  c.min = first;
  c.offset = slot;
  c.index = Math.max(slot > 0 ? leafPivots[c.leaf * leafSlots + slot - 1] + 1 : first, c.index);
  c.last = c.index + size - 1;
  return true;
}

/** The mirror of searchUp: the highest. */
function searchDown<T>(c: Cursor<T>, size: number): boolean {
  const { core, path } = c;
  const { innerPivots, innerGaps, innerChildren, innerEnds, innerSlots } = c.pool;
  const levels = core.height - 1;
  let node = core.root;
  let d = 0;
  for (; d < levels; d++) {
    const base = node * innerSlots;
    if (innerGaps[base + 3] < NO_NODE || innerChildren[base + 3] < NO_NODE) return false;
    const at = childAt(innerPivots, base, innerSlots, c.last);
    path[d * 2] = node;
    path[d * 2 + 1] = at - base;
    if (innerGaps[at] < size) break;
    node = innerChildren[at];
  }
  for (;;) {
    if (d === levels) {
      c.leaf = node;
      const first = minOfPath(c, levels);
      const slot = leafDown(c, first, size);
      if (slot === BEYOND) return false;
      if (slot !== NOWHERE) return standHigh(c, first, slot, size);
      d--;
    }
    let at = 0;
    for (; d >= 0; d--) {
      node = path[d * 2];
      const stop = node * innerSlots;
      at = stop + path[d * 2 + 1] - 1;
      while (at >= stop && innerGaps[at] < size) at--;
      if (at >= stop) break;
    }
    if (d < 0) return false;
    for (;;) {
      path[d * 2 + 1] = at - node * innerSlots;
      node = innerChildren[at];
      if (++d === levels) break;
      path[d * 2] = node;
      at = node * innerSlots + innerEnds[node];
      for (const end = node * innerSlots; at > end && innerGaps[at] < size; ) at--;
    }
  }
}

/** The mirror of standLow. */
function standHigh<T>(c: Cursor<T>, first: number, slot: number, size: number): true {
  const { leafPivots, leafSlots } = c.pool;
  c.min = first;
  c.offset = slot;
  c.last = Math.min(leafPivots[c.leaf * leafSlots + slot], c.last);
  c.index = c.last - size + 1;
  return true;
}

/** The search in a tree without a node: all is free, but for index 0 if the root holds an entry. */
function masSparseArea<T>(c: Cursor<T>, min: number, max: number, size: number, up: boolean): 0 | TreeErrno {
  const held = c.core.rootEntry !== null;
  c.leaf = NO_NODE;
  c.state = held ? ROOT : NONE;
  let low = min;
  if (held && min === 0) {
    low = 1;
    if (low > max || max - low + 1 < size) return 'EBUSY';
  }
  c.index = up ? low : max - size + 1;
  c.last = up ? low + size - 1 : max;
  return 0;
}

/** A leaf with one empty slot is left when null is stored over [0, MAX_INDEX]. */
function isNullNode<T>(c: Cursor<T>): boolean {
  const pool = c.pool;
  const leaf = c.core.root;
  return c.core.height === 1 && pool.leafEnds[leaf] === 0 && pool.leafValues[leaf * pool.leafSlots] === null;
}

/**
 * The kernel's mas_empty_area and mas_empty_area_rev from a state that was reset: the lowest (`up`) or highest empty
 * range of `size` indexes within min to max becomes index and last. 'EINVAL' changes nothing; it is also the answer of
 * a tree that tracks no gaps. 'EBUSY' leaves min, max and status ERROR.
 */
export function masEmptyArea<T>(c: Cursor<T>, min: number, max: number, size: number, up: boolean): 0 | TreeErrno {
  if (!c.pool.tracksGaps || min > max || size === 0 || max - min < size - 1) return 'EINVAL';
  if (c.core.height === 0) return masSparseArea(c, min, max, size, up);
  makePathRoom(c, c.core.height - 1);
  c.version = c.core.version;
  c.index = min;
  c.last = max;
  // In a null node the kernel's gap, 2^64 long, counts as 0: it is seen only where the window cuts it, from below.
  const blind = isNullNode(c) && (!up || (min === 0 && max === MAX_INDEX));
  if (!blind && (up ? searchUp(c, size) : searchDown(c, size))) {
    c.state = ACTIVE;
    return 0;
  }
  c.state = ERROR;
  c.leaf = NO_NODE;
  return 'EBUSY';
}
