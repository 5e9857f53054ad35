/**
 * What an implementation in this process looks like to the fuzzer: one method an operation, plain values in and out.
 *
 * src and oracle know nothing of these interfaces; thin adapters (or the classes themselves, by their shape) satisfy
 * them. The table in fuzz/format calls the methods, so that parsing, generating and applying stay in one place.
 * Nothing here allocates: a maple state's position is read from the state object after the call.
 */
import type { MasStatus, MmDump, Ret, TreeEntry } from './types';

/** Status and range of one maple state; `status` is the format's word. */
export interface MasView {
  readonly index: number;
  readonly last: number;
  readonly status: MasStatus;
}

/** A tree with its four maple states. Indexes are numbers from 0 to MAX_INDEX, ranges inclusive. */
export interface TreeSubject {
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

  /** The next operation's n-th allocation fails (n from 1); 0 switches that off. */
  failAllocation(n: number): void;
}

/** An address space: addresses in bytes from the window's start. Flags and prot are the format's words. */
export interface MmSubject {
  mmap(addr: number, len: number, prot: string, flags: readonly string[], file: string | null, offset: number): Ret;
  munmap(addr: number, len: number): Ret;
  mprotect(addr: number, len: number, prot: string): Ret;
  mremap(addr: number, oldLen: number, newLen: number, flags: readonly string[], newAddr: number): Ret;
  madvise(addr: number, len: number, advice: string): Ret;
  mlock(addr: number, len: number, onfault: boolean): Ret;
  munlock(addr: number, len: number): Ret;
  mlockall(flags: readonly string[]): Ret;
  munlockall(): Ret;
  mseal(addr: number, len: number): Ret;
  brk(addr: number): Ret;
  remapFilePages(addr: number, len: number, pgoff: number): Ret;
  touch(addr: number): Ret;
  fork(): Ret;
  mbind(addr: number, len: number, policy: number): Ret;
  uffdRegister(addr: number, len: number, ctx: number): Ret;
  uffdUnregister(addr: number, len: number): Ret;
  setVmaName(addr: number, len: number, name: string | null): Ret;
  dump(): MmDump;

  /** As in TreeSubject. */
  failAllocation(n: number): void;
}
