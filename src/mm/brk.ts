/**
 * The heap: one range that grows and shrinks at its end.
 *
 *     startBrkPage      brkAddr (to the byte)
 *        |---- heap ----.---|      |-- next --|
 *                       oldEnd  newEnd + 1 page + guard gap must be free
 *
 * Rules that hold here:
 * - No error has a name: the break that results is the answer.
 * - Growth joins the mapping that ends at the old end, if that reaches above the start of the heap, and only downwards:
 *   nothing above is looked at.
 * - What is charged before a failure is given back.
 */
import { debug, hit } from '../debug';
import { ENOMEM } from './errno';
import { BRK_EXPANDED, BRK_NEW, BRK_REFUSED, BRK_SHRUNK } from './events';
import { mmPopulate } from './fault';
import { vmaMergeNewRange } from './merge';
import { type Mm, mlockFutureOk, PAGE_SIZE, vmAreaAlloc, vmAreaFree, vmStatAccount } from './mm';
import { doVmiAlignMunmap } from './munmap';
import { vmStartGap } from './unmapped-area';
import { VM_ACCOUNT, VM_DATA_DEFAULT_FLAGS, VM_LOCKED } from './vm-flags';
import { type Vma, vmaSetRange } from './vma';
import type { VmaIterator } from './vma-iterator';

/** A mapping of its own for the added pages. 0 or -ENOMEM. */
function brkNewVma(mm: Mm, vmi: VmaIterator, start: number, end: number, flags: number): number {
  const vma = vmAreaAlloc(mm);
  if (vma === null) return -ENOMEM;
  vmaSetRange(vma, start, end, start);
  vma.flags = flags;
  if (vmi.storeGfp(vma) !== 0) {
    vmAreaFree(mm, vma);
    return -ENOMEM;
  }
  mm.mapCount++;
  return 0;
}

/**
 * Adds [start, end), which is free, to the heap (do_brk_flags). `prev` is the mapping below, on which the iterator
 * stands, or null. 0 or -ENOMEM.
 */
function doBrkFlags(mm: Mm, vmi: VmaIterator, prev: Vma | null, start: number, end: number): number {
  const flags = VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT | mm.defFlags;
  const pages = end - start;
  if (mm.mapCount > mm.maxMapCount) return -ENOMEM;
  mm.committed += pages;

  let expanded = false;
  if (prev !== null && prev.end === start) {
    const vmg = mm.vmg.forRange(vmi, start, end, flags, start);
    vmg.prev = prev;
    vmg.justExpand = true;
    expanded = vmaMergeNewRange(mm, vmg) !== null;
    if (!expanded && vmg.nomem) {
      mm.committed -= pages;
      return -ENOMEM;
    }
  }
  if (!expanded) {
    if (prev !== null) vmi.nextRange();
    if (brkNewVma(mm, vmi, start, end, flags) !== 0) {
      mm.committed -= pages;
      return -ENOMEM;
    }
  }
  if (debug.on) hit(expanded ? BRK_EXPANDED : BRK_NEW);
  vmStatAccount(mm, flags, pages);
  if ((flags & VM_LOCKED) !== 0) mm.lockedVm += pages;
  return 0;
}

/** Whether the heap can end at `newEnd`: nothing in the way, and a page and a guard gap left free. */
function brkFits(mm: Mm, vmi: VmaIterator, oldEnd: number, newEnd: number): boolean {
  if (newEnd + 1 > mm.end || !mlockFutureOk(mm, mm.defFlags, newEnd - oldEnd)) return false;
  const next = vmi.set(oldEnd).next();
  return next === null || newEnd + 1 <= vmStartGap(next);
}

/** Moves the end of the heap, in pages. Whether it could be done. */
function moveEnd(mm: Mm, oldEnd: number, newEnd: number): boolean {
  const { vmi } = mm;
  if (newEnd < oldEnd) {
    const vma = vmi.set(newEnd).find(oldEnd);
    return vma !== null && doVmiAlignMunmap(mm, vmi, vma, newEnd, oldEnd) === 0;
  }
  if (!brkFits(mm, vmi, oldEnd, newEnd)) return false;
  const prev = vmi.prevLimit(mm.startBrkPage);
  return doBrkFlags(mm, vmi, prev, oldEnd, newEnd) === 0;
}

/** The system call. Bytes; the space has a heap. The break after it. */
export function brk(mm: Mm, addr: number): number {
  if (addr < mm.startBrkPage * PAGE_SIZE) return mm.brkAddr;
  const newEnd = Math.ceil(addr / PAGE_SIZE);
  const oldEnd = Math.ceil(mm.brkAddr / PAGE_SIZE);
  if (newEnd !== oldEnd && !moveEnd(mm, oldEnd, newEnd)) {
    if (debug.on) hit(BRK_REFUSED);
    return mm.brkAddr;
  }
  if (debug.on && newEnd < oldEnd) hit(BRK_SHRUNK);
  mm.brkAddr = addr;
  if (newEnd > oldEnd && (mm.defFlags & VM_LOCKED) !== 0) mmPopulate(mm, oldEnd, newEnd, true);
  return addr;
}
