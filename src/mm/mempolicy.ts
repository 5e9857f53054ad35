/**
 * mbind: a memory policy for a range. Policies are numbers here; 0 is the default one.
 *
 * Rules that hold here:
 * - A hole is EFAULT before anything is changed; the default policy may be set over holes, but not over nothing at all.
 * - The part that changes is clipped to the range, at both ends, for each mapping.
 * - `prev` follows every mapping, also those that have the policy already.
 */
import { debug, hit } from '../debug';
import { EFAULT, EINVAL } from './errno';
import { MBIND, RANGE_HOLE, some } from './events';
import { findVma, type Mm, PAGE_SIZE } from './mm';
import { vmaModifyPolicy } from './modify';
import type { Vma } from './vma';
import type { VmaIterator } from './vma-iterator';

/** Whether the range can be bound: holes only for the default policy. */
function rangeIsMapped(mm: Mm, start: number, end: number, holesMatter: boolean): boolean {
  let at = start;
  let any = false;
  for (let vma = findVma(mm, start); vma !== null && vma.start < end; vma = mm.lookup.next()) {
    if (holesMatter && vma.start > at) return false;
    any = true;
    at = vma.end;
  }
  return any && (!holesMatter || at >= end);
}

/** Binds what lies of one mapping in [start, end) (mbind_range). The mapping that has it then, or null. */
function mbindRange(
  mm: Mm,
  vmi: VmaIterator,
  prev: Vma | null,
  vma: Vma,
  start: number,
  end: number,
  policy: number,
): Vma | null {
  if (vma.policy === policy) return vma;
  const from = start > vma.start ? start : vma.start;
  const to = end < vma.end ? end : vma.end;
  const before = start > vma.start ? vma : prev;
  const changed = vmaModifyPolicy(mm, vmi, before, vma, from, to, policy);
  if (changed !== null) changed.policy = policy;
  return changed;
}

/** The system call. Bytes. 0 or a negative errno. */
export function mbind(mm: Mm, addr: number, len: number, policy: number): number {
  if (addr % PAGE_SIZE !== 0) return -EINVAL;
  if (len === 0) return 0;
  const start = addr / PAGE_SIZE;
  const end = start + Math.ceil(len / PAGE_SIZE);
  if (!rangeIsMapped(mm, start, end, policy !== 0)) {
    if (debug.on) hit(RANGE_HOLE);
    return -EFAULT;
  }
  const vmi = mm.vmi.set(start);
  let prev = vmi.prev();
  let count = 0;
  for (let vma = vmi.find(end); vma !== null; vma = vmi.find(end)) {
    prev = mbindRange(mm, vmi, prev, vma, start, end, policy);
    if (prev === null) return mm.modifyError;
    count++;
  }
  if (debug.on) hit(MBIND + some(count));
  return 0;
}
