/**
 * Which sequences of a campaign have been run: the book that makes `--resume` exact.
 *
 * Sequences are numbered from 0. They are handed to workers as short ranges in ascending order, and a range comes back
 * as done, or, when its worker died, as done up to some number. What is left of it is handed out again first.
 *
 *     done      [0 ........ 640)      [704 .. 768)
 *     given                     [640 .. 704)      [768 .. 832)
 *     next                                                    832
 *
 * Rules that hold here:
 * - A number is handed out at most once between two failures, and never after it was done.
 * - New ranges are handed out in ascending order; what came back comes first, so a worker may see lower numbers again.
 */

/** Sequence numbers from `from`, inclusive, to `to`, exclusive. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

export class Ledger {
  /** Disjoint, ascending, never touching. */
  private done: SequenceRange[] = [];
  /** What was handed out and came back unfinished; ascending. */
  private again: SequenceRange[] = [];
  private next = 0;

  constructor(private readonly rangeLength: number) {}

  /** How many sequences are done. */
  get count(): number {
    let sum = 0;
    for (const r of this.done) sum += r.to - r.from;
    return sum;
  }

  /** All numbers below this one are done. */
  get doneBelow(): number {
    const first = this.done[0];
    return first !== undefined && first.from === 0 ? first.to : 0;
  }

  isDone(n: number): boolean {
    return this.done.some((r) => r.from <= n && n < r.to);
  }

  /** The next range to run, below `limit`; null if there is none. It never crosses a multiple of the range's length. */
  give(limit: number): SequenceRange | null {
    const first = this.again[0];
    if (first !== undefined) {
      if (first.from >= limit) return null;
      const to = Math.min(first.to, this.endFrom(first.from), limit);
      if (to < first.to) this.again[0] = { from: to, to: first.to };
      else this.again.shift();
      return { from: first.from, to };
    }
    if (this.next >= limit) return null;
    const from = this.next;
    const to = Math.min(this.endFrom(from), limit);
    this.next = to;
    return { from, to };
  }

  /** Where a range from `from` on ends at the latest: at the next multiple of the length. */
  private endFrom(from: number): number {
    return from - (from % this.rangeLength) + this.rangeLength;
  }

  /** Hands back what was given and not done. */
  putBack(range: SequenceRange): void {
    if (range.from >= range.to) return;
    this.again.push(range);
    this.again.sort((a, b) => a.from - b.from);
  }

  /** Records that a range is done; overlapping records are harmless. */
  finish(range: SequenceRange): void {
    if (range.from >= range.to) return;
    const merged: SequenceRange[] = [];
    let { from, to } = range;
    for (const r of this.done) {
      if (r.to < from || r.from > to) merged.push(r);
      else {
        from = Math.min(from, r.from);
        to = Math.max(to, r.to);
      }
    }
    merged.push({ from, to });
    this.done = merged.sort((a, b) => a.from - b.from);
  }

  /** After all records of an earlier run were finished: the gaps between them are to be run, then what follows. */
  restart(): void {
    this.again = [];
    let at = 0;
    for (const r of this.done) {
      this.putBack({ from: at, to: r.from });
      at = r.to;
    }
    this.next = at;
  }
}
