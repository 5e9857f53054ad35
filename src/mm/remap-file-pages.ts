/**
 * remap_file_pages: other pages of the same file in a shared mapping. The kernel makes it a mapping over the old one.
 *
 * Rules that hold here:
 * - Start and length are rounded down to pages.
 * - If the range goes beyond the mapping at its start, what follows must be adjacent, of the same file, and equal in
 *   flags.
 * - The new mapping keeps protection and lock; everything else that was set on the old one is lost.
 */
import { debug, hit } from '../debug';
import { EINVAL } from './errno';
import { RFP_SPANS } from './events';
import { type Mm, PAGE_SIZE, vmaLookup } from './mm';
import { mmapOver } from './mmap';
import { VM_ACCESS_FLAGS, VM_LOCKED, VM_SHARED } from './vm-flags';
import type { Vma } from './vma';

/** Whether mappings like `vma` follow on it without a hole up to `end`. */
function goesOn(mm: Mm, vma: Vma, end: number): boolean {
  const vmi = mm.lookup.set(vma.end);
  let prev = vma;
  for (let next = vmi.find(end); next !== null; next = vmi.find(end)) {
    if (next.start !== prev.end || next.file !== vma.file || next.flags !== vma.flags) return false;
    if (end <= next.end) return true;
    prev = next;
  }
  return false;
}

/** The system call. Bytes, and the first page of the file. 0 or a negative errno. */
export function remapFilePages(mm: Mm, addr: number, len: number, pgoff: number): number {
  const start = Math.floor(addr / PAGE_SIZE);
  const pages = Math.floor(len / PAGE_SIZE);
  if (pages === 0) return -EINVAL;
  const vma = vmaLookup(mm, start);
  if (vma === null || (vma.flags & VM_SHARED) === 0) return -EINVAL;
  if (start + pages > vma.end) {
    if (!goesOn(mm, vma, start + pages)) return -EINVAL;
    if (debug.on) hit(RFP_SPANS);
  }
  const locked = (vma.flags & VM_LOCKED) !== 0;
  const result = mmapOver(mm, vma.file!, start, pages, vma.flags & VM_ACCESS_FLAGS, locked, pgoff);
  return result < 0 ? result : 0;
}
