/**
 * npm's @js-sdsl/ordered-map (a red-black tree) with ranges on top: the key is the first index, the value an object
 * with the last one. As with sorted-btree, gap searches walk.
 */
import { OrderedMap } from '@js-sdsl/ordered-map';
import type { RangeMap } from './range-map';

interface Range {
  readonly last: number;
  readonly value: number;
}

export class RedBlackMap implements RangeMap {
  constructor(private readonly tree: OrderedMap<number, Range> = new OrderedMap()) {}

  store(first: number, last: number, value: number): void {
    const tree = this.tree;
    for (;;) {
      const at = tree.reverseLowerBound(last);
      if (!at.isAccessible()) break;
      const [start, range] = at.pointer;
      if (range.last < first) break;
      if (start < first) tree.setElement(start, { last: first - 1, value: range.value });
      else tree.eraseElementByIterator(at);
      if (range.last > last) tree.setElement(last + 1, { last: range.last, value: range.value });
    }
    if (value !== 0) tree.setElement(first, { last, value });
  }

  load(index: number): boolean {
    const at = this.tree.reverseLowerBound(index);
    return at.isAccessible() && at.pointer[1].last >= index;
  }

  erase(index: number): boolean {
    const at = this.tree.reverseLowerBound(index);
    if (!at.isAccessible() || at.pointer[1].last < index) return false;
    this.tree.eraseElementByIterator(at);
    return true;
  }

  forward(): number {
    let sum = 0;
    const end = this.tree.end();
    for (const at = this.tree.begin(); !at.equals(end); at.next()) sum += at.pointer[1].last - at.pointer[0] + 1;
    return sum;
  }

  backward(): number {
    let sum = 0;
    const end = this.tree.rEnd();
    for (const at = this.tree.rBegin(); !at.equals(end); at.next()) sum += at.pointer[1].last - at.pointer[0] + 1;
    return sum;
  }

  lowestGap(low: number, high: number, size: number): number {
    let start = low;
    const below = this.tree.reverseLowerBound(low);
    if (below.isAccessible() && below.pointer[1].last >= low) start = below.pointer[1].last + 1;
    for (const at = this.tree.lowerBound(start); at.isAccessible(); at.next()) {
      const [first, range] = at.pointer;
      if (first - start >= size || start + size - 1 > high) break;
      start = range.last + 1;
    }
    return start + size - 1 <= high ? start : -1;
  }

  highestGap(low: number, high: number, size: number): number {
    let end = high;
    for (const at = this.tree.reverseLowerBound(high); at.isAccessible(); at.pre()) {
      const [first, range] = at.pointer;
      if (end - range.last >= size || end - size + 1 < low) break;
      end = Math.min(end, first - 1);
      if (at.equals(this.tree.begin())) break;
    }
    return end - size + 1 >= low ? end : -1;
  }

  duplicate(): RedBlackMap {
    return new RedBlackMap(new OrderedMap(this.tree));
  }

  validate(): boolean {
    let end = -1;
    let good = true;
    this.tree.forEach(([first, range]) => {
      good &&= first > end && range.last >= first;
      end = range.last;
    });
    return good;
  }

  each(visit: (first: number, last: number, value: number) => void): void {
    this.tree.forEach(([first, range]) => {
      visit(first, range.last, range.value);
    });
  }
}
