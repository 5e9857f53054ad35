/**
 * A plain sorted array: the simplest thing that could do the job. Three parallel arrays, binary search, splice.
 * Loads are hard to beat; each write moves everything behind it.
 */
import type { RangeMap } from './range-map';

interface Entry {
  first: number;
  last: number;
  value: number;
}

export class SortedArray implements RangeMap {
  private firsts: number[] = [];
  private lasts: number[] = [];
  private values: number[] = [];

  static fromEntries(entries: Entry[]): SortedArray {
    const map = new SortedArray();
    const sorted = [...entries].sort((x, y) => x.first - y.first);
    map.firsts = sorted.map((entry) => entry.first);
    map.lasts = sorted.map((entry) => entry.last);
    map.values = sorted.map((entry) => entry.value);
    return map;
  }

  /** Position of the first entry that ends at or above the index. */
  private at(index: number): number {
    const lasts = this.lasts;
    let low = 0;
    let high = lasts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (lasts[middle] < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  store(first: number, last: number, value: number): void {
    const { firsts, lasts, values } = this;
    let from = this.at(first);
    let to = from;
    while (to < firsts.length && firsts[to] <= last) to++;
    const newFirsts: number[] = [];
    const newLasts: number[] = [];
    const newValues: number[] = [];
    const push = (f: number, l: number, v: number) => {
      newFirsts.push(f);
      newLasts.push(l);
      newValues.push(v);
    };
    if (from < to && firsts[from] < first) push(firsts[from], first - 1, values[from]);
    if (value !== 0) push(first, last, value);
    if (from < to && lasts[to - 1] > last) push(last + 1, lasts[to - 1], values[to - 1]);
    // Overwrite in place what fits; splice only the difference.
    const shared = Math.min(to - from, newFirsts.length);
    for (let i = 0; i < shared; i++, from++) {
      firsts[from] = newFirsts[i];
      lasts[from] = newLasts[i];
      values[from] = newValues[i];
    }
    if (from === to && shared === newFirsts.length) return;
    firsts.splice(from, to - from, ...newFirsts.slice(shared));
    lasts.splice(from, to - from, ...newLasts.slice(shared));
    values.splice(from, to - from, ...newValues.slice(shared));
  }

  load(index: number): boolean {
    const i = this.at(index);
    return i < this.firsts.length && this.firsts[i] <= index;
  }

  erase(index: number): boolean {
    const i = this.at(index);
    if (i === this.firsts.length || this.firsts[i] > index) return false;
    this.firsts.splice(i, 1);
    this.lasts.splice(i, 1);
    this.values.splice(i, 1);
    return true;
  }

  forward(): number {
    let sum = 0;
    for (let i = 0; i < this.firsts.length; i++) sum += this.lasts[i] - this.firsts[i] + 1;
    return sum;
  }

  backward(): number {
    let sum = 0;
    for (let i = this.firsts.length - 1; i >= 0; i--) sum += this.lasts[i] - this.firsts[i] + 1;
    return sum;
  }

  lowestGap(low: number, high: number, size: number): number {
    let start = low;
    for (let i = this.at(low); i < this.firsts.length && start + size - 1 <= high; i++) {
      if (this.firsts[i] - start >= size) return start;
      start = this.lasts[i] + 1;
    }
    return start + size - 1 <= high ? start : -1;
  }

  highestGap(low: number, high: number, size: number): number {
    let end = high;
    let i = this.at(high);
    if (i === this.firsts.length || this.firsts[i] > high) i--;
    for (; i >= 0 && end - size + 1 >= low; i--) {
      if (end - this.lasts[i] >= size) return end;
      end = this.firsts[i] - 1;
    }
    return end - size + 1 >= low ? end : -1;
  }

  duplicate(): SortedArray {
    const copy = new SortedArray();
    copy.firsts = this.firsts.slice();
    copy.lasts = this.lasts.slice();
    copy.values = this.values.slice();
    return copy;
  }

  validate(): boolean {
    for (let i = 0; i < this.firsts.length; i++) {
      if (this.firsts[i] > this.lasts[i]) return false;
      if (i > 0 && this.lasts[i - 1] >= this.firsts[i]) return false;
    }
    return true;
  }

  each(visit: (first: number, last: number, value: number) => void): void {
    for (let i = 0; i < this.firsts.length; i++) visit(this.firsts[i], this.lasts[i], this.values[i]);
  }
}
