/**
 * Changing attributes of a part of a mapping: join it to its neighbours if it has become equal to them, else cut it
 * out.
 *
 *     |------------- vma -------------|
 *     |--- below ---|*** part ***|-- above --|      no merge: split below, split above, the part is the old object
 *
 * Rules that hold here:
 * - Nothing here sets the new attribute: that is the caller's, on the mapping that it gets back. (A merged neighbour
 *   has it already.)
 * - Results are the mapping, or null with the error in `mm.modifyError`: a pair would be an allocation each time.
 * - If the split above fails, the split below stays.
 */
import { debug, hit, warn } from '../debug';
import { ENOMEM } from './errno';
import { MODIFY } from './events';
import { vmaMergeExistingRange } from './merge';
import type { VmaMerge } from './merge-state';
import type { Mm } from './mm';
import { splitVma } from './split';
import { describeVma, type Vma } from './vma';
import type { VmaIterator } from './vma-iterator';

function failed(mm: Mm, error: number): null {
  mm.modifyError = error;
  return null;
}

/** Merge or split, for the attributes and the range in `vmg` (vma_modify). */
function vmaModify(mm: Mm, vmg: VmaMerge): Vma | null {
  const vma = vmg.middle!;
  const { vmi, start, end } = vmg;
  const merged = vmaMergeExistingRange(mm, vmg);
  if (merged !== null) {
    if (debug.on) hit(MODIFY + 4);
    return merged;
  }
  if (vmg.nomem) return failed(mm, -ENOMEM);

  const splitBefore = vma.start < start;
  const splitAfter = vma.end > end;
  if (debug.on) {
    hit(MODIFY + (splitBefore ? 1 : 0) + (splitAfter ? 2 : 0));
    if (vmg.giveUpOnOom && (splitBefore || splitAfter)) warn('modify-split-unwanted', describeVma(vma));
  }
  if (splitBefore) {
    const error = splitVma(mm, vmi, vma, start, true);
    if (error !== 0) return failed(mm, error);
  }
  if (splitAfter) {
    const error = splitVma(mm, vmi, vma, end, false);
    if (error !== 0) return failed(mm, error);
  }
  return vma;
}

function describePart(mm: Mm, vmi: VmaIterator, prev: Vma | null, vma: Vma, start: number, end: number): VmaMerge {
  const vmg = mm.vmg.forVma(vmi, prev, vma, start, end);
  vmg.middle = vma;
  return vmg;
}

/** [start, end) of `vma` is to have other flags. */
export function vmaModifyFlags(
  mm: Mm,
  vmi: VmaIterator,
  prev: Vma | null,
  vma: Vma,
  start: number,
  end: number,
  flags: number,
): Vma | null {
  const vmg = describePart(mm, vmi, prev, vma, start, end);
  vmg.flags = flags;
  return vmaModify(mm, vmg);
}

/** [start, end) of `vma` is to have another name. */
export function vmaModifyName(
  mm: Mm,
  vmi: VmaIterator,
  prev: Vma | null,
  vma: Vma,
  start: number,
  end: number,
  name: string | null,
): Vma | null {
  const vmg = describePart(mm, vmi, prev, vma, start, end);
  vmg.name = name;
  return vmaModify(mm, vmg);
}

/** [start, end) of `vma` is to have another memory policy. */
export function vmaModifyPolicy(
  mm: Mm,
  vmi: VmaIterator,
  prev: Vma | null,
  vma: Vma,
  start: number,
  end: number,
  policy: number,
): Vma | null {
  const vmg = describePart(mm, vmi, prev, vma, start, end);
  vmg.policy = policy;
  return vmaModify(mm, vmg);
}

/** [start, end) of `vma` is to have another userfaultfd context. `giveUpOnOom`: no memory, no merge, no error. */
export function vmaModifyFlagsUffd(
  mm: Mm,
  vmi: VmaIterator,
  prev: Vma | null,
  vma: Vma,
  start: number,
  end: number,
  flags: number,
  ctx: number,
  giveUpOnOom: boolean,
): Vma | null {
  const vmg = describePart(mm, vmi, prev, vma, start, end);
  vmg.flags = flags;
  vmg.uffdCtx = ctx;
  vmg.giveUpOnOom = giveUpOnOom;
  return vmaModify(mm, vmg);
}
