/**
 * mseal: a range may not be unmapped, moved, or given other protection any more.
 *
 * Rules that hold here:
 * - A hole anywhere: nothing is sealed.
 * - After a piece is done the loop goes on at the end of the mapping that has it, which may reach further than was
 *   asked.
 */
import { debug, hit } from '../debug';
import { EINVAL, ENOMEM } from './errno';
import { MSEAL, RANGE_HOLE, some } from './events';
import { findVma, type Mm, PAGE_SIZE } from './mm';
import { vmaModifyFlags } from './modify';
import { VM_SEALED } from './vm-flags';
import { vmaIsSealed } from './vma';

/** Whether any page of [start, end) is not mapped (range_contains_unmapped). */
function rangeContainsUnmapped(mm: Mm, start: number, end: number): boolean {
  let at = start;
  for (let vma = findVma(mm, start); vma !== null && vma.start < end; vma = mm.lookup.next()) {
    if (vma.start > at) return true;
    at = vma.end;
  }
  return at < end;
}

/** Seals [start, end), which has no holes (mseal_apply). 0 or a negative errno. */
function msealApply(mm: Mm, start: number, end: number): number {
  const vmi = mm.vmi.set(start);
  const first = vmi.load()!;
  let prev = vmi.prev();
  if (start > first.start) prev = first;
  let nstart = start;
  let count = 0;
  for (let vma = vmi.find(end); vma !== null; vma = vmi.find(end)) {
    const to = vma.end < end ? vma.end : end;
    if (!vmaIsSealed(vma)) {
      const changed = vmaModifyFlags(mm, vmi, prev, vma, nstart, to, vma.flags | VM_SEALED);
      if (changed === null) return mm.modifyError;
      changed.flags |= VM_SEALED;
      prev = changed;
    } else {
      prev = vma;
    }
    nstart = prev.end;
    count++;
  }
  if (debug.on) hit(MSEAL + some(count));
  return 0;
}

/** The system call. Bytes. 0 or a negative errno. */
export function mseal(mm: Mm, addr: number, len: number): number {
  if (addr % PAGE_SIZE !== 0) return -EINVAL;
  if (len === 0) return 0;
  const start = addr / PAGE_SIZE;
  const end = start + Math.ceil(len / PAGE_SIZE);
  if (rangeContainsUnmapped(mm, start, end)) {
    if (debug.on) hit(RANGE_HOLE);
    return -ENOMEM;
  }
  return msealApply(mm, start, end);
}
