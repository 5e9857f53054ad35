/**
 * Locks: mlock, mlock2 (onfault), munlock, mlockall, munlockall.
 *
 *     flags first, mapping by mapping up to the first hole; then, for a lock, the pages are faulted in
 *
 * Rules that hold here:
 * - Flags set before an error stay; nothing is populated then.
 * - Special mappings are passed over, and not counted.
 * - mlockall ignores errors of single mappings, and goes on with the mapping as the previous one.
 */

import { debug, hit, warn } from '../debug';
import { EAGAIN, EFAULT, EINVAL, ENOMEM, EPERM } from './errno';
import { few, MLOCK, RANGE_HOLE, RANGE_MERGED_ON } from './events';
import { mmPopulate } from './fault';
import { findVma, type Mm, PAGE_SIZE } from './mm';
import { MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT } from './mman';
import { vmaModifyFlags } from './modify';
import { VM_LOCKED, VM_LOCKED_MASK, VM_LOCKONFAULT, VM_SPECIAL } from './vm-flags';
import { describeVma, type Vma } from './vma';
import type { VmaIterator } from './vma-iterator';

/** Changes [start, end) of one mapping (mlock_fixup). The mapping that has it then, or null with mm.modifyError. */
function mlockFixup(
  mm: Mm,
  vmi: VmaIterator,
  prev: Vma | null,
  vma: Vma,
  start: number,
  end: number,
  flags: number,
): Vma | null {
  const oldFlags = vma.flags;
  if (flags === oldFlags || (oldFlags & VM_SPECIAL) !== 0) return vma;
  const changed = vmaModifyFlags(mm, vmi, prev, vma, start, end, flags);
  if (changed === null) return null;
  if ((flags & VM_LOCKED) === 0) mm.lockedVm -= end - start;
  else if ((oldFlags & VM_LOCKED) === 0) mm.lockedVm += end - start;
  changed.flags = flags;
  return changed;
}

/** The loop over [start, end) (apply_vma_lock_flags). `lock` are the lock flags to be set. 0 or a negative errno. */
function applyVmaLockFlags(mm: Mm, start: number, end: number, lock: number): number {
  if (start === end) return 0;
  const vmi = mm.vmi.set(start);
  const first = vmi.load();
  if (first === null) return -ENOMEM;
  let prev = vmi.prev();
  if (start > first.start) prev = first;
  let nstart = start;
  let done = first.start;
  let count = 0;
  for (let vma = vmi.find(end); vma !== null; vma = vmi.find(end)) {
    if (vma.start !== done) {
      if (debug.on) hit(RANGE_HOLE);
      return -ENOMEM;
    }
    const to = vma.end < end ? vma.end : end;
    prev = mlockFixup(mm, vmi, prev, vma, nstart, to, (vma.flags & ~VM_LOCKED_MASK) | lock);
    if (prev === null) return mm.modifyError;
    done = vmi.end;
    if (debug.on) {
      if (done > to && prev !== vma) hit(RANGE_MERGED_ON);
      if (done !== prev.end) warn('range-iterator', `iterator's end is ${done}, the piece is ${describeVma(prev)}`);
    }
    nstart = done;
    count++;
  }
  if (debug.on) hit(MLOCK + few(count));
  return done < end ? -ENOMEM : 0;
}

/** Pages in [start, end) that are locked already (count_mm_mlocked_page_nr). */
function countMlocked(mm: Mm, start: number, end: number): number {
  let count = 0;
  for (let vma = findVma(mm, start); vma !== null && vma.start < end; vma = mm.lookup.next()) {
    if ((vma.flags & VM_LOCKED) !== 0) count += Math.min(vma.end, end) - Math.max(vma.start, start);
  }
  return count;
}

/** Errors of populating, as POSIX wants them of mlock. */
function posixError(error: number): number {
  if (error === -EFAULT) return -ENOMEM;
  return error === -ENOMEM ? -EAGAIN : error;
}

/** mlock, or mlock2 with `onfault`. Bytes; the range is widened to whole pages. 0 or a negative errno. */
export function mlock(mm: Mm, addr: number, len: number, onfault: boolean): number {
  if (mm.memlock === 0) return -EPERM;
  const start = Math.floor(addr / PAGE_SIZE);
  const end = start + Math.ceil((len + (addr % PAGE_SIZE)) / PAGE_SIZE);
  let locked = end - start + mm.lockedVm;
  if (locked > mm.memlock) locked -= countMlocked(mm, start, end);
  if (locked > mm.memlock) return -ENOMEM;
  const error = applyVmaLockFlags(mm, start, end, onfault ? VM_LOCKED_MASK : VM_LOCKED);
  if (error !== 0) return error;
  return posixError(mmPopulate(mm, start, end, false));
}

/** Bytes; the range is widened to whole pages. 0 or a negative errno. */
export function munlock(mm: Mm, addr: number, len: number): number {
  const start = Math.floor(addr / PAGE_SIZE);
  const end = start + Math.ceil((len + (addr % PAGE_SIZE)) / PAGE_SIZE);
  return applyVmaLockFlags(mm, start, end, 0);
}

/** Flags of all mappings and of those to come (apply_mlockall_flags). `flags` are MCL_*. */
function applyMlockallFlags(mm: Mm, flags: number): void {
  const lock = (flags & MCL_ONFAULT) !== 0 ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED;
  mm.defFlags &= ~VM_LOCKED_MASK;
  if ((flags & MCL_FUTURE) !== 0) {
    mm.defFlags |= lock;
    if ((flags & MCL_CURRENT) === 0) return;
  }
  const toAdd = (flags & MCL_CURRENT) !== 0 ? lock : 0;
  const vmi = mm.vmi.set(mm.start);
  let prev: Vma | null = null;
  let count = 0;
  for (let vma = vmi.next(); vma !== null; vma = vmi.next()) {
    const wanted = (vma.flags & ~VM_LOCKED_MASK) | toAdd;
    const changed = mlockFixup(mm, vmi, prev, vma, vma.start, vma.end, wanted);
    prev = changed ?? vma;
    count++;
  }
  if (debug.on) hit(MLOCK + few(count));
}

/** `flags` are MCL_*. 0 or a negative errno. */
export function mlockall(mm: Mm, flags: number): number {
  if (flags === 0 || flags === MCL_ONFAULT) return -EINVAL;
  if (mm.memlock === 0) return -EPERM;
  const current = (flags & MCL_CURRENT) !== 0;
  if (current && mm.totalVm > mm.memlock) return -ENOMEM;
  applyMlockallFlags(mm, flags);
  if (current) mmPopulate(mm, mm.start, mm.end, true);
  return 0;
}

export function munlockall(mm: Mm): number {
  applyMlockallFlags(mm, 0);
  return 0;
}
