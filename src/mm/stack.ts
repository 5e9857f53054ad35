/**
 * Mappings that grow when an address beside them is touched.
 *
 *     |--- other ---|   guard gap   | new pages |---- stack ----|        downwards
 *     |---- stack ----| new pages |   guard gap   |--- other ---|        upwards (not on x86)
 *
 * Rules that hold here:
 * - An accessible neighbour that does not grow the same way must stay STACK_GUARD_GAP pages away. An inaccessible one
 *   may be touched.
 * - The growing mapping gets an anon_vma even if the access then fails on protection.
 * - Growth merges nothing. The iterator stands on the gap when nodes are reserved, and the store overwrites the old
 *   entry.
 */
import { debug, hit } from '../debug';
import { anonVmaPrepare } from './anon-vma';
import { EFAULT, ENOMEM } from './errno';
import { GROW_BESIDE_STACK, GROW_DOWN, GROW_GUARD, GROW_LIMIT, GROW_UP } from './events';
import { findVma, findVmaIntersection, type Mm, mlockFutureOk, STACK_GUARD_GAP, vmStatAccount } from './mm';
import { isAccessible, VM_ACCOUNT, VM_GROWSDOWN, VM_GROWSUP, VM_LOCKED } from './vm-flags';
import { type Vma, vmaPages } from './vma';

/** Whether limits allow it; charges the pages (acct_stack_growth). `size` is what the mapping would have. */
function acctStackGrowth(mm: Mm, vma: Vma, size: number, grow: number): boolean {
  if (size > mm.stackLimit || !mlockFutureOk(mm, vma.flags, grow)) {
    if (debug.on) hit(GROW_LIMIT);
    return false;
  }
  // The kernel charges here whether the mapping is accountable or not, and gives back only if it is. A recount must
  // agree, so charge what will be given back.
  if ((vma.flags & VM_ACCOUNT) !== 0) mm.committed += grow;
  return true;
}

/** The mapping has grown by so many pages. */
function countGrowth(mm: Mm, vma: Vma, grow: number): void {
  if ((vma.flags & VM_LOCKED) !== 0) mm.lockedVm += grow;
  vmStatAccount(mm, vma.flags, grow);
}

/** Grows a mapping down to a page below it (expand_downwards). 0 or a negative errno. */
function expandDownwards(mm: Mm, vma: Vma, page: number): number {
  if ((vma.flags & VM_GROWSDOWN) === 0) return -EFAULT;
  const vmi = mm.vmi.set(vma.start);
  const prev = vmi.prev();
  if (prev !== null) {
    const growsToo = (prev.flags & VM_GROWSDOWN) !== 0;
    if (debug.on && growsToo) hit(GROW_BESIDE_STACK);
    if (!growsToo && isAccessible(prev.flags) && page - prev.end < STACK_GUARD_GAP) {
      if (debug.on) hit(GROW_GUARD);
      return -ENOMEM;
    }
    vmi.nextRange();
  }
  vmi.config(page, vma.end);
  if (vmi.prealloc(vma) !== 0) return -ENOMEM;
  if (anonVmaPrepare(mm, vma) !== 0) {
    vmi.free();
    return -ENOMEM;
  }
  const grow = vma.start - page;
  // The kernel also refuses to grow below page offset 0. A stack is anonymous, and the window's page 0 is far from the
  // kernel's: the offset of one that was moved up may fall below 0 here, and does not there.
  if (!acctStackGrowth(mm, vma, vmaPages(vma) + grow, grow)) {
    vmi.free();
    return -ENOMEM;
  }
  countGrowth(mm, vma, grow);
  vma.start = page;
  vma.pgoff -= grow;
  vmi.store(vma);
  if (debug.on) hit(GROW_DOWN);
  return 0;
}

/** Grows a mapping up to and including a page above it (expand_upwards). 0 or a negative errno. */
function expandUpwards(mm: Mm, vma: Vma, page: number): number {
  if ((vma.flags & VM_GROWSUP) === 0) return -EFAULT;
  const end = page + 1;
  if (end > mm.end) return -ENOMEM;
  const next = findVmaIntersection(mm, vma.end, Math.min(mm.end, end + STACK_GUARD_GAP));
  if (next !== null && isAccessible(next.flags) && (next.flags & VM_GROWSUP) === 0) {
    if (debug.on) hit(GROW_GUARD);
    return -ENOMEM;
  }
  const vmi = mm.vmi.set(vma.start);
  vmi.config(vma.start, end);
  if (vmi.prealloc(vma) !== 0) return -ENOMEM;
  if (anonVmaPrepare(mm, vma) !== 0) {
    vmi.free();
    return -ENOMEM;
  }
  const grow = end - vma.end;
  if (!acctStackGrowth(mm, vma, vmaPages(vma) + grow, grow)) {
    vmi.free();
    return -ENOMEM;
  }
  countGrowth(mm, vma, grow);
  vma.end = end;
  vmi.store(vma);
  if (debug.on) hit(GROW_UP);
  return 0;
}

/** The mapping at a page, after growth if need be (expand_stack); null if there is none and none can grow to it. */
export function expandStack(mm: Mm, page: number): Vma | null {
  const vma = findVma(mm, page);
  if (vma !== null && vma.start <= page) return vma;
  const below = mm.lookup.set(page).prev();
  if (below !== null && (below.flags & VM_GROWSUP) !== 0 && expandUpwards(mm, below, page) === 0) return below;
  if (vma !== null && (vma.flags & VM_GROWSDOWN) !== 0 && expandDownwards(mm, vma, page) === 0) return vma;
  return null;
}
