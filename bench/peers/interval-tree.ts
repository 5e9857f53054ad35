/**
 * npm's @flatten-js/interval-tree: an augmented red-black tree of intervals that may overlap. Here they never do: a
 * store takes out what it meets and puts back the ends. It has no way to go backward.
 */
import type { CannotDo, RangeMap } from './range-map';

interface Piece {
  first: number;
  last: number;
  value: number;
}

type Key = { low: unknown; high: unknown };

/** The part of the package that is used here. Its own types are an ES module's, which CommonJS may not import. */
interface Tree {
  root: unknown;
  isEmpty(): boolean;
  insert(key: [number, number], value: number): unknown;
  remove(key: [number, number], value: number): unknown;
  search<T>(key: [number, number], output: (value: number, key: Key) => T): T[];
  intersect_any(key: [number, number]): boolean;
  iterate<T>(key: [number, number] | undefined, output: (value: number, key: Key) => T): Iterable<T>;
  map(change: (value: number) => number): Tree;
  testBlackHeightProperty(node: unknown): number;
  testRedBlackProperty(): boolean;
}

const { IntervalTree } = require('@flatten-js/interval-tree') as { IntervalTree: new () => Tree };

const piece = (value: number, key: Key): Piece => ({
  first: key.low as number,
  last: key.high as number,
  value,
});

export const intervalTreeCannot: CannotDo = {
  backward: 'no reverse iteration',
  'gap-highest': 'no reverse iteration',
  'vma-mix': 'no reverse iteration',
};

export class FlattenIntervalTree implements RangeMap {
  constructor(private readonly tree: Tree = new IntervalTree()) {}

  store(first: number, last: number, value: number): void {
    const tree = this.tree;
    for (const met of tree.search([first, last], piece)) {
      tree.remove([met.first, met.last], met.value);
      if (met.first < first) tree.insert([met.first, first - 1], met.value);
      if (met.last > last) tree.insert([last + 1, met.last], met.value);
    }
    if (value !== 0) tree.insert([first, last], value);
  }

  /** In order. An emptied tree of this package cannot be iterated: it would walk its sentinel. */
  private pieces(from?: [number, number]): Iterable<Piece> {
    return this.tree.isEmpty() ? [] : this.tree.iterate(from, piece);
  }

  load(index: number): boolean {
    return this.tree.intersect_any([index, index]);
  }

  erase(index: number): boolean {
    const [met] = this.tree.search([index, index], piece);
    if (met === undefined) return false;
    this.tree.remove([met.first, met.last], met.value);
    return true;
  }

  forward(): number {
    let sum = 0;
    for (const met of this.pieces()) sum += met.last - met.first + 1;
    return sum;
  }

  backward(): number {
    throw new Error(intervalTreeCannot.backward);
  }

  lowestGap(low: number, high: number, size: number): number {
    let start = low;
    for (const met of this.pieces([low, high])) {
      if (met.first - start >= size || start + size - 1 > high) break;
      start = Math.max(start, met.last + 1);
    }
    return start + size - 1 <= high ? start : -1;
  }

  highestGap(): number {
    throw new Error(intervalTreeCannot['gap-highest']);
  }

  duplicate(): FlattenIntervalTree {
    return new FlattenIntervalTree(this.tree.map((value) => value));
  }

  validate(): boolean {
    this.tree.testBlackHeightProperty(this.tree.root);
    return this.tree.testRedBlackProperty();
  }

  each(visit: (first: number, last: number, value: number) => void): void {
    for (const met of this.pieces()) visit(met.first, met.last, met.value);
  }
}
