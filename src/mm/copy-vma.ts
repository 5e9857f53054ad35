/**
 * The copy of a mapping at another place, which a move begins with.
 *
 *     |--- vma ---|              |-prev-|*** copy ***|-next-|       the copy may join either, also its own source
 *
 * Rules that hold here:
 * - Private anonymous memory without anon_vma takes the page offset of its new place, so that it can merge there; all
 *   else keeps its own.
 * - A merge may swallow the source: the caller goes on with what took its place, `copy.source`.
 * - Counters are the caller's.
 */
import { debug, hit, warn } from '../debug';
import { anonVmaClone, unlinkAnonVmas } from './anon-vma';
import { MREMAP_COPY_MERGED, MREMAP_COPY_MERGED_SELF, MREMAP_COPY_NEW } from './events';
import { vmaMergeNewRange } from './merge';
import { fput, getFile, type Mm, vmAreaDup, vmAreaFree } from './mm';
import { describeVma, type Vma, vmaIsAnonymous, vmaSetRange } from './vma';

/** Puts a ready mapping into the tree (vma_link). 0 or -ENOMEM. */
function vmaLink(mm: Mm, vma: Vma): number {
  const vmi = mm.inner.set(vma.start);
  vmi.config(vma.start, vma.end);
  const error = vmi.prealloc(vma);
  if (error !== 0) return error;
  vmi.store(vma);
  if (vma.file !== null) vma.file.linked++;
  mm.mapCount++;
  return 0;
}

/** A mapping of its own for the copy, or null if memory is short. */
function copyNew(mm: Mm, vma: Vma, page: number, end: number, pgoff: number): Vma | null {
  const copy = vmAreaDup(mm, vma);
  if (copy === null) return null;
  vmaSetRange(copy, page, end, pgoff);
  if (anonVmaClone(mm, copy, vma) !== 0) {
    vmAreaFree(mm, copy);
    return null;
  }
  const { file } = copy;
  if (file !== null) {
    getFile(file);
    file.ops.open?.(copy);
  }
  if (vmaLink(mm, copy) === 0) {
    if (debug.on) hit(MREMAP_COPY_NEW);
    return copy;
  }
  if (file !== null) {
    file.ops.close?.(copy);
    fput(file);
  }
  unlinkAnonVmas(copy);
  vmAreaFree(mm, copy);
  return null;
}

export class VmaCopy {
  /** The mapping that the copy is, or has become part of. */
  vma: Vma | null = null;
  /** The source, or the mapping that swallowed it. */
  source: Vma | null = null;
}

/** One object serves all. */
const copied = new VmaCopy();

/**
 * Copies `pages` of a mapping from `pgoff` on to `page`, where nothing is mapped (copy_vma). The result is in `copied`;
 * its vma is null if memory was short. `keepSource`: the source stays mapped, and 6.12 then keeps the two apart.
 */
export function copyVma(mm: Mm, vma: Vma, page: number, pages: number, pgoff: number, keepSource: boolean): VmaCopy {
  const end = page + pages;
  const vmaStart = vma.start;
  const unfaulted = vmaIsAnonymous(vma) && vma.anonVma === null;
  const newPgoff = unfaulted ? page : pgoff;
  const vmi = mm.inner.set(page);
  const vmg = mm.vmg.forVma(vmi, null, vma, page, end);
  vmg.pgoff = newPgoff;
  vmg.next = vmi.nextRewind();
  vmg.prev = vmi.rewoundPrev;
  vmg.copiedFrom = mm.kernel612 ? null : vma;
  const apart = mm.kernel612 && keepSource && unfaulted;
  if (apart && vmg.prev === vma) vmg.prev = null;
  if (apart && vmg.next === vma) vmg.next = null;

  copied.source = vma;
  copied.vma = vmaMergeNewRange(mm, vmg);
  const merged = copied.vma;
  if (merged === null) {
    copied.vma = copyNew(mm, vma, page, end, newPgoff);
  } else {
    if (debug.on) hit(MREMAP_COPY_MERGED);
    if (vmaStart >= merged.start && vmaStart < merged.end) {
      if (debug.on) {
        hit(MREMAP_COPY_MERGED_SELF);
        if (!unfaulted && merged !== vma) warn('copy-swallowed-faulted', `${describeVma(merged)} took its source`);
      }
      copied.source = merged;
    }
  }
  return copied;
}
