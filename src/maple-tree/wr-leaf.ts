/**
 * The kinds of store that end in the leaf in which they began, and change it in place.
 *
 *      before    | A        | B   | C      |        a write over part of A, all of B and part of C
 *      after     | A  | new      | C      |         leaves at most a rest on each side: the left rest in front, the
 *                  rest            rest             right rest behind
 *
 * Rules that hold here:
 * - The leaf's maximum never changes, so no pivot above it does.
 * - Slots that fall out of use are set to null, so that nothing is kept alive.
 * - Each of these leaves the cursor on the slot of the new entry.
 */
import type { Cursor } from './cursor';
import { wr } from './wr-state';

/** wrExactFit: one slot gets another value. */
export function masWrExactFit<T>(c: Cursor<T>, entry: T | null): void {
  c.pool.leafValues[c.leaf * c.pool.leafSlots + wr.offset] = entry;
}

/** wrAppend: the last slot of the leaf is divided, and there is room behind it. */
export function masWrAppend<T>(c: Cursor<T>, entry: T | null): void {
  const pool = c.pool;
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = c.leaf * pool.leafSlots;
  const max = wr.endPiv;
  const content = values[base + wr.end];
  let at = base + wr.end;
  if (c.index > wr.rMin) {
    pivots[at] = c.index - 1;
    at++;
  }
  values[at] = entry;
  pivots[at] = c.last;
  c.offset = at - base;
  if (c.last < max) {
    at++;
    values[at] = content;
    pivots[at] = max;
  }
  pool.leafEnds[c.leaf] = wr.newEnd;
}

/** wrSlotStore: as many slots as before; what is covered wholly takes the new entry, its neighbours shrink. */
export function masWrSlotStore<T>(c: Cursor<T>, entry: T | null): void {
  const pool = c.pool;
  const pivots = pool.leafPivots;
  let at = c.leaf * pool.leafSlots + wr.offset;
  c.offset = wr.offset;
  if (c.index > wr.rMin) {
    pivots[at] = c.index - 1;
    at++;
    c.offset++;
  }
  pool.leafValues[at] = entry;
  pivots[at] = c.last;
}

/** wrNodeStore: the slots behind the write move up or down. */
export function masWrNodeStore<T>(c: Cursor<T>, entry: T | null): void {
  const pool = c.pool;
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = c.leaf * pool.leafSlots;
  const { end, newEnd } = wr;
  // The first slot kept behind the write, and where it goes.
  const from = wr.offsetEnd + (c.last < wr.endPiv ? 0 : 1);
  let to = wr.offset + 1;
  if (c.index > wr.rMin) to++;
  const by = to - from;
  if (by > 0) {
    for (let at = base + end, stop = base + from; at >= stop; at--) {
      pivots[at + by] = pivots[at];
      values[at + by] = values[at];
    }
  } else if (by < 0) {
    for (let at = base + from, stop = base + end; at <= stop; at++) {
      pivots[at + by] = pivots[at];
      values[at + by] = values[at];
    }
    for (let at = base + newEnd + 1, stop = base + end; at <= stop; at++) values[at] = null;
  }
  const at = base + to - 1;
  if (c.index > wr.rMin) pivots[at - 1] = c.index - 1;
  pivots[at] = c.last;
  values[at] = entry;
  c.offset = to - 1;
  pool.leafEnds[c.leaf] = newEnd;
}
