/**
 * The content of a tree: ranges with a value each, in ascending order, in three arrays side by side.
 *
 *     firsts  [ 5, 20, 30 ]          0   5    10   20    30    40      max
 *     lasts   [ 9, 29, 39 ]          |gap|  1  |gap|  2  |  3  |   gap  |
 *     values  [ 1,  2,  3 ]
 *
 * Why so plain: this is the side that a reader must be able to believe at sight. A search looks at one range after the
 * other; a store cuts what is in its way and puts one range in.
 *
 * Rules that hold here:
 * - Both ends of a range are inclusive; indexes are integers from 0 to MAX_INDEX.
 * - Ranges do not overlap. Neighbours with equal values stay two. What no range holds is a gap.
 */

/** The top index of a tree: 2^53 - 1. */
export const MAX_INDEX = Number.MAX_SAFE_INTEGER;

/** Sorted ranges, read and cut one after the other. */
export class Ranges {
  readonly firsts: number[] = [];
  readonly lasts: number[] = [];
  readonly values: number[] = [];

  /** How many ranges are stored. */
  get count(): number {
    return this.firsts.length;
  }

  /** The lowest place whose range ends at or above index; `count` if there is none. */
  placeAtOrAbove(index: number): number {
    const { lasts } = this;
    let place = 0;
    while (place < lasts.length && lasts[place] < index) place++;
    return place;
  }

  /** The value whose range holds index, or null. */
  valueOf(index: number): number | null {
    const place = this.placeAtOrAbove(index);
    return this.holds(place, index) ? this.values[place] : null;
  }

  /** Whether the range at a place from `placeAtOrAbove(index)` holds index. */
  holds(place: number, index: number): boolean {
    return place < this.firsts.length && this.firsts[place] <= index;
  }

  /** First index of the gap below the range at place (or above the last range, for place = count). */
  gapFirst(place: number): number {
    return place === 0 ? 0 : this.lasts[place - 1] + 1;
  }

  /** Last index of the gap below the range at place; below `gapFirst` if the two ranges touch. */
  gapLast(place: number): number {
    return place === this.firsts.length ? MAX_INDEX : this.firsts[place] - 1;
  }

  /** First index of the slot, a stored range or a whole gap, that holds index. */
  slotFirst(index: number): number {
    const place = this.placeAtOrAbove(index);
    return this.holds(place, index) ? this.firsts[place] : this.gapFirst(place);
  }

  /** Last index of the slot that holds index, inclusive. */
  slotLast(index: number): number {
    const place = this.placeAtOrAbove(index);
    return this.holds(place, index) ? this.lasts[place] : this.gapLast(place);
  }

  /** Whether no range holds any index from first to last. */
  isFree(first: number, last: number): boolean {
    return this.gapLast(this.placeAtOrAbove(first)) >= last;
  }

  /**
   * Makes first to last empty, or gives it a value; ranges that reach in are cut, what is left of them keeps its value.
   */
  store(first: number, last: number, value: number | null): void {
    let place = this.placeAtOrAbove(first);
    if (this.holds(place, first) && this.firsts[place] < first) {
      if (this.lasts[place] > last) this.insert(place + 1, last + 1, this.lasts[place], this.values[place]);
      this.lasts[place] = first - 1;
      place++;
    }
    let covered = 0;
    while (place + covered < this.count && this.lasts[place + covered] <= last) covered++;
    this.remove(place, covered);
    if (place < this.count && this.firsts[place] <= last) this.firsts[place] = last + 1;
    if (value !== null) this.insert(place, first, last, value);
  }

  /** Takes count ranges away, from place on. */
  remove(place: number, count: number): void {
    if (count === 0) return;
    this.firsts.splice(place, count);
    this.lasts.splice(place, count);
    this.values.splice(place, count);
  }

  clear(): void {
    this.remove(0, this.count);
  }

  private insert(place: number, first: number, last: number, value: number): void {
    this.firsts.splice(place, 0, first);
    this.lasts.splice(place, 0, last);
    this.values.splice(place, 0, value);
  }
}
