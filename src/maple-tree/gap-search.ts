/**
 * The searches for free room: the lowest and the highest empty range of a size within a window.
 *
 *      window          min |---------------------------| max
 *      leaves     | A  -  B | C  D | E  -  -  F | G  -  H |
 *                       ^ cut by min               ^ cut by max
 *
 * From the root, by way of the window's near end, the search goes on from gap record to gap record and looks only into
 * leaves that have a gap long enough. The ends of the window may cut it; that shows in the leaf.
 *
 * Rules that hold here:
 * - Both answers are exact: the lowest start, the highest start.
 * - A gap that the far end makes too small ends the search: all others lie beyond.
 * - Afterwards the cursor stands on the gap's slot, and its index and last are the range found, in it.
 */
import { type Cursor, makePathRoom, minOfPath, slotAt } from './cursor';
import { ACTIVE, ERROR, type Errno, MAX_INDEX, NO_NODE, NONE, ROOT } from './layout';

/** The first slot of a node that ends at or above `index`; the node reaches that far. */
function slotOf(pivots: Float64Array, base: number, index: number): number {
  return slotAt(pivots, base, index) - base;
}

/**
 * Goes on upwards from slot `slot` of the internal node `node` at depth `d` to the first leaf that may have a gap of `size`
 * at or above `min`, by the gap records. False at the tree's end.
 */
function seekUp<T>(c: Cursor<T>, d: number, node: number, slot: number, min: number, size: number): boolean {
  const { pool, path } = c;
  const { innerGaps, innerEnds, innerSlots, innerPivots, innerChildren } = pool;
  const levels = c.core.height - 1;
  for (;;) {
    const base = node * innerSlots;
    const end = innerEnds[node];
    while (slot <= end && innerGaps[base + slot] < size) slot++;
    if (slot > end) {
      if (--d < 0) return false;
      node = path[d * 2];
      slot = path[d * 2 + 1] + 1;
      continue;
    }
    path[d * 2] = node;
    path[d * 2 + 1] = slot;
    node = innerChildren[base + slot];
    if (++d === levels) break;
    slot = slotOf(innerPivots, node * innerSlots, min);
  }
  c.leaf = node;
  c.min = minOfPath(c, levels);
  return true;
}

/** The mirror of seekUp: downwards, to the first leaf that may have a gap at or below `max`. */
function seekDown<T>(c: Cursor<T>, d: number, node: number, slot: number, max: number, size: number): boolean {
  const { pool, path } = c;
  const { innerGaps, innerEnds, innerSlots, innerPivots, innerChildren } = pool;
  const levels = c.core.height - 1;
  for (;;) {
    const base = node * innerSlots;
    while (slot >= 0 && innerGaps[base + slot] < size) slot--;
    if (slot < 0) {
      if (--d < 0) return false;
      node = path[d * 2];
      slot = path[d * 2 + 1] - 1;
      continue;
    }
    path[d * 2] = node;
    path[d * 2 + 1] = slot;
    node = innerChildren[base + slot];
    if (++d === levels) break;
    const below = node * innerSlots;
    slot = innerEnds[node];
    if (innerPivots[below + slot] > max) slot = slotOf(innerPivots, below, max);
  }
  c.leaf = node;
  c.min = minOfPath(c, levels);
  return true;
}

/** To the first leaf of a search, from the root on; `index` is the window's near end. */
function seekFirst<T>(c: Cursor<T>, index: number, size: number, up: boolean): boolean {
  const { core, pool } = c;
  const levels = core.height - 1;
  c.version = core.version;
  if (levels === 0) {
    c.leaf = core.root;
    c.min = 0;
    return true;
  }
  makePathRoom(c, levels);
  const slot = slotOf(pool.innerPivots, core.root * pool.innerSlots, index);
  return up ? seekUp(c, 0, core.root, slot, index, size) : seekDown(c, 0, core.root, slot, index, size);
}

/** To the next leaf of a search. */
function seekNext<T>(c: Cursor<T>, index: number, size: number, up: boolean): boolean {
  const d = c.core.height - 2;
  if (d < 0) return false;
  const node = c.path[d * 2];
  const slot = c.path[d * 2 + 1];
  return up ? seekUp(c, d, node, slot + 1, index, size) : seekDown(c, d, node, slot - 1, index, size);
}

/** The lowest empty range of `size` within min to max. Leaves the cursor on it, or answers false. */
function searchUp<T>(c: Cursor<T>, min: number, max: number, size: number): boolean {
  const { leafPivots, leafValues, leafEnds, leafSlots } = c.pool;
  let goesOn = seekFirst(c, min, size, true);
  while (goesOn) {
    const base = c.leaf * leafSlots;
    const stop = base + leafEnds[c.leaf];
    let at = base + slotOf(leafPivots, base, min);
    let start = at > base ? leafPivots[at - 1] + 1 : c.min;
    for (; at <= stop; at++) {
      const pivot = leafPivots[at];
      if (leafValues[at] === null) {
        if (start < min) start = min;
        const end = pivot < max ? pivot : max;
        if (end - start + 1 >= size) {
          c.offset = at - base;
          c.index = start;
          c.last = start + size - 1;
          return true;
        }
      }
      if (pivot >= max) return false;
      start = pivot + 1;
    }
    goesOn = seekNext(c, min, size, true);
  }
  return false;
}

/** The mirror of searchUp: the highest. */
function searchDown<T>(c: Cursor<T>, min: number, max: number, size: number): boolean {
  const { leafPivots, leafValues, leafEnds, leafSlots } = c.pool;
  let goesOn = seekFirst(c, max, size, false);
  while (goesOn) {
    const base = c.leaf * leafSlots;
    let at = base + leafEnds[c.leaf];
    if (leafPivots[at] > max) at = base + slotOf(leafPivots, base, max);
    for (; at >= base; at--) {
      let start = at > base ? leafPivots[at - 1] + 1 : c.min;
      const isLast = start <= min;
      if (leafValues[at] === null) {
        if (start < min) start = min;
        const end = leafPivots[at] < max ? leafPivots[at] : max;
        if (end - start + 1 >= size) {
          c.offset = at - base;
          c.last = end;
          c.index = end - size + 1;
          return true;
        }
      }
      if (isLast) return false;
    }
    goesOn = seekNext(c, max, size, false);
  }
  return false;
}

/** The search in a tree without a node: all is free, but for index 0 if the root holds an entry. */
function masSparseArea<T>(c: Cursor<T>, min: number, max: number, size: number, up: boolean): 0 | Errno {
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
export function masEmptyArea<T>(c: Cursor<T>, min: number, max: number, size: number, up: boolean): 0 | Errno {
  if (!c.pool.tracksGaps || min > max || size === 0 || max - min < size - 1) return 'EINVAL';
  if (c.core.height === 0) return masSparseArea(c, min, max, size, up);
  // In a null node the kernel's gap, 2^64 long, counts as 0: it is seen only where the window cuts it, from below.
  const blind = isNullNode(c) && (!up || (min === 0 && max === MAX_INDEX));
  if (!blind && (up ? searchUp(c, min, max, size) : searchDown(c, min, max, size))) {
    c.state = ACTIVE;
    return 0;
  }
  c.index = min;
  c.last = max;
  c.state = ERROR;
  c.leaf = NO_NODE;
  return 'EBUSY';
}
