/**
 * For the tests of the tree: node sizes to run them with, a small random source, and a list of ranges to compare with.
 */
import type { TreeOptions } from '../api';
import { MAX_INDEX } from '../layout';
import type { MapleTree } from '../tree';

/** Node sizes that tests run with: the smallest, odd ones, uneven ones, the kernel's, the largest. */
export const SIZES: readonly (readonly [leaf: number, inner: number, ranges: boolean])[] = [
  [4, 4, true],
  [5, 4, false],
  [4, 7, true],
  [8, 8, true],
  [10, 5, false],
  [16, 10, true],
  [16, 16, false],
  [64, 64, true],
];

export function optionsOf([leafSlots, innerSlots, ranges]: (typeof SIZES)[number]): TreeOptions {
  return { leafSlots, innerSlots, ranges };
}

/** A stream of numbers from 0 to below `below`, the same for the same seed. */
export function randomSource(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export type Range = [first: number, last: number, value: number];

/** Ranges in ascending order; every function looks at all of them. */
export class Model {
  ranges: Range[] = [];

  store(first: number, last: number, value: number | null): void {
    const kept: Range[] = [];
    for (const [a, b, v] of this.ranges) {
      if (b < first || a > last) kept.push([a, b, v]);
      if (a < first && b >= first) kept.push([a, first - 1, v]);
      if (b > last && a <= last) kept.push([last + 1, b, v]);
    }
    if (value !== null) kept.push([first, last, value]);
    this.ranges = kept.sort((x, y) => x[0] - y[0]);
  }

  at(index: number): Range | null {
    return this.ranges.find(([a, b]) => a <= index && index <= b) ?? null;
  }

  /** The empty ranges. */
  gaps(): [first: number, last: number][] {
    const gaps: [number, number][] = [];
    let next = 0;
    for (const [a, b] of this.ranges) {
      if (a > next) gaps.push([next, a - 1]);
      next = b + 1;
    }
    if (next <= MAX_INDEX) gaps.push([next, MAX_INDEX]);
    return gaps;
  }

  /** The empty ranges of at least `size` in a window, cut by it. */
  room(min: number, max: number, size: number): [first: number, last: number][] {
    return this.gaps()
      .map(([a, b]): [number, number] => [Math.max(a, min), Math.min(b, max)])
      .filter(([a, b]) => b - a + 1 >= size);
  }
}

/** Fills a tree and a model with the same random writes; calls `each` after each of them. */
export function randomWrites(
  tree: MapleTree<number>,
  model: Model,
  random: (below: number) => number,
  count: number,
  space: number,
  each: (step: number) => void,
): void {
  const longest = [2, 6, space >> 2][random(3)] + 1;
  for (let step = 1; step <= count; step++) {
    const first = random(space);
    const last = first + random(longest);
    const kind = random(10);
    if (kind < 6) {
      tree.storeRange(first, last, step);
      model.store(first, last, step);
    } else if (kind < 8) {
      tree.storeRange(first, last, null);
      model.store(first, last, null);
    } else {
      const there = model.at(first);
      expect(tree.erase(first)).toBe(there === null ? null : there[2]);
      if (there !== null) model.store(there[0], there[1], null);
    }
    each(step);
  }
}
