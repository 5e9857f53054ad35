/**
 * What a merge is about (vma_merge_struct): the range with its attributes, its neighbours, and what is to be done.
 *
 *     |-- prev --|---- middle ----|-- next --|      a change within an existing mapping: middle is that mapping
 *     |-- prev --|  start .. end  |-- next --|      a new range: middle is null
 *
 * Rules that hold here:
 * - The caller fills in the range, the attributes and prev; for a new range also next.
 * - A merge changes start, end and pgoff to those of the result, and sets target to the mapping that grows.
 * - One object serves all merges of an address space, for they do not nest.
 */

import type { MmFile } from './file';
import type { AnonVma, Vma } from './vma';
import type { VmaIterator } from './vma-iterator';

const VMA_MERGE_START = 0;
export const VMA_MERGE_ERROR_NOMEM = 1;
export const VMA_MERGE_NOMERGE = 2;
export const VMA_MERGE_SUCCESS = 3;

export class VmaMerge {
  vmi!: VmaIterator;
  prev: Vma | null = null;
  /** The mapping of which a part changes. */
  middle: Vma | null = null;
  next: Vma | null = null;
  /** The mapping that grows. */
  target: Vma | null = null;
  /** First page. */
  start = 0;
  /** First page behind. */
  end = 0;
  pgoff = 0;
  flags = 0;
  file: MmFile | null = null;
  anonVma: AnonVma | null = null;
  policy = 0;
  uffdCtx = 0;
  name: string | null = null;
  /** The mapping of which the new range is a moved copy. */
  copiedFrom: Vma | null = null;
  /** Only prev can grow; the iterator stands on it already. */
  justExpand = false;
  /** Out of memory means no merge, not an error. */
  giveUpOnOom = false;
  adjustMiddleStart = false;
  adjustNextStart = false;
  removeMiddle = false;
  removeNext = false;
  /** VMA_MERGE_*. */
  state = VMA_MERGE_START;

  /** A new range of private anonymous memory without attributes; the caller sets what differs (VMG_STATE). */
  forRange(vmi: VmaIterator, start: number, end: number, flags: number, pgoff: number): this {
    this.vmi = vmi;
    this.prev = this.middle = this.next = this.target = null;
    this.start = start;
    this.end = end;
    this.flags = flags;
    this.pgoff = pgoff;
    this.file = null;
    this.anonVma = null;
    this.policy = 0;
    this.uffdCtx = 0;
    this.name = null;
    this.clearPlan();
    return this;
  }

  /** A range with the attributes of a mapping; `middle` is not set (VMG_VMA_STATE). */
  forVma(vmi: VmaIterator, prev: Vma | null, vma: Vma, start: number, end: number): this {
    this.vmi = vmi;
    this.prev = prev;
    this.middle = this.next = this.target = null;
    this.start = start;
    this.end = end;
    this.flags = vma.flags;
    this.pgoff = vma.pgoff + (start - vma.start);
    this.file = vma.file;
    this.anonVma = vma.anonVma;
    this.policy = vma.policy;
    this.uffdCtx = vma.uffdCtx;
    this.name = vma.name;
    this.clearPlan();
    return this;
  }

  /** Whether the merge failed for want of memory, rather than found nothing to do. */
  get nomem(): boolean {
    return this.state === VMA_MERGE_ERROR_NOMEM;
  }

  private clearPlan(): void {
    this.copiedFrom = null;
    this.justExpand = false;
    this.giveUpOnOom = false;
    this.adjustMiddleStart = false;
    this.adjustNextStart = false;
    this.removeMiddle = false;
    this.removeNext = false;
    this.state = VMA_MERGE_START;
  }
}
