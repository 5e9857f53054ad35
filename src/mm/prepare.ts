/**
 * The bracket around every change of a mapping's limits (vma_prepare, vma_complete): between the two, the mapping is
 * out of its file's interval tree, so that no page is found through limits that are just moving.
 *
 *     reserve nodes -> vmaPrepare -> move limits, store -> vmaComplete
 *     (may fail)       (cannot fail from here on)
 *
 * Rules that hold here:
 * - vmaPrepare is called only after everything that can fail.
 * - vmaComplete stores a mapping that was split off, and lets go of mappings that were swallowed.
 * - A swallowed mapping is not closed: a mapping with a close hook must not be swallowed. Its reference to the file
 *   ends.
 */
import { debug, warn } from '../debug';
import { unlinkAnonVmas } from './anon-vma';
import type { VmaMerge } from './merge-state';
import { fput, type Mm, vmAreaFree } from './mm';
import { describeVma, type Vma } from './vma';
import type { VmaIterator } from './vma-iterator';

export class VmaPrepare {
  vma!: Vma;
  /** A neighbour whose lower limit moves too. */
  adjNext: Vma | null = null;
  /** Split off, to be stored. */
  insert: Vma | null = null;
  /** Swallowed. */
  remove: Vma | null = null;
  remove2: Vma | null = null;

  /** (init_vma_prep) */
  forVma(vma: Vma): this {
    this.vma = vma;
    this.adjNext = this.insert = this.remove = this.remove2 = null;
    return this;
  }

  /** For a merge: which mapping is moved and which are swallowed (init_multi_vma_prep). */
  forMerge(vma: Vma, vmg: VmaMerge): this {
    this.forVma(vma);
    if (vmg.adjustMiddleStart) this.adjNext = vmg.middle;
    else if (vmg.adjustNextStart) this.adjNext = vmg.next;
    if (vmg.removeMiddle) this.remove = vmg.middle;
    if (vmg.removeNext) {
      if (this.remove === null) this.remove = vmg.next;
      else this.remove2 = vmg.next;
    }
    return this;
  }
}

/** One object serves all: a change of limits never nests in another. */
export const vmaPrep = new VmaPrepare();

/** Takes the mappings out of the file's interval tree. */
export function vmaPrepare(vp: VmaPrepare): void {
  const { file } = vp.vma;
  if (file === null) return;
  if (vp.insert !== null) file.linked++;
  file.linked--;
  if (vp.adjNext !== null) file.linked--;
}

function letGo(mm: Mm, by: Vma, vma: Vma): void {
  if (debug.on) {
    if (vma.file?.ops.close !== undefined) warn('merge-removed-closer', `${describeVma(vma)} has a close hook`);
    if (by.start > vma.start || by.end < vma.end) {
      warn('swallowed-not-covered', `${describeVma(by)} does not cover ${describeVma(vma)}`);
    }
  }
  vma.detached = true;
  if (vma.file !== null) fput(vma.file);
  unlinkAnonVmas(vma);
  mm.mapCount--;
  vmAreaFree(mm, vma);
}

/** Puts the mappings back, stores what was split off, lets go of what was swallowed. */
export function vmaComplete(mm: Mm, vp: VmaPrepare, vmi: VmaIterator): void {
  const { file } = vp.vma;
  if (file !== null) {
    if (vp.adjNext !== null) file.linked++;
    file.linked++;
    if (vp.remove !== null) file.linked--;
    if (vp.remove2 !== null) file.linked--;
  }
  if (vp.insert !== null) {
    vmi.store(vp.insert);
    mm.mapCount++;
  }
  // The tree covers the swallowed mappings with the one that grew: by its new limits, or after adjNext moved.
  const { remove, remove2 } = vp;
  if (remove !== null) letGo(mm, vp.vma, remove);
  if (remove2 !== null) letGo(mm, vp.vma, remove2);
}
