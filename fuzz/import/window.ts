/**
 * Moves the addresses of a real process into a small window.
 *
 * A process uses a few islands of a huge space. What an island looks like inside must stay as it is (who touches whom,
 * in which order); how far apart two islands are hardly matters. So islands stay whole and in order, and gaps shrink:
 *
 *     real     |.....[prog][heap]...................[lib][lib].............[stack]...|
 *     window   |.[prog][heap]..[lib][lib]..[stack].|
 *
 * Rules that hold here:
 * - A gap never grows, and keeps at least GAP pages if it had them (GUARD pages where a growsdown mapping is about, as
 *   the kernel keeps others that far below one).
 * - If everything fits a window that the live kernel can run (KERNEL_PAGES), nothing else is kept. Otherwise each
 *   island also keeps its place relative to 2 MiB, which is what alignment can matter to.
 * - Addresses lie below 2^63: every page's is exact as a number, but not every byte's above 2^53.
 */
import { KERNEL_PAGES, MAX_PAGES } from '../domains/mm/header';
import { type Operation, PAGE } from '../format/types';
import { ImportError } from './report';

const GAP = 16;
const GUARD = 320;
/** 2 MiB in pages. */
const HUGE = 512;

/** A run of pages, `end` exclusive. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** The pages from the byte addr on; at least one. */
export function spanOf(addr: number, length: number): Span {
  const first = Math.floor(addr / PAGE);
  return { first, end: first + Math.ceil(((addr % PAGE) + Math.max(length, 1)) / PAGE) };
}

/** Whether an operation looks at its `new_addr`. */
function usesNewAddr(operation: Operation): boolean {
  const flags = (operation.flags ?? []) as readonly string[];
  return operation.op === 'mremap' && (flags.includes('fixed') || flags.includes('dontunmap'));
}

/**
 * All pages that an operation speaks of; a `brk` also needs the page above it free. `heap` is where the heap starts.
 */
export function spansOf(operation: Operation, heap: number | null): Span[] {
  const addr = operation.addr as number | undefined;
  if (addr === undefined) return [];
  if (operation.op === 'brk') {
    return heap === null ? [] : [spanOf(heap, Math.max(addr - heap, 0) + PAGE)];
  }
  if (operation.op !== 'mremap') return [spanOf(addr, (operation.len as number | undefined) ?? 1)];
  const [oldLen, newLen] = [operation.old_len as number, operation.new_len as number];
  if (!usesNewAddr(operation)) return [spanOf(addr, Math.max(oldLen, newLen))];
  return [spanOf(addr, oldLen), spanOf(operation.new_addr as number, newLen)];
}

/** Spans that touch or overlap become one island; ascending. */
function islandsOf(spans: readonly Span[]): Span[] {
  const islands: { first: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.first - b.first)) {
    const below = islands.at(-1);
    if (below !== undefined && span.first <= below.end) below.end = Math.max(below.end, span.end);
    else islands.push({ ...span });
  }
  return islands;
}

export class Window {
  private readonly islands: readonly Span[];
  /** Where each island starts in the window, in pages. */
  private readonly starts: number[] = [];
  /** Length of the window. */
  readonly pages: number;

  /** @param wideGaps whether a growsdown mapping is about */
  constructor(spans: readonly Span[], wideGaps: boolean) {
    this.islands = islandsOf(spans);
    const gap = wideGaps ? GUARD : GAP;
    const pages = this.place(gap, 1);
    this.pages = pages <= KERNEL_PAGES ? pages : this.place(gap, HUGE);
    if (this.pages > MAX_PAGES)
      throw new ImportError(0, `the mappings span ${this.pages} pages, more than a window has`);
  }

  /** Gives each island its start, GAP pages from the window's ends. Returns the window's length. */
  private place(least: number, alignment: number): number {
    let realEnd = 0;
    let end = 0;
    this.islands.forEach((island, i) => {
      const gap = island.first - realEnd;
      const small = Math.min(gap, i === 0 ? GAP : least);
      const extra = (((island.first - end - small) % alignment) + alignment) % alignment;
      this.starts[i] = end + small + extra;
      realEnd = island.end;
      end = this.starts[i] + island.end - island.first;
    });
    return end + GAP;
  }

  /** Where a byte address of an island (its exclusive end included) lies in the window. */
  move(addr: number): number {
    const page = addr / PAGE;
    let [i, high] = [0, this.islands.length];
    while (i < high) {
      const middle = (i + high) >>> 1;
      if (this.islands[middle].end >= page) high = middle;
      else i = middle + 1;
    }
    const island = this.islands[i];
    if (island === undefined || page < island.first) throw new RangeError(`address ${addr} is on no island`);
    return addr + (this.starts[i] - island.first) * PAGE;
  }
}

/** An operation with its addresses moved. A `brk` below the heap asks where the break is: it stays below. */
export function moveOperation(operation: Operation, window: Window, heap: number | null): Operation {
  if (operation.addr === undefined) return operation;
  const addr = operation.addr as number;
  if (operation.op === 'brk' && (heap === null || addr < heap - PAGE)) return { ...operation, addr: 0 };
  if (operation.op === 'brk') return { ...operation, addr: window.move(Math.max(addr, heap!)) };
  const moved = { ...operation, addr: window.move(addr) };
  return usesNewAddr(operation) ? { ...moved, new_addr: window.move(operation.new_addr as number) } : moved;
}

/** What an operation answered in the log, as it must answer in the window. */
export function moveAnswer(
  operation: Operation,
  answer: number | string | null,
  window: Window,
  heap: number | null,
): number | string | null {
  if (typeof answer !== 'number') return answer;
  if (operation.op === 'brk') return window.move(Math.max(answer, heap!));
  return operation.op === 'mmap' || operation.op === 'mremap' ? window.move(answer) : answer;
}
