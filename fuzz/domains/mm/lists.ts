/**
 * src's mappings as plain numbers, before and after an operation, for the invariants that compare the two.
 *
 *     before(step)            operation             check(step)
 *     list "before"  --->  src changes its  --->  list "after"
 *                          VMA objects
 *
 * A list is made by one reading of the tree's nodes, and once a step, however many invariants look at it. What a step
 * left is what the next one starts from, so mostly there is one reading a writing step.
 *
 * Where it is not the turn of the whole content (`whole`), the two lists hold the mappings that reach into the
 * operation's window (mm-window.ts), the same pages before and after. An operation without a window has only the list
 * after it. On a turn of the whole the list after is whole, and the list before it if that was at hand or is short: who
 * compares the two asks `comparable`.
 */
import type { Mm } from '../../../src/mm/mm';
import type { AnonVma, Vma } from '../../../src/mm/vma';
import { WALK_SIZE } from '../../lockstep/amortize';
import type { MmContext } from './context';
import { Entries } from './entries';
import { MmWindow } from './window';

/** Mappings in ascending order; `first` and `last` are where the tree has them, the rest is copied from the VMA. */
export class VmaList {
  private readonly entries = new Entries<Vma>();
  start = new Float64Array(64);
  /** Exclusive. */
  end = new Float64Array(64);
  pgoff = new Float64Array(64);
  flags = new Int32Array(64);
  policy = new Uint8Array(64);
  uffd = new Uint8Array(64);
  readonly name: (string | null)[] = [];
  readonly file: Vma['file'][] = [];
  readonly anon: (AnonVma | null)[] = [];

  get first(): Float64Array {
    return this.entries.firsts;
  }

  /** Inclusive. */
  get last(): Float64Array {
    return this.entries.lasts;
  }

  get vma(): readonly Vma[] {
    return this.entries.values;
  }

  get count(): number {
    return this.entries.count;
  }

  /** Whether all mappings are here. */
  whole = true;
  /** If not, those that reach into these pages; `high` exclusive. */
  low = 0;
  high = 0;

  read(mm: Mm): void {
    this.entries.read(mm.tree);
    this.whole = true;
    this.copy();
  }

  readWindow(mm: Mm, low: number, high: number): void {
    this.entries.readRange(mm.tree, low, high - 1);
    this.whole = false;
    this.low = low;
    this.high = high;
    this.copy();
  }

  private copy(): void {
    const { values, count } = this.entries;
    if (count > this.start.length) this.grow(count * 2);
    const { start, end, pgoff, flags, policy, uffd, name, file, anon } = this;
    for (let i = 0; i < count; i++) {
      const vma = values[i];
      start[i] = vma.start;
      end[i] = vma.end;
      pgoff[i] = vma.pgoff;
      flags[i] = vma.flags;
      policy[i] = vma.policy;
      uffd[i] = vma.uffdCtx;
      name[i] = vma.name;
      file[i] = vma.file;
      anon[i] = vma.anonVma;
    }
  }

  /** What was read before is lost. */
  private grow(length: number): void {
    this.start = new Float64Array(length);
    this.end = new Float64Array(length);
    this.pgoff = new Float64Array(length);
    this.flags = new Int32Array(length);
    this.policy = new Uint8Array(length);
    this.uffd = new Uint8Array(length);
  }

  /** Number of the first mapping that ends above a page; `count` if there is none. */
  above(page: number): number {
    const { end } = this;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (end[middle] <= page) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Number of the mapping that holds a page, or -1. */
  holding(page: number): number {
    const i = this.above(page);
    return i < this.count && this.start[i] <= page ? i : -1;
  }

  /** Mapped pages of the mappings from number `from` to `to`, exclusive. */
  pages(from: number, to: number): number {
    let pages = 0;
    for (let i = from; i < to; i++) pages += this.end[i] - this.start[i];
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
/** The pages that the operation is about, and the last step for which they are not known. */
const pages = new MmWindow();
let unknownStep = -2;

/** The `begin` of every invariant that looks at lists. */
export function beginLists(): void {
  earlierStep = presentStep = unknownStep = -2;
}

/** To be called in `before`: what is mapped before the operation. */
export function noteBefore(context: MmContext): null {
  const { step } = context;
  if (earlierStep === step || unknownStep === step) return null;
  const { whole } = context;
  // After a step that the format refused the list is not at hand: a window is cheaper then than all of a big
  // content.
  const isWindowEnough = !whole || (!context.thorough && context.oracle.count > WALK_SIZE);
  if (whole && presentStep === step - 1 && present.whole) [earlier, present] = [present, earlier];
  else if (isWindowEnough && pages.before(context.oracle, context.operation!)) {
    earlier.readWindow(mmOf(context), pages.low, pages.high);
  } else if (whole) {
    earlier.read(mmOf(context));
  } else {
    unknownStep = step;
    return null;
  }
  earlierStep = step;
  presentStep = -2;
  return null;
}

/** Whether there is a list of what was mapped before the operation: not if it has no window. */
export function knowsBefore(context: MmContext): boolean {
  return earlierStep === context.step;
}

/** What was mapped before the operation. Only where `before` is `noteBefore`, and if `knowsBefore`. */
export function listBefore(): VmaList {
  return earlier;
}

/** The mappings of a list from number `from` to `to`, exclusive, that reach into the pages of another list. */
export interface Part {
  from: number;
  to: number;
}

const part: Part = { from: 0, to: 0 };

/** Which mappings of the list after can be compared with the list before. One object serves all. */
export function comparable(after: VmaList): Readonly<Part> {
  part.from = 0;
  part.to = after.count;
  if (earlier.whole) return part;
  part.from = after.above(earlier.low);
  const last = after.above(earlier.high - 1);
  part.to = last < after.count && after.start[last] < earlier.high ? last + 1 : last;
  return part;
}

/** What is mapped after it. */
export function listAfter(context: MmContext): VmaList {
  if (presentStep === context.step) return present;
  presentStep = context.step;
  if (context.whole) {
    present.read(mmOf(context));
    return present;
  }
  if (!knowsBefore(context)) pages.after(context.oracle, context.operation!, context.ret);
  present.readWindow(mmOf(context), pages.low, pages.high);
  return present;
}
