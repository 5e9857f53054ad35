/**
 * The state of an address space (mm_struct): the tree of mappings, the counters, the limits, and scratch objects.
 *
 *     start                                   end          pages, end exclusive
 *       |  A  |    gap    |  B  |  heap  | gap |
 *      outside: counts as occupied, and is counted nowhere
 *
 * Rules that hold here:
 * - Counters are what a recount over the mappings gives, after every system call, failed ones included.
 * - Iterators and the merge description are allocated once. `vmi` belongs to the system call that runs, `inner` to a
 *   helper that it calls (a copy, a munmap within an mremap), `lookup` to plain look-ups that hold no place.
 */
import { MapleTree } from '../maple-tree';
import { Allocations } from './allocations';
import type { MmFile } from './file';
import { VmaMerge } from './merge-state';
import { VmaMunmap } from './munmap-state';
import { isDataMapping, isExecMapping, isStackMapping, VM_LOCKED } from './vm-flags';
import { AnonVma, Vma } from './vma';
import { VmaIterator } from './vma-iterator';

/** Bytes in a page. */
export const PAGE_SIZE = 4096;
/** Pages kept free below a mapping that grows down. */
export const STACK_GUARD_GAP = 256;
/** Pages of a huge page: 2 MiB. */
export const PMD_PAGES = 512;
/** The kernel's default of vm.max_map_count. */
const DEFAULT_MAX_MAP_COUNT = 65530;

/** The usual RLIMIT_STACK, in pages. */
const DEFAULT_STACK_LIMIT = 2048;

/** Which kernel's rules hold where they differ. */
export type KernelVersion = '6.18' | '6.12';

export interface AddressSpaceOptions {
  /** Lowest page. Default 0. */
  readonly start?: number;
  /** Page behind the highest one. */
  readonly end: number;
  /** Page at which the heap starts; left out, there is no heap. */
  readonly brk?: number;
  /** Limit of mappings. Default 65530. */
  readonly maxMapCount?: number;
  /** Limit of locked memory in pages, as for a process without CAP_IPC_LOCK. Default: none. */
  readonly memlock?: number;
  /** Limit of a growing stack in pages. Default: 2048, the 8 MiB of RLIMIT_STACK. */
  readonly stackLimit?: number;
  /** Default "6.18". */
  readonly kernel?: KernelVersion;
  /** Whether placement goes from the top down. Default true. */
  readonly topDown?: boolean;
  /** Where a bottom-up search starts that follows a failed one from the top. Default: `end`, so that it finds nothing. */
  readonly unmappedBase?: number;
  /** Slots of the tree's nodes; default the tree's own. */
  readonly leafSlots?: number;
  readonly internalSlots?: number;
}

function makeTree(options: AddressSpaceOptions): MapleTree<Vma> {
  const { leafSlots, internalSlots } = options;
  return new MapleTree<Vma>({
    ranges: true,
    ...(leafSlots === undefined ? {} : { leafSlots }),
    ...(internalSlots === undefined ? {} : { internalSlots }),
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
  startBrk: number;
  /** The break, in BYTES, or -1. */
  brk: number;

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
    this.start = options.start ?? 0;
    this.end = options.end;
    this.maxMapCount = options.maxMapCount ?? DEFAULT_MAX_MAP_COUNT;
    this.memlock = options.memlock ?? Number.POSITIVE_INFINITY;
    this.stackLimit = options.stackLimit ?? DEFAULT_STACK_LIMIT;
    this.kernel612 = options.kernel === '6.12';
    this.topDown = options.topDown ?? true;
    this.unmappedBase = options.unmappedBase ?? options.end;
    this.startBrk = options.brk ?? -1;
    this.brk = options.brk === undefined ? -1 : options.brk * PAGE_SIZE;
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
