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

/** What the search in a leaf answers when it found nothing: look in another leaf, or give up. */
const NOWHERE = -1;
const BEYOND = -2;

/**
 * Looks in the cursor's leaf, which begins at `first`, for an empty slot that has `size` indexes within min to max, from the
 * low end on. Answers the place in the pool, NOWHERE if there is none in this leaf, or BEYOND if there is none further up
 * either.
 */
function leafUp<T>(c: Cursor<T>, first: number, min: number, max: number, size: number): number {
  const { leafPivots, leafValues, leafEnds, leafSlots } = c.pool;
  const base = c.leaf * leafSlots;
  const stop = base + leafEnds[c.leaf];
  // Never so, here and below; but thus values come from memory while the pivots are looked at.
  if (leafValues[base + (leafSlots >> 1)] === undefined) return NOWHERE;
  let at = base;
  let before = first - 1;
  if (first < min) {
    at = slotAt(leafPivots, base, min);
    before = min - 1;
  }
  for (; at <= stop; at++) {
    const pivot = leafPivots[at];
    // Most slots are too short, whatever they hold.
    if (pivot - before >= size && leafValues[at] === null) return max - before >= size ? at : BEYOND;
    before = pivot;
  }
  return before >= max ? BEYOND : NOWHERE;
}

/** The mirror of leafUp. */
function leafDown<T>(c: Cursor<T>, first: number, min: number, max: number, size: number): number {
  const { leafPivots, leafValues, leafEnds, leafSlots } = c.pool;
  const base = c.leaf * leafSlots;
  if (leafValues[base + (leafSlots >> 1)] === undefined) return NOWHERE;
  let at = base + leafEnds[c.leaf];
  let last = leafPivots[at];
  if (last > max) {
    at = slotAt(leafPivots, base, max);
    last = max;
  }
  for (; at > base; at--) {
    const before = leafPivots[at - 1];
    if (last - before >= size && leafValues[at] === null) return last - min + 1 >= size ? at : BEYOND;
    last = before;
  }
  if (last - first + 1 >= size && leafValues[at] === null && last - min + 1 >= size) return at;
  return first <= min ? BEYOND : NOWHERE;
}

/**
 * Goes from the root towards the leaf that holds `index`, as far as the records promise a gap of `size`. Answers the depth
 * that it came to; there the path has the slot whose record is too small. At the depth of the leaves `leaf` is set.
 */
function goTowards<T>(c: Cursor<T>, index: number, size: number): number {
  const { core, path } = c;
  const { innerPivots, innerGaps, innerChildren, innerSlots } = c.pool;
  const levels = core.height - 1;
  let node = core.root;
  for (let d = 0; d < levels; d++) {
    const base = node * innerSlots;
    // Never so either; but thus records and children come from memory while the pivots are looked at.
    if (innerGaps[base + 3] < NO_NODE || innerChildren[base + 3] < NO_NODE) return 0;
    const at = childAt(innerPivots, base, innerSlots, index);
    path[d * 2] = node;
    path[d * 2 + 1] = at - base;
    if (innerGaps[at] < size) return d;
    node = innerChildren[at];
  }
  c.leaf = node;
  return levels;
}

/** Goes on to the next leaf behind the path's slot at `depth` whose record promises a gap of `size`. False if there is none. */
function nextLeafUp<T>(c: Cursor<T>, depth: number, size: number): boolean {
  const { path } = c;
  const { innerGaps, innerEnds, innerChildren, innerSlots } = c.pool;
  const levels = c.core.height - 1;
  for (let d = depth; d >= 0; d--) {
    let node = path[d * 2];
    let at = node * innerSlots + path[d * 2 + 1] + 1;
    for (let stop = node * innerSlots + innerEnds[node]; at <= stop; at++) {
      if (innerGaps[at] < size) continue;
      path[d * 2 + 1] = at - node * innerSlots;
      node = innerChildren[at];
      for (d++; d < levels; d++) {
        const base = node * innerSlots;
        const end = base + innerEnds[node];
        at = base;
        while (at < end && innerGaps[at] < size) at++;
        path[d * 2] = node;
        path[d * 2 + 1] = at - base;
        node = innerChildren[at];
      }
      c.leaf = node;
      return true;
    }
  }
  return false;
}

/** The mirror of nextLeafUp. */
function nextLeafDown<T>(c: Cursor<T>, depth: number, size: number): boolean {
  const { path } = c;
  const { innerGaps, innerEnds, innerChildren, innerSlots } = c.pool;
  const levels = c.core.height - 1;
  for (let d = depth; d >= 0; d--) {
    let node = path[d * 2];
    let at = node * innerSlots + path[d * 2 + 1] - 1;
    for (let stop = node * innerSlots; at >= stop; at--) {
      if (innerGaps[at] < size) continue;
      path[d * 2 + 1] = at - node * innerSlots;
      node = innerChildren[at];
      for (d++; d < levels; d++) {
        const base = node * innerSlots;
        at = base + innerEnds[node];
        while (at > base && innerGaps[at] < size) at--;
        path[d * 2] = node;
        path[d * 2 + 1] = at - base;
        node = innerChildren[at];
      }
      c.leaf = node;
      return true;
    }
  }
  return false;
}

/** The lowest empty range of `size` within min to max. Leaves the cursor on it, or answers false. */
function searchUp<T>(c: Cursor<T>, size: number): boolean {
  const min = c.index;
  const max = c.last;
  const pool = c.pool;
  const levels = c.core.height - 1;
  let d = goTowards(c, min, size);
  for (;;) {
    if (d === levels) {
      const first = minOfPath(c, levels);
      const at = leafUp(c, first, min, max, size);
      if (at === BEYOND) return false;
      if (at !== NOWHERE) {
        const base = c.leaf * pool.leafSlots;
        c.min = first;
        c.offset = at - base;
        c.index = Math.max(at > base ? pool.leafPivots[at - 1] + 1 : first, min);
        c.last = c.index + size - 1;
        return true;
      }
      d--;
    }
    if (!nextLeafUp(c, d, size)) return false;
    d = levels;
  }
}

/** The mirror of searchUp: the highest. */
function searchDown<T>(c: Cursor<T>, size: number): boolean {
  const min = c.index;
  const max = c.last;
  const pool = c.pool;
  const levels = c.core.height - 1;
  let d = goTowards(c, max, size);
  for (;;) {
    if (d === levels) {
      const first = minOfPath(c, levels);
      const at = leafDown(c, first, min, max, size);
      if (at === BEYOND) return false;
      if (at !== NOWHERE) {
        c.min = first;
        c.offset = at - c.leaf * pool.leafSlots;
        c.last = Math.min(pool.leafPivots[at], max);
        c.index = c.last - size + 1;
        return true;
      }
      d--;
    }
    if (!nextLeafDown(c, d, size)) return false;
    d = levels;
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
