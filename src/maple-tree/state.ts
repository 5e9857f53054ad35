/**
 * MapleState: a cursor with a range, the kernel's maple state, as users of the library see it.
 *
 *      const state = new MapleState(tree, 20);
 *      for (let entry = state.find(99); entry !== null; entry = state.find(99)) use(state.index, state.last, entry);
 *
 * What each method does and answers is said in api.ts. The doing is in steps.ts, gap-search.ts and write.ts; here
 * arguments are checked, and events are recorded (debug.ts).
 *
 * Rules that hold here:
 * - A state does not learn of writes that it did not do itself; under `debug.on` a move from a stale place is reported.
 * - index and last change by answers as the kernel's do.
 */
import { debug, hit, warn } from '../debug';
import type { MapleState as PublicState, Status, TreeErrno } from './api';
import { Cursor, descend, masWalk } from './cursor';
import {
  MOVE_EMPTY_AREA,
  MOVE_EMPTY_AREA_REV,
  MOVE_ERASE,
  MOVE_FIND,
  MOVE_FIND_RANGE,
  MOVE_FIND_RANGE_REV,
  MOVE_FIND_REV,
  MOVE_NEXT,
  MOVE_NEXT_RANGE,
  MOVE_PREV,
  MOVE_PREV_RANGE,
  MOVE_STORE,
  MOVE_WALK,
  moveEvent,
} from './events';
import { masEmptyArea } from './gap-search';
import { ACTIVE, checkIndex, NO_NODE, PAUSE, START, STATUS } from './layout';
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
import type { MapleTree } from './tree';
import { masDestroy, masErase, masPreallocate, masStore, masStorePrealloc } from './write';

export class MapleState<T> extends Cursor<T> implements PublicState<T> {
  constructor(tree: MapleTree<T>, index = 0, last = index) {
    checkIndex('index', index);
    checkIndex('last', last);
    super(tree, index, last);
  }

  get tree(): MapleTree<T> {
    return this.core as MapleTree<T>; // the constructor takes nothing else
  }

  get status(): Status {
    return STATUS[this.state];
  }

  set(index: number): void {
    this.setRange(index, index);
  }

  setRange(first: number, last: number): void {
    checkIndex('first', first);
    checkIndex('last', last);
    this.index = first;
    this.last = last;
    this.reset();
  }

  config(first: number, last: number): void {
    checkIndex('first', first);
    checkIndex('last', last);
    // A place that is not known is that of the index: it must be found before the index changes.
    if (this.state === ACTIVE && this.leaf === NO_NODE && this.core.height > 0) descend(this);
    this.index = first;
    this.last = last;
  }

  reset(): void {
    this.state = START;
    this.leaf = NO_NODE;
  }

  pause(): void {
    this.state = PAUSE;
    this.leaf = NO_NODE;
  }

  walk(): T | null {
    const before = this.enter();
    return this.leave(MOVE_WALK, before, masWalk(this));
  }

  next(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(MOVE_NEXT, before, masNext(this, max));
  }

  nextRange(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(MOVE_NEXT_RANGE, before, masNextRange(this, max));
  }

  prev(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(MOVE_PREV, before, masPrev(this, min));
  }

  prevRange(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(MOVE_PREV_RANGE, before, masPrevRange(this, min));
  }

  find(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(MOVE_FIND, before, masFind(this, max));
  }

  findRange(max: number): T | null {
    checkIndex('max', max);
    const before = this.enter();
    return this.leave(MOVE_FIND_RANGE, before, masFindRange(this, max));
  }

  findRev(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(MOVE_FIND_REV, before, masFindRev(this, min));
  }

  findRangeRev(min: number): T | null {
    checkIndex('min', min);
    const before = this.enter();
    return this.leave(MOVE_FIND_RANGE_REV, before, masFindRangeRev(this, min));
  }

  store(value: T | null): 0 | TreeErrno {
    this.checkRange();
    const before = this.enter();
    const answer = masStore(this, value);
    if (debug.on) hit(moveEvent(MOVE_STORE, before, this.state));
    return answer;
  }

  erase(): T | null | 'ENOMEM' {
    const before = this.enter();
    return this.leave(MOVE_ERASE, before, masErase(this));
  }

  preallocate(value: T | null): 0 | TreeErrno {
    this.checkRange();
    return masPreallocate(this, value);
  }

  storePrealloc(value: T | null): void {
    this.checkRange();
    masStorePrealloc(this, value);
  }

  destroy(): void {
    masDestroy(this);
  }

  emptyArea(min: number, max: number, size: number): 0 | TreeErrno {
    return this.area(MOVE_EMPTY_AREA, min, max, size, true);
  }

  emptyAreaRev(min: number, max: number, size: number): 0 | TreeErrno {
    return this.area(MOVE_EMPTY_AREA_REV, min, max, size, false);
  }

  private area(move: number, min: number, max: number, size: number, up: boolean): 0 | TreeErrno {
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

  private leave<A>(move: number, before: number, answer: A): A {
    if (debug.on) this.note(move, before);
    return answer;
  }

  private note(move: number, before: number): void {
    hit(moveEvent(move, before, this.state));
  }
}
