/**
 * Joining mappings that have become neighbours and equal: the heart of what a fuzzer must check.
 *
 * A range may join a neighbour if it touches it, and policy, flags, file, userfaultfd context, name, offset and
 * anon_vma agree. Two neighbours and what may be removed make the cases, drawn above the functions that handle them. In
 * the pictures `*` is the range that changes or is added; capital letters are the mappings that are left.
 *
 * Rules that hold here:
 * - Nothing special (VM_SPECIAL) ever merges.
 * - A mapping with a close hook is never removed by a merge: the merge is made smaller, or given up.
 * - All that can fail (anon_vma, nodes) comes before the first change; a merge that fails has changed nothing, and has
 *   put the iterator back to where it was asked to merge.
 * - The anon_vma of a range and its neighbour agree if both have none, both the same, or exactly one has one and that
 *   one is not inherited over a fork. Linux 6.12 also refuses a faulted range beside an unfaulted neighbour.
 */
import { debug, hit, warn } from '../debug';
import { dupAnonVma, unlinkAnonVmas } from './anon-vma';
import { ENOMEM } from './errno';
import {
  MERGE_ANON,
  MERGE_CASE_1,
  MERGE_CASE_2,
  MERGE_CASE_3,
  MERGE_CASE_4,
  MERGE_CASE_5,
  MERGE_EXISTING_INSIDE,
  MERGE_EXISTING_MIDDLE_STAYS,
  MERGE_EXISTING_NEIGHBOURS,
  MERGE_EXISTING_NEXT_STAYS,
  MERGE_EXISTING_NOMEM,
  MERGE_EXISTING_NONE,
  MERGE_EXISTING_SPECIAL,
  MERGE_NEW_ALONE,
  MERGE_NEW_BOTH,
  MERGE_NEW_BOTH_NEXT_STAYS,
  MERGE_NEW_JUST_EXPAND,
  MERGE_NEW_LEFT,
  MERGE_NEW_NEIGHBOURS,
  MERGE_NEW_NOMEM,
  MERGE_NEW_NONE,
  MERGE_NEW_RIGHT,
  MERGE_NEW_SPECIAL,
  REFUSED_ANON,
  REFUSED_FILE,
  REFUSED_FLAGS,
  REFUSED_NAME,
  REFUSED_NEXT,
  REFUSED_PGOFF,
  REFUSED_POLICY,
  REFUSED_PREV,
  REFUSED_SIDES,
  REFUSED_UFFD,
  UNDO_DUP_ANON_VMA,
} from './events';
import { checkExistingGaveUp, checkMergeExisting, checkMergeNew, checkNewGaveUp } from './merge-checks';
import { VMA_MERGE_ERROR_NOMEM, VMA_MERGE_NOMERGE, VMA_MERGE_SUCCESS, type VmaMerge } from './merge-state';
import type { Mm } from './mm';
import { vmaComplete, vmaPrep, vmaPrepare } from './prepare';
import { VM_SPECIAL } from './vm-flags';
import { anonChainIsSingular, describeVma, type Vma, vmaIsForkChild, vmaSetRange } from './vma';
import type { VmaIterator } from './vma-iterator';

/** Whether the attributes agree; if not, which one does not is the event `refused` plus its number. */
function isMergeableVma(vmg: VmaMerge, vma: Vma, refused: number): boolean {
  let why = -1;
  if (vma.policy !== vmg.policy) why = REFUSED_POLICY;
  else if (vma.flags !== vmg.flags) why = REFUSED_FLAGS;
  else if (vma.file !== vmg.file) why = REFUSED_FILE;
  else if (vma.uffdCtx !== vmg.uffdCtx) why = REFUSED_UFFD;
  else if (vma.name !== vmg.name) why = REFUSED_NAME;
  if (why < 0) return true;
  if (debug.on) hit(refused + why);
  return false;
}

/** The rule of 6.12: the neighbour decides, and an unfaulted one refuses a faulted range. */
function isMergeableAnonVma612(vmg: VmaMerge, vma: Vma): boolean {
  if ((vmg.anonVma === null || vma.anonVma === null) && anonChainIsSingular(vma)) return true;
  return vmg.anonVma === vma.anonVma;
}

function isMergeableAnonVma(mm: Mm, vmg: VmaMerge, vma: Vma): boolean {
  if (mm.kernel612) return isMergeableAnonVma612(vmg, vma);
  if (vma.anonVma === null && vmg.anonVma !== null) {
    // The neighbour would get the range's: not if that hangs on a parent's too. Growth in place has neither of the two.
    return !vmaIsForkChild(vmg.middle) && !vmaIsForkChild(vmg.copiedFrom);
  }
  if (vma.anonVma !== null && vmg.anonVma === null) return !vmaIsForkChild(vma);
  return vma.anonVma === vmg.anonVma;
}

function canVmaMerge(mm: Mm, vmg: VmaMerge, vma: Vma, pgoffRunsOn: boolean, refused: number): boolean {
  if (!isMergeableVma(vmg, vma, refused)) return false;
  if (!isMergeableAnonVma(mm, vmg, vma)) {
    if (debug.on) hit(refused + REFUSED_ANON);
    return false;
  }
  if (!pgoffRunsOn) {
    if (debug.on) hit(refused + REFUSED_PGOFF);
    return false;
  }
  if (debug.on) hit(MERGE_ANON + (vma.anonVma === null ? 0 : 1) + (vmg.anonVma === null ? 0 : 2));
  return true;
}

/**
 * Whether the range can become the front part of the next mapping (can_vma_merge_before). Does not look at distance.
 */
export function canVmaMergeBefore(mm: Mm, vmg: VmaMerge): boolean {
  const next = vmg.next!;
  return canVmaMerge(mm, vmg, next, next.pgoff === vmg.pgoff + (vmg.end - vmg.start), REFUSED_NEXT);
}

/** Whether the range can become the rear part of the previous mapping (can_vma_merge_after). Likewise. */
export function canVmaMergeAfter(mm: Mm, vmg: VmaMerge): boolean {
  const prev = vmg.prev!;
  return canVmaMerge(mm, vmg, prev, prev.pgoff + (prev.end - prev.start) === vmg.pgoff, REFUSED_PREV);
}

function canVmaMergeLeft(mm: Mm, vmg: VmaMerge): boolean {
  return vmg.prev !== null && vmg.prev.end === vmg.start && canVmaMergeAfter(mm, vmg);
}

/** Joining both sides makes them one: they must agree with each other too, not only with the range between them. */
function canVmaMergeRight(mm: Mm, vmg: VmaMerge, canMergeLeft: boolean): boolean {
  const { prev, next } = vmg;
  if (next === null || vmg.end !== next.start || !canVmaMergeBefore(mm, vmg)) return false;
  if (!canMergeLeft) return true;
  const agree = prev!.anonVma === null || next.anonVma === null || prev!.anonVma === next.anonVma;
  if (debug.on && !agree) hit(REFUSED_SIDES);
  return agree;
}

/** A mapping that must be told when it goes away cannot be swallowed (can_merge_remove_vma). */
export function canMergeRemoveVma(vma: Vma): boolean {
  return vma.file === null || vma.file.ops.close === undefined;
}

/** Moves the lower limit of the neighbour from which the target takes, or to which it gives. */
function vmgAdjustSetRange(vmg: VmaMerge): void {
  if (vmg.adjustMiddleStart) {
    const middle = vmg.middle!;
    vmaSetRange(middle, vmg.end, middle.end, middle.pgoff + (vmg.end - middle.start));
  } else if (vmg.adjustNextStart) {
    const next = vmg.next!;
    vmaSetRange(next, vmg.end, next.end, next.pgoff - (next.start - vmg.end));
  }
}

/** Carries a merge out, once it is decided (commit_merge). 0, or -ENOMEM with nothing changed. */
function commitMerge(mm: Mm, vmg: VmaMerge): number {
  const { vmi } = vmg;
  const target = vmg.target!;
  let vma = target;
  if (vmg.adjustNextStart) {
    // The one case in which the mapping at the iterator shrinks, and the next one, the target, is stored.
    vma = vmg.middle!;
    vmi.config(vmg.end, vmg.next!.end);
  } else {
    vmi.config(vmg.start, vmg.end);
  }
  if (vmi.prealloc(target) !== 0) return -ENOMEM;

  const vp = vmaPrep.forMerge(vma, vmg);
  vmaPrepare(vp);
  vmaSetRange(vma, vmg.start, vmg.end, vmg.pgoff);
  vmgAdjustSetRange(vmg);
  vmi.store(target);
  vmaComplete(mm, vp, vmi);
  return 0;
}

/** Undoes what a failed merge gave a mapping beforehand. */
function undoDupAnonVma(vma: Vma): void {
  if (debug.on) hit(UNDO_DUP_ANON_VMA);
  unlinkAnonVmas(vma);
}

/**
 * Decides how a change of a part of `middle` joins the neighbours, and plans it. The anon_vma of the mapping that grows
 * is seen to. 1 if it got one, 0 if not, or -ENOMEM.
 *
 *     1   |-prev-|*middle*|-next-|  ->  |PPPPPPPPPPPPPPPPPPPP|     both: middle and next go
 *     2   |-prev-|*middle*|         ->  |PPPPPPPPPPPPP|            left, all of middle: it goes
 *     3   |-prev-|***middle-|       ->  |PPPPPPPPPP|MMMMM|         left, its front: it shrinks from below
 *     4          |*middle*|-next-|  ->  |NNNNNNNNNNNNN|            right, all of middle: it goes
 *     5          |-middle***|-next-| -> |MMMMM|NNNNNNNNNN|         right, its rear: it shrinks from above
 */
function planExisting(mm: Mm, vmg: VmaMerge, mergeLeft: boolean, mergeRight: boolean): number {
  const { prev, next, start } = vmg;
  const middle = vmg.middle!;
  if (mergeLeft && mergeRight) {
    if (debug.on) hit(MERGE_CASE_1);
    vmg.target = prev!;
    vmg.start = prev!.start;
    vmg.end = next!.end;
    vmg.pgoff = prev!.pgoff;
    return dupAnonVma(mm, prev!, next!.anonVma !== null ? next! : middle);
  }
  if (mergeLeft) {
    if (debug.on) hit(vmg.removeMiddle ? MERGE_CASE_2 : MERGE_CASE_3);
    vmg.target = prev!;
    vmg.start = prev!.start;
    vmg.pgoff = prev!.pgoff;
    vmg.adjustMiddleStart = !vmg.removeMiddle;
    return dupAnonVma(mm, prev!, middle);
  }
  if (debug.on) hit(vmg.removeMiddle ? MERGE_CASE_4 : MERGE_CASE_5);
  vmg.target = next!;
  if (vmg.removeMiddle) {
    vmg.pgoff = next!.pgoff - (vmg.end - vmg.start);
    vmg.end = next!.end;
  } else {
    vmg.adjustNextStart = true;
    vmg.start = middle.start;
    vmg.end = start;
    vmg.pgoff = middle.pgoff;
  }
  return dupAnonVma(mm, next!, middle);
}

/** Looks which sides can be joined. Bit 0: left, bit 1: right. Sets `next`, leaves the iterator where it was. */
function sidesExisting(mm: Mm, vmg: VmaMerge, leftSide: boolean, rightSide: boolean): number {
  const mergeLeft = leftSide && canVmaMergeLeft(mm, vmg);
  let mergeRight = false;
  if (rightSide) {
    vmg.next = vmg.vmi.nextRange();
    vmg.vmi.prevRange();
    mergeRight = canVmaMergeRight(mm, vmg, mergeLeft);
  }
  if (debug.on) {
    const touchesPrev = leftSide && vmg.prev !== null && vmg.prev.end === vmg.start;
    const touchesNext = vmg.next !== null && vmg.next.start === vmg.end;
    hit(MERGE_EXISTING_NEIGHBOURS + (touchesPrev ? 1 : 0) + (touchesNext ? 2 : 0));
  }
  return (mergeLeft ? 1 : 0) | (mergeRight ? 2 : 0);
}

/** Back to where the caller had the iterator, for it goes on from there. */
function abortExisting(vmg: VmaMerge, start: number, dupTo: Vma | null): void {
  if (debug.on) hit(MERGE_EXISTING_NOMEM);
  vmg.vmi.set(start);
  vmg.vmi.load();
  if (dupTo !== null) undoDupAnonVma(dupTo);
  vmg.target = null;
  if (!vmg.giveUpOnOom) vmg.state = VMA_MERGE_ERROR_NOMEM;
}

/**
 * Tries to join a range within an existing mapping, whose attributes are about to change, to its neighbours
 * (vma_merge_existing_range). The caller has set `middle`, `prev` and the attributes as they will be; if the range does
 * not begin where middle does, prev is middle. The iterator stands within middle.
 *
 * The mapping that the range now belongs to, or null: nothing joined, `vmg.nomem` tells whether memory was short. After
 * a merge start, end and pgoff of `vmg` are those of the result (of what is left of middle in case 5).
 */
export function vmaMergeExistingRange(mm: Mm, vmg: VmaMerge): Vma | null {
  const { vmi, start, end } = vmg;
  const middle = vmg.middle!;
  const leftSide = start === middle.start;
  const rightSide = end === middle.end;
  if (debug.on) checkMergeExisting(vmg);
  vmg.state = VMA_MERGE_NOMERGE;

  if ((vmg.flags & VM_SPECIAL) !== 0 || (!leftSide && !rightSide)) {
    if (debug.on) {
      hit((vmg.flags & VM_SPECIAL) !== 0 ? MERGE_EXISTING_SPECIAL : MERGE_EXISTING_INSIDE);
      checkExistingGaveUp(vmg);
    }
    return null;
  }
  const sides = sidesExisting(mm, vmg, leftSide, rightSide);
  if (sides === 0) {
    if (debug.on) {
      hit(MERGE_EXISTING_NONE);
      checkExistingGaveUp(vmg);
    }
    return null;
  }
  const mergeLeft = (sides & 1) !== 0;
  let mergeRight = (sides & 2) !== 0;
  vmg.removeMiddle = leftSide && rightSide;
  if (vmg.removeMiddle && !canMergeRemoveVma(middle)) {
    if (debug.on) {
      hit(MERGE_EXISTING_MIDDLE_STAYS);
      checkExistingGaveUp(vmg);
    }
    vmg.removeMiddle = false;
    return null;
  }
  // Joining both sides removes next as well; if it must stay, join the left side alone.
  vmg.removeNext = mergeLeft && mergeRight;
  if (vmg.removeNext && !canMergeRemoveVma(vmg.next!)) {
    if (debug.on) hit(MERGE_EXISTING_NEXT_STAYS);
    vmg.removeNext = false;
    mergeRight = false;
  }
  // The lowest page to be written is then prev's.
  if (mergeLeft) vmi.prev();

  const dup = planExisting(mm, vmg, mergeLeft, mergeRight);
  if (dup < 0 || commitMerge(mm, vmg) !== 0) {
    abortExisting(vmg, start, dup > 0 ? vmg.target : null);
    return null;
  }
  vmg.state = VMA_MERGE_SUCCESS;
  return vmg.target;
}

/**
 * Lets a mapping grow to the limits of `vmg`, over a gap and over the next mapping if it ends there (vma_expand).
 * 0, or -ENOMEM with nothing changed.
 */
export function vmaExpand(mm: Mm, vmg: VmaMerge): number {
  const target = vmg.target!;
  const { next } = vmg;
  vmg.removeNext = next !== null && target !== next && vmg.end === next.end;
  if (debug.on) {
    if (vmg.removeNext && !canMergeRemoveVma(next!)) warn('expand-removes-closer', describeVma(next));
    if (next !== null && !vmg.removeNext && next !== target && vmg.end > next.start) {
      warn('expand-overlaps-next', `to ${vmg.end}, over a part of ${describeVma(next)}`);
    }
    if (target.start < vmg.start || target.end > vmg.end) {
      warn('expand-shrinks', `${describeVma(target)} to [${vmg.start}, ${vmg.end})`);
    }
  }
  let dup = 0;
  if (vmg.removeNext) dup = dupAnonVma(mm, target, next!);
  if (dup === 0 && vmg.copiedFrom !== null) dup = dupAnonVma(mm, target, vmg.copiedFrom);
  if (dup < 0) {
    if (!vmg.giveUpOnOom) vmg.state = VMA_MERGE_ERROR_NOMEM;
    return dup;
  }
  if (commitMerge(mm, vmg) === 0) return 0;
  if (dup > 0) undoDupAnonVma(target);
  if (!vmg.giveUpOnOom) vmg.state = VMA_MERGE_ERROR_NOMEM;
  return -ENOMEM;
}

/** Sets the plan for a new range; the iterator goes to where the result will begin. */
function planNew(vmg: VmaMerge, left: boolean, right: boolean): void {
  const { prev, next, end } = vmg;
  if (right) {
    vmg.end = next!.end;
    vmg.target = next;
  }
  if (left) {
    vmg.start = prev!.start;
    vmg.target = prev;
    vmg.pgoff = prev!.pgoff;
    if (right && !canMergeRemoveVma(next!)) {
      if (debug.on) hit(MERGE_NEW_BOTH_NEXT_STAYS);
      vmg.end = end;
    }
    if (!vmg.justExpand) vmg.vmi.prev();
  }
  if (!debug.on) return;
  if (vmg.justExpand) hit(left ? MERGE_NEW_JUST_EXPAND : MERGE_NEW_NONE);
  else if (left) hit(right ? MERGE_NEW_BOTH : MERGE_NEW_LEFT);
  else hit(right ? MERGE_NEW_RIGHT : MERGE_NEW_NONE);
}

/**
 * Tries to join a new range to the mappings beside it (vma_merge_new_range). The caller has set prev and next; what
 * lies in the range, if anything, is gathered for removal. The iterator stands at or before the gap; with `justExpand`
 * on prev.
 *
 *     |-prev-|********         ->  |PPPPPPPPPPPPPP|
 *             ********|-next-| ->          |NNNNNNNNNNNNNN|
 *     |-prev-|********|-next-| ->  |PPPPPPPPPPPPPPPPPPPPPP|
 *
 * The mapping that the range now belongs to, or null: nothing joined, and range and iterator are as they were;
 * `vmg.nomem` tells whether memory was short.
 */
export function vmaMergeNewRange(mm: Mm, vmg: VmaMerge): Vma | null {
  const { vmi, prev, next, start, end, pgoff } = vmg;
  const addr = vmi.addr;
  if (debug.on) checkMergeNew(mm, vmg);
  vmg.state = VMA_MERGE_NOMERGE;

  if ((vmg.flags & VM_SPECIAL) !== 0 || (prev === null && next === null)) {
    if (debug.on) {
      hit((vmg.flags & VM_SPECIAL) !== 0 ? MERGE_NEW_SPECIAL : MERGE_NEW_ALONE);
      checkNewGaveUp(vmg, addr);
    }
    return null;
  }
  if (debug.on) {
    const touchesPrev = prev !== null && prev.end === start;
    hit(MERGE_NEW_NEIGHBOURS + (touchesPrev ? 1 : 0) + (next !== null && next.start === end ? 2 : 0));
  }
  const left = canVmaMergeLeft(mm, vmg);
  const right = !vmg.justExpand && canVmaMergeRight(mm, vmg, left);
  planNew(vmg, left, right);
  if (vmg.target !== null) {
    if (vmaExpand(mm, vmg) === 0) {
      vmg.state = VMA_MERGE_SUCCESS;
      return vmg.target;
    }
    if (debug.on) hit(MERGE_NEW_NOMEM);
    // A later attempt, or a store of its own, starts from the gap again.
    vmg.target = null;
    vmg.removeNext = false;
    vmg.start = start;
    vmg.end = end;
    vmg.pgoff = pgoff;
    if (!vmg.justExpand) vmi.set(start);
  }
  if (debug.on) checkNewGaveUp(vmg, addr);
  return null;
}

/**
 * Grows a mapping at its end by `pages`, and joins the next one if that fits (vma_merge_extend). The iterator is at the
 * mapping's end. The result, or null if memory was short.
 */
export function vmaMergeExtend(mm: Mm, vmi: VmaIterator, vma: Vma, pages: number): Vma | null {
  const vmg = mm.vmg.forVma(vmi, vma, vma, vma.end, vma.end + pages);
  vmg.next = vmi.nextRewind();
  return vmaMergeNewRange(mm, vmg);
}

/**
 * Takes pages from one end of a mapping (vma_shrink): [start, end) is what is left of it. 0 or -ENOMEM.
 * The kernel moves a new stack with it; nothing here does, so it is called by its tests only.
 */
export function vmaShrink(mm: Mm, vmi: VmaIterator, vma: Vma, start: number, end: number, pgoff: number): number {
  if (debug.on && vma.start !== start && vma.end !== end) {
    warn('shrink-both-ends', `${describeVma(vma)} to [${start}, ${end})`);
  }
  if (vma.start < start) vmi.config(vma.start, start);
  else vmi.config(end, vma.end);
  if (vmi.prealloc(null) !== 0) return -ENOMEM;
  const vp = vmaPrep.forVma(vma);
  vmaPrepare(vp);
  vmi.clear();
  vmaSetRange(vma, start, end, pgoff);
  vmaComplete(mm, vp, vmi);
  return 0;
}
