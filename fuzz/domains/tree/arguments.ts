/**
 * Draws single arguments of tree operations from the present content: indexes at edges, inside entries, in gaps, at the
 * cursor; ranges that end where something else does; limits and sizes that just fit or just do not.
 *
 *        gap          entry k        gap       entry k+1
 *     ..........[##############]..........[###########]....
 *               ^-1 ^0 ^+1    ^            ^
 *               edges, plus or minus a little: where nearly all mistakes are
 */
import { spellable } from '../../format/spelling';
import { MAX_INDEX } from '../../format/types';
import type { Stream } from '../../generate/stream';
import type { TreeProfile } from './profile';
import type { TreeView } from './view';

export class TreeArguments {
  /** The range that the last drawRange() drew. */
  first = 0;
  last = 0;
  /** Where the sequence was last at work; some draws stay near it, as a user of the tree does. */
  private focus = 0;

  private profile!: TreeProfile;
  private view!: TreeView;

  constructor(private readonly stream: Stream) {}

  begin(profile: TreeProfile, view: TreeView): void {
    this.profile = profile;
    this.view = view;
    this.focus = 0;
  }

  /** Any index: mostly at or near an edge of the content. `r` is the maple state whose position may be used. */
  index(r: number): number {
    const { stream, view } = this;
    const count = view.count();
    const kind = stream.below(100);
    if (kind < 12 || count === 0) return this.plain();
    if (kind < 22) {
      const at = stream.chance(50) ? view.masIndex(r) : view.masLast(r);
      return spellable(at + this.little());
    }
    const k = this.entry();
    const first = view.first(k);
    const last = view.last(k);
    if (kind < 40) return spellable(first + this.inside(last - first));
    if (kind < 52) return this.inGapBefore(k);
    return spellable((stream.chance(50) ? first : last) + this.little());
  }

  /** A range, into `first` and `last`: a point, a few indexes, up to an edge, or over several entries. */
  range(r: number, growing: boolean): void {
    const { stream, view, profile } = this;
    const count = view.count();
    if (profile.space.name === 'root' && stream.chance(40)) this.first = this.last = 0;
    else if (count > 0 && stream.chance(profile.appendPercent)) this.append(count);
    else if (count > 0 && growing && stream.chance(60)) this.partOfGap(this.entry());
    else {
      const from = this.index(r);
      this.first = from;
      this.last = this.endFor(from, r, growing);
      if (this.last < from) {
        this.first = this.last;
        this.last = from;
      }
    }
    if (profile.space.grain > 1 && stream.chance(90)) this.toGrain(profile.space.grain);
    this.first = spellable(this.first);
    this.last = spellable(this.last);
  }

  /** A range for something new, into `first` and `last`: in a gap where there is one near, mostly. */
  free(r: number): void {
    if (this.view.count() === 0 || this.stream.chance(25)) {
      this.range(r, true);
      return;
    }
    this.partOfGap(this.stream.chance(this.profile.appendPercent) ? this.view.count() : this.entryBehindGap());
    if (this.profile.space.grain > 1 && this.stream.chance(90)) this.toGrain(this.profile.space.grain);
    this.first = spellable(this.first);
    this.last = spellable(this.last);
  }

  /** The upper limit of a search forward. */
  maximum(r: number): number {
    const kind = this.stream.below(100);
    if (kind < 45) return MAX_INDEX;
    if (kind < 60) return spellable(this.view.masLast(r) + this.little());
    if (kind < 68) return this.slotEnd(this.view.masLast(r));
    return this.index(r);
  }

  /** The lower limit of a search backward. */
  minimum(r: number): number {
    const kind = this.stream.below(100);
    if (kind < 45) return 0;
    if (kind < 60) return spellable(this.view.masIndex(r) + this.little());
    if (kind < 68) return this.slotStart(this.view.masIndex(r));
    return this.index(r);
  }

  /**
   * How many indexes to look for in first to last: 1, the length of a gap or of what they leave of it, one more, or
   * anything.
   */
  size(): number {
    const { stream, view } = this;
    const kind = stream.below(100);
    if (kind < 30) return 1;
    if (kind < 36) return stream.below(3);
    const count = view.count();
    if (kind < 80 && count > 0) {
      const k = this.entry();
      let start = k === 0 ? 0 : view.last(k - 1) + 1;
      let end = view.first(k) - 1;
      // What the window leaves of it.
      if (kind >= 60 && start <= this.last && end >= this.first) {
        start = Math.max(start, this.first);
        end = Math.min(end, this.last);
      }
      return clampSize(end - start + 1 + stream.between(-1, 1));
    }
    if (kind < 97) return this.profile.space.grain * stream.between(1, 12);
    return clampSize(this.plain());
  }

  /** The bounds of a search for a gap, into `first` and `last`: mostly all, else between edges. */
  bounds(r: number, strict: boolean): void {
    const { stream } = this;
    const kind = stream.below(100);
    const space = this.profile.space;
    this.first = kind < 50 ? (stream.chance(50) ? 0 : space.low) : this.index(r);
    this.last = kind < 60 ? (stream.chance(50) ? MAX_INDEX : space.high) : this.index(r);
    if (this.last < this.first && !stream.chance(4)) {
      const swap = this.first;
      this.first = this.last;
      this.last = swap;
    }
    // From the very top the kernel's search backward depends on how nodes lie.
    if (strict && this.last === MAX_INDEX) this.last = MAX_INDEX - 1;
    this.first = spellable(this.first);
    this.last = spellable(this.last);
  }

  /** Remembers where the sequence is at work. */
  at(index: number): void {
    this.focus = index;
  }

  /** Index of a stored range, count() being above 0: any, or one near where the last operation was. */
  private entry(): number {
    const { stream, view } = this;
    const count = view.count();
    if (!stream.chance(25)) return stream.below(count);
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (view.last(middle) < this.focus) low = middle + 1;
      else high = middle;
    }
    return Math.min(count - 1, Math.max(0, low + stream.between(-2, 2)));
  }

  /** An entry with a gap before it, looked for in a few places; count() stands for the gap behind all. */
  private entryBehindGap(): number {
    const { view, stream } = this;
    const count = view.count();
    let k = stream.below(count + 1);
    for (let tries = 0; tries < 6 && k < count; tries++, k++) {
      if (view.first(k) > (k === 0 ? this.profile.space.low : view.last(k - 1) + 1)) return k;
    }
    return k;
  }

  /** 0 mostly, else -1 or 1, seldom a little more. */
  private little(): number {
    const kind = this.stream.below(16);
    if (kind < 7) return 0;
    if (kind < 10) return 1;
    if (kind < 13) return -1;
    return this.stream.between(-3, 3) * (kind === 15 ? this.profile.space.grain : 1);
  }

  /** An offset from 0 to `length`, near the ends more often when that is long. */
  private inside(length: number): number {
    if (length <= 40 || this.stream.chance(50)) return this.stream.belowWide(length + 1);
    return this.stream.chance(50) ? this.stream.below(8) : length - this.stream.below(8);
  }

  /** An index drawn from the space alone. */
  private plain(): number {
    const { stream } = this;
    const { low, high } = this.profile.space;
    if (stream.chance(3)) return stream.chance(50) ? MAX_INDEX : 0;
    if (high - low <= 1e7) return low + stream.belowWide(high - low + 1);
    const magnitude = 2 ** stream.between(0, 52);
    const index = stream.belowWide(magnitude);
    return spellable(stream.chance(20) ? MAX_INDEX - (index % 2 ** 31) : index);
  }

  private inGapBefore(k: number): number {
    const { view } = this;
    const start = k === 0 ? 0 : view.last(k - 1) + 1;
    const length = view.first(k) - start;
    return spellable(length > 0 ? start + this.inside(length - 1) : view.last(k) + 1);
  }

  private endFor(from: number, r: number, growing: boolean): number {
    const { stream, view, profile } = this;
    const kind = stream.below(100);
    if (kind < 25) return from;
    if (kind < 50 || growing) return from + stream.below(stream.chance(80) ? 6 : 40) * profile.space.grain;
    const count = view.count();
    if (kind < 85 && count > 0) {
      const k = Math.min(count - 1, this.entryAt(from) + stream.below(profile.reach + 1));
      return (stream.chance(70) ? view.last(k) : view.first(k)) + this.little();
    }
    if (kind < 97) return this.index(r);
    return stream.chance(50) ? MAX_INDEX : 0;
  }

  /** The first entry that ends at or behind an index. */
  private entryAt(index: number): number {
    const { view } = this;
    let low = 0;
    let high = view.count() - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (view.last(middle) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last index of the entry or gap that holds an index: a state's own range may end before its slot does. */
  private slotEnd(index: number): number {
    const { view } = this;
    const count = view.count();
    if (count === 0 || view.last(count - 1) < index) return MAX_INDEX;
    const k = this.entryAt(index);
    return spellable(view.first(k) <= index ? view.last(k) : view.first(k) - 1);
  }

  private slotStart(index: number): number {
    const { view } = this;
    const count = view.count();
    if (count === 0) return 0;
    if (view.last(count - 1) < index) return spellable(view.last(count - 1) + 1);
    const k = this.entryAt(index);
    if (view.first(k) <= index) return spellable(view.first(k));
    return k === 0 ? 0 : spellable(view.last(k - 1) + 1);
  }

  private append(count: number): void {
    const { stream, view } = this;
    const distance = stream.chance(70) ? 0 : stream.below(5) * this.profile.space.grain;
    this.first = Math.min(MAX_INDEX, view.last(count - 1) + 1 + distance);
    this.last = this.first + stream.below(10) * this.profile.space.grain;
  }

  /** A part of the gap before entry k (behind all for k = count()), or of entry k itself where there is no gap. */
  private partOfGap(k: number): void {
    const { stream, view } = this;
    if (k === view.count()) {
      this.append(k);
      return;
    }
    let start = k === 0 ? this.profile.space.low : view.last(k - 1) + 1;
    let end = view.first(k) - 1;
    if (end < start) {
      start = view.first(k);
      end = view.last(k);
    }
    if (stream.chance(30)) end = Math.min(end, start + stream.below(20) * this.profile.space.grain);
    const a = start + this.inside(end - start);
    const b = stream.chance(60) ? Math.min(end, a + stream.below(8)) : start + this.inside(end - start);
    this.first = Math.min(a, b);
    this.last = Math.max(a, b);
  }

  private toGrain(grain: number): void {
    const last = this.last - (this.last % grain) + grain - 1;
    this.first -= this.first % grain;
    this.last = last;
  }
}

function clampSize(size: number): number {
  return Math.min(Math.max(0, size), 2 ** 52 - 1);
}
