/**
 * MapleTree: a map of ranges of indexes, each to one value, with the functions of the kernel's maple tree.
 *
 *      const tree = new MapleTree<string>();
 *      tree.storeRange(10, 19, 'a');
 *      tree.load(12);                    // 'a'
 *      for (const [first, last, value] of tree) ...
 *
 * Rules that hold here:
 * - Indexes are integers from 0 to 2^53 - 1, ranges inclusive at both ends; anything else is a RangeError.
 * - A value is anything but null and undefined; a stored null empties the range.
 * - Writes go through a cursor of the tree's own, which keeps its place: a write near the last one need not walk.
 *   Its place is good only while nobody else wrote, which `version` tells.
 */
import { masAllocCyclic, masAllocRange } from './alloc';
import { appendEntries, buildTree, type Entry } from './build';
import { TreeCore, type TreeOptions } from './core';
import { Cursor } from './cursor';
import { dumpTree } from './dump';
import { ACTIVE, checkIndex, type Errno, MAX_INDEX, NO_NODE, START } from './layout';
import type { NodePool } from './pool';
import { masFind, masNext, masPrev, mtFind, mtLoad } from './steps';
import { validateTree } from './validate';
import { masErase, masInsert, masStore } from './write';

function checkValue(value: unknown): void {
  if (value === undefined) throw new TypeError('a value must not be undefined');
}

export class MapleTree<T> extends TreeCore<T> implements Iterable<[first: number, last: number, value: T]> {
  private readonly own: Cursor<T>;
  private readonly reader: Cursor<T>;

  /** `pool` is for dup alone. */
  constructor(options: TreeOptions = {}, pool?: NodePool<T>) {
    super(options, pool);
    this.own = new Cursor<T>(this, 0, 0);
    this.reader = new Cursor<T>(this, 0, 0);
  }

  /**
   * A tree of `entries`, which come in ascending order and do not overlap; leaves are packed full. Throws RangeError if
   * they do not, and an Error if the node limit is too low.
   */
  static build<T>(entries: readonly Entry<T>[], options: TreeOptions = {}): MapleTree<T> {
    const tree = new MapleTree<T>(options);
    if (buildTree(tree, entries) !== 0) throw new Error(`ENOMEM: nodeLimit ${tree.pool.limit} is too low`);
    return tree;
  }

  /** Whether nothing is stored and no node is held. */
  get empty(): boolean {
    return this.isEmpty;
  }

  /**
   * Stores `value` over first to last, whatever was there; null empties the range. Answers 0, 'EINVAL' if first > last,
   * 'ENOMEM' if nodes cannot be had. After an error nothing has changed.
   */
  storeRange(first: number, last: number, value: T | null): 0 | Errno {
    checkIndex('first', first);
    checkIndex('last', last);
    checkValue(value);
    if (first > last) return 'EINVAL';
    const c = this.own;
    c.index = first;
    c.last = last;
    const answer = masStore(c, value);
    if (c.state !== ACTIVE) c.state = START;
    return answer;
  }

  /** As storeRange, but 'EEXIST' if any index of the range is taken. */
  insertRange(first: number, last: number, value: T): 0 | Errno {
    checkIndex('first', first);
    checkIndex('last', last);
    checkValue(value);
    if (first > last) return 'EINVAL';
    const c = this.own;
    c.index = first;
    c.last = last;
    const answer = masInsert(c, value);
    if (c.state !== ACTIVE) c.state = START;
    return answer;
  }

  /** Erases the whole range that holds `index`. Answers its value, or null. See `errno` for a lack of nodes. */
  erase(index: number): T | null {
    checkIndex('index', index);
    const c = this.own;
    c.index = index;
    c.last = index;
    const entry = masErase(c);
    if (c.state !== ACTIVE) c.state = START;
    return entry;
  }

  /** The value at `index`, or null. */
  load(index: number): T | null {
    checkIndex('index', index);
    return mtLoad(this, index);
  }

  /**
   * Stores `value` over the lowest free range of `size` indexes within min to max. Answers its start; 'EBUSY' if there
   * is none; 'EINVAL' for an impossible window, or in a tree without `ranges`; 'ENOMEM'.
   */
  allocRange(size: number, min: number, max: number, value: T): number | Errno {
    return this.alloc(size, min, max, value, true);
  }

  /** As allocRange, but the highest. */
  allocRrange(size: number, min: number, max: number, value: T): number | Errno {
    return this.alloc(size, min, max, value, false);
  }

  private alloc(size: number, min: number, max: number, value: T, up: boolean): number | Errno {
    checkIndex('size', size);
    checkIndex('min', min);
    checkIndex('max', max);
    checkValue(value);
    return masAllocRange(this.own, size, min, max, value, up);
  }

  /**
   * Stores `value` at the first free index from max(min, next) to max, or else from min on: then wrapped is 1.
   * Answers [index, the next `next`, wrapped], or as allocRange.
   */
  allocCyclic(min: number, max: number, next: number, value: T): [number, number, 0 | 1] | Errno {
    checkIndex('min', min);
    checkIndex('max', max);
    checkIndex('next', next);
    checkValue(value);
    return masAllocCyclic(this.own, min, max, next, value);
  }

  /**
   * The first entry at or above `at.index` that starts at or below `max`, or null. On success at.index becomes the index
   * behind the entry (0 behind the top).
   */
  find(at: { index: number }, max: number): T | null {
    checkIndex('index', at.index);
    checkIndex('max', max);
    return mtFind(this.reader, at, max);
  }

  /** The kernel's mt_find_after: as find, but for index 0, where a search has come round: null. */
  findAfter(at: { index: number }, max: number): T | null {
    return at.index === 0 ? null : this.find(at, max);
  }

  /** The first entry above the one at `index` (or above index) that starts at or below `max`, or null. */
  next(index: number, max: number): T | null {
    checkIndex('index', index);
    checkIndex('max', max);
    return masNext(this.readFrom(index), max);
  }

  /** The first entry below the one at `index` that ends at or above `min`, or null. */
  prev(index: number, min: number): T | null {
    checkIndex('index', index);
    checkIndex('min', min);
    return masPrev(this.readFrom(index), min);
  }

  private readFrom(index: number): Cursor<T> {
    const c = this.reader;
    c.index = index;
    c.last = index;
    c.state = START;
    c.leaf = NO_NODE;
    return c;
  }

  /** A tree with the same entries, options and nodes: a copy of the arrays. Throws if an allocation is made to fail. */
  dup(): MapleTree<T> {
    const twin = this.tryDup();
    if (twin === 'ENOMEM') throw new Error('ENOMEM: the tree was not duplicated');
    return twin;
  }

  /** As dup, but answers 'ENOMEM', with nothing changed, if an allocation is made to fail. */
  tryDup(): MapleTree<T> | 'ENOMEM' {
    const { pool } = this;
    if (pool.failsWithin(pool.used)) return 'ENOMEM';
    const twin = new MapleTree<T>({}, pool.copy());
    twin.root = this.root;
    twin.height = this.height;
    twin.rootEntry = this.rootEntry;
    twin.wrapped = this.wrapped;
    return twin;
  }

  /** Drops all entries and nodes, and the arrays if they are large. The options stay, and what allocCyclic remembers. */
  destroy(): void {
    this.dropAll();
    this.pool.giveAway();
    this.own.state = START;
    this.own.leaf = NO_NODE;
  }

  /**
   * Stores entries in ascending order, all beyond what is in the tree. Answers 0; 'ENOMEM', and nothing has changed.
   */
  bulk(entries: readonly Entry<T>[]): 0 | Errno {
    if (this.isEmpty) return buildTree(this, entries);
    return appendEntries(this.own, entries);
  }

  /** All entries in ascending order. A write during the iteration makes it go on behind the entry given last. */
  *[Symbol.iterator](): IterableIterator<[first: number, last: number, value: T]> {
    const c = new Cursor<T>(this, 0, 0);
    let version = this.version;
    for (let entry = masFind(c, MAX_INDEX); entry !== null; entry = masFind(c, MAX_INDEX)) {
      yield [c.index, c.last, entry];
      if (c.last === MAX_INDEX) return;
      if (version === this.version) continue;
      version = this.version;
      c.index = c.last + 1;
      c.last = c.index;
      c.state = START;
      c.leaf = NO_NODE;
    }
  }

  /** Checks the whole structure. Answers what is wrong, one message each, with the place and both numbers. */
  validate(): string[] {
    return validateTree(this);
  }

  /** The tree as text, node by node. */
  dump(): string {
    return dumpTree(this);
  }
}
