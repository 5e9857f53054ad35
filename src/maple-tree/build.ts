/**
 * Building from entries in ascending order: leaves are filled one after the other, then the levels above them.
 *
 *      entries   [3,4]=A [5,9]=B [20,20]=C ...
 *      slots     - A B - C ...                     with the gaps between them
 *      leaves    [ - A B - C ] [ ... ]             as full as they can be, the last two evened out
 *      above     [ 20 | ... ]                      evenly, as few nodes as will do
 *
 * Rules that hold here:
 * - All nodes are reserved before the first is written: the whole is done, or nothing.
 * - The result keeps all rules of a tree: minimum occupancy, no leaf but the last with an empty slot at its end.
 */

import type { Entry, TreeErrno } from './api';
import type { TreeCore } from './core';
import type { Cursor } from './cursor';
import { checkIndex, MAX_INDEX, minSlots, NO_NODE, START } from './layout';
import type { NodePool } from './pool';
import { bigAddEntry, bigToInners, bigToLeaves } from './wr-big';
import { masPreallocCalc, masWrStoreType } from './wr-kinds';
import { bigChildren, bigGaps, bigPivots, bigValues, outGaps, outNodes, outPivots, wr } from './wr-state';
import { masWrStoreEntry } from './write';

/** The nodes of one level while the level above is made. */
class Level {
  readonly nodes: number[] = [];
  readonly pivots: number[] = [];
  readonly gaps: number[] = [];

  takeOuts(tracksGaps: boolean): void {
    for (let i = 0; i < wr.outs; i++) {
      this.nodes.push(outNodes[i]);
      this.pivots.push(outPivots[i]);
      this.gaps.push(tracksGaps ? outGaps[i] : 0);
    }
  }
}

/**
 * Throws unless the entries are ranges in ascending order, the first at or above `from`. Answers the slots they make.
 */
export function checkEntries<T>(entries: readonly Entry<T>[], from: number): number {
  let next = from;
  let slots = 0;
  for (let i = 0; i < entries.length; i++) {
    const [first, last, value] = entries[i];
    checkIndex(`first of entry ${i}`, first);
    checkIndex(`last of entry ${i}`, last);
    if (first < next) throw new RangeError(`entry ${i} must start at or above ${next}, but starts at ${first}`);
    if (last < first) throw new RangeError(`entry ${i} ends at ${last}, below its start ${first}`);
    if (value === null || value === undefined) throw new TypeError(`entry ${i}: a value must not be null or undefined`);
    slots += first > next ? 2 : 1;
    next = last + 1;
  }
  return next <= MAX_INDEX ? slots + 1 : slots;
}

/** Drops the first `count` slots of the big node, which were written. */
function dropFront(count: number): void {
  const kept = wr.count - count;
  for (let i = 0; i < kept; i++) {
    bigPivots[i] = bigPivots[i + count];
    bigValues[i] = bigValues[i + count];
  }
  wr.count = kept;
}

/** Writes one full leaf from the front of the big node, which holds twice as much. */
function flushLeaf<T>(pool: NodePool<T>, level: Level, min: number): number {
  const total = wr.count;
  const take = bigValues[pool.leafSlots - 1] === null ? pool.leafSlots - 1 : pool.leafSlots;
  const kept = bigValues.slice(take, total);
  wr.count = take;
  bigToLeaves(pool, min);
  level.takeOuts(pool.tracksGaps);
  for (let i = 0; i < kept.length; i++) bigValues[take + i] = kept[i];
  wr.count = total;
  dropFront(take);
  return outPivots[0] + 1;
}

/** The leaves of all entries. */
function buildLeaves<T>(pool: NodePool<T>, entries: readonly Entry<T>[]): Level {
  const level = new Level();
  const full = pool.leafSlots * 2;
  let min = 0;
  let next = 0;
  wr.count = 0;
  wr.spares = 0;
  for (const [first, last, value] of entries) {
    if (first > next) bigAddEntry(first - 1, null);
    bigAddEntry(last, value);
    next = last + 1;
    if (wr.count >= full) min = flushLeaf(pool, level, min);
  }
  if (next <= MAX_INDEX) bigAddEntry(MAX_INDEX, null);
  bigToLeaves(pool, min);
  level.takeOuts(pool.tracksGaps);
  return level;
}

/** The level above `below`. */
function buildAbove<T>(pool: NodePool<T>, below: Level): Level {
  const level = new Level();
  const total = below.nodes.length;
  const count = Math.ceil(total / pool.innerSlots);
  let from = 0;
  for (let i = 0; i < count; i++) {
    const to = Math.floor((total * (i + 1)) / count);
    wr.count = 0;
    wr.spares = 0;
    for (let k = from; k < to; k++) {
      bigPivots[wr.count] = below.pivots[k];
      bigChildren[wr.count] = below.nodes[k];
      bigGaps[wr.count] = below.gaps[k];
      wr.count++;
    }
    bigToInners(pool);
    level.takeOuts(pool.tracksGaps);
    from = to;
  }
  return level;
}

/** Fills a tree that has nothing. Answers 'ENOMEM', and the tree is still empty, or 0. */
export function buildTree<T>(core: TreeCore<T>, entries: readonly Entry<T>[]): 0 | TreeErrno {
  const pool = core.pool;
  const slots = checkEntries(entries, 0);
  if (entries.length === 0) return 0;
  core.version++;
  if (entries.length === 1 && entries[0][1] === 0) {
    core.rootEntry = entries[0][2];
    return 0;
  }
  const leaves = Math.floor(slots / (pool.leafSlots - 1)) + 1;
  let inners = 0;
  for (let n = leaves; n > 1; ) {
    n = Math.ceil(n / pool.innerSlots);
    inners += n;
  }
  const reserved = pool.reservedLeaves;
  const reservedInners = pool.reservedInners;
  if (!pool.reserve(leaves, inners)) return 'ENOMEM';
  let level = buildLeaves(pool, entries);
  let height = 1;
  while (level.nodes.length > 1) {
    level = buildAbove(pool, level);
    height++;
  }
  core.root = level.nodes[0];
  core.height = height;
  pool.release(pool.reservedLeaves - reserved, pool.reservedInners - reservedInners);
  return 0;
}

/**
 * Stores entries that all lie beyond what is in the tree, with the nodes for all of them reserved first.
 * Answers 'ENOMEM', and nothing has changed, or 0.
 */
export function appendEntries<T>(c: Cursor<T>, entries: readonly Entry<T>[]): 0 | TreeErrno {
  const core = c.core;
  const pool = c.pool;
  const leaves = Math.ceil((2 * entries.length) / minSlots(pool.leafSlots)) + 2;
  const inners = leaves + core.height + 1;
  const reserved = pool.reservedLeaves;
  const reservedInners = pool.reservedInners;
  if (!pool.reserve(leaves, inners)) return 'ENOMEM';
  for (const [first, last, value] of entries) {
    c.index = first;
    c.last = last;
    masWrStoreType(c, value);
    masPreallocCalc(c, value);
    masWrStoreEntry(c, value);
  }
  c.state = START;
  c.leaf = NO_NODE;
  pool.release(pool.reservedLeaves - reserved, pool.reservedInners - reservedInners);
  return 0;
}
