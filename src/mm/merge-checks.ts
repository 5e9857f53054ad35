/**
 * What must hold before a merge, and after one that was given up. Called only under `debug.on`; each rule has its name.
 *
 * The rules about the iterator are there because merge code lives by its place: a caller that stepped one mapping too
 * far gets a tree that is wrong without a crash. A special mapping that gives up a merge after the iterator was stepped
 * to the previous mapping is the classic case: the caller's store would then go over that one.
 */
import { warn } from '../debug';
import type { VmaMerge } from './merge-state';
import type { Mm } from './mm';
import { describeVma } from './vma';
import { TOP } from './vma-iterator';

/** Built only for a complaint: these checks run at every merge. */
function rangeOf({ start, end }: VmaMerge): string {
  return `[${start}, ${end})`;
}

/** Before vmaMergeExistingRange. */
export function checkMergeExisting(vmg: VmaMerge): void {
  const { prev, middle, start, end, vmi } = vmg;
  if (middle === null) {
    warn('merge-without-middle', `${rangeOf(vmg)} is to change, but no mapping is given`);
    return;
  }
  if (vmg.next !== null) warn('merge-next-given', `next is ${describeVma(vmg.next)}; it is looked up here`);
  if (vmg.copiedFrom !== null) warn('merge-copy-of-existing', `${rangeOf(vmg)} of ${describeVma(middle)} is no copy`);
  if (prev !== null && start <= prev.start) {
    warn('merge-prev-not-before', `${rangeOf(vmg)} does not begin above ${describeVma(prev)}`);
  }
  if (start >= end) warn('merge-range-empty', rangeOf(vmg));
  if ((middle !== prev && start !== middle.start) || end > middle.end) {
    warn('merge-range-not-in-middle', `${rangeOf(vmg)}, middle ${describeVma(middle)}, prev ${describeVma(prev)}`);
  }
  if (vmi.addr < middle.start || vmi.addr >= middle.end) {
    warn('merge-iterator-not-in-middle', `iterator at ${vmi.addr}, middle ${describeVma(middle)}`);
  }
}

/** After vmaMergeExistingRange found nothing to do. */
export function checkExistingGaveUp(vmg: VmaMerge): void {
  const middle = vmg.middle!;
  const { addr } = vmg.vmi;
  if (addr < middle.start || addr >= middle.end) {
    warn('merge-gave-up-off-middle', `iterator left at ${addr}, middle ${describeVma(middle)}`);
  }
}

/** Before vmaMergeNewRange. */
export function checkMergeNew(mm: Mm, vmg: VmaMerge): void {
  const { vmi, next, start, end } = vmg;
  if (vmg.middle !== null)
    warn('merge-new-middle-given', `${rangeOf(vmg)} is new, but middle is ${describeVma(vmg.middle)}`);
  if (vmg.target !== null) warn('merge-new-target-given', `target is ${describeVma(vmg.target)}`);
  if (start >= end) warn('merge-range-empty', rangeOf(vmg));
  if (vmi.addr > start) warn('merge-new-iterator-beyond', `iterator at ${vmi.addr}, range ${rangeOf(vmg)}`);
  const at = mm.tree.load(vmi.addr);
  if (at !== null && !at.detached && at.end > start) {
    warn('merge-new-iterator-overlaps', `iterator on ${describeVma(at)}, which does not end before ${rangeOf(vmg)}`);
  }
  const walked = end > TOP ? null : mm.lookup.set(start).next();
  if (walked !== null && !walked.detached && walked.start < end) {
    warn('merge-new-range-occupied', `${describeVma(walked)} is in ${rangeOf(vmg)}`);
  }
  if (next !== null && next.start < end) {
    warn('merge-new-next-overlaps', `next ${describeVma(next)} does not begin behind ${rangeOf(vmg)}`);
  }
  if (next !== null && mm.lookup.set(end).next() !== next) {
    warn('merge-new-next-wrong', `next is ${describeVma(next)}, which is not the first behind ${rangeOf(vmg)}`);
  }
}

/** After vmaMergeNewRange found nothing to do: the iterator is where it was, or at the range. */
export function checkNewGaveUp(vmg: VmaMerge, addrBefore: number): void {
  const { addr } = vmg.vmi;
  if (addr !== addrBefore && addr !== vmg.start) {
    warn('merge-new-gave-up-elsewhere', `iterator left at ${addr}, it was at ${addrBefore}`);
  }
}
