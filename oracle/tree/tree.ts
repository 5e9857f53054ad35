/**
 * The naive tree: what the optimized one must answer, from a sorted list of ranges and the cursor's tables.
 *
 * All that decides an answer is here in the open:
 *
 *     ranges       the stored ranges (ranges.ts)
 *     root         how the kernel would hold the content (cursor.ts)
 *     wrapped      the flag of `allocCyclic`: the last index was given out, the next search says so
 *     states       the four maple states (state.ts); how they move is in cursor.ts
 *
 * Rules that hold here:
 * - A write, whatever it answers but 'EINVAL', sets the status of every other state to `start` (of all states, when the
 *   write is the tree's own). 'EINVAL' changes nothing at all.
 * - Out of memory: the number of allocations that an implementation makes is its own affair, so `failAllocation` is
 *   accepted and ignored. Code that runs the two side by side does not give the oracle an operation that the other
 *   answered with 'ENOMEM': nothing has changed then. `failedWrite` does what is left: all states are told of a write.
 */
import { makeMove, type Root, standAt, walk } from './cursor';
import { MAX_INDEX, Ranges } from './ranges';
import { OracleState } from './state';

export type TreeErrno = 'EINVAL' | 'EEXIST' | 'EBUSY';

const STATES = 4;

export class OracleTree {
  readonly ranges = new Ranges();
  root: Root = 'empty';
  wrapped = false;
  readonly states: readonly OracleState[] = Array.from({ length: STATES }, () => new OracleState());
  private readonly own = new OracleState();

  /** @param tracksGaps whether the searches for gaps are allowed (`ranges` in a sequence's header) */
  constructor(readonly tracksGaps = false) {}

  // -- what the tree holds ---------------------------------------------------------------------------------------

  /** How many ranges are stored. */
  get count(): number {
    return this.ranges.count;
  }

  /** First index of the i-th range. */
  firstAt(i: number): number {
    return this.ranges.firsts[i];
  }

  /** Last index of the i-th range, inclusive. */
  lastAt(i: number): number {
    return this.ranges.lasts[i];
  }

  valueAt(i: number): number {
    return this.ranges.values[i];
  }

  /** All ranges, as a dump shows them. */
  entries(): [first: number, last: number, value: number][] {
    const { firsts, lasts, values } = this.ranges;
    return firsts.map((first, i) => [first, lasts[i], values[i]]);
  }

  /** A tree with a root node whose single slot is empty: what is left when the single range 0 to max is emptied. */
  get clearedNode(): boolean {
    return this.root === 'nodes' && this.count === 0;
  }

  // -- the tree's own operations ---------------------------------------------------------------------------------

  load(index: number): number | null {
    return this.ranges.valueOf(index);
  }

  storeRange(first: number, last: number, value: number | null): 0 | TreeErrno {
    if (first > last) return 'EINVAL';
    this.wrote(null);
    this.own.set(first, last);
    this.store(this.own, value);
    return 0;
  }

  insertRange(first: number, last: number, value: number): 0 | TreeErrno {
    if (first > last) return 'EINVAL';
    this.wrote(null);
    if (!this.ranges.isFree(first, last)) return 'EEXIST';
    return this.storeRange(first, last, value);
  }

  erase(index: number): number | null {
    this.wrote(null);
    this.own.set(index, index);
    return this.eraseAt(this.own);
  }

  allocRange(size: number, min: number, max: number, value: number): number | TreeErrno {
    return this.fill(this.findGap('lowest', min, max, size), size, value);
  }

  allocRrange(size: number, min: number, max: number, value: number): number | TreeErrno {
    return this.fill(this.findGap('highest', min, max, size), size, value);
  }

  /** One free index from max(min, next) on, or else from min on; `wrapped` says that it began anew. */
  allocCyclic(
    min: number,
    max: number,
    next: number,
    value: number,
  ): TreeErrno | [start: number, next: number, wrapped: number] {
    if (!this.tracksGaps || min > max) return 'EINVAL';
    let wrapped = 0;
    let start = this.findGap('lowest', Math.max(min, next), max, 1);
    if (typeof start === 'number') {
      wrapped = this.wrapped ? 1 : 0;
      this.wrapped = false;
    } else if (next > min) {
      start = this.findGap('lowest', min, max, 1);
      wrapped = 1;
    }
    this.wrote(null);
    if (typeof start !== 'number') return start;
    this.storeRange(start, start, value);
    if (start === MAX_INDEX) this.wrapped = true;
    return [start, start === MAX_INDEX ? 0 : start + 1, wrapped];
  }

  /**
   * mt_find: the entry that holds index, or the first above it that starts at or below max; and where to search next.
   */
  find(index: number, max: number): [value: number | null, index: number] {
    if (index > max) return [null, index];
    const place = this.ranges.placeAtOrAbove(index);
    if (place === this.count || this.firstAt(place) > max) return [null, index];
    const last = this.lastAt(place);
    return [this.valueAt(place), last === MAX_INDEX ? 0 : last + 1];
  }

  /** mt_next: a fresh state at index, and one move. */
  next(index: number, max: number): number | null {
    this.own.set(index, index);
    return makeMove(this, this.own, 'next', max, false);
  }

  /** mt_prev, likewise. */
  prev(index: number, min: number): number | null {
    this.own.set(index, index);
    return makeMove(this, this.own, 'prev', min, false);
  }

  /** Goes on in a duplicate: the same content, held the same way. */
  dup(): 0 {
    this.wrote(null);
    return 0;
  }

  destroy(): 0 {
    this.wrote(null);
    this.ranges.clear();
    this.root = 'empty';
    return 0;
  }

  /** Stores entries in ascending order, above all that is there; otherwise 'EINVAL', and nothing is stored. */
  bulk(entries: readonly (readonly [first: number, last: number, value: number])[]): 0 | TreeErrno {
    let above = this.ranges.gapFirst(this.count) - 1;
    for (const [first, last] of entries) {
      if (first <= above || first > last) return 'EINVAL';
      above = last;
    }
    this.wrote(null);
    for (const [first, last, value] of entries) this.storeRange(first, last, value);
    return 0;
  }

  /** Accepted and ignored, see the head of this file. */
  failAllocation(_n: number): void {}

  /**
   * A write that failed for want of memory. Nothing changed, but all states are told of a write; also the one that
   * wrote, which has lost its place (the kernel leaves it without a node): its holder has to set out anew.
   */
  failedWrite(): void {
    this.wrote(null);
  }

  // -- maple states ----------------------------------------------------------------------------------------------

  mas(r: number): OracleState {
    return this.states[r];
  }

  masSet(r: number, index: number): 0 {
    this.states[r].set(index, index);
    return 0;
  }

  masSetRange(r: number, first: number, last: number): 0 | TreeErrno {
    if (first > last) return 'EINVAL';
    this.states[r].set(first, last);
    return 0;
  }

  /** __mas_set_range: the position stays, so the new range must start within the old one. */
  masConfig(r: number, first: number, last: number): 0 | TreeErrno {
    const state = this.states[r];
    const allowed =
      state.status === 'start' || (state.status === 'active' && state.index <= first && first <= state.last);
    if (first > last || !allowed) return 'EINVAL';
    state.index = first;
    state.last = last;
    return 0;
  }

  masReset(r: number): 0 {
    this.states[r].become('start');
    return 0;
  }

  masPause(r: number): 0 {
    this.states[r].become('pause');
    return 0;
  }

  masWalk(r: number): number | null {
    return walk(this, this.states[r]);
  }

  masNext(r: number, max: number): number | null {
    return makeMove(this, this.states[r], 'next', max, false);
  }

  masNextRange(r: number, max: number): number | null {
    return makeMove(this, this.states[r], 'next', max, true);
  }

  /** As masNext, but where it walks to counts; the limit is never told: `active` after every step. */
  masFind(r: number, max: number): number | null {
    return makeMove(this, this.states[r], 'find', max, false);
  }

  masFindRange(r: number, max: number): number | null {
    return makeMove(this, this.states[r], 'find', max, true);
  }

  masPrev(r: number, min: number): number | null {
    return makeMove(this, this.states[r], 'prev', min, false);
  }

  masPrevRange(r: number, min: number): number | null {
    return makeMove(this, this.states[r], 'prev', min, true);
  }

  masFindRev(r: number, min: number): number | null {
    return makeMove(this, this.states[r], 'findRev', min, false);
  }

  masFindRangeRev(r: number, min: number): number | null {
    return makeMove(this, this.states[r], 'findRev', min, true);
  }

  masStore(r: number, value: number | null): 0 | TreeErrno {
    const state = this.states[r];
    if (state.status === 'error') return 'EINVAL';
    this.wrote(state);
    this.store(state, value);
    return 0;
  }

  /**
   * A store over another range than the state's, which begins in it. What is reserved for it is not seen from outside.
   */
  masStorePrealloc(r: number, first: number, last: number, value: number | null): 0 | TreeErrno {
    const { index, last: end } = this.states[r];
    if (first < index || first > end || this.masConfig(r, first, last) !== 0) return 'EINVAL';
    return this.masStore(r, value);
  }

  masErase(r: number): number | null {
    this.wrote(this.states[r]);
    return this.eraseAt(this.states[r]);
  }

  masEmptyArea(r: number, min: number, max: number, size: number): 0 | TreeErrno {
    return this.standOnGap(this.states[r], this.findGap('lowest', min, max, size), min, max, size);
  }

  masEmptyAreaRev(r: number, min: number, max: number, size: number): 0 | TreeErrno {
    return this.standOnGap(this.states[r], this.findGap('highest', min, max, size), min, max, size);
  }

  // -- writing ---------------------------------------------------------------------------------------------------

  /** Another than these states wrote (null: the tree itself): they must look for their place again. */
  private wrote(writer: OracleState | null): void {
    for (let r = 0; r < STATES; r++) {
      if (this.states[r] !== writer) this.states[r].become('start');
    }
  }

  /** Stores over the state's range, and leaves the state as mas_store does. */
  private store(state: OracleState, value: number | null): void {
    if (this.root === 'nodes') this.storeInNodes(state, value);
    else if (value === null) this.storeNullWithoutNodes(state);
    else this.storeFirst(state, value);
  }

  /** A value into an empty tree, or beside or over the entry that the root holds. */
  private storeFirst(state: OracleState, value: number): void {
    this.ranges.store(state.index, state.last, value);
    state.become('start');
    if (state.last === 0) {
      this.root = 'pointer';
      return;
    }
    this.root = 'nodes';
    state.status = 'active';
    state.at = state.index;
    state.madeNodes = true;
  }

  /** Null in a tree without nodes: the range stays; the status shows how the root was held when the state looked. */
  private storeNullWithoutNodes(state: OracleState): void {
    const looksAnew = state.status !== 'root' || state.last === MAX_INDEX;
    if (looksAnew) state.become(this.root === 'pointer' ? 'root' : 'none');
    if (state.index > 0) return;
    this.ranges.clear();
    this.root = 'empty';
  }

  private storeInNodes(state: OracleState, value: number | null): void {
    const oneSlot = this.ranges.slotLast(0) === MAX_INDEX;
    this.ranges.store(state.index, state.last, value);
    state.become('active');
    state.at = state.index;
    if (value !== null) return;
    standAt(this, state, state.index);
    if (this.count > 0 || oneSlot) return;
    this.root = 'empty';
    state.become('start');
  }

  /** Empties the whole range that holds index; last does not count. */
  private eraseAt(state: OracleState): number | null {
    if (this.root !== 'nodes') return this.eraseWithoutNodes(state);
    const value = walk(this, state);
    if (value !== null) this.storeInNodes(state, null);
    return value;
  }

  /** The state keeps index and last, and shows how the root was held before. */
  private eraseWithoutNodes(state: OracleState): number | null {
    if (this.root === 'empty' || state.index > 0) {
      state.become(this.root === 'empty' ? 'none' : 'root');
      return null;
    }
    const value = this.ranges.values[0];
    state.become('root');
    this.ranges.clear();
    this.root = 'empty';
    return value;
  }

  // -- gaps ------------------------------------------------------------------------------------------------------

  /** The first index of the lowest or highest free range of that size within min to max. */
  private findGap(which: 'lowest' | 'highest', min: number, max: number, size: number): number | TreeErrno {
    if (!this.tracksGaps || min > max || size === 0 || size - 1 > max - min) return 'EINVAL';
    // The length of the gap 0 to max is 2^64, which the kernel holds as 0.
    if (this.clearedNode && (which === 'highest' || (min === 0 && max === MAX_INDEX))) return 'EBUSY';
    let found: number | TreeErrno = 'EBUSY';
    for (let place = 0; place <= this.count; place++) {
      const gapFirst = this.ranges.gapFirst(place);
      const gapLast = this.ranges.gapLast(place);
      const first = gapFirst < min ? min : gapFirst;
      const last = gapLast > max ? max : gapLast;
      if (first > last || last - first < size - 1) continue;
      if (which === 'lowest') return first;
      found = last - (size - 1);
    }
    return found;
  }

  /** Stores value at a found gap; hands an errno on. Both count as a write, but for 'EINVAL'. */
  private fill(start: number | TreeErrno, size: number, value: number): number | TreeErrno {
    if (start === 'EINVAL') return start;
    this.wrote(null);
    if (typeof start === 'number') this.storeRange(start, start + (size - 1), value);
    return start;
  }

  /** What a search for a gap leaves in the state. */
  private standOnGap(
    state: OracleState,
    start: number | TreeErrno,
    min: number,
    max: number,
    size: number,
  ): 0 | TreeErrno {
    if (start === 'EINVAL') return start;
    const nodes = this.root === 'nodes';
    if (typeof start === 'number') {
      state.set(start, start + (size - 1));
      state.status = nodes ? 'active' : this.root === 'empty' ? 'none' : 'root';
      if (nodes) state.at = start;
      return 0;
    }
    if (nodes) {
      state.set(min, max);
      state.status = 'error';
    } else {
      state.become('root');
    }
    return start;
  }
}
