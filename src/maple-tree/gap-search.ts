/**
 * The searches for free room: the lowest and the highest empty range of a size within a window.
 *
 *      window          min |---------------------------| max
 *      leaves     | A  -  B | C  D | E  -  -  F | G  -  H |
 *                       ^ cut by min               ^ cut by max
 *
 * The search begins in the leaf that holds the window's near end, where a gap may be cut, and then goes on from gap
 * record to gap record: beyond that leaf only the far end can cut one.
 *
 * Rules that hold here:
 * - Both answers are exact: the lowest start, the highest start.
 * - A gap that the far end makes too small ends the search: all others lie beyond.
 * - Afterwards the cursor stands on the gap's slot, and its index and last are the range found, in it.
 */
import { type Cursor, descend, minOfPath } from './cursor';
import { ACTIVE, ERROR, type Errno, MAX_INDEX, NO_NODE, NONE, ROOT } from './layout';

/** Goes to the first slot of the next leaf behind the cursor's that has a gap of `size`. False at the tree's end. */
function nextLeafWithGap<T>(c: Cursor<T>, size: number): boolean {
  const { pool, path } = c;
  const { innerGaps, innerEnds, innerSlots } = pool;
  const levels = c.core.height - 1;
  let d = levels - 1;
  let slot = 0;
  for (; d >= 0; d--) {
    const node = path[d * 2];
    const end = innerEnds[node];
    slot = path[d * 2 + 1] + 1;
    while (slot <= end && innerGaps[node * innerSlots + slot] < size) slot++;
    if (slot <= end) break;
  }
  if (d < 0) return false;
  path[d * 2 + 1] = slot;
  let at = path[d * 2] * innerSlots + slot;
  c.min = pool.innerPivots[at - 1] + 1;
  let node = pool.innerChildren[at];
  for (d++; d < levels; d++) {
    const base = node * innerSlots;
    at = base;
    while (innerGaps[at] < size) at++;
    path[d * 2] = node;
    path[d * 2 + 1] = at - base;
    if (at > base) c.min = pool.innerPivots[at - 1] + 1;
    node = pool.innerChildren[at];
  }
  c.leaf = node;
  c.offset = 0;
  return true;
}

/** The mirror: to the last slot of the next leaf before the cursor's that has a gap of `size`. */
function prevLeafWithGap<T>(c: Cursor<T>, size: number): boolean {
  const { pool, path } = c;
  const { innerGaps, innerEnds, innerSlots } = pool;
  const levels = c.core.height - 1;
  let d = levels - 1;
  let slot = 0;
  for (; d >= 0; d--) {
    const base = path[d * 2] * innerSlots;
    slot = path[d * 2 + 1] - 1;
    while (slot >= 0 && innerGaps[base + slot] < size) slot--;
    if (slot >= 0) break;
  }
  if (d < 0) return false;
  path[d * 2 + 1] = slot;
  let node = pool.innerChildren[path[d * 2] * innerSlots + slot];
  for (d++; d < levels; d++) {
    const base = node * innerSlots;
    slot = innerEnds[node];
    while (innerGaps[base + slot] < size) slot--;
    path[d * 2] = node;
    path[d * 2 + 1] = slot;
    node = pool.innerChildren[base + slot];
  }
  c.leaf = node;
  c.offset = pool.leafEnds[node];
  c.min = minOfPath(c, levels);
  return true;
}

/** The lowest empty range of `size` within min to max. Leaves the cursor on it, or answers false. */
function searchUp<T>(c: Cursor<T>, min: number, max: number, size: number): boolean {
  const pool = c.pool;
  const { leafPivots, leafValues, leafEnds, leafSlots } = pool;
  descend(c, min);
  for (;;) {
    const base = c.leaf * leafSlots;
    const stop = base + leafEnds[c.leaf];
    let at = base + c.offset;
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
    if (!nextLeafWithGap(c, size)) return false;
  }
}

/** The mirror of searchUp: the highest. */
function searchDown<T>(c: Cursor<T>, min: number, max: number, size: number): boolean {
  const pool = c.pool;
  const { leafPivots, leafValues, leafSlots } = pool;
  descend(c, max);
  for (;;) {
    const base = c.leaf * leafSlots;
    for (let at = base + c.offset; at >= base; at--) {
      let start = at > base ? leafPivots[at - 1] + 1 : c.min;
      const goesOn = start > min;
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
      if (!goesOn) return false;
    }
    if (!prevLeafWithGap(c, size)) return false;
  }
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
