/**
 * Who shares an anon_vma with whom.
 *
 *     |--- prev ---|--- faulting ---|--- next ---|
 *         asked 2nd                    asked 1st        for one that is not inherited, else a new one
 *
 * Rules that hold here:
 * - A mapping gets its anon_vma at its first write fault, by a split or copy of one that has it, by a merge, or by
 *   fork.
 * - Every mapping that has it counts in `users`.
 * - Whatever fails leaves the mappings as they were.
 */
import { debug, hit } from '../debug';
import { ENOMEM } from './errno';
import { ANON_FROM_NEXT, ANON_FROM_PREV, ANON_NEW, DUP_ANON_VMA } from './events';
import { anonVmaAlloc, type Mm } from './mm';
import { VM_ACCESS_FLAGS } from './vm-flags';
import { type AnonVma, anonChainIsSingular, type Vma } from './vma';

/** Gives `dst` what `src` has (anon_vma_clone). 0 or -ENOMEM. */
export function anonVmaClone(mm: Mm, dst: Vma, src: Vma): number {
  if (src.anonVma === null) return 0;
  if (!mm.allocations.take()) return -ENOMEM;
  dst.anonVma = src.anonVma;
  src.anonVma.users++;
  return 0;
}

/** Takes a mapping's anon_vma away (unlink_anon_vmas). */
export function unlinkAnonVmas(vma: Vma): void {
  if (vma.anonVma === null) return;
  vma.anonVma.users--;
  vma.anonVma = null;
}

/**
 * A mapping that is about to take over pages of `src` must have its anon_vma (dup_anon_vma).
 * 1: it got it, and the caller gives it back if the merge fails; 0: nothing to do; or -ENOMEM.
 */
export function dupAnonVma(mm: Mm, dst: Vma, src: Vma): number {
  if (src.anonVma === null || dst.anonVma !== null) return 0;
  const error = anonVmaClone(mm, dst, src);
  if (error !== 0) return error;
  if (debug.on) hit(DUP_ANON_VMA);
  return 1;
}

/** The child's mapping gets an identity of its own, which hangs on the parent's (anon_vma_fork). 0 or -ENOMEM. */
export function anonVmaFork(mm: Mm, child: Vma, parent: Vma): number {
  if (parent.anonVma === null) return 0;
  const anonVma = anonVmaAlloc(mm, true);
  if (anonVma === null) return -ENOMEM;
  child.anonVma = anonVma;
  anonVma.users++;
  return 0;
}

/** Whether `b` goes on where `a` ends, and differs in nothing but what mprotect may change (anon_vma_compatible). */
function anonVmaCompatible(a: Vma, b: Vma): boolean {
  return (
    a.end === b.start &&
    a.policy === b.policy &&
    a.file === b.file &&
    ((a.flags ^ b.flags) & ~VM_ACCESS_FLAGS) === 0 &&
    b.pgoff === a.pgoff + (b.start - a.start)
  );
}

/** What `old`, which is `a` or `b`, could share with the other (reusable_anon_vma). */
function reusableAnonVma(old: Vma, a: Vma, b: Vma): AnonVma | null {
  return anonVmaCompatible(a, b) && anonChainIsSingular(old) ? old.anonVma : null;
}

/** A neighbour's anon_vma that the mapping can share, so that both can merge later (find_mergeable_anon_vma). */
function findMergeableAnonVma(mm: Mm, vma: Vma): AnonVma | null {
  const vmi = mm.lookup.set(vma.end);
  const next = vmi.load();
  if (next !== null) {
    const anonVma = reusableAnonVma(next, vma, next);
    if (anonVma !== null) {
      if (debug.on) hit(ANON_FROM_NEXT);
      return anonVma;
    }
  }
  vmi.prev();
  const prev = vmi.prev();
  const anonVma = prev === null ? null : reusableAnonVma(prev, prev, vma);
  if (debug.on && anonVma !== null) hit(ANON_FROM_PREV);
  return anonVma;
}

/** The mapping is about to be written for the first time (anon_vma_prepare). 0 or -ENOMEM. */
export function anonVmaPrepare(mm: Mm, vma: Vma): number {
  if (vma.anonVma !== null) return 0;
  if (!mm.allocations.take()) return -ENOMEM;
  let anonVma = findMergeableAnonVma(mm, vma);
  if (anonVma === null) {
    anonVma = anonVmaAlloc(mm, false);
    if (anonVma === null) return -ENOMEM;
    if (debug.on) hit(ANON_NEW);
  }
  vma.anonVma = anonVma;
  anonVma.users++;
  return 0;
}
