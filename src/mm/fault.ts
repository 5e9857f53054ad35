/**
 * Faults: one access (touch), and the faults that a system call makes itself (populate).
 *
 * Pages have no contents here. What is left of a fault is the anon_vma that a write to private memory needs, whether a
 * stack grows, and the errors.
 *
 * Rules that hold here:
 * - The anon_vma comes before the page: an access beyond the end of a file fails and leaves an anon_vma all the same.
 * - Populating writes to writable private memory, and reads everything else.
 */
import { debug, hit } from '../debug';
import { anonVmaPrepare } from './anon-vma';
import { EFAULT, EINVAL, ENOMEM } from './errno';
import { POPULATE_FAILED, TOUCH_PAST_FILE } from './events';
import { findVma, type Mm, PAGE_SIZE } from './mm';
import { expandStack } from './stack';
import { isAccessible, VM_IO, VM_LOCKONFAULT, VM_MAYSHARE, VM_PFNMAP, VM_READ, VM_SHARED, VM_WRITE } from './vm-flags';
import { type Vma, vmaIsShared } from './vma';

/** Whether a page of the mapping has something behind it. `page` is an address. */
function isBacked(vma: Vma, page: number): boolean {
  return vma.file === null || vma.pgoff + (page - vma.start) < vma.file.sizePages;
}

/** A write fault. 0 or a negative errno. */
function writeFault(mm: Mm, vma: Vma, page: number): number {
  if (!vmaIsShared(vma)) {
    const error = anonVmaPrepare(mm, vma);
    if (error !== 0) return error;
  }
  if (isBacked(vma, page)) return 0;
  if (debug.on) hit(TOUCH_PAST_FILE);
  return -EFAULT;
}

/** One write access, which may grow a stack. Bytes. 0 or a negative errno. */
export function touch(mm: Mm, addr: number): number {
  const page = Math.floor(addr / PAGE_SIZE);
  const vma = expandStack(mm, page);
  if (vma === null || (vma.flags & VM_WRITE) === 0) return -EFAULT;
  return writeFault(mm, vma, page);
}

/** Faults in the pages [start, end) of a mapping (populate_vma_page_range). 0 or a negative errno. */
export function populateVmaPageRange(mm: Mm, vma: Vma, start: number, end: number): number {
  if ((vma.flags & VM_LOCKONFAULT) !== 0) return 0;
  if (!isAccessible(vma.flags) || (vma.flags & (VM_IO | VM_PFNMAP)) !== 0) return -EFAULT;
  if ((vma.flags & (VM_WRITE | VM_SHARED | VM_MAYSHARE)) === VM_WRITE) {
    const error = writeFault(mm, vma, start);
    if (error !== 0) return error;
  }
  // The first page that fails ends it, and pages before it change nothing that is modelled.
  return isBacked(vma, end - 1) ? 0 : -EFAULT;
}

/**
 * Faults in what is mapped in [start, end) (mm_populate). With `ignoreErrors` a mapping that fails is passed over.
 * 0 or a negative errno.
 */
export function mmPopulate(mm: Mm, start: number, end: number, ignoreErrors: boolean): number {
  let at = start;
  while (at < end) {
    const vma = findVma(mm, at);
    if (vma === null || vma.start >= end) break;
    const to = Math.min(end, vma.end);
    if ((vma.flags & (VM_IO | VM_PFNMAP)) === 0) {
      const error = populateVmaPageRange(mm, vma, Math.max(at, vma.start), to);
      if (error !== 0) {
        if (debug.on) hit(POPULATE_FAILED);
        if (!ignoreErrors) return error;
      }
    }
    at = to;
  }
  return 0;
}

/** The errors of one mapping for MADV_POPULATE_READ and MADV_POPULATE_WRITE: 0 or a negative errno. */
function populatePart(mm: Mm, vma: Vma, start: number, end: number, write: boolean): number {
  if ((vma.flags & (VM_IO | VM_PFNMAP)) !== 0) return -EINVAL;
  if ((vma.flags & (write ? VM_WRITE : VM_READ)) === 0) return -EINVAL;
  if (write) {
    const error = writeFault(mm, vma, start);
    if (error !== 0) return error;
  }
  return isBacked(vma, end - 1) ? 0 : -EFAULT;
}

/** MADV_POPULATE_READ and MADV_POPULATE_WRITE over [start, end): mapping by mapping, up to the first that fails. */
export function madvisePopulate(mm: Mm, start: number, end: number, write: boolean): number {
  let at = start;
  while (at < end) {
    const vma = findVma(mm, at);
    if (vma === null || vma.start > at) return -ENOMEM;
    const to = Math.min(end, vma.end);
    const error = populatePart(mm, vma, at, to, write);
    if (error !== 0) return error;
    at = to;
  }
  return 0;
}
