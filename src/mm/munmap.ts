/**
 * Removing mappings: gather first, then write the tree once, then let go.
 *
 *     |--A--|--B--|  hole  |--C--|--D--|
 *        ^start                  ^  end      split A at start, D at end; detach A2, B, C, D1
 *        |A2|--B--|        |--C--|D1|        clear [start, end) in the tree, then close and count
 *
 * Rules that hold here:
 * - Gathering changes nothing but the two splits, which stay if it fails later (a sealed mapping further up, a refused
 *   split, no memory); what was detached is attached again.
 * - Counters and hooks are touched only after the tree was written: the point of no return.
 * - For an mmap over existing mappings their close hooks run before the new mapping is made. If that then fails, a hole
 *   is left.
 */
import { debug, hit, warn } from '../debug';
import { unlinkAnonVmas } from './anon-vma';
import { EINVAL, ENOMEM, EPERM } from './errno';
import {
  ABORT_LEFT_HOLE,
  ABORT_REATTACHED,
  GATHER,
  GATHER_ABORTED,
  GATHER_MAP_COUNT,
  GATHER_ONE_IN_MIDDLE,
  GATHER_SEALED,
  GATHER_SPLITS,
  MUNMAP_NOTHING,
  some,
} from './events';
import { fput, type Mm, PAGE_SIZE, vmAreaFree } from './mm';
import type { VmaMunmap } from './munmap-state';
import { __splitVma } from './split';
import { isDataMapping, isExecMapping, isStackMapping, VM_ACCOUNT, VM_LOCKED } from './vm-flags';
import { describeVma, type Vma, vmaIsSealed, vmaPages } from './vma';
import type { VmaIterator } from './vma-iterator';

/** Undoes the gathering (reattach_vmas). */
function reattachVmas(vms: VmaMunmap): void {
  for (let i = 0; i < vms.count; i++) vms.detached[i]!.detached = false;
  vms.forget();
}

function gatherFailed(vms: VmaMunmap, error: number): number {
  if (debug.on) hit(GATHER_ABORTED);
  reattachVmas(vms);
  vms.nrPages = 0;
  return error;
}

/** The first mapping begins below the range: cut it. 0 or a negative errno. */
function splitStart(mm: Mm, vms: VmaMunmap): number {
  const vma = vms.vma!;
  // A hole in the middle of one mapping is one mapping more; anything else may go above the limit for a moment.
  if (vms.end < vma.end && mm.mapCount >= mm.maxMapCount) {
    if (debug.on) hit(GATHER_MAP_COUNT);
    return -ENOMEM;
  }
  if (debug.on && vms.end < vma.end) hit(GATHER_ONE_IN_MIDDLE);
  if (vmaIsSealed(vma)) return -EPERM;
  return __splitVma(mm, vms.vmi, vma, vms.start, true);
}

function countGathered(vms: VmaMunmap, vma: Vma): void {
  const pages = vmaPages(vma);
  vms.nrPages += pages;
  if ((vma.flags & VM_LOCKED) !== 0) vms.lockedVm += pages;
  if ((vma.flags & VM_ACCOUNT) !== 0) vms.nrAccounted += pages;
  if (isExecMapping(vma.flags)) vms.execVm += pages;
  else if (isStackMapping(vma.flags)) vms.stackVm += pages;
  else if (isDataMapping(vma.flags)) vms.dataVm += pages;
}

/** Detaches the mapping, cut at the end of the range. 0 or a negative errno. */
function gatherOne(mm: Mm, vms: VmaMunmap, vma: Vma): number {
  if (vmaIsSealed(vma)) {
    if (debug.on) hit(GATHER_SEALED);
    return -EPERM;
  }
  if (vma.end > vms.end) {
    const error = __splitVma(mm, vms.vmi, vma, vms.end, false);
    if (error !== 0) return error;
  }
  // The first one needs no node in the side tree.
  if (vms.count > 0 && !mm.allocations.take()) return -ENOMEM;
  vms.add(vma);
  vma.detached = true;
  countGathered(vms, vma);
  if (debug.on && (vma.start < vms.start || vma.end > vms.end)) {
    warn('gathered-outside', `${describeVma(vma)} is not in [${vms.start}, ${vms.end})`);
  }
  return 0;
}

/** All mappings in the range are detached, and no others: walked once more. */
function checkGathered(mm: Mm, vms: VmaMunmap): void {
  const walk = mm.lookup.set(vms.start);
  let k = 0;
  for (let vma = walk.find(vms.end); vma !== null; vma = walk.find(vms.end)) {
    if (vms.detached[k] !== vma) {
      warn(
        'gather-mismatch',
        `number ${k} is ${describeVma(vms.detached[k] ?? null)}, the tree has ${describeVma(vma)}`,
      );
    }
    k++;
  }
  if (k !== vms.count) warn('gather-lost', `${vms.count} gathered, ${k} in the range`);
}

/**
 * Detaches everything in the range of `vms`, splitting at its ends (vms_gather_munmap_vmas). Afterwards prev and next
 * are set, and the iterator is at the start of the range. 0, or a negative errno with all attached again.
 */
export function vmsGatherMunmapVmas(mm: Mm, vms: VmaMunmap): number {
  const { vmi } = vms;
  const splitsStart = vms.start > vms.vma!.start;
  if (splitsStart) {
    const error = splitStart(mm, vms);
    if (error !== 0) return gatherFailed(vms, error);
  }
  vms.prev = vmi.prev();
  let splitsEnd = false;
  for (let vma = vmi.find(vms.end); vma !== null; vma = vmi.find(vms.end)) {
    splitsEnd = vma.end > vms.end;
    const error = gatherOne(mm, vms, vma);
    if (error !== 0) return gatherFailed(vms, error);
  }
  vms.next = vmi.next();
  while (vmi.addr > vms.start) vmi.prevRange();
  vms.clearPtes = true;
  if (debug.on) {
    hit(GATHER + some(vms.count));
    hit(GATHER_SPLITS + (splitsStart ? 1 : 0) + (splitsEnd ? 2 : 0));
    checkGathered(mm, vms);
  }
  return 0;
}

/** The page tables are empty now, and the file's interval tree does not know the mapping any more (free_pgtables). */
function clearPtes(vms: VmaMunmap): void {
  if (!vms.clearPtes) return;
  vms.clearPtes = false;
  for (let i = 0; i < vms.count; i++) {
    const vma = vms.detached[i]!;
    unlinkAnonVmas(vma);
    if (vma.file !== null) vma.file.linked--;
  }
}

/** Before a driver's mmap hook: page tables emptied, old mappings closed (vms_clean_up_area). No way back from here. */
export function vmsCleanUpArea(vms: VmaMunmap): void {
  if (vms.nrPages === 0) return;
  clearPtes(vms);
  for (let i = 0; i < vms.count; i++) vmaClose(vms.detached[i]!);
}

/** Tells the driver, once. */
function vmaClose(vma: Vma): void {
  if (vma.closed) return;
  vma.closed = true;
  vma.file?.ops.close?.(vma);
}

/** Closes and frees a mapping that is in no tree any more (remove_vma). */
function removeVma(mm: Mm, vma: Vma): void {
  vmaClose(vma);
  if (vma.file !== null) fput(vma.file);
  vmAreaFree(mm, vma);
}

/** Counts the gathered mappings out, and lets them go (vms_complete_munmap_vmas). The tree no longer has them. */
export function vmsCompleteMunmapVmas(mm: Mm, vms: VmaMunmap): void {
  mm.mapCount -= vms.count;
  mm.lockedVm -= vms.lockedVm;
  if (vms.nrPages === 0) return;
  clearPtes(vms);
  mm.totalVm -= vms.nrPages;
  if (debug.on) {
    if (vms.execVm > mm.execVm) warn('exec-vm-underflow', `${vms.execVm} of ${mm.execVm}`);
    if (vms.stackVm > mm.stackVm) warn('stack-vm-underflow', `${vms.stackVm} of ${mm.stackVm}`);
    if (vms.dataVm > mm.dataVm) warn('data-vm-underflow', `${vms.dataVm} of ${mm.dataVm}`);
  }
  mm.execVm -= vms.execVm;
  mm.stackVm -= vms.stackVm;
  mm.dataVm -= vms.dataVm;
  for (let i = 0; i < vms.count; i++) removeVma(mm, vms.detached[i]!);
  vms.forget();
  mm.committed -= vms.nrAccounted;
}

/**
 * A mapping over existing ones failed: attach them again, or leave a hole if they are closed (vms_abort_munmap_vmas).
 */
export function vmsAbortMunmapVmas(mm: Mm, vms: VmaMunmap): void {
  if (vms.nrPages === 0) return;
  if (vms.clearPtes) {
    if (debug.on) hit(ABORT_REATTACHED);
    reattachVmas(vms);
    return;
  }
  if (debug.on) hit(ABORT_LEFT_HOLE);
  // The kernel may not fail here either.
  mm.tree.storeRange(vms.start, vms.end - 1, null);
  vms.vmi.set(vms.start);
  vmsCompleteMunmapVmas(mm, vms);
}

/** Removes a range whose first mapping is known; the iterator is on it (do_vmi_align_munmap). 0 or a negative errno. */
export function doVmiAlignMunmap(mm: Mm, vmi: VmaIterator, vma: Vma, start: number, end: number): number {
  const vms = mm.vms.init(vmi, vma, start, end);
  const error = vmsGatherMunmapVmas(mm, vms);
  if (error !== 0) return error;
  if (vmi.clearGfp(start, end) !== 0) return gatherFailed(vms, -ENOMEM);
  vmsCompleteMunmapVmas(mm, vms);
  return 0;
}

/** Removes a range; the iterator is at its start, or fresh there (do_vmi_munmap). Pages. 0 or a negative errno. */
export function doVmiMunmap(mm: Mm, vmi: VmaIterator, start: number, end: number): number {
  const vma = vmi.find(end);
  if (vma === null) {
    if (debug.on) hit(MUNMAP_NOTHING);
    return 0;
  }
  return doVmiAlignMunmap(mm, vmi, vma, start, end);
}

/** The system call. Bytes. 0 or a negative errno. */
export function munmap(mm: Mm, addr: number, len: number): number {
  if (addr % PAGE_SIZE !== 0 || len === 0) return -EINVAL;
  const start = addr / PAGE_SIZE;
  const end = start + Math.ceil(len / PAGE_SIZE);
  if (start < mm.start || end > mm.end) return -EINVAL;
  return doVmiMunmap(mm, mm.vmi.set(start), start, end);
}
