/**
 * Laying out what a large write brought together in the big node: filling it, and pouring it into one, two or three
 * nodes.
 *
 *      big node    | a | b | c | d | e | f | g | h | i |
 *                          |               |
 *      nodes       [ a  b  c ]  [ d  e  f ]  [ g  h  i ]       as even as the rules allow
 *
 * Rules that hold here:
 * - As few nodes as will do; each gets at least the minimum, unless there is one alone.
 * - A leaf that others follow does not end with an empty slot: the cut is moved by one. Two empty slots are never
 *   neighbours, so one of two possible cuts side by side will do; if only one is possible and it is bad, there are
 *   three leaves instead of two.
 * - The nodes whose slots are in the big node (the spare ones) are written anew first; what is left of them is freed.
 */
import { debug, warn } from '../debug';
import { innerMaxGap, leafMaxGap } from './gaps';
import { minSlots } from './layout';
import type { NodePool } from './pool';
import { bigChildren, bigGaps, bigPivots, bigValues, outGaps, outNodes, outPivots, spareNodes, wr } from './wr-state';

/** Adds slots `from` to `to` (inclusive) of a leaf. */
export function bigAddLeafSlots<T>(pool: NodePool<T>, leaf: number, from: number, to: number): void {
  const base = leaf * pool.leafSlots;
  let count = wr.count;
  for (let at = base + from, stop = base + to; at <= stop; at++) {
    bigPivots[count] = pool.leafPivots[at];
    bigValues[count] = pool.leafValues[at];
    count++;
  }
  wr.count = count;
}

/** Adds one slot of a leaf. */
export function bigAddEntry<T>(last: number, entry: T | null): void {
  bigPivots[wr.count] = last;
  bigValues[wr.count] = entry;
  wr.count++;
}

/** Adds slots `from` to `to` (inclusive) of an internal node. */
export function bigAddInnerSlots<T>(pool: NodePool<T>, inner: number, from: number, to: number): void {
  const base = inner * pool.innerSlots;
  let count = wr.count;
  for (let at = base + from, stop = base + to; at <= stop; at++) {
    bigPivots[count] = pool.innerPivots[at];
    bigChildren[count] = pool.innerChildren[at];
    if (pool.tracksGaps) bigGaps[count] = pool.innerGaps[at];
    count++;
  }
  wr.count = count;
}

/** Adds the nodes that the level below hands up. */
export function bigAddOuts(): void {
  for (let i = 0; i < wr.outs; i++) {
    bigPivots[wr.count] = outPivots[i];
    bigChildren[wr.count] = outNodes[i];
    bigGaps[wr.count] = outGaps[i];
    wr.count++;
  }
}

/** Puts a whole node in front of what is there; `leaf` says of which sort. */
export function bigPrepend<T>(pool: NodePool<T>, node: number, leaf: boolean): void {
  const end = leaf ? pool.leafEnds[node] : pool.innerEnds[node];
  const by = end + 1;
  const total = wr.count + by;
  for (let i = wr.count - 1; i >= 0; i--) {
    bigPivots[i + by] = bigPivots[i];
    if (leaf) {
      bigValues[i + by] = bigValues[i];
    } else {
      bigChildren[i + by] = bigChildren[i];
      bigGaps[i + by] = bigGaps[i];
    }
  }
  wr.count = 0;
  if (leaf) bigAddLeafSlots(pool, node, 0, end);
  else bigAddInnerSlots(pool, node, 0, end);
  wr.count = total;
}

/**
 * Where to cut `count` slots from `from` on into a first node and the rest, for `nodes` nodes in all.
 * Answers the number of slots of the first, or 0 if no cut is possible.
 */
function masCalcSplit(from: number, count: number, nodes: number, slots: number, leaf: boolean): number {
  const min = minSlots(slots);
  const lowest = Math.max(min, count - (nodes - 1) * slots);
  const highest = Math.min(slots, count - (nodes - 1) * min);
  let split = Math.floor(count / nodes);
  if (split < lowest) split = lowest;
  if (split > highest) split = highest;
  if (!leaf || bigValues[from + split - 1] !== null) return split;
  // The cut may not lie behind an empty slot: one further or one less.
  if (split < highest) return split + 1;
  return split > lowest ? split - 1 : 0;
}

/** Whether two leaves do for what is in the big node. */
function fitsTwoLeaves(slots: number): boolean {
  return wr.count <= 2 * slots && masCalcSplit(0, wr.count, 2, slots, true) > 0;
}

/** Pours the big node into leaves, the first of which begins at `min`, and notes them as outs. */
export function bigToLeaves<T>(pool: NodePool<T>, min: number): void {
  const slots = pool.leafSlots;
  let nodes = 1;
  if (wr.count > slots) nodes = fitsTwoLeaves(slots) ? 2 : 3;
  wr.outs = nodes;
  let from = 0;
  for (let i = 0; i < nodes; i++) {
    const left = wr.count - from;
    const take = i === nodes - 1 ? left : masCalcSplit(from, left, nodes - i, slots, true);
    const leaf = wr.spares > 0 ? spareNodes[--wr.spares] : pool.takeLeaf();
    writeLeaf(pool, leaf, from, take);
    from += take;
    outNodes[i] = leaf;
    outPivots[i] = bigPivots[from - 1];
    if (pool.tracksGaps) outGaps[i] = leafMaxGap(pool, leaf, min);
    min = outPivots[i] + 1;
  }
  while (wr.spares > 0) pool.freeLeaf(spareNodes[--wr.spares]);
  for (let i = 0; i < from; i++) bigValues[i] = null;
}

function writeLeaf<T>(pool: NodePool<T>, leaf: number, from: number, take: number): void {
  const base = leaf * pool.leafSlots;
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  if (debug.on && (take > pool.leafSlots || take < 1)) {
    warn('leaf-overfull', `leaf ${leaf}: ${take} slots of ${pool.leafSlots}`);
  }
  for (let i = 0; i < take; i++) {
    pivots[base + i] = bigPivots[from + i];
    values[base + i] = bigValues[from + i] as T | null;
  }
  for (let at = base + take, stop = base + pool.leafEnds[leaf]; at <= stop; at++) values[at] = null;
  pool.leafEnds[leaf] = take - 1;
}

/** Pours the big node into internal nodes and notes them as outs. */
export function bigToInners<T>(pool: NodePool<T>): void {
  const slots = pool.innerSlots;
  const nodes = wr.count <= slots ? 1 : wr.count <= 2 * slots ? 2 : 3;
  wr.outs = nodes;
  let from = 0;
  for (let i = 0; i < nodes; i++) {
    const left = wr.count - from;
    const take = i === nodes - 1 ? left : masCalcSplit(from, left, nodes - i, slots, false);
    const inner = wr.spares > 0 ? spareNodes[--wr.spares] : pool.takeInner();
    writeInner(pool, inner, from, take);
    from += take;
    outNodes[i] = inner;
    outPivots[i] = bigPivots[from - 1];
    if (pool.tracksGaps) outGaps[i] = innerMaxGap(pool, inner);
  }
  while (wr.spares > 0) pool.freeInner(spareNodes[--wr.spares]);
}

function writeInner<T>(pool: NodePool<T>, inner: number, from: number, take: number): void {
  const base = inner * pool.innerSlots;
  if (debug.on && (take > pool.innerSlots || take < 2)) {
    warn('inner-overfull', `internal node ${inner}: ${take} slots of ${pool.innerSlots}`);
  }
  for (let i = 0; i < take; i++) {
    pool.innerPivots[base + i] = bigPivots[from + i];
    pool.innerChildren[base + i] = bigChildren[from + i];
    if (pool.tracksGaps) pool.innerGaps[base + i] = bigGaps[from + i];
  }
  pool.padInner(inner, take);
  pool.innerEnds[inner] = take - 1;
}
