/**
 * The state of an address space (mm_struct): the tree of mappings, the counters, the limits, and scratch objects.
 *
 *     start                                   end          pages, end exclusive
 *       |  A  |    gap    |  B  |  heap  | gap |
 *      outside: counts as occupied, and is counted nowhere
 *
 * Rules that hold here:
 * - All is counted in pages, but for `brkAddr`.
 * - Counters are what a recount over the mappings gives, after every system call, failed ones included.
 * - Iterators and the merge description are allocated once. `vmi` belongs to the system call that runs, `inner` to a
 *   helper that it calls (a copy, a munmap within an mremap), `lookup` to plain look-ups that hold no place.
 */
import { MapleTree } from '../maple-tree';
import { Allocations } from './allocations';
import type { AddressSpaceOptions } from './api';
import type { MmFile } from './file';
import { VmaMerge } from './merge-state';
import { VmaMunmap } from './munmap-state';
import { PAGE_SIZE } from './page';
import { isDataMapping, isExecMapping, isStackMapping, VM_LOCKED } from './vm-flags';
import { AnonVma, Vma } from './vma';
import { VmaIterator } from './vma-iterator';

export { PAGE_SIZE };
/** Pages kept free below a mapping that grows down. */
export const STACK_GUARD_GAP = 256;
/** Pages of a huge page: 2 MiB. */
export const PMD_PAGES = 512;
/** The kernel's default of vm.max_map_count. */
const DEFAULT_MAX_MAP_COUNT = 65530;

/** The usual RLIMIT_STACK, in pages. */
const DEFAULT_STACK_LIMIT = 2048;

function makeTree(options: AddressSpaceOptions): MapleTree<Vma> {
  const { leafSlots, innerSlots } = options;
  return new MapleTree<Vma>({
    ranges: true,
    ...(leafSlots === undefined ? {} : { leafSlots }),
    ...(innerSlots === undefined ? {} : { innerSlots }),
  });
}

export class Mm {
  readonly options: AddressSpaceOptions;
  tree: MapleTree<Vma>;
  readonly start: number;
  readonly end: number;
  readonly maxMapCount: number;
  readonly memlock: number;
  readonly stackLimit: number;
  /** Whether the rules of 6.12 hold. */
  readonly kernel612: boolean;
  readonly topDown: boolean;
  readonly unmappedBase: number;

  mapCount = 0;
  totalVm = 0;
  dataVm = 0;
  execVm = 0;
  stackVm = 0;
  lockedVm = 0;
  /** Pages charged for VM_ACCOUNT mappings. */
  committed = 0;
  /** Names held by mappings. */
  nameReferences = 0;
  /** Flags that every new mapping gets (mlockall). */
  defFlags = 0;
  /** First page of the heap, or -1. */
  readonly startBrkPage: number;
  /** The break, an address in bytes, or -1. */
  brkAddr: number;

  readonly allocations: Allocations;
  vmi: VmaIterator;
  inner: VmaIterator;
  lookup: VmaIterator;
  readonly vmg = new VmaMerge();
  readonly vms = new VmaMunmap();
  /** Numbers of anon_vmas go on in a forked child. */
  nextAnonId = 1;
  /** Why vmaModify* last gave null: a negative errno. */
  modifyError = 0;

  constructor(options: AddressSpaceOptions, allocations = new Allocations()) {
    this.options = options;
    this.allocations = allocations;
    this.start = options.startPage ?? 0;
    this.end = options.endPage;
    if (!(this.end > this.start)) throw new RangeError(`endPage is ${this.end}, not above startPage, ${this.start}`);
    this.maxMapCount = options.maxMapCount ?? DEFAULT_MAX_MAP_COUNT;
    this.memlock = options.memlockPages ?? Number.POSITIVE_INFINITY;
    this.stackLimit = options.stackLimitPages ?? DEFAULT_STACK_LIMIT;
    this.kernel612 = options.kernel === '6.12';
    this.topDown = options.topDown ?? true;
    this.unmappedBase = options.unmappedBasePage ?? options.endPage;
    this.startBrkPage = options.brkPage ?? -1;
    this.brkAddr = options.brkPage === undefined ? -1 : options.brkPage * PAGE_SIZE;
    this.tree = makeTree(options);
    this.vmi = new VmaIterator(this.tree, this.allocations);
    this.inner = new VmaIterator(this.tree, this.allocations);
    this.lookup = new VmaIterator(this.tree, this.allocations);
  }

  /** Puts another tree in place, as fork does; the iterators are made anew. */
  adoptTree(tree: MapleTree<Vma>): void {
    this.tree = tree;
    this.vmi = new VmaIterator(tree, this.allocations);
    this.inner = new VmaIterator(tree, this.allocations);
    this.lookup = new VmaIterator(tree, this.allocations);
  }
}

/** A mapping, or null if that allocation fails (vm_area_alloc). */
export function vmAreaAlloc(mm: Mm): Vma | null {
  return mm.allocations.take() ? new Vma() : null;
}

/** A copy of a mapping, without its anon_vma and without a reference to its file (vm_area_dup). */
export function vmAreaDup(mm: Mm, from: Vma): Vma | null {
  if (!mm.allocations.take()) return null;
  const vma = new Vma();
  vma.start = from.start;
  vma.end = from.end;
  vma.pgoff = from.pgoff;
  vma.flags = from.flags;
  vma.file = from.file;
  vma.policy = from.policy;
  vma.uffdCtx = from.uffdCtx;
  vma.name = from.name;
  if (vma.name !== null) mm.nameReferences++;
  return vma;
}

/** Lets go of a mapping that is in no tree (vm_area_free). */
export function vmAreaFree(mm: Mm, vma: Vma): void {
  if (vma.name !== null) mm.nameReferences--;
  vma.detached = true;
}

/** A new identity, or null if that allocation fails. */
export function anonVmaAlloc(mm: Mm, inherited: boolean): AnonVma | null {
  return mm.allocations.take() ? new AnonVma(mm.nextAnonId++, inherited) : null;
}

/** A mapping holds the file (get_file). */
export function getFile(file: MmFile): void {
  file.references++;
}

/** A mapping lets go of the file (fput). */
export function fput(file: MmFile): void {
  file.references--;
}

/** Adds pages (or takes them, if negative) to the counters that the flags belong to (vm_stat_account). */
export function vmStatAccount(mm: Mm, flags: number, pages: number): void {
  mm.totalVm += pages;
  if (isExecMapping(flags)) mm.execVm += pages;
  else if (isStackMapping(flags)) mm.stackVm += pages;
  else if (isDataMapping(flags)) mm.dataVm += pages;
}

/** Whether so many more pages may be locked (mlock_future_ok). */
export function mlockFutureOk(mm: Mm, flags: number, pages: number): boolean {
  return (flags & VM_LOCKED) === 0 || mm.lockedVm + pages <= mm.memlock;
}

/** The mapping at or above a page (find_vma). */
export function findVma(mm: Mm, page: number): Vma | null {
  return mm.lookup.set(page).next();
}

/** The first mapping that overlaps [start, end) (find_vma_intersection). */
export function findVmaIntersection(mm: Mm, start: number, end: number): Vma | null {
  return mm.lookup.set(start).find(end);
}

/** The mapping at a page (vma_lookup). */
export function vmaLookup(mm: Mm, page: number): Vma | null {
  return mm.tree.load(page);
}
