/**
 * What a tree in this process looks like to the fuzzer: one method an operation, plain values in and out.
 *
 * src and oracle know nothing of this interface; an adapter (or the class itself, by its shape) satisfies it. The rows
 * of the table call the methods. Nothing here allocates: a maple state's position is read from the state object after
 * the call.
 */
import type { CursorView, Subject } from '../../format/subject';
import type { Ret, TreeEntry } from '../../format/types';

/** Status and range of one maple state; `status` is the format's word. */
export type MasView = CursorView;

/** A tree with its four maple states. Indexes are numbers from 0 to MAX_INDEX, ranges inclusive. */
export interface TreeSubject extends Subject {
  storeRange(first: number, last: number, value: number | null): Ret;
  insertRange(first: number, last: number, value: number): Ret;
  erase(index: number): Ret;
  load(index: number): Ret;
  allocRange(size: number, min: number, max: number, value: number): Ret;
  allocRrange(size: number, min: number, max: number, value: number): Ret;
  allocCyclic(min: number, max: number, next: number, value: number): Ret;
  find(index: number, max: number): Ret;
  next(index: number, max: number): Ret;
  prev(index: number, min: number): Ret;
  dup(): Ret;
  destroy(): Ret;
  bulk(entries: readonly TreeEntry[]): Ret;
  entries(): TreeEntry[];

  /** The maple state number r, as it is now. */
  mas(r: number): MasView;
  masSet(r: number, index: number): Ret;
  masSetRange(r: number, first: number, last: number): Ret;
  masConfig(r: number, first: number, last: number): Ret;
  masReset(r: number): Ret;
  masPause(r: number): Ret;
  masWalk(r: number): Ret;
  masNext(r: number, max: number): Ret;
  masNextRange(r: number, max: number): Ret;
  masFind(r: number, max: number): Ret;
  masFindRange(r: number, max: number): Ret;
  masPrev(r: number, min: number): Ret;
  masPrevRange(r: number, min: number): Ret;
  masFindRev(r: number, min: number): Ret;
  masFindRangeRev(r: number, min: number): Ret;
  masStore(r: number, value: number | null): Ret;
  masErase(r: number): Ret;
  masStorePrealloc(r: number, first: number, last: number, value: number | null): Ret;
  masEmptyArea(r: number, min: number, max: number, size: number): Ret;
  masEmptyAreaRev(r: number, min: number, max: number, size: number): Ret;
}
