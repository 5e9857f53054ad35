/**
 * What a removal is about (vma_munmap_struct): the range, what was gathered in it, and what that counts.
 *
 *     |-- prev --|  start |--- detached[0] ---|-- detached[1] --|  end  |-- next --|
 *
 * Rules that hold here:
 * - Gathered mappings stay in the tree, marked as detached, until the tree is written; giving up means to unmark them.
 * - The kernel keeps them in a side tree; a list does here what is asked of it. Growing it can fail as there.
 * - One object serves all removals of an address space, for they do not nest. The list keeps its length and counts its
 *   members, for an array that shrinks to nothing and grows again costs more than the rest of a small removal; `forget`
 *   overwrites them, so that none is kept alive.
 */
import type { Vma } from './vma';
import type { VmaIterator } from './vma-iterator';

export class VmaMunmap {
  vmi!: VmaIterator;
  /** The first mapping in the range; null: there is nothing to remove. */
  vma: Vma | null = null;
  prev: Vma | null = null;
  next: Vma | null = null;
  start = 0;
  end = 0;
  /** The first `count` are gathered. */
  readonly detached: (Vma | null)[] = [];
  count = 0;
  nrPages = 0;
  lockedVm = 0;
  nrAccounted = 0;
  execVm = 0;
  stackVm = 0;
  dataVm = 0;
  /** Whether pages are still to be given back; cleared once close hooks have run, after which there is no way back. */
  clearPtes = false;

  /** (init_vma_munmap) */
  init(vmi: VmaIterator, vma: Vma | null, start: number, end: number): this {
    this.vmi = vmi;
    this.vma = vma;
    this.prev = this.next = null;
    this.start = vma === null ? 0 : start;
    this.end = vma === null ? 0 : end;
    this.count = 0;
    this.nrPages = this.lockedVm = this.nrAccounted = 0;
    this.execVm = this.stackVm = this.dataVm = 0;
    this.clearPtes = false;
    return this;
  }
  add(vma: Vma): void {
    this.detached[this.count++] = vma;
  }

  /** Drops what was gathered. */
  forget(): void {
    for (let i = 0; i < this.count; i++) this.detached[i] = null;
    this.count = 0;
  }
}
