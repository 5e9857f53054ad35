/**
 * The state of an address space: a sorted array of mappings (sorted.ts), and the few things that belong to no mapping.
 *
 *      0                                                    end
 *      |  [ vma 0 ][ vma 1 ]      [ vma 2 ]      [ vma 3 ]   |
 *
 * Here are only the moves on the array that everything else is made of: look up, cut, insert, remove. The rules stand
 * in the files beside this one, one for each family of operations.
 *
 * Rules that hold here:
 * - Mappings are sorted, page-aligned, not empty, and do not overlap. What lies outside the window is occupied.
 * - Wherever the kernel allocates a VMA, tree nodes or an anon_vma, the rules ask `allocate()` first and change nothing
 *   in that step if it says no: so an operation that runs out of memory leaves what the kernel leaves.
 */
import { SortedVmas } from './sorted';
import type { Vma } from './vma';

export type Errno =
  | 'EACCES'
  | 'EAGAIN'
  | 'EBADF'
  | 'EBUSY'
  | 'EEXIST'
  | 'EFAULT'
  | 'EINVAL'
  | 'ENODEV'
  | 'ENOMEM'
  | 'EOVERFLOW'
  | 'EPERM';

/** 0 or what went wrong. */
export type Outcome = 0 | Errno;

/** An address or what went wrong. */
export type AddressOr = number | Errno;

/** sysctl vm.max_map_count as the kernel is shipped. */
const DEFAULT_MAX_MAP_COUNT = 65530;

export interface SpaceOptions {
  /** Length of the window. */
  readonly pages: number;
  /** Page at which the heap starts; without it there is no heap. */
  readonly brk?: number | undefined;
  /** Limit of mappings in the window. */
  readonly maxMapCount?: number | undefined;
  /** The same, as the header of a sequence spells it. */
  readonly max_map_count?: number | undefined;
  /** Limit of locked pages, for a caller without CAP_IPC_LOCK; without it the caller may lock what it likes. */
  readonly memlock?: number | undefined;
  /** Whether a dump shows the counters. */
  readonly counters?: boolean | undefined;
  /** The kernel whose rules hold: "6.18", or "6.12" where that differs. */
  readonly kernel?: string | undefined;
  /** Whether placement looks from the bottom up; it looks from the top down otherwise. */
  readonly bottomUp?: boolean | undefined;
}

export class Space {
  readonly vmas = new SortedVmas();
  /** Length of the window in bytes. */
  readonly end: number;
  readonly heapStart: number | null;
  /** The program break, to the byte. */
  brk: number;
  readonly maxMapCount: number;
  readonly memlock: number | null;
  readonly showCounters: boolean;
  /** Whether the rules of Linux 6.12 hold where they differ from those of 6.18. */
  readonly old: boolean;
  readonly bottomUp: boolean;
  /** Flags that mlockall gives to every future mapping. */
  defaultFlags = 0;
  /** Names of the files that were ever mapped. */
  readonly everMapped = new Set<string>();

  private lastAnon = 0;
  /** How many allocations from now one fails; 0 if none does. */
  private failIn = 0;

  constructor(readonly options: SpaceOptions) {
    const { pages, brk, memlock, counters, kernel } = options;
    this.end = pages * 4096;
    this.heapStart = brk === undefined ? null : brk * 4096;
    this.brk = this.heapStart ?? 0;
    this.maxMapCount = options.maxMapCount ?? options.max_map_count ?? DEFAULT_MAX_MAP_COUNT;
    this.memlock = memlock ?? null;
    this.showCounters = counters ?? false;
    this.old = kernel === '6.12';
    this.bottomUp = options.bottomUp ?? false;
  }

  get count(): number {
    return this.vmas.length;
  }

  /** Index of the lowest mapping that ends above addr (find_vma); `count` if there is none. */
  indexAt(addr: number): number {
    const { vmas } = this;
    let low = 0;
    let high = vmas.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (vmas.at(middle).end > addr) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The mapping that holds addr (vma_lookup), or null. */
  lookup(addr: number): Vma | null {
    const vma = this.vmas.at(this.indexAt(addr));
    return vma !== undefined && vma.start <= addr ? vma : null;
  }

  /** Whether anything is mapped in [start, end); what lies outside the window is. */
  occupied(start: number, end: number): boolean {
    if (start < 0 || end > this.end) return true;
    const vma = this.vmas.at(this.indexAt(start));
    return vma !== undefined && vma.start < end;
  }

  /** Whether any part of [start, end) is not mapped. */
  hasHole(start: number, end: number): boolean {
    let at = start;
    for (let i = this.indexAt(start); at < end; i++) {
      const vma = this.vmas.at(i);
      if (vma === undefined || vma.start > at) return true;
      at = vma.end;
    }
    return false;
  }

  insert(vma: Vma): void {
    this.vmas.insert(this.indexAt(vma.start), vma);
    const name = vma.file?.name;
    if (name != null) this.everMapped.add(name);
  }

  removeAt(index: number, count = 1): void {
    this.vmas.remove(index, count);
  }

  /**
   * Cuts a mapping in two at addr, strictly inside it: the upper piece takes everything along (__split_vma).
   * EINVAL if the file refuses splits, ENOMEM if memory runs out; then nothing has changed.
   */
  cut(index: number, addr: number): Outcome {
    const lower = this.vmas.at(index);
    if (lower.file?.refusesSplit === true) return 'EINVAL';
    if (!this.allocate()) return 'ENOMEM';
    const upper = lower.copy();
    upper.moveStart(addr);
    lower.end = addr;
    this.vmas.insert(index + 1, upper);
    return 0;
  }

  /** As `cut`, but ENOMEM if there are as many mappings as may be (split_vma). */
  cutCounted(index: number, addr: number): Outcome {
    return this.count >= this.maxMapCount ? 'ENOMEM' : this.cut(index, addr);
  }

  /** A new identity for an anon_vma. */
  newAnon(): number {
    return ++this.lastAnon;
  }

  /** Asks for memory; false if this is the allocation that is to fail. */
  allocate(): boolean {
    return this.failIn === 0 || --this.failIn !== 0;
  }

  /** The n-th allocation from now fails; 0: none. */
  failAllocation(n: number): void {
    this.failIn = n;
  }

  /** Whether the failure asked for has not come yet. */
  get failurePending(): boolean {
    return this.failIn !== 0;
  }

  /** An independent copy. */
  clone(): Space {
    const copy = new Space(this.options);
    copy.become(this);
    return copy;
  }

  /** Takes over the state of another space of the same options. */
  become(other: Space): void {
    this.vmas.copyFrom(other.vmas);
    this.brk = other.brk;
    this.defaultFlags = other.defaultFlags;
    this.everMapped.clear();
    for (const name of other.everMapped) this.everMapped.add(name);
    this.lastAnon = other.lastAnon;
    this.failIn = 0;
  }
}
