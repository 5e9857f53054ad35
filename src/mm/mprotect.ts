/**
 * mprotect: other protection for a range, mapping by mapping.
 *
 *     |--A--|--B--|--C--|  hole
 *        ^start     ^end            A's rear, B, C's front: each joined to a neighbour that is equal then, or cut out
 *
 * Rules that hold here:
 * - What came before an error stays changed.
 * - After a piece is done the loop goes on at the end of the range on which the iterator stands: a piece that joined
 *   the mapping above it reaches further than was asked for.
 * - A private mapping that becomes writable is charged; it is given back only by private anonymous memory without
 *   anon_vma, for nothing has been written to it yet.
 */
import { debug, hit, warn } from '../debug';
import { EACCES, EINVAL, ENOMEM, EPERM } from './errno';
import {
  MPROTECT,
  MPROTECT_CHARGED,
  MPROTECT_SAME,
  MPROTECT_UNCHARGED,
  RANGE_HOLE,
  RANGE_MERGED_ON,
  RANGE_SEALED,
  some,
} from './events';
import { populateVmaPageRange } from './fault';
import { type Mm, PAGE_SIZE, vmStatAccount } from './mm';
import { vmaModifyFlags } from './modify';
import { VM_ACCESS_FLAGS, VM_ACCOUNT, VM_LOCKED, VM_NORESERVE, VM_SHARED, VM_WRITE } from './vm-flags';
import { describeVma, type Vma, vmaIsAnonymous, vmaIsSealed } from './vma';
import type { VmaIterator } from './vma-iterator';

/** Whether VM_ACCOUNT comes or goes with the new protection. The flags to set. */
function accountFlags(vma: Vma, flags: number): number {
  if ((flags & VM_WRITE) !== 0) {
    return (vma.flags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE)) === 0 ? flags | VM_ACCOUNT : flags;
  }
  const givesBack = (vma.flags & VM_ACCOUNT) !== 0 && vmaIsAnonymous(vma) && vma.anonVma === null;
  return givesBack ? flags & ~VM_ACCOUNT : flags;
}

/** Changes [start, end) of one mapping (mprotect_fixup). The mapping that has it then, or null with mm.modifyError. */
function mprotectFixup(
  mm: Mm,
  vmi: VmaIterator,
  prev: Vma | null,
  vma: Vma,
  start: number,
  end: number,
  wanted: number,
): Vma | null {
  if (vmaIsSealed(vma)) {
    if (debug.on) hit(RANGE_SEALED);
    mm.modifyError = -EPERM;
    return null;
  }
  const oldFlags = vma.flags;
  if (wanted === oldFlags) {
    if (debug.on) hit(MPROTECT_SAME);
    return vma;
  }
  const pages = end - start;
  const flags = accountFlags(vma, wanted);
  const charged = (flags & ~oldFlags & VM_ACCOUNT) !== 0 ? pages : 0;
  mm.committed += charged;
  const changed = vmaModifyFlags(mm, vmi, prev, vma, start, end, flags);
  if (changed === null) {
    mm.committed -= charged;
    return null;
  }
  changed.flags = flags;
  if ((oldFlags & ~flags & VM_ACCOUNT) !== 0) {
    if (debug.on) hit(MPROTECT_UNCHARGED);
    mm.committed -= pages;
  } else if (debug.on && charged > 0) {
    hit(MPROTECT_CHARGED);
  }
  if ((oldFlags & (VM_WRITE | VM_SHARED | VM_LOCKED)) === VM_LOCKED && (flags & VM_WRITE) !== 0) {
    // Locked private memory becomes writable: its pages are copied now rather than at the first access.
    populateVmaPageRange(mm, changed, start, end);
  }
  vmStatAccount(mm, oldFlags, -pages);
  vmStatAccount(mm, flags, pages);
  return changed;
}

/** The loop over [start, end), of which the first mapping is known (do_mprotect_pkey). 0 or a negative errno. */
function mprotectRange(mm: Mm, vmi: VmaIterator, first: Vma, start: number, end: number, prot: number): number {
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
    const flags = prot | (vma.flags & ~VM_ACCESS_FLAGS);
    // VM_MAY* is VM_* shifted by four: what is wanted but may not be.
    if ((flags & ~(flags >> 4) & VM_ACCESS_FLAGS) !== 0) return -EACCES;
    const to = vma.end < end ? vma.end : end;
    prev = mprotectFixup(mm, vmi, prev, vma, nstart, to, flags);
    if (prev === null) return mm.modifyError;
    done = vmi.end;
    if (debug.on) {
      if (done > to && prev.end > to && prev !== vma) hit(RANGE_MERGED_ON);
      if (done !== prev.end) warn('range-iterator', `iterator's end is ${done}, the piece is ${describeVma(prev)}`);
    }
    nstart = done;
    count++;
  }
  if (debug.on) hit(MPROTECT + some(count));
  return done < end ? -ENOMEM : 0;
}

/** The system call. Bytes, VM_READ | VM_WRITE | VM_EXEC. 0 or a negative errno. */
export function mprotect(mm: Mm, addr: number, len: number, prot: number): number {
  if (addr % PAGE_SIZE !== 0) return -EINVAL;
  if (len === 0) return 0;
  const start = addr / PAGE_SIZE;
  const end = start + Math.ceil(len / PAGE_SIZE);
  const vmi = mm.vmi.set(start);
  const vma = vmi.find(end);
  if (vma === null || vma.start > start) return -ENOMEM;
  return mprotectRange(mm, vmi, vma, start, end, prot);
}
