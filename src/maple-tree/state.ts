/**
 * MapleState: a cursor with a range, the kernel's maple state, as users of the library see it.
 *
 *      const state = new MapleState(tree, 20);
 *      for (let entry = state.find(99); entry !== null; entry = state.find(99)) use(state.index, state.last, entry);
 *
 * The doing is in steps.ts, gap-search.ts and write.ts; here arguments are checked, and what happened is noted for those
 * who want to know (debug.ts).
 *
 * Rules that hold here:
 * - After a write through the tree or through another state, a state's place is worthless. Its holder calls `reset` (go on at
 *   index) or `pause` (go on behind the range) on it, as the kernel's users must after they dropped the lock.
 * - index and last change by answers as the kernel's do; to give the state another range use set, setRange or config.
 */
import { debug, hit, warn } from '../debug';
import type { TreeCore } from './core';
import { Cursor, descend, masWalk } from './cursor';
import { moveEvent } from './events';
import { masEmptyArea } from './gap-search';
import { ACTIVE, checkIndex, type Errno, NO_NODE, PAUSE, START, STATUS, type Status } from './layout';
import {
  masFind,
  masFindRange,
  masFindRangeRev,
  masFindRev,
  masNext,
  masNextRange,
  masPrev,
  masPrevRange,
} from './steps';
import { masDestroy, masErase, masPreallocate, masStore, masStorePrealloc } from './write';

export class MapleState<T> extends Cursor<T> {
  /** A state of `tree` at index..last, both inclusive; last is index if left out. Not walked: status 'start'. */
  constructor(tree: TreeCore<T>, index = 0, last = index) {
    checkIndex('index', index);
    checkIndex('last', last);
    super(tree, index, last);
  }

  /** The tree that the state is of. */
  get tree(): TreeCore<T> {
    return this.core;
  }

  /** The kernel's word for what the state stands on. */
  get status(): Status {
    return STATUS[this.state];
  }

  /** Forgets the place and takes the range [index, index]. */
  set(index: number): void {
    this.setRange(index, index);
  }

  /** Forgets the place and takes the range [first, last]; first must not be above last. */
  setRange(first: number, last: number): void {
    checkIndex('first', first);
    checkIndex('last', last);
    this.index = first;
    this.last = last;
    this.reset();
  }

  /**
   * Takes another range and keeps the place: the kernel's __mas_set_range. Meant for a store that follows; first must not be
   * below the state's index.
   */
  config(first: number, last: number): void {
    checkIndex('first', first);
    checkIndex('last', last);
    // A place that is not known is that of the index: it must be found before the index changes.
    if (this.state === ACTIVE && this.leaf === NO_NODE && this.core.height > 0) descend(this);
    this.index = first;
    this.last = last;
  }

  /** Forgets the place and keeps the range: the next step walks to index. */
  reset(): void {
    this.state = START;
    this.leaf = NO_NODE;
  }

  /** Forgets the place: a find that follows goes on behind the range. */
  pause(): void {
    this.state = PAUSE;
    this.leaf = NO_NODE;
  }

  /** Walks to index and takes the range of the slot there. Answers its entry or null. */
  walk(): T | null {
    const before = this.enter();
    return this.leave(0, before, masWalk(this));
  }

  /** The next entry that starts at or below `max`, or null. */
  next(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(1, before, masNext(this, max));
  }

  /** As next, slot by slot: null for an empty one too. */
  nextRange(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(2, before, masNextRange(this, max));
  }

  /** The entry before that ends at or above `min`, or null. */
  prev(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(3, before, masPrev(this, min));
  }

  /** As prev, slot by slot. */
  prevRange(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(4, before, masPrevRange(this, min));
  }

  /** The first time the entry at index or the next above it; then the next ones; up to `max`. */
  find(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(5, before, masFind(this, max));
  }

  /** As find, slot by slot. */
  findRange(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(6, before, masFindRange(this, max));
  }

  /** The first time the entry at index or the next below it; then those before; down to `min`. */
  findRev(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(7, before, masFindRev(this, min));
  }

  /** As findRev, slot by slot. */
  findRangeRev(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(8, before, masFindRangeRev(this, min));
  }

  /**
   * Stores `value` over index to last; null empties the range, which then grows over the empty ranges that touch it.
   * Answers 0; 'ENOMEM' if nodes cannot be had; 'EINVAL' in status 'error'. In both nothing changes.
   */
  store(value: T | null): 0 | Errno {
    this.checkRange();
    const before = this.enter();
    const answer = masStore(this, value);
    if (debug.on) hit(moveEvent(9, before, this.state));
    return answer;
  }

  /** Erases the whole entry at index, whatever last is. Answers it, or null. The range becomes that of the gap. */
  erase(): T | null {
    const before = this.enter();
    return this.leave(10, before, masErase(this));
  }

  /**
   * Reserves the nodes that a store of `value` over index to last may need; what is reserved already counts. Answers 0;
   * 'ENOMEM' if they cannot be had, and then none are reserved any more; 'EINVAL' in status 'error', and nothing changes.
   */
  preallocate(value: T | null): 0 | Errno {
    this.checkRange();
    return masPreallocate(this, value);
  }

  /** A store that cannot fail: preallocate was called for this range before. Gives back the nodes it did not need. */
  storePrealloc(value: T | null): void {
    this.checkRange();
    masStorePrealloc(this, value);
  }

  /** Gives back the nodes that preallocate reserved and no store used. The state may be used on. */
  destroy(): void {
    masDestroy(this);
  }

  /**
   * The lowest empty range of `size` within min to max becomes the state's range. Answers 0; 'EBUSY' if there is none;
   * 'EINVAL' for an impossible window or in a tree that tracks no gaps, and nothing changes.
   */
  emptyArea(min: number, max: number, size: number): 0 | Errno {
    return this.area(11, min, max, size, true);
  }

  /** As emptyArea, but the highest. */
  emptyAreaRev(min: number, max: number, size: number): 0 | Errno {
    return this.area(12, min, max, size, false);
  }

  private area(move: number, min: number, max: number, size: number, up: boolean): 0 | Errno {
    checkIndex('min', min);
    checkIndex('max', max);
    checkIndex('size', size);
    const before = this.state;
    const answer = masEmptyArea(this, min, max, size, up);
    if (debug.on) hit(moveEvent(move, before, this.state));
    return answer;
  }

  private checkRange(): void {
    if (this.index > this.last) {
      throw new RangeError(`the state's index must not be above its last, but is ${this.index} with last ${this.last}`);
    }
  }

  /** Answers the status before, for the event. */
  private enter(): number {
    if (debug.on) this.watch();
    return this.state;
  }

  private watch(): void {
    if (this.state === ACTIVE && this.leaf !== NO_NODE && this.version !== this.core.version) {
      warn('stale-state', `state at ${this.index}-${this.last} was not reset after a write that it did not do`);
    }
  }

  private leave(move: number, before: number, entry: T | null): T | null {
    if (debug.on) this.note(move, before);
    return entry;
  }

  private note(move: number, before: number): void {
    hit(moveEvent(move, before, this.state));
  }
}
