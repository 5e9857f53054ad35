/**
 * The gaps that internal nodes record: for each child, the longest empty range below it.
 *
 *      gaps [ 8 | 0 | 30 ]       the kernel's mas_update_gap: after a write the leaf's longest gap is found anew and
 *             ^                  handed upwards, as long as what a level recorded changes
 *        leaf: - A - B -
 *
 * Rules that hold here:
 * - A gap is counted with both ends: [5,5] is 1 long. The whole index space, 2^53, is still an exact double.
 * - An empty range lies in one leaf, so the longest gap below a node is the longest of its children's.
 */
import { type Cursor, minOfPath } from './cursor';
import type { NodePool } from './pool';

/** The longest empty slot of a leaf that begins at `min`. */
export function leafMaxGap<T>(pool: NodePool<T>, leaf: number, min: number): number {
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = leaf * pool.leafSlots;
  const stop = base + pool.leafEnds[leaf];
  let longest = 0;
  for (let at = base; at <= stop; at++) {
    if (values[at] !== null) continue;
    const gap = pivots[at] - (at > base ? pivots[at - 1] : min - 1);
    if (gap > longest) longest = gap;
  }
  return longest;
}

/** The longest gap that an internal node records. */
export function innerMaxGap<T>(pool: NodePool<T>, inner: number): number {
  const gaps = pool.innerGaps;
  const base = inner * pool.innerSlots;
  const stop = base + pool.innerEnds[inner];
  let longest = 0;
  for (let at = base; at <= stop; at++) if (gaps[at] > longest) longest = gaps[at];
  return longest;
}

/** Records `gap` for the child that the path takes at depth `depth`, and what follows from it further up. */
function parentGap<T>(pool: NodePool<T>, path: Int32Array, depth: number, gap: number): void {
  const gaps = pool.innerGaps;
  for (let d = depth; d >= 0; d--) {
    const node = path[d * 2];
    const at = node * pool.innerSlots + path[d * 2 + 1];
    if (gaps[at] === gap) return;
    gaps[at] = gap;
    if (d > 0) gap = innerMaxGap(pool, node);
  }
}

/**
 * After a write in the cursor's leaf that changed a gap: brings the records above up to date. There are some above it.
 */
export function masUpdateGap<T>(c: Cursor<T>): void {
  parentGap(c.pool, c.path, c.core.height - 2, leafMaxGap(c.pool, c.leaf, c.min));
}

/** Records the gaps of the two leaves left and right of slot `slot`'s end, and what follows further up. */
export function pairGaps<T>(c: Cursor<T>, parent: number, slot: number): void {
  const pool = c.pool;
  if (!pool.tracksGaps) return;
  const at = parent * pool.innerSlots + slot;
  const depth = c.core.height - 2;
  const min = slot > 0 ? pool.innerPivots[at - 1] + 1 : minOfPath(c, depth);
  pool.innerGaps[at] = leafMaxGap(pool, pool.innerChildren[at], min);
  pool.innerGaps[at + 1] = leafMaxGap(pool, pool.innerChildren[at + 1], pool.innerPivots[at] + 1);
  if (depth > 0) parentGap(pool, c.path, depth - 1, innerMaxGap(pool, parent));
}
