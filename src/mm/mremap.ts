/**
 * mremap: other length, other place.
 *
 *     no new address, same size      nothing
 *                     smaller        the tail is removed, over any mappings and holes
 *                     larger         in place if the mapping ends there and the room is free, else moved by placement
 *     a new address                  the place is cleared (fixed), the tail removed (smaller), the rest moved
 *     fixed, same size               mapping by mapping over the range, each to the same distance
 *
 * A move is a copy (which may merge), then the removal of the source; `dontunmap` leaves the source, without its lock,
 * and without its anon_vma if all of it was moved.
 *
 * Rules that hold here:
 * - What can be refused is refused before anything is removed (6.12: the new place and the tail go first).
 * - VM_ACCOUNT is hidden while the source is removed, for its charge belongs to the copy now; what is left of the
 *   source gets it back.
 * - After each removal or copy the mapping at hand may be another object, and the iterator of the loop is stale.
 */

import { debug, hit, warn } from '../debug';
import { unlinkAnonVmas } from './anon-vma';
import { copyVma } from './copy-vma';
import { EAGAIN, EFAULT, EINVAL, ENOMEM, EPERM } from './errno';
import {
  few,
  MREMAP_DONTUNMAP_PART,
  MREMAP_DONTUNMAP_WHOLE,
  MREMAP_DUPLICATE,
  MREMAP_FIXED_GROW,
  MREMAP_FIXED_MOVE,
  MREMAP_FIXED_SHRINK,
  MREMAP_GROW_BLOCKED,
  MREMAP_GROW_IN_PLACE,
  MREMAP_GROW_MOVE,
  MREMAP_HOLE,
  MREMAP_HOOK_FAILED,
  MREMAP_LEFTOVER,
  MREMAP_SAME,
  MREMAP_SEVERAL,
  MREMAP_SHRINK,
} from './events';
import { mmPopulate } from './fault';
import { vmaMergeExtend } from './merge';
import { findVmaIntersection, type Mm, mlockFutureOk, PAGE_SIZE, vmaLookup, vmStatAccount } from './mm';
import { MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from './mman';
import { doVmiMunmap } from './munmap';
import { splitVma } from './split';
import { getUnmappedArea, NO_HINT } from './unmapped-area';
import { VM_ACCOUNT, VM_DONTEXPAND, VM_LOCKED, VM_LOCKED_MASK, VM_PFNMAP, VM_UFFD_MISSING } from './vm-flags';
import { describeVma, type Vma, vmaIsAnonymous, vmaIsSealed, vmaIsShared, vmaPages } from './vma';

/** The longest length that is not silly: the lower half of a 47-bit space, in pages. */
const TASK_PAGES = 2 ** 35 - 1;

/** One mremap (vma_remap_struct). Lengths and addresses in pages. */
class VmaRemap {
  page = 0;
  oldPages = 0;
  newPages = 0;
  flags = 0;
  newPage = 0;
  /** The mapping at `page`. */
  vma: Vma | null = null;
  /** Pages charged for the part that is new. */
  charged = 0;
  /** A locked mapping grows: its new part is to be populated. */
  populateExpand = false;
  /** The loop's iterator is stale. */
  vmiNeedsInvalidate = false;

  get impliesNewAddr(): boolean {
    return (this.flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) !== 0;
  }

  get fixed(): boolean {
    return (this.flags & MREMAP_FIXED) !== 0;
  }

  get dontUnmap(): boolean {
    return (this.flags & MREMAP_DONTUNMAP) !== 0;
  }
}

const vrm = new VmaRemap();

/** Whether old and new range overlap, where the kernel refuses it. */
function overlaps(): boolean {
  return vrm.page + vrm.oldPages > vrm.newPage && vrm.newPage + vrm.newPages > vrm.page;
}

/** Whether the place that the caller insists on leaves the space. A hint may. */
function leavesSpace(mm: Mm): boolean {
  return vrm.fixed && (vrm.newPage < mm.start || vrm.newPages > mm.end - vrm.newPage);
}

/** A move may split source and target in three each, and must not fail half-way. */
function leavesRoom(mm: Mm): boolean {
  return mm.mapCount + 2 < mm.maxMapCount - 3;
}

/** What the arguments alone forbid (check_mremap_params). 0 or a negative errno. */
function checkParams(mm: Mm, addr: number, newAddr: number): number {
  if (addr % PAGE_SIZE !== 0 || vrm.newPages === 0 || vrm.newPages > TASK_PAGES) return -EINVAL;
  if (!vrm.impliesNewAddr) return 0;
  if (newAddr % PAGE_SIZE !== 0 || (vrm.flags & MREMAP_MAYMOVE) === 0 || leavesSpace(mm)) return -EINVAL;
  if (vrm.dontUnmap && vrm.oldPages !== vrm.newPages) return -EINVAL;
  if (overlaps()) return -EINVAL;
  return leavesRoom(mm) ? 0 : -ENOMEM;
}

/** Whether the mapping may be copied or may grow: the part of check_prep_vma for them. 0 or a negative errno. */
function checkMapsNew(mm: Mm, vma: Vma): number {
  const { oldPages, newPages } = vrm;
  if (oldPages === 0 && !vmaIsShared(vma)) return -EINVAL;
  if (vrm.dontUnmap && (vma.flags & (VM_DONTEXPAND | VM_PFNMAP)) !== 0) return -EINVAL;
  if (Math.min(oldPages, newPages) > vma.end - vrm.page) return -EFAULT;
  if (newPages <= oldPages) return 0;
  vrm.populateExpand = (vma.flags & VM_LOCKED) !== 0;
  if ((vma.flags & (VM_DONTEXPAND | VM_PFNMAP)) !== 0) return -EFAULT;
  return mlockFutureOk(mm, vma.flags, newPages - oldPages) ? 0 : -EAGAIN;
}

/** Whether the mapping at hand may be treated as asked (check_prep_vma). 0 or a negative errno. */
function checkPrepVma(mm: Mm): number {
  const { vma } = vrm;
  if (vma === null) return -EFAULT;
  if (vmaIsSealed(vma)) return -EPERM;
  if (!vrm.impliesNewAddr && vrm.newPages <= vrm.oldPages) return 0;
  return checkMapsNew(mm, vma);
}

/** Charges what the operation adds (vrm_calc_charge). */
function charge(mm: Mm, pages: number): void {
  vrm.charged = (vrm.vma!.flags & VM_ACCOUNT) !== 0 ? pages : 0;
  mm.committed += vrm.charged;
}

function uncharge(mm: Mm): void {
  mm.committed -= vrm.charged;
  vrm.charged = 0;
}

/** New pages with the mapping's flags (vrm_stat_account). */
function statAccount(mm: Mm, vma: Vma, pages: number): void {
  vmStatAccount(mm, vma.flags, pages);
  if ((vma.flags & VM_LOCKED) !== 0) mm.lockedVm += pages;
}

/** What the driver says to the cuts that a move needs; room below the limit (prep_move_vma). 0 or a negative errno. */
function prepMoveVma(mm: Mm): number {
  const vma = vrm.vma!;
  if (mm.mapCount >= mm.maxMapCount - 3) return -ENOMEM;
  const maySplit = vma.file?.ops.maySplit;
  if (maySplit === undefined) return 0;
  const end = vrm.page + vrm.oldPages;
  const error = vma.start === vrm.page ? 0 : maySplit(vma, vrm.page);
  return error !== 0 || vma.end === end ? error : maySplit(vma, end);
}

/** 6.12 makes the part of a locked mapping that moves one of its own before. 0 or a negative errno. */
function cutOutLocked(mm: Mm): number {
  const vma = vrm.vma!;
  const vmi = mm.inner.set(vrm.page);
  if (vma.start !== vrm.page) {
    const error = splitVma(mm, vmi, vma, vrm.page, true);
    if (error !== 0) return error;
  }
  const end = vrm.page + vrm.oldPages;
  return vma.end === end ? 0 : splitVma(mm, vmi, vma, end, false);
}

/**
 * Copies, and asks the driver (copy_vma_and_data). The copy, or null: -ENOMEM. If the driver fails, the copy becomes
 * what is to be removed, and the error is in `mm.modifyError`; else that is 0.
 */
function copyVmaAndData(mm: Mm): Vma | null {
  const vma = vrm.vma!;
  const pgoff = vma.pgoff + (vrm.page - vma.start);
  const copy = copyVma(mm, vma, vrm.newPage, vrm.newPages, pgoff, vrm.dontUnmap);
  mm.modifyError = 0;
  if (copy.vma === null) {
    uncharge(mm);
    return null;
  }
  vrm.vmiNeedsInvalidate = true;
  vrm.vma = copy.source;
  const error = copy.vma.file?.ops.mremap?.(copy.vma) ?? 0;
  if (error !== 0) {
    if (debug.on) hit(MREMAP_HOOK_FAILED);
    mm.modifyError = error;
    vrm.vma = copy.vma;
    vrm.oldPages = vrm.newPages;
    vrm.page = vrm.newPage;
  } else {
    // No context asked to be told of moves: the new place is not watched.
    copy.vma.uffdCtx = 0;
    copy.vma.flags &= ~VM_UFFD_MISSING;
  }
  return copy.vma;
}

/** The source stays, without its lock, and without its anon_vma if all of it has moved (dontunmap_complete). */
function dontunmapComplete(mm: Mm, copy: Vma): void {
  const vma = vrm.vma!;
  const whole = vma.start === vrm.page && vma.end === vrm.page + vrm.oldPages;
  if (debug.on) hit(whole ? MREMAP_DONTUNMAP_WHOLE : MREMAP_DONTUNMAP_PART);
  // The kernel leaves locked_vm as it is here, which then counts pages that are locked no more. A recount must agree.
  if ((vma.flags & VM_LOCKED) !== 0) mm.lockedVm -= vmaPages(vma);
  vma.flags &= ~VM_LOCKED_MASK;
  if (copy === vma || !whole) return;
  unlinkAnonVmas(vma);
  if (mm.kernel612 && vmaIsAnonymous(vma)) vma.pgoff = vma.start;
}

/** What is left of the source below and above gets its charge back. The iterator stands on the hole. */
function restoreAccount(mm: Mm, below: boolean, above: boolean): void {
  const vmi = mm.inner;
  if (below) {
    const prev = vmi.prev()!;
    if (debug.on && prev.end !== vrm.page) warn('account-below', `${describeVma(prev)} does not end at ${vrm.page}`);
    prev.flags |= VM_ACCOUNT;
  }
  if (above) {
    const next = vmi.next()!;
    const end = vrm.page + vrm.oldPages;
    if (debug.on && next.start !== end) warn('account-above', `${describeVma(next)} does not begin at ${end}`);
    next.flags |= VM_ACCOUNT;
  }
}

/** Removes the source (unmap_source_vma). If that fails for want of memory it stays, and no error is given. */
function unmapSourceVma(mm: Mm): void {
  const vma = vrm.vma!;
  const { page } = vrm;
  const end = page + vrm.oldPages;
  const accountableMove = (vma.flags & VM_ACCOUNT) !== 0 && !vrm.dontUnmap;
  const vmStart = vma.start;
  const vmEnd = vma.end;
  if (debug.on) hit(MREMAP_LEFTOVER + (vmStart < page ? 1 : 0) + (vmEnd > end ? 2 : 0));
  if (accountableMove) vma.flags &= ~VM_ACCOUNT;

  const error = vrm.oldPages === 0 ? -EINVAL : doVmiMunmap(mm, mm.inner.set(page), page, end);
  vrm.vma = null;
  vrm.vmiNeedsInvalidate = true;
  if (error === 0) {
    if (accountableMove) restoreAccount(mm, vmStart < page, vmEnd > end);
  } else if (accountableMove) {
    // All that is left of the source is without its charge now; the part that moved has handed it to the copy.
    mm.committed -= vmEnd - vmStart - (end - page);
  }
}

/**
 * Moves [page, page + oldPages) of `vrm.vma` to newPage, where there is room (move_vma). newPage or a negative errno.
 */
function moveVma(mm: Mm): number {
  const error = prepMoveVma(mm);
  if (error !== 0) return error;
  if (mm.kernel612 && vrm.dontUnmap && (vrm.vma!.flags & VM_LOCKED) !== 0) {
    const cut = cutOutLocked(mm);
    if (cut !== 0) return cut;
  }
  if (debug.on && vrm.oldPages === 0) hit(MREMAP_DUPLICATE);
  // The copy is charged for what it is longer than the source. (6.18 counts the tail too, which is gone already, and
  // never gives that charge back; a recount must agree.)
  charge(mm, vrm.dontUnmap ? vrm.newPages : vrm.newPages - vrm.oldPages);
  const copy = copyVmaAndData(mm);
  if (copy === null) return -ENOMEM;
  const failed = mm.modifyError;
  statAccount(mm, copy, vrm.newPages);
  if (failed === 0 && vrm.dontUnmap) dontunmapComplete(mm, copy);
  else unmapSourceVma(mm);
  return failed !== 0 ? failed : vrm.newPage;
}

/** Removes the tail, and looks the mapping up again (shrink_vma). 0 or a negative errno. */
function shrinkVma(mm: Mm): number {
  const start = vrm.page + vrm.newPages;
  const error = doVmiMunmap(mm, mm.inner.set(start), start, vrm.page + vrm.oldPages);
  vrm.vma = null;
  if (error !== 0) return error;
  vrm.vma = vmaLookup(mm, vrm.page);
  return vrm.vma === null ? -EFAULT : 0;
}

/** Clears the new place, and looks the mapping up again. 0 or a negative errno. */
function clearTarget(mm: Mm): number {
  const error = doVmiMunmap(mm, mm.inner.set(vrm.newPage), vrm.newPage, vrm.newPage + vrm.newPages);
  vrm.vma = null;
  vrm.vmiNeedsInvalidate = true;
  if (error !== 0) return error;
  vrm.vma = vmaLookup(mm, vrm.page);
  return vrm.vma === null ? -EFAULT : 0;
}

/** Where the mapping goes (vrm_set_new_addr). 0 or a negative errno. */
function setNewAddr(mm: Mm): number {
  if (vrm.fixed) return 0;
  const hint = vrm.impliesNewAddr ? vrm.newPage : NO_HINT;
  const found = getUnmappedArea(mm, hint, vrm.newPages, vmaIsAnonymous(vrm.vma!));
  if (found < 0) return found;
  vrm.newPage = found;
  return 0;
}

/** The caller names the new place, or hints at it (mremap_to). The new page or a negative errno. */
function mremapTo(mm: Mm): number {
  if (vrm.fixed) {
    const error = clearTarget(mm);
    if (error !== 0) return error;
  }
  if (debug.on && vrm.fixed) {
    if (vrm.newPages < vrm.oldPages) hit(MREMAP_FIXED_SHRINK);
    else hit(vrm.newPages > vrm.oldPages ? MREMAP_FIXED_GROW : MREMAP_FIXED_MOVE);
  }
  if (vrm.oldPages > vrm.newPages) {
    const error = shrinkVma(mm);
    if (error !== 0) return error;
    vrm.oldPages = vrm.newPages;
  }
  if (mm.kernel612) {
    // There the mapping is looked at only now.
    const refused = vrm.vma === null ? -EFAULT : checkMapsNew(mm, vrm.vma);
    if (refused !== 0) return refused;
  }
  const error = setNewAddr(mm);
  return error !== 0 ? error : moveVma(mm);
}

/** Growth without a new place (expand_vma). The page or a negative errno. */
function expandVma(mm: Mm): number {
  const vma = vrm.vma!;
  const pages = vrm.newPages - vrm.oldPages;
  const atEnd = vma.end === vrm.page + vrm.oldPages;
  const end = vma.end + pages;
  if (atEnd && end <= mm.end && findVmaIntersection(mm, vma.end, end) === null) {
    charge(mm, pages);
    const grown = vmaMergeExtend(mm, mm.inner.set(vma.end), vma, pages);
    if (grown === null) {
      uncharge(mm);
      return -ENOMEM;
    }
    if (debug.on) hit(MREMAP_GROW_IN_PLACE);
    vrm.vma = grown;
    statAccount(mm, grown, pages);
    vrm.newPage = vrm.page;
    return vrm.page;
  }
  if (debug.on) hit((vrm.flags & MREMAP_MAYMOVE) === 0 ? MREMAP_GROW_BLOCKED : MREMAP_GROW_MOVE);
  if ((vrm.flags & MREMAP_MAYMOVE) === 0) return -ENOMEM;
  const error = setNewAddr(mm);
  return error !== 0 ? error : moveVma(mm);
}

/** No new place is implied (mremap_at). The page or a negative errno. */
function mremapAt(mm: Mm): number {
  if (vrm.newPages > vrm.oldPages) return expandVma(mm);
  if (vrm.newPages === vrm.oldPages) {
    if (debug.on) hit(MREMAP_SAME);
    return vrm.page;
  }
  if (debug.on) hit(MREMAP_SHRINK);
  const start = vrm.page + vrm.newPages;
  const error = doVmiMunmap(mm, mm.inner.set(start), start, vrm.page + vrm.oldPages);
  return error !== 0 ? error : vrm.page;
}

/** Whether the mapping can be one of several that are moved at once (vma_multi_allowed). */
function multiAllowed(vma: Vma): boolean {
  return (vma.flags & VM_UFFD_MISSING) === 0 && vma.file?.placesItself !== true;
}

/** One mapping of several: [from, to) goes to `target`. The new page or a negative errno. */
function moveOne(mm: Mm, vma: Vma, from: number, to: number, target: number): number {
  vrm.vma = vma;
  vrm.page = from;
  vrm.newPage = target;
  vrm.oldPages = vrm.newPages = to - from;
  const error = checkPrepVma(mm);
  return error !== 0 ? error : mremapTo(mm);
}

/**
 * Moves everything in the range to the same distance, holes included (remap_move). The new page of the first, or a
 * negative errno, with what came before it moved.
 */
function remapMove(mm: Mm): number {
  const start = vrm.page;
  const end = start + vrm.oldPages;
  const firstTarget = vrm.newPage;
  const vmi = mm.vmi.set(start);
  let count = 0;
  let target = firstTarget;
  let lastEnd = 0;
  for (let vma = vmi.find(end); vma !== null; vma = vmi.find(end)) {
    const from = vma.start > start ? vma.start : start;
    const to = vma.end < end ? vma.end : end;
    if (count === 0 && vma.start > start) return -EFAULT;
    if (!multiAllowed(vma) && (count > 0 || vma.end < end)) return -EFAULT;
    if (count > 0) {
      if (debug.on && vma.start > lastEnd) hit(MREMAP_HOLE);
      target += vma.start - lastEnd;
    }
    lastEnd = vma.end;
    const moved = moveOne(mm, vma, from, to, target);
    if (moved < 0) return moved;
    if (debug.on && moved !== firstTarget + (from - start)) {
      warn('move-not-in-step', `[${from}, ${to}) went to ${moved}, the first of all to ${firstTarget}`);
    }
    // The tree was written through other iterators.
    if (vrm.vmiNeedsInvalidate) vmi.invalidate();
    vrm.vmiNeedsInvalidate = false;
    target = moved + (to - from);
    count++;
  }
  if (debug.on) hit(MREMAP_SEVERAL + few(count));
  return count === 0 ? -EFAULT : firstTarget;
}

/** The arguments in the order in which 6.12 looks at them. 0 or a negative errno. */
function checkParams612(mm: Mm, addr: number, newAddr: number, differ: boolean): number {
  const mayMove = (vrm.flags & MREMAP_MAYMOVE) !== 0;
  if (vrm.fixed && !mayMove) return -EINVAL;
  if (vrm.dontUnmap && (!mayMove || differ)) return -EINVAL;
  if (addr % PAGE_SIZE !== 0 || vrm.newPages === 0) return -EINVAL;
  vrm.vma = vmaLookup(mm, vrm.page);
  if (vrm.vma === null) return -EFAULT;
  if (vmaIsSealed(vrm.vma)) return -EPERM;
  if (!vrm.impliesNewAddr) return vrm.newPages > vrm.oldPages ? checkMapsNew(mm, vrm.vma) : 0;
  if (newAddr % PAGE_SIZE !== 0 || vrm.newPages > TASK_PAGES || leavesSpace(mm) || overlaps()) return -EINVAL;
  return leavesRoom(mm) ? 0 : -ENOMEM;
}

/** Checks and does it (do_mremap). The page or a negative errno. */
function doMremap(mm: Mm, addr: number, newAddr: number, differ: boolean): number {
  if (mm.kernel612) {
    const refused = checkParams612(mm, addr, newAddr, differ);
    if (refused !== 0) return refused;
    return vrm.impliesNewAddr ? mremapTo(mm) : mremapAt(mm);
  }
  const error = checkParams(mm, addr, newAddr);
  if (error !== 0) return error;
  if (vrm.fixed && vrm.oldPages === vrm.newPages) return remapMove(mm);
  vrm.vma = vmaLookup(mm, vrm.page);
  const refused = checkPrepVma(mm);
  if (refused !== 0) return refused;
  return vrm.impliesNewAddr ? mremapTo(mm) : mremapAt(mm);
}

/**
 * The system call. Bytes; `newAddr` counts only with MREMAP_FIXED or MREMAP_DONTUNMAP. The page or a negative errno.
 */
export function mremap(mm: Mm, addr: number, oldLen: number, newLen: number, flags: number, newAddr: number): number {
  vrm.page = Math.floor(addr / PAGE_SIZE);
  vrm.oldPages = Math.ceil(oldLen / PAGE_SIZE);
  vrm.newPages = Math.ceil(newLen / PAGE_SIZE);
  vrm.flags = flags;
  vrm.newPage = Math.floor(newAddr / PAGE_SIZE);
  vrm.vma = null;
  vrm.charged = 0;
  vrm.populateExpand = false;
  vrm.vmiNeedsInvalidate = false;
  const { oldPages, newPages } = vrm;
  const result = doMremap(mm, addr, newAddr, oldLen !== newLen);
  if (result >= 0 && vrm.populateExpand) mmPopulate(mm, result + oldPages, result + newPages, true);
  vrm.vma = null;
  return result;
}
