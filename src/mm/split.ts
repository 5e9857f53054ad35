/**
 * Cutting a mapping in two.
 *
 *     |---------- vma ----------|            page
 *     |-- new --|----- vma -----|            new below: vma keeps the upper part
 *     |----- vma -----|-- new --|            new above: vma keeps the lower part
 *
 * Rules that hold here:
 * - Everything that can fail comes before the first change: the file's say, the new mapping, the nodes, the anon_vma.
 * - The iterator ends on the mapping that was there before, whichever part it keeps.
 */
import { debug, hit, warn } from '../debug';
import { anonVmaClone } from './anon-vma';
import { ENOMEM } from './errno';
import { SPLIT_ABOVE, SPLIT_BELOW, SPLIT_MAP_COUNT, SPLIT_NOMEM, SPLIT_REFUSED } from './events';
import { getFile, type Mm, vmAreaDup, vmAreaFree } from './mm';
import { vmaComplete, vmaPrep, vmaPrepare } from './prepare';
import { describeVma, type Vma } from './vma';
import type { VmaIterator } from './vma-iterator';

/** The new part with its place in the tree reserved, or null if memory is short. */
function splitReserve(mm: Mm, vmi: VmaIterator, vma: Vma, page: number, newBelow: boolean): Vma | null {
  const part = vmAreaDup(mm, vma);
  if (part === null) return null;
  if (newBelow) {
    part.end = page;
  } else {
    part.start = page;
    part.pgoff += page - vma.start;
  }
  vmi.config(part.start, part.end);
  if (vmi.prealloc(part) !== 0) {
    vmAreaFree(mm, part);
    return null;
  }
  if (anonVmaClone(mm, part, vma) !== 0) {
    vmi.free();
    vmAreaFree(mm, part);
    return null;
  }
  return part;
}

/** Splits without a look at the limit of mappings (__split_vma). 0 or a negative errno. */
export function __splitVma(mm: Mm, vmi: VmaIterator, vma: Vma, page: number, newBelow: boolean): number {
  if (debug.on && (vma.start >= page || vma.end <= page)) {
    warn('split-outside', `page ${page} does not cut ${describeVma(vma)}`);
  }
  const { file } = vma;
  if (file?.ops.maySplit !== undefined) {
    const error = file.ops.maySplit(vma, page);
    if (error !== 0) {
      if (debug.on) hit(SPLIT_REFUSED);
      return error;
    }
  }
  const part = splitReserve(mm, vmi, vma, page, newBelow);
  if (part === null) {
    if (debug.on) hit(SPLIT_NOMEM);
    return -ENOMEM;
  }
  if (file !== null) {
    getFile(file);
    file.ops.open?.(part);
  }
  const vp = vmaPrep.forVma(vma);
  vp.insert = part;
  vmaPrepare(vp);
  if (newBelow) {
    vma.start = page;
    vma.pgoff += page - part.start;
  } else {
    vma.end = page;
  }
  vmaComplete(mm, vp, vmi);
  if (debug.on) hit(newBelow ? SPLIT_BELOW : SPLIT_ABOVE);

  const original = newBelow ? vmi.next() : vmi.prev();
  if (debug.on && original !== vma) {
    warn('split-iterator', `after the split the iterator is on ${describeVma(original)}, not ${describeVma(vma)}`);
  }
  return 0;
}

/** Splits, if the limit of mappings allows one more (split_vma). 0 or a negative errno. */
export function splitVma(mm: Mm, vmi: VmaIterator, vma: Vma, page: number, newBelow: boolean): number {
  if (mm.mapCount >= mm.maxMapCount) {
    if (debug.on) hit(SPLIT_MAP_COUNT);
    return -ENOMEM;
  }
  return __splitVma(mm, vmi, vma, page, newBelow);
}
