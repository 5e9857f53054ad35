/**
 * Draws ranges and addresses of an address space from the present mappings: whole mappings and parts of them, several
 * in a row, holes, the place right behind or right below one, the whole window; plus or minus a page.
 *
 *     |....[ VMA k ][ VMA k+1 ]......[ VMA k+2 ]....|
 *          ^whole-^
 *             ^--- over several --^
 *                             ^hole-^
 */

import { PAGE } from '../../format/types';
import type { Stream } from '../../generate/stream';
import type { MmView } from './view';

/** From so many pages on a window is vast: page numbers no longer fit into 31 bits. */
export const VAST = 2 ** 31 - 1;

export class MmArguments {
  /** The range that the last draw gave, in bytes; `end` exclusive. Page-aligned, not empty, inside the window. */
  start = 0;
  end = 0;
  /** The mapping that the range was drawn at, or -1. */
  at = -1;
  private size = 0;

  private view!: MmView;

  constructor(private readonly stream: Stream) {}

  /** Starts a sequence in a window of `size` bytes. */
  begin(view: MmView, size: number): void {
    this.view = view;
    this.size = size;
  }

  /** Any mapping, count() being above 0. */
  mapping(): number {
    return this.stream.below(this.view.count());
  }

  /** A range to work on, mostly over present mappings. */
  range(): void {
    const { stream, view } = this;
    const count = view.count();
    const kind = stream.below(100);
    if (count === 0 || kind < 6) this.plain();
    else if (kind < 30) this.whole(this.mapping());
    else if (kind < 62) this.part(this.mapping());
    else if (kind < 88) this.several(this.mapping());
    else if (kind < 97) this.hole(this.mapping());
    else this.set(0, this.size, -1);
  }

  /** A range for something new: mostly a hole or beside a mapping. */
  room(): void {
    const { stream, view } = this;
    const count = view.count();
    const kind = stream.below(100);
    if (count === 0 || kind < 25) this.plain();
    else if (kind < 50) this.hole(this.mapping());
    else if (kind < 65) this.behind(this.mapping());
    else if (kind < 80) this.below(this.mapping());
    else this.range();
  }

  /** One to a few pages, seldom many; in a vast window also such numbers as do not fit into 31 bits. */
  pages(): number {
    const kind = this.stream.below(100);
    if (kind < 30 && this.size / PAGE > VAST) return VAST + this.stream.below(VAST);
    if (kind < 70) return this.stream.between(1, 4);
    return this.stream.between(1, kind < 95 ? 16 : 64);
  }

  plain(): void {
    const start = this.stream.belowWide(this.size / PAGE) * PAGE;
    this.set(start, start + this.pages() * PAGE, -1);
  }

  whole(k: number): void {
    this.set(this.view.start(k), this.view.end(k), k);
  }

  /** A part that touches the start, the end or neither; a page beyond at times. */
  part(k: number): void {
    const { stream, view } = this;
    const start = view.start(k);
    const pages = (view.end(k) - start) / PAGE;
    const length = 1 + stream.belowWide(pages);
    const kind = stream.below(10);
    let offset = stream.belowWide(pages - length + 1);
    if (kind < 3) offset = 0;
    else if (kind < 6) offset = pages - length;
    const spill = stream.below(8);
    this.set(
      start + (offset - (spill === 7 ? 1 : 0)) * PAGE,
      start + (offset + length + (spill === 6 ? 1 : 0)) * PAGE,
      k,
    );
  }

  /** From within one mapping into a later one. */
  several(k: number): void {
    const { stream, view } = this;
    const until = Math.min(view.count() - 1, k + stream.between(1, stream.chance(80) ? 3 : 12));
    const start = stream.chance(50) ? view.start(k) : this.inside(k);
    const end = stream.chance(50) ? view.end(until) : this.inside(until) + PAGE;
    this.set(start, Math.max(end, start + PAGE), k);
  }

  /**
   * The hole above mapping k (-1: below the lowest), whole or in part, or a page more on a side; behind it where there
   * is none.
   */
  hole(k: number): void {
    const { stream, view } = this;
    const low = k < 0 ? 0 : view.end(k);
    const high = k + 1 < view.count() ? view.start(k + 1) : this.size;
    if (low >= high) {
      this.behind(Math.max(0, k));
      return;
    }
    const pages = (high - low) / PAGE;
    const kind = stream.below(10);
    if (kind < 4) this.set(low, high, k);
    else if (kind < 6) this.set(low, low + (1 + stream.belowWide(pages)) * PAGE, k);
    else if (kind < 8) this.set(high - (1 + stream.belowWide(pages)) * PAGE, high, k);
    else this.set(low - (kind === 8 ? PAGE : 0), high + (kind === 9 ? PAGE : 0), k);
  }

  /** Right behind mapping k, over whatever is there. */
  behind(k: number): void {
    const start = this.view.end(k);
    this.set(start, start + this.pages() * PAGE, k);
  }

  /** Right below mapping k. */
  below(k: number): void {
    const end = this.view.start(k);
    this.set(end - this.pages() * PAGE, end, k);
  }

  /** An address of one byte: in a mapping, at its edges, in the hole below. */
  address(): number {
    const { stream, view } = this;
    if (view.count() === 0 || stream.chance(10)) return stream.belowWide(this.size / PAGE) * PAGE;
    const k = this.mapping();
    const kind = stream.below(10);
    if (kind < 4) return view.start(k);
    if (kind < 5) return Math.min(view.end(k), this.size - 1);
    if (kind < 7) return Math.max(0, view.start(k) - stream.between(1, 3) * PAGE);
    return this.inside(k) + (kind === 9 ? stream.below(PAGE) : 0);
  }

  /** The start of a page of mapping k. */
  inside(k: number): number {
    const start = this.view.start(k);
    return start + this.stream.belowWide((this.view.end(k) - start) / PAGE) * PAGE;
  }

  /** Keeps a range within the window and not empty. */
  set(start: number, end: number, at: number): void {
    this.start = Math.min(Math.max(0, start), this.size - PAGE);
    this.end = Math.min(Math.max(end, this.start + PAGE), this.size);
    this.at = at;
  }
}
