/**
 * npm's sorted-btree with ranges on top, as a user of it would write them: the key is the first index, the value an
 * object with the last one. Free space is not stored, so gap searches walk.
 */
import BTree from 'sorted-btree';
import type { RangeMap } from './range-map';

interface Range {
  readonly last: number;
  readonly value: number;
}

export class SortedBTree implements RangeMap {
  constructor(private readonly tree: BTree<number, Range> = new BTree()) {}

  store(first: number, last: number, value: number): void {
    const tree = this.tree;
    const high = tree.getPairOrNextLower(last);
    if (high !== undefined && high[1].last >= first) {
      const low = high[0] < first ? high : tree.getPairOrNextLower(first);
      if (high[0] >= first) tree.deleteRange(first, last, true);
      if (low !== undefined && low[0] < first && low[1].last >= first)
        tree.set(low[0], { last: first - 1, value: low[1].value });
      if (high[1].last > last) tree.set(last + 1, { last: high[1].last, value: high[1].value });
    }
    if (value !== 0) tree.set(first, { last, value });
  }

  load(index: number): boolean {
    const pair = this.tree.getPairOrNextLower(index);
    return pair !== undefined && pair[1].last >= index;
  }

  erase(index: number): boolean {
    const pair = this.tree.getPairOrNextLower(index);
    if (pair === undefined || pair[1].last < index) return false;
    return this.tree.delete(pair[0]);
  }

  forward(): number {
    let sum = 0;
    for (const [first, range] of this.tree.entries()) sum += range.last - first + 1;
    return sum;
  }

  backward(): number {
    let sum = 0;
    for (const [first, range] of this.tree.entriesReversed()) sum += range.last - first + 1;
    return sum;
  }

  lowestGap(low: number, high: number, size: number): number {
    const below = this.tree.getPairOrNextLower(low);
    let start = below !== undefined && below[1].last >= low ? below[1].last + 1 : low;
    for (const [first, range] of this.tree.entries(start)) {
      if (first - start >= size || start + size - 1 > high) break;
      start = range.last + 1;
    }
    return start + size - 1 <= high ? start : -1;
  }

  highestGap(low: number, high: number, size: number): number {
    let end = high;
    for (const [first, range] of this.tree.entriesReversed(high)) {
      if (end - range.last >= size || end - size + 1 < low) break;
      end = Math.min(end, first - 1);
    }
    return end - size + 1 >= low ? end : -1;
  }

  /** greedyClone: clone() only marks the nodes as shared and leaves the copying to later writes. */
  duplicate(): SortedBTree {
    return new SortedBTree(this.tree.greedyClone(true));
  }

  validate(): boolean {
    this.tree.checkValid();
    let end = -1;
    for (const [first, range] of this.tree.entries()) {
      if (first <= end || range.last < first) return false;
      end = range.last;
    }
    return true;
  }

  each(visit: (first: number, last: number, value: number) => void): void {
    for (const [first, range] of this.tree.entries()) visit(first, range.last, range.value);
  }
}
