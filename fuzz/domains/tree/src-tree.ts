/**
 * The optimized tree of src as a subject: the four maple states, and what the format says of their life.
 *
 * Rules that hold here:
 * - A write through the tree, or through another state, leaves a state's index and last alone and sets its status to
 *   `start`. Any writing operation counts, whatever it answers, but for 'EINVAL', which never changes anything.
 * - So does a state's own write that answers 'ENOMEM': it has lost its place.
 * - `mas_empty_area*` resets the state first, unless the answer is 'EINVAL'.
 */

import { MapleState, MapleTree } from '../../../src/maple-tree';
import { STATES } from '../../format/kinds';
import type { Ret, TreeEntry } from '../../format/types';
import type { MasView, TreeSubject } from './subject';

export interface SrcTreeOptions {
  readonly ranges: boolean;
  readonly slots?: readonly [leaf: number, internal: number];
}

export class SrcTree implements TreeSubject {
  tree: MapleTree<number>;
  states: MapleState<number>[];
  private failing = 0;

  constructor(options: SrcTreeOptions) {
    const { ranges, slots } = options;
    this.tree = new MapleTree(slots === undefined ? { ranges } : { ranges, leafSlots: slots[0], innerSlots: slots[1] });
    this.states = this.newStates();
  }

  storeRange(first: number, last: number, value: number | null): Ret {
    return this.wrote(this.tree.storeRange(first, last, value));
  }

  insertRange(first: number, last: number, value: number): Ret {
    return this.wrote(this.tree.insertRange(first, last, value));
  }

  erase(index: number): Ret {
    return this.wrote(this.tree.erase(index));
  }

  load(index: number): Ret {
    return this.tree.load(index);
  }

  allocRange(size: number, min: number, max: number, value: number): Ret {
    return this.wrote(this.tree.allocRange(size, min, max, value));
  }

  allocRrange(size: number, min: number, max: number, value: number): Ret {
    return this.wrote(this.tree.allocRrange(size, min, max, value));
  }

  allocCyclic(min: number, max: number, next: number, value: number): Ret {
    return this.wrote(this.tree.allocCyclic(min, max, next, value));
  }

  find(index: number, max: number): Ret {
    return this.tree.find(index, max) ?? [null, index];
  }

  next(index: number, max: number): Ret {
    return this.tree.next(index, max);
  }

  prev(index: number, min: number): Ret {
    return this.tree.prev(index, min);
  }

  dup(): Ret {
    const twin = this.tree.tryDup();
    if (twin === 'ENOMEM') return this.wrote(twin);
    this.tree.destroy();
    this.tree = twin;
    this.tree.pool.failAt(this.failing);
    const before = this.states;
    this.states = this.newStates();
    for (let r = 0; r < STATES; r++) this.states[r].setRange(before[r].index, before[r].last);
    return 0;
  }

  destroy(): Ret {
    this.tree.destroy();
    return this.wrote(0);
  }

  bulk(entries: readonly TreeEntry[]): Ret {
    return this.wrote(this.tree.bulk(entries));
  }

  entries(): TreeEntry[] {
    return [...this.tree];
  }

  mas(r: number): MasView {
    return this.states[r];
  }

  masSet(r: number, index: number): Ret {
    this.states[r].set(index);
    return 0;
  }

  masSetRange(r: number, first: number, last: number): Ret {
    if (first > last) return 'EINVAL';
    this.states[r].setRange(first, last);
    return 0;
  }

  masConfig(r: number, first: number, last: number): Ret {
    const state = this.states[r];
    const { status } = state;
    if (first > last) return 'EINVAL';
    if (status !== 'start' && !(status === 'active' && state.index <= first && first <= state.last)) return 'EINVAL';
    state.config(first, last);
    return 0;
  }

  masReset(r: number): Ret {
    this.states[r].reset();
    return 0;
  }

  masPause(r: number): Ret {
    this.states[r].pause();
    return 0;
  }

  masWalk(r: number): Ret {
    return this.states[r].walk();
  }

  masNext(r: number, max: number): Ret {
    return this.states[r].next(max);
  }

  masNextRange(r: number, max: number): Ret {
    return this.states[r].nextRange(max);
  }

  masFind(r: number, max: number): Ret {
    return this.states[r].find(max);
  }

  masFindRange(r: number, max: number): Ret {
    return this.states[r].findRange(max);
  }

  masPrev(r: number, min: number): Ret {
    return this.states[r].prev(min);
  }

  masPrevRange(r: number, min: number): Ret {
    return this.states[r].prevRange(min);
  }

  masFindRev(r: number, min: number): Ret {
    return this.states[r].findRev(min);
  }

  masFindRangeRev(r: number, min: number): Ret {
    return this.states[r].findRangeRev(min);
  }

  masStore(r: number, value: number | null): Ret {
    return this.wroteBy(r, this.states[r].store(value));
  }

  masErase(r: number): Ret {
    return this.wroteBy(r, this.states[r].erase());
  }

  /** As the kernel's users do who find after the first reservation that more is to be written. */
  masStorePrealloc(r: number, first: number, last: number, value: number | null): Ret {
    const state = this.states[r];
    const { status, index, last: end } = state;
    if (first > last || first < index || first > end || (status !== 'start' && status !== 'active')) return 'EINVAL';
    let answer = state.preallocate(value);
    if (answer === 0) {
      state.config(first, last);
      answer = state.preallocate(value);
    }
    if (answer === 0) {
      state.storePrealloc(value);
    } else {
      state.destroy();
      state.index = index;
      state.last = end;
    }
    return this.wroteBy(r, answer);
  }

  masEmptyArea(r: number, min: number, max: number, size: number): Ret {
    return this.states[r].emptyArea(min, max, size);
  }

  masEmptyAreaRev(r: number, min: number, max: number, size: number): Ret {
    return this.states[r].emptyAreaRev(min, max, size);
  }

  failAllocation(n: number): void {
    this.failing = n;
    this.tree.pool.failAt(n);
  }

  private newStates(): MapleState<number>[] {
    return Array.from({ length: STATES }, () => new MapleState(this.tree));
  }

  /** A state whose write found no memory has lost its place as well: its holder has to look for it again. */
  private wroteBy<R extends Ret>(r: number, answer: R): R {
    return this.wrote(answer, answer === 'ENOMEM' ? -1 : r);
  }

  /** After a write by state `writer`, or by the tree itself: the other states lose their places. */
  private wrote<R extends Ret>(answer: R, writer = -1): R {
    if (answer === 'EINVAL') return answer;
    for (let r = 0; r < STATES; r++) if (r !== writer) this.states[r].reset();
    return answer;
  }
}
