/**
 * Which kind of store a write is, and how many nodes it may need: decided here alone, before anything changes.
 *
 *      wrStoreRoot      no node yet: the entry goes into the root pointer, or the root gets its first leaf
 *      wrNewRoot        all of 0 to MAX_INDEX
 *      wrExactFit       exactly one slot: its value is replaced
 *      wrAppend         into the last slot of a leaf that has room: nothing moves
 *      wrSlotStore      the number of slots stays: pivots move
 *      wrNodeStore      the slots behind move, within the leaf
 *      wrSplitStore     more slots than the leaf has: neighbours take some, or it is split
 *      wrRebalance      fewer than a leaf must have: a neighbour gives some, or the two become one
 *      wrSpanningStore  ends in another leaf, or (an empty range) reaches the end of its leaf and must look there
 *
 * Rules that hold here:
 * - A stored null grows over the empty ranges that touch it: the cursor's index and last grow with it. Within a leaf
 *   that happens here, in a spanning store there. A leaf that does not begin the tree is never preceded by an empty
 *   slot, so to the left there is nothing beyond the leaf.
 * - The order of the questions matters: null over the one slot [0, MAX_INDEX] is an exact fit, and keeps the node.
 */
import { type Cursor, descend } from './cursor';
import { ACTIVE, MAX_INDEX, minSlots, NO_NODE } from './layout';
import {
  WR_APPEND,
  WR_EXACT_FIT,
  WR_NEW_ROOT,
  WR_NODE_STORE,
  WR_REBALANCE,
  WR_SLOT_STORE,
  WR_SPANNING_STORE,
  WR_SPLIT_STORE,
  WR_STORE_ROOT,
  wr,
} from './wr-state';

/**
 * Brings the cursor to the slot of its index. A place from before is used only if the index lies in that very leaf:
 * a state may have been given another range without a reset.
 */
function masWrSetup<T>(c: Cursor<T>): void {
  const index = c.index;
  if (c.state === ACTIVE && c.leaf !== NO_NODE && c.version === c.core.version && index >= c.min) {
    const pool = c.pool;
    const pivots = pool.leafPivots;
    const base = c.leaf * pool.leafSlots;
    if (index <= pivots[base + pool.leafEnds[c.leaf]]) {
      let at = base + c.offset;
      if (c.offset > 0 && index <= pivots[at - 1]) at = base;
      while (pivots[at] < index) at++;
      c.offset = at - base;
      return;
    }
  }
  descend(c);
  c.state = ACTIVE;
}

/** Whether the write concerns more than this leaf. */
function masIsSpanWr<T>(c: Cursor<T>, entry: T | null, leafMax: number): boolean {
  if (c.last < leafMax) return false;
  if (c.last > leafMax) return true;
  // No leaf but the last may end with an empty slot.
  return entry === null && leafMax !== MAX_INDEX;
}

/** Grows an empty range over the empty slots that it touches in this leaf. */
function masWrExtendNull<T>(c: Cursor<T>, base: number): void {
  const pivots = c.pool.leafPivots;
  const values = c.pool.leafValues;
  if (values[base + wr.offsetEnd] === null) {
    // If this slot is empty, the next is not.
    c.last = wr.endPiv;
  } else if (c.last === wr.endPiv && wr.offsetEnd < wr.end && values[base + wr.offsetEnd + 1] === null) {
    wr.offsetEnd++;
    wr.endPiv = pivots[base + wr.offsetEnd];
    c.last = wr.endPiv;
  }
  if (values[base + wr.offset] === null) {
    c.index = wr.rMin;
  } else if (c.index === wr.rMin && wr.offset > 0 && values[base + wr.offset - 1] === null) {
    wr.offset--;
    c.offset = wr.offset;
    wr.rMin = wr.offset > 0 ? pivots[base + wr.offset - 1] + 1 : c.min;
    c.index = wr.rMin;
  }
}

/** Decides the kind of the write of `entry` over the cursor's range, and notes in `wr` what it found. */
export function masWrStoreType<T>(c: Cursor<T>, entry: T | null): number {
  if (c.core.height === 0) return (wr.kind = WR_STORE_ROOT);
  masWrSetup(c);
  const pool = c.pool;
  const pivots = pool.leafPivots;
  const leaf = c.leaf;
  const base = leaf * pool.leafSlots;
  const end = pool.leafEnds[leaf];
  const offset = c.offset;
  wr.end = end;
  wr.offset = offset;
  wr.rMin = offset > 0 ? pivots[base + offset - 1] + 1 : c.min;
  if (masIsSpanWr(c, entry, pivots[base + end])) return (wr.kind = WR_SPANNING_STORE);

  let offsetEnd = offset;
  while (pivots[base + offsetEnd] < c.last) offsetEnd++;
  wr.offsetEnd = offsetEnd;
  wr.endPiv = pivots[base + offsetEnd];
  if (entry === null) masWrExtendNull(c, base);
  return (wr.kind = masWrLeafType(c));
}

/** The kind of a write that concerns one leaf. */
function masWrLeafType<T>(c: Cursor<T>): number {
  const slots = c.pool.leafSlots;
  const { offset, offsetEnd, end } = wr;
  let newEnd = end - (offsetEnd - offset);
  if (c.index > wr.rMin) newEnd++;
  if (c.last < wr.endPiv) newEnd++;
  wr.newEnd = newEnd;
  if (offset === offsetEnd && newEnd === end) return WR_EXACT_FIT;
  if (c.index === 0 && c.last === MAX_INDEX) return WR_NEW_ROOT;
  if (newEnd + 1 < minSlots(slots) && c.core.height > 1) return WR_REBALANCE;
  if (newEnd >= slots) return WR_SPLIT_STORE;
  if (offset === end) return WR_APPEND;
  if (newEnd === end) return WR_SLOT_STORE;
  return WR_NODE_STORE;
}

/**
 * Notes in `wr` how many nodes the write may need: what must be reserved before it begins.
 *
 * The bounds: a split takes one leaf, and a node at each level up to the first that has room; if none has, one more
 * for the new root. A spanning store has the two nodes of its edges at each level to write to, so it needs more only if
 * its leaves come out as three, and then as a split does. A rebalance makes nodes fewer, never more.
 */
export function masPreallocCalc<T>(c: Cursor<T>, entry: T | null): void {
  wr.needLeaves = 0;
  wr.needInners = 0;
  switch (wr.kind) {
    case WR_STORE_ROOT:
      if (entry !== null && (c.index !== 0 || c.last !== 0)) wr.needLeaves = 1;
      return;
    case WR_NEW_ROOT:
      if (entry !== null) wr.needLeaves = 1;
      return;
    case WR_SPLIT_STORE:
      wr.needLeaves = 1;
      wr.needInners = innersForSplit(c);
      return;
    case WR_SPANNING_STORE:
      // What is kept of a leaf is less than its slots, but a cut slot is kept in part.
      if (c.offset + (c.index > wr.rMin ? 1 : 0) + 1 + c.pool.leafSlots < 2 * c.pool.leafSlots) return;
      wr.needLeaves = 1;
      wr.needInners = c.core.height;
      return;
  }
}

/** Full nodes above the leaf, one after the other from below, and one for a new root if all are. */
function innersForSplit<T>(c: Cursor<T>): number {
  const pool = c.pool;
  let d = c.core.height - 2;
  let count = 0;
  while (d >= 0 && pool.innerEnds[c.path[d * 2]] + 1 >= pool.innerSlots) {
    count++;
    d--;
  }
  return d < 0 ? count + 1 : count;
}
