/**
 * Stores that find their own place: the lowest free range, the highest, and the next free index in a circle.
 *
 * Rules that hold here:
 * - Each searches first and then stores where the cursor stands, without a second walk.
 * - The circle: from `next` upwards, then once more from `min`. The answer says whether it wrapped. The top index
 *   cannot be followed by another, so after it is given out the tree remembers, and the next success that did not wrap
 *   by itself says so.
 */

import type { TreeErrno } from './api';
import type { Cursor } from './cursor';
import { masEmptyArea } from './gap-search';
import { MAX_INDEX, NO_NODE, START } from './layout';
import { masStore } from './write';

function restart<T>(c: Cursor<T>): void {
  c.state = START;
  c.leaf = NO_NODE;
}

/** Stores `value` over the lowest (`up`) or highest free range of `size` within min to max. Answers its start. */
export function masAllocRange<T>(
  c: Cursor<T>,
  size: number,
  min: number,
  max: number,
  value: T,
  up: boolean,
): number | TreeErrno {
  restart(c);
  const error = masEmptyArea(c, min, max, size, up) || masStore(c, value);
  const start = c.index;
  if (error !== 0) restart(c);
  return error === 0 ? start : error;
}

/** The kernel's mas_alloc_cyclic. Answers [start, the new next, 1 if it wrapped]. */
export function masAllocCyclic<T>(
  c: Cursor<T>,
  min: number,
  max: number,
  next: number,
  value: T,
): [start: number, next: number, wrapped: 0 | 1] | TreeErrno {
  const core = c.core;
  if (!c.pool.tracksGaps || min > max) return 'EINVAL';
  const low = Math.max(min, next);
  let wrapped: 0 | 1 = 0;
  restart(c);
  let error = masEmptyArea(c, low, max, 1, true);
  if (error !== 0 && low > min) {
    // Each search begins anew: the first leaves an error behind.
    restart(c);
    error = masEmptyArea(c, min, max, 1, true);
    wrapped = 1;
  }
  if (error === 0) error = masStore(c, value);
  const start = c.index;
  if (error !== 0) {
    restart(c);
    return error;
  }
  if (core.wrapped && wrapped === 0) {
    core.wrapped = false;
    wrapped = 1;
  }
  if (start !== MAX_INDEX) return [start, start + 1, wrapped];
  core.wrapped = true;
  return [start, 0, wrapped];
}
