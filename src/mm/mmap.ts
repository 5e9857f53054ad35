/**
 * Making mappings.
 *
 *     arguments -> place -> flags -> mmapRegion:
 *       gather what is in the way -> charge -> close it -> merge? -> else: new mapping, nodes, driver's hook, store
 *       -> let go of what was gathered -> count
 *
 * Rules that hold here:
 * - Whatever is asked of the arguments comes before the first change, in the kernel's order.
 * - From the closing of the old mappings on there is no way back: a failure leaves a hole where they were.
 * - 6.12 tries to merge once more if the driver's hook changed the flags; 6.18 does not.
 */

import { debug, hit } from '../debug';
import { EAGAIN, EBUSY, EEXIST, EINVAL, ENOMEM, EOVERFLOW, EPERM } from './errno';
import {
  MMAP,
  MMAP_EXACT_OVER,
  MMAP_HOOK_CHANGED_FLAGS,
  MMAP_HOOK_FAILED,
  MMAP_LOCK_DROPPED,
  MMAP_OVER,
  MMAP_RETRY_MERGED,
  PLACE_FIXED,
} from './events';
import { mmPopulate } from './fault';
import { type MmFile, sharedAnonymousFile } from './file';
import { vmaMergeNewRange } from './merge';
import {
  findVmaIntersection,
  fput,
  getFile,
  type Mm,
  mlockFutureOk,
  PAGE_SIZE,
  vmAreaAlloc,
  vmAreaFree,
  vmStatAccount,
} from './mm';
import {
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_GROWSUP,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_SHARED,
} from './mman';
import { vmsAbortMunmapVmas, vmsCleanUpArea, vmsCompleteMunmapVmas, vmsGatherMunmapVmas } from './munmap';
import type { VmaMunmap } from './munmap-state';
import { getUnmappedArea, NO_HINT } from './unmapped-area';
import {
  accountableMapping,
  VM_ACCOUNT,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_GROWSUP,
  VM_LOCKED,
  VM_LOCKED_MASK,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_NORESERVE,
  VM_SHARED,
  VM_SPECIAL,
} from './vm-flags';
import { type Vma, vmaSetRange } from './vma';
import type { VmaIterator } from './vma-iterator';

/** Regular files may be 2^63 - 1 bytes long, devices 2^64 - 1: these are the first pages that they cannot have. */
const FILE_PAGES_LIMIT = 2 ** 51;
const DEVICE_PAGES_LIMIT = 2 ** 52;

/** What a system call hands to doMmap; one object serves all. */
class MmapRequest {
  file: MmFile | null = null;
  /** A page, or NO_HINT. */
  page = 0;
  pages = 0;
  prot = 0;
  flags = 0;
  pgoff = 0;
}

const request = new MmapRequest();

/** The state of one mmapRegion (mmap_state). */
class MmapState {
  page = 0;
  end = 0;
  pgoff = 0;
  flags = 0;
  file: MmFile | null = null;
  prev: Vma | null = null;
  next: Vma | null = null;
  charged = 0;
  /** What the gathered mappings had been charged: part of the charge for the new one. */
  recharged = 0;
}

const map = new MmapState();

/** Gathers what is in the way, charges, closes (__mmap_prepare). 0 or a negative errno. */
function mmapPrepare(mm: Mm, vmi: VmaIterator, vms: VmaMunmap): number {
  const vma = vmi.find(map.end);
  vms.init(vmi, vma, map.page, map.end);
  if (vma !== null) {
    if (debug.on) hit(vma.start === map.page && vma.end === map.end ? MMAP_EXACT_OVER : MMAP_OVER);
    const error = vmsGatherMunmapVmas(mm, vms);
    if (error !== 0) return error;
    map.prev = vms.prev;
    map.next = vms.next;
  } else {
    map.next = vmi.nextRewind();
    map.prev = vmi.rewoundPrev;
  }
  if (accountableMapping(map.flags)) {
    map.recharged = vms.nrAccounted;
    map.charged = map.end - map.page - vms.nrAccounted;
    mm.committed += map.charged;
    vms.nrAccounted = 0;
    map.flags |= VM_ACCOUNT;
  }
  vmsCleanUpArea(vms);
  return 0;
}

/** The range with its attributes, as a merge wants it. */
function mergeNew(mm: Mm, vmi: VmaIterator): Vma | null {
  const vmg = mm.vmg.forRange(vmi, map.page, map.end, map.flags, map.pgoff);
  vmg.file = map.file;
  vmg.prev = map.prev;
  vmg.next = map.next;
  return vmaMergeNewRange(mm, vmg);
}

/**
 * Whether the hook left the flags so that the mapping may join after all; 6.12 only. Gives the mapping to go on with.
 */
function retryMerge(mm: Mm, vmi: VmaIterator, vma: Vma): Vma {
  if (!mm.kernel612 || map.prev === null) return vma;
  const merged = mergeNew(mm, vmi);
  if (merged !== null) {
    if (debug.on) hit(MMAP_RETRY_MERGED);
    fput(vma.file!);
    vmAreaFree(mm, vma);
    return merged;
  }
  // The failed attempt gave back the nodes that the store of this mapping needs.
  if (mm.vmg.nomem) {
    vmi.config(map.page, map.end);
    vmi.preallocNofail(vma);
  }
  return vma;
}

/** Hands the mapping to its file's driver (__mmap_new_file_vma). 0 or a negative errno. */
function mmapFile(vma: Vma, file: MmFile): number {
  vma.file = file;
  getFile(file);
  const error = file.ops.mmap?.(vma) ?? 0;
  if (error !== 0) {
    if (debug.on) hit(MMAP_HOOK_FAILED);
    // The hook failed, so nothing was opened that a close could close.
    fput(file);
    vma.file = null;
    return error;
  }
  file.mapped = true;
  return 0;
}

/** A mapping of its own in the range (__mmap_new_vma), or null with the error in `mm.modifyError`. */
function mmapNewVma(mm: Mm, vmi: VmaIterator): Vma | null {
  const vma = vmAreaAlloc(mm);
  mm.modifyError = -ENOMEM;
  if (vma === null) return null;
  vmi.config(map.page, map.end);
  vmaSetRange(vma, map.page, map.end, map.pgoff);
  vma.flags = map.flags;
  if (vmi.prealloc(vma) !== 0) {
    vmAreaFree(mm, vma);
    return null;
  }
  const file = map.file ?? ((map.flags & VM_SHARED) !== 0 ? sharedAnonymousFile(map.end - map.page) : null);
  if (file !== null) {
    const error = mmapFile(vma, file);
    if (error !== 0) {
      vmi.free();
      vmAreaFree(mm, vma);
      mm.modifyError = error;
      return null;
    }
    if (vma.flags !== map.flags) {
      if (debug.on) hit(MMAP_HOOK_CHANGED_FLAGS);
      map.flags = vma.flags;
      const merged = retryMerge(mm, vmi, vma);
      if (merged !== vma) return merged;
    }
  }
  vmi.store(vma);
  mm.mapCount++;
  if (file !== null) file.linked++;
  return vma;
}

/** Lets go of the old mappings and counts the new pages (__mmap_complete). */
function mmapComplete(mm: Mm, vma: Vma, vms: VmaMunmap): void {
  const pages = map.end - map.page;
  vmsCompleteMunmapVmas(mm, vms);
  vmStatAccount(mm, map.flags, pages);
  if ((map.flags & VM_LOCKED) === 0) return;
  if ((vma.flags & VM_SPECIAL) !== 0) {
    if (debug.on) hit(MMAP_LOCK_DROPPED);
    vma.flags &= ~VM_LOCKED_MASK;
  } else {
    mm.lockedVm += pages;
  }
}

/** Maps the range, whatever is there (mmap_region). Pages. `page`, or a negative errno. */
function mmapRegion(mm: Mm, file: MmFile | null, page: number, pages: number, flags: number, pgoff: number): number {
  const vmi = mm.vmi.set(page);
  const { vms } = mm;
  map.page = page;
  map.end = page + pages;
  map.pgoff = pgoff;
  map.flags = flags;
  map.file = file;
  map.charged = map.recharged = 0;
  map.prev = map.next = null;

  const error = mmapPrepare(mm, vmi, vms);
  if (error !== 0) return error;
  let vma = map.prev !== null || map.next !== null ? mergeNew(mm, vmi) : null;
  if (vma === null) vma = mmapNewVma(mm, vmi);
  if (vma === null) {
    const why = mm.modifyError;
    mm.committed -= map.charged;
    // The old mappings go after all, and their charge with them.
    vms.nrAccounted += map.recharged;
    vmsAbortMunmapVmas(mm, vms);
    return why;
  }
  mmapComplete(mm, vma, vms);
  return page;
}

/** What a file says to the flags. The flags, or a negative errno. */
function fileFlags(file: MmFile, shared: boolean, flags: number, pgoff: number, pages: number): number {
  if (pgoff + pages >= (file.device ? DEVICE_PAGES_LIMIT : FILE_PAGES_LIMIT)) return -EOVERFLOW;
  let result = shared ? flags | VM_SHARED | VM_MAYSHARE : flags;
  if (file.noExec) {
    if ((result & VM_EXEC) !== 0) return -EPERM;
    result &= ~VM_MAYEXEC;
  }
  return (result & (VM_GROWSDOWN | VM_GROWSUP)) !== 0 ? -EINVAL : result;
}

/** The flags of the mapping to be made, from protection and map flags. */
function calcVmFlags(mm: Mm, prot: number, flags: number): number {
  let result = prot | mm.defFlags | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  if ((flags & MAP_GROWSDOWN) !== 0) result |= VM_GROWSDOWN;
  if ((flags & MAP_GROWSUP) !== 0) result |= VM_GROWSUP;
  if ((flags & MAP_LOCKED) !== 0) result |= VM_LOCKED;
  return result;
}

/** The page for the request: its own if fixed, else a place. Or a negative errno. */
function placeRequest(mm: Mm): number {
  const { page, pages, flags, file } = request;
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) === 0) {
    return getUnmappedArea(mm, page, pages, file === null && (flags & MAP_SHARED) === 0);
  }
  if (debug.on) hit(PLACE_FIXED);
  if (page < mm.start || pages > mm.end - page) return -ENOMEM;
  return page;
}

/** What memory limits say to a locked mapping. 0 or a negative errno. */
function checkLocked(mm: Mm, vmFlags: number): number {
  if ((request.flags & MAP_LOCKED) !== 0 && mm.memlock === 0) return -EPERM;
  return mlockFutureOk(mm, vmFlags, request.pages) ? 0 : -EAGAIN;
}

/** Maps `request` (do_mmap). The page, or a negative errno. */
function doMmap(mm: Mm): number {
  const { file, pages, prot, flags } = request;
  const shared = (flags & MAP_SHARED) !== 0;
  let { pgoff } = request;
  if (mm.mapCount > mm.maxMapCount) return -ENOMEM;
  let vmFlags = calcVmFlags(mm, prot, flags);

  const page = placeRequest(mm);
  if (page < 0) return page;
  if ((flags & MAP_FIXED_NOREPLACE) !== 0 && findVmaIntersection(mm, page, page + pages) !== null) return -EEXIST;
  const locked = checkLocked(mm, vmFlags);
  if (locked !== 0) return locked;

  if (file !== null) {
    vmFlags = fileFlags(file, shared, vmFlags, pgoff, pages);
    if (vmFlags < 0) return vmFlags;
  } else if (shared) {
    if ((vmFlags & (VM_GROWSDOWN | VM_GROWSUP)) !== 0) return -EINVAL;
    pgoff = 0;
    vmFlags |= VM_SHARED | VM_MAYSHARE;
  } else {
    pgoff = page;
  }
  if ((flags & MAP_NORESERVE) !== 0) vmFlags |= VM_NORESERVE;
  if (debug.on) hit(MMAP + (file !== null ? 1 : 0) + (shared ? 2 : 0));

  const result = mmapRegion(mm, file, page, pages, vmFlags, pgoff);
  if (result >= 0 && ((vmFlags & VM_LOCKED) !== 0 || (flags & MAP_POPULATE) !== 0)) {
    mmPopulate(mm, page, page + pages, true);
  }
  return result;
}

/**
 * The system call. Bytes; `addr` is a hint unless fixed, also when it is 0; NO_HINT: there is none. The page at which
 * the mapping begins, or a negative errno.
 */
export function mmap(
  mm: Mm,
  addr: number,
  len: number,
  prot: number,
  flags: number,
  file: MmFile | null,
  offset: number,
): number {
  if (file?.exclusive === true && file.references > 0) return -EBUSY;
  if (offset % PAGE_SIZE !== 0 || len === 0) return -EINVAL;
  const fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0;
  if (fixed && addr % PAGE_SIZE !== 0) {
    return mm.mapCount > mm.maxMapCount ? -ENOMEM : -EINVAL;
  }
  request.file = file;
  request.page = addr === NO_HINT ? NO_HINT : Math.floor(addr / PAGE_SIZE);
  request.pages = Math.ceil(len / PAGE_SIZE);
  request.prot = prot;
  request.flags = flags;
  request.pgoff = offset / PAGE_SIZE;
  return doMmap(mm);
}

/** Maps pages of a file over what is there, for remap_file_pages. The page, or a negative errno. */
export function mmapOver(
  mm: Mm,
  file: MmFile,
  page: number,
  pages: number,
  prot: number,
  locked: boolean,
  pgoff: number,
): number {
  request.file = file;
  request.page = page;
  request.pages = pages;
  request.prot = prot;
  request.flags = MAP_SHARED | MAP_FIXED | MAP_POPULATE | (locked ? MAP_LOCKED : 0);
  request.pgoff = pgoff;
  return doMmap(mm);
}
