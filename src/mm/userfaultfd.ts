/**
 * userfaultfd: a range whose missing pages another process supplies. A context is a number here; 0 is none.
 *
 * Rules that hold here:
 * - Everything in the range is looked at before anything is changed; holes do not matter, but something must be there.
 * - A mapping with a context has VM_UFFD_MISSING.
 * - Taking the context from a whole mapping does without a merge that there is no memory for: a process that ends must
 *   not fail.
 */
import { debug, hit } from '../debug';
import { EBUSY, EINVAL } from './errno';
import { some, UFFD } from './events';
import { type Mm, PAGE_SIZE } from './mm';
import { vmaModifyFlagsUffd } from './modify';
import { VM_SPECIAL, VM_UFFD_MISSING } from './vm-flags';
import type { Vma } from './vma';

/** Whether all of [start, end) can be watched by `ctx` (0: be given back). 0 or a negative errno. */
function checkRange(mm: Mm, start: number, end: number, ctx: number): number {
  const vmi = mm.vmi.set(start);
  let any = false;
  let owner = ctx;
  for (let vma = vmi.find(end); vma !== null; vma = vmi.find(end)) {
    if ((vma.flags & VM_SPECIAL) !== 0) return -EINVAL;
    if (owner === 0) owner = vma.uffdCtx;
    if (vma.uffdCtx !== 0 && vma.uffdCtx !== owner) return ctx === 0 ? -EINVAL : -EBUSY;
    any = true;
  }
  return any ? 0 : -EINVAL;
}

/** Sets the context over [start, end). 0 or a negative errno. */
function setContext(mm: Mm, start: number, end: number, ctx: number): number {
  const vmi = mm.vmi.set(start);
  let prev: Vma | null = vmi.prev();
  let at = start;
  let count = 0;
  for (let vma = vmi.find(end); vma !== null; vma = vmi.find(end)) {
    if (vma.start < at) prev = vma;
    if (vma.uffdCtx !== ctx) {
      if (vma.start > at) at = vma.start;
      const to = vma.end < end ? vma.end : end;
      const giveUp = ctx === 0 && at === vma.start && to === vma.end;
      const flags = ctx === 0 ? vma.flags & ~VM_UFFD_MISSING : vma.flags | VM_UFFD_MISSING;
      const changed = vmaModifyFlagsUffd(mm, vmi, prev, vma, at, to, flags, ctx, giveUp);
      if (changed === null) return mm.modifyError;
      changed.flags = flags;
      changed.uffdCtx = ctx;
      vma = changed;
    }
    prev = vma;
    at = vma.end;
    count++;
  }
  if (debug.on) hit(UFFD + some(count));
  return 0;
}

/** Whole pages only. */
function validRange(addr: number, len: number): boolean {
  return addr % PAGE_SIZE === 0 && len % PAGE_SIZE === 0 && len > 0;
}

/** UFFDIO_REGISTER for missing pages. Bytes. 0 or a negative errno. */
export function uffdRegister(mm: Mm, addr: number, len: number, ctx: number): number {
  if (!validRange(addr, len)) return -EINVAL;
  const start = addr / PAGE_SIZE;
  const end = start + len / PAGE_SIZE;
  const error = checkRange(mm, start, end, ctx);
  return error !== 0 ? error : setContext(mm, start, end, ctx);
}

/**
 * UFFDIO_UNREGISTER through the descriptor that watches the lowest watched mapping of the range: one descriptor gives
 * back only its own, so a range with another context in it is EINVAL. Bytes. 0 or a negative errno.
 */
export function uffdUnregister(mm: Mm, addr: number, len: number): number {
  if (!validRange(addr, len)) return -EINVAL;
  const start = addr / PAGE_SIZE;
  const end = start + len / PAGE_SIZE;
  const error = checkRange(mm, start, end, 0);
  return error !== 0 ? error : setContext(mm, start, end, 0);
}
