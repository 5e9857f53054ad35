/**
 * src's mappings as plain numbers, before and after an operation, for the invariants that compare the two.
 *
 *     before(step)            operation             check(step)
 *     list "before"  --->  src changes its  --->  list "after"
 *                          VMA objects
 *
 * A list is made by one walk over the tree, and once a step, however many invariants look at it. What a step left is what the
 * next one starts from, so mostly there is one walk a writing step.
 */
import { MapleState } from '../../src/maple-tree';
import type { Mm } from '../../src/mm/mm';
import type { AnonVma, Vma } from '../../src/mm/vma';
import type { MmContext } from '../lockstep/types';
import { MAX_INDEX } from '../sequence/types';

let walker: MapleState<Vma> | null = null;

/** A state at the start of the tree; a fork puts another tree in place, which needs another state. */
function walkerOf(mm: Mm): MapleState<Vma> {
  if (walker === null || walker.core !== mm.tree) walker = new MapleState<Vma>(mm.tree);
  walker.set(0);
  return walker;
}

/** Mappings in ascending order; `first` and `last` are where the tree has them, the rest is copied from the VMA. */
export class VmaList {
  readonly first: number[] = [];
  readonly last: number[] = [];
  readonly start: number[] = [];
  /** Exclusive. */
  readonly end: number[] = [];
  readonly flags: number[] = [];
  readonly pgoff: number[] = [];
  readonly policy: number[] = [];
  readonly uffd: number[] = [];
  readonly name: (string | null)[] = [];
  readonly file: Vma['file'][] = [];
  readonly anon: (AnonVma | null)[] = [];
  readonly vma: Vma[] = [];
  count = 0;

  read(mm: Mm): void {
    this.count = 0;
    const walker = walkerOf(mm);
    for (let vma = walker.find(MAX_INDEX); vma !== null; vma = walker.find(MAX_INDEX)) {
      this.add(walker.index, walker.last, vma);
    }
  }

  private add(first: number, last: number, vma: Vma): void {
    const i = this.count++;
    this.first[i] = first;
    this.last[i] = last;
    this.start[i] = vma.start;
    this.end[i] = vma.end;
    this.flags[i] = vma.flags;
    this.pgoff[i] = vma.pgoff;
    this.policy[i] = vma.policy;
    this.uffd[i] = vma.uffdCtx;
    this.name[i] = vma.name;
    this.file[i] = vma.file;
    this.anon[i] = vma.anonVma;
    this.vma[i] = vma;
  }

  /** Number of the mapping that holds a page, or -1. */
  holding(page: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.end[middle] <= page) low = middle + 1;
      else if (this.start[middle] > page) high = middle - 1;
      else return middle;
    }
    return -1;
  }

  /** Mapped pages, all told. */
  pages(): number {
    let pages = 0;
    for (let i = 0; i < this.count; i++) pages += this.end[i] - this.start[i];
    return pages;
  }

  /** "[12, 15)", in pages. */
  range(i: number): string {
    return `[${this.start[i]}, ${this.end[i]})`;
  }
}

/** src's address space from inside. */
export function mmOf(context: MmContext): Mm {
  return context.src.mm;
}

let earlier = new VmaList();
let present = new VmaList();
/** The step that `earlier` stands before, and the one that `present` stands behind. */
let earlierStep = -2;
let presentStep = -2;

/** The `begin` of every invariant that looks at lists. */
export function beginLists(): void {
  earlierStep = presentStep = -2;
  walker = null;
}

/** To be called in `before`: what is mapped before the operation. */
export function noteBefore(context: MmContext): null {
  if (earlierStep === context.step) return null;
  if (presentStep === context.step - 1) [earlier, present] = [present, earlier];
  else earlier.read(mmOf(context));
  earlierStep = context.step;
  presentStep = -2;
  return null;
}

/** What was mapped before the operation. Only where `before` is `noteBefore`. */
export function listBefore(): VmaList {
  return earlier;
}

/** What is mapped after it. */
export function listAfter(context: MmContext): VmaList {
  if (presentStep !== context.step) {
    present.read(mmOf(context));
    presentStep = context.step;
  }
  return present;
}
