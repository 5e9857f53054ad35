/**
 * The searches for free room: the lowest and the highest empty range of a size within a window.
 *
 *      window          min |---------------------------| max
 *      leaves     | A  -  B | C  D | E  -  -  F | G  -  H |
 *                       ^ cut by min               ^ cut by max
 *
 * From the root, first towards the window's near end, the search goes on from gap record to gap record and looks only into
 * leaves that have a gap long enough. The ends of the window may cut it; that shows in the leaf.
 *
 * Rules that hold here:
 * - Both answers are exact: the lowest start, the highest start.
 * - A gap that the far end makes too small ends the search: all others lie beyond.
 * - Afterwards the cursor stands on the gap's slot, and its index and last are the range found, in it.
 */
import { type Cursor, childAt, makePathRoom, minOfPath, slotAt } from './cursor';
import { ACTIVE, ERROR, type Errno, MAX_INDEX, NO_NODE, NONE, ROOT } from './layout';
import type { NodePool } from './pool';

/** No slot of a node chosen yet. */
const NO_SLOT = -2;
/** What the search in a leaf answers when it found nothing: look in another leaf, or give up. */
const NOWHERE = -1;
const BEYOND = -2;

/**
 * Looks in the leaf `leaf` for an empty slot that has `size` indexes within min to max, from the low end on. Answers the
 * place in the pool, NOWHERE if there is none in this leaf, or BEYOND if there is none further up either.
 */
function leafUp<T>(pool: NodePool<T>, leaf: number, first: number, min: number, max: number, size: number): number {
  const { leafPivots, leafValues } = pool;
  const base = leaf * pool.leafSlots;
  const stop = base + pool.leafEnds[leaf];
  let at = slotAt(leafPivots, base, min);
  let start = at > base ? leafPivots[at - 1] + 1 : first;
  if (start < min) start = min;
  for (; at <= stop; at++) {
    const pivot = leafPivots[at];
    // Most slots are too short, whatever they hold.
    if (pivot - start >= size - 1 && leafValues[at] === null && max - start >= size - 1) return at;
    if (pivot >= max) return BEYOND;
    start = pivot + 1;
  }
  return NOWHERE;
}

/** The mirror of leafUp. */
function leafDown<T>(pool: NodePool<T>, leaf: number, first: number, min: number, max: number, size: number): number {
  const { leafPivots, leafValues } = pool;
  const base = leaf * pool.leafSlots;
  let at = base + pool.leafEnds[leaf];
  let last = leafPivots[at];
  if (last > max) {
    at = slotAt(leafPivots, base, max);
    last = max;
  }
  for (; at >= base; at--) {
    const start = at > base ? leafPivots[at - 1] + 1 : first;
    if (last - start >= size - 1 && leafValues[at] === null && last - min >= size - 1) return at;
    if (start <= min) return BEYOND;
    last = start - 1;
  }
  return NOWHERE;
}

/** The lowest empty range of `size` within min to max. Leaves the cursor on it, or answers false. */
function searchUp<T>(c: Cursor<T>, min: number, max: number, size: number): boolean {
  const { core, pool, path } = c;
  const { innerGaps, innerEnds, innerSlots, innerPivots, innerChildren } = pool;
  const levels = core.height - 1;
  let d = 0;
  let node = core.root;
  let slot = 0;
  // Whether the way is still the one to min.
  let near = true;
  for (;;) {
    if (d < levels) {
      const base = node * innerSlots;
      if (near) slot = childAt(innerPivots, base, innerSlots, min) - base;
      const end = innerEnds[node];
      while (slot <= end && innerGaps[base + slot] < size) slot++;
      if (slot <= end) {
        path[d * 2] = node;
        path[d * 2 + 1] = slot;
        node = innerChildren[base + slot];
        slot = 0;
        d++;
        continue;
      }
    } else {
      const first = minOfPath(c, levels);
      const at = leafUp(pool, node, first, min, max, size);
      if (at === BEYOND) return false;
      if (at !== NOWHERE) {
        const base = node * pool.leafSlots;
        const start = at > base ? pool.leafPivots[at - 1] + 1 : first;
        c.leaf = node;
        c.min = first;
        c.offset = at - base;
        c.index = start < min ? min : start;
        c.last = c.index + size - 1;
        return true;
      }
    }
    if (--d < 0) return false;
    near = false;
    node = path[d * 2];
    slot = path[d * 2 + 1] + 1;
  }
}

/** The mirror of searchUp: the highest. */
function searchDown<T>(c: Cursor<T>, min: number, max: number, size: number): boolean {
  const { core, pool, path } = c;
  const { innerGaps, innerEnds, innerSlots, innerPivots, innerChildren } = pool;
  const levels = core.height - 1;
  let d = 0;
  let node = core.root;
  let slot = NO_SLOT;
  let near = true;
  for (;;) {
    if (d < levels) {
      const base = node * innerSlots;
      if (slot === NO_SLOT) {
        slot = innerEnds[node];
        if (near && innerPivots[base + slot] > max) slot = childAt(innerPivots, base, innerSlots, max) - base;
      }
      while (slot >= 0 && innerGaps[base + slot] < size) slot--;
      if (slot >= 0) {
        path[d * 2] = node;
        path[d * 2 + 1] = slot;
        node = innerChildren[base + slot];
        slot = NO_SLOT;
        d++;
        continue;
      }
    } else {
      const first = minOfPath(c, levels);
      const at = leafDown(pool, node, first, min, max, size);
      if (at === BEYOND) return false;
      if (at !== NOWHERE) {
        const last = pool.leafPivots[at];
        c.leaf = node;
        c.min = first;
        c.offset = at - node * pool.leafSlots;
        c.last = last < max ? last : max;
        c.index = c.last - size + 1;
        return true;
      }
    }
    if (--d < 0) return false;
    near = false;
    node = path[d * 2];
    slot = path[d * 2 + 1] - 1;
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
  makePathRoom(c, c.core.height - 1);
  c.version = c.core.version;
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
