/**
 * MapleTree: a map of ranges of indexes, each to one value, with the functions of the kernel's maple tree.
 *
 *      const tree = new MapleTree<string>();
 *      tree.storeRange(10, 19, 'a');
 *      tree.load(12);                    // 'a'
 *      for (const [first, last, value] of tree) ...
 *
 * Rules that hold here:
 * - What each method does and answers is said in api.ts; here arguments are checked before anything is done.
 * - Writes go through a cursor of the tree's own, which keeps its place: a write near the last one need not walk.
 *   Its place is good only as long as no state wrote, which `version` tells.
 */
import { masAllocCyclic, masAllocRange } from './alloc';
import type { Entry, MapleTree as PublicTree, TreeErrno, TreeOptions } from './api';
import { appendEntries, buildTree, checkEntries } from './build';
import { TreeCore } from './core';
import { Cursor, masWalk } from './cursor';
import { dumpTree } from './dump';
import { ACTIVE, checkIndex, MAX_INDEX, NO_NODE, START } from './layout';
import { masFind, masNext, masPrev, mtFind, mtLoad } from './steps';
import { validateTree } from './validate';
import { masErase, masInsert, masStore } from './write';

function checkValue(value: unknown): void {
  if (value === undefined) throw new TypeError('a value must not be undefined');
}

export class MapleTree<T> extends TreeCore<T> implements PublicTree<T> {
  private readonly own: Cursor<T>;
  private readonly reader: Cursor<T>;

  constructor(options: TreeOptions = {}) {
    super(options);
    this.own = new Cursor<T>(this, 0, 0);
    this.reader = new Cursor<T>(this, 0, 0);
  }

  static build<T>(entries: readonly Entry<T>[], options: TreeOptions = {}): MapleTree<T> {
    const tree = new MapleTree<T>(options);
    if (buildTree(tree, entries) !== 0) throw new Error(`ENOMEM: nodeLimit ${tree.pool.limit} is too low`);
    return tree;
  }

  storeRange(first: number, last: number, value: T | null): 0 | TreeErrno {
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

  insertRange(first: number, last: number, value: T): 0 | TreeErrno {
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

  erase(index: number): T | null | 'ENOMEM' {
    checkIndex('index', index);
    const c = this.own;
    c.index = index;
    c.last = index;
    const entry = masErase(c);
    if (c.state !== ACTIVE) c.state = START;
    return entry;
  }

  load(index: number): T | null {
    checkIndex('index', index);
    return mtLoad(this, index);
  }

  allocRange(size: number, min: number, max: number, value: T): number | TreeErrno {
    return this.alloc(size, min, max, value, true);
  }

  allocRrange(size: number, min: number, max: number, value: T): number | TreeErrno {
    return this.alloc(size, min, max, value, false);
  }

  private alloc(size: number, min: number, max: number, value: T, up: boolean): number | TreeErrno {
    checkIndex('size', size);
    checkIndex('min', min);
    checkIndex('max', max);
    checkValue(value);
    return masAllocRange(this.own, size, min, max, value, up);
  }

  allocCyclic(min: number, max: number, next: number, value: T): [number, number, 0 | 1] | TreeErrno {
    checkIndex('min', min);
    checkIndex('max', max);
    checkIndex('next', next);
    checkValue(value);
    return masAllocCyclic(this.own, min, max, next, value);
  }

  find(index: number, max: number): [value: T, next: number] | null {
    checkIndex('index', index);
    checkIndex('max', max);
    return mtFind(this.reader, index, max);
  }

  findAfter(index: number, max: number): [value: T, next: number] | null {
    return index === 0 ? null : this.find(index, max);
  }

  next(index: number, max: number): T | null {
    checkIndex('index', index);
    checkIndex('max', max);
    return masNext(this.readFrom(index), max);
  }

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

  dup(): MapleTree<T> {
    const twin = this.tryDup();
    if (twin === 'ENOMEM') throw new Error('ENOMEM: the tree was not duplicated');
    return twin;
  }

  /** As dup, but answers 'ENOMEM', with nothing changed, if an allocation is made to fail: no user can do that. */
  tryDup(): MapleTree<T> | 'ENOMEM' {
    const { pool } = this;
    if (pool.failsWithin(pool.used)) return 'ENOMEM';
    const { tracksGaps, leafSlots, innerSlots, limit } = pool;
    const twin = new MapleTree<T>({ ranges: tracksGaps, leafSlots, innerSlots, nodeLimit: limit });
    pool.copyTo(twin.pool);
    twin.root = this.root;
    twin.height = this.height;
    twin.rootEntry = this.rootEntry;
    twin.wrapped = this.wrapped;
    return twin;
  }

  destroy(): void {
    this.dropAll();
    this.pool.giveAway();
    this.own.state = START;
    this.own.leaf = NO_NODE;
  }

  bulk(entries: readonly Entry<T>[]): 0 | TreeErrno {
    if (this.isEmpty) return buildTree(this, entries);
    checkEntries(entries, this.behindLast());
    return appendEntries(this.own, entries);
  }

  /** The index behind the last entry: 2^53 where it ends at MAX_INDEX. */
  private behindLast(): number {
    const c = this.readFrom(MAX_INDEX);
    return masWalk(c) === null ? c.index : MAX_INDEX + 1;
  }

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

  validate(): string[] {
    return validateTree(this);
  }

  dump(): string {
    return dumpTree(this);
  }
}
