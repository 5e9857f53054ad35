/**
 * A place in a tree: what a maple state is made of, and the moves from slot to slot.
 *
 *      path  [ root, slot, node, slot, ... ]   the internal nodes above the leaf, and the child taken in each
 *      leaf, offset                            the slot that the cursor stands on
 *      min                                     the first index of the leaf
 *      index, last                             what the user sees: the slot's range, or part of it
 *
 * Rules that hold here:
 * - `leaf` is NO_NODE when the place is not known. With status ACTIVE that means "the slot that holds index": it is
 *   looked up when needed. So a write that moves nodes about need not say where it left the cursor.
 * - A place is good for one `version` of the tree.
 * - index and last are doubles from the first moment: a field that once held a small integer makes V8 box the others.
 */
import { debug, warn } from '../debug';
import type { TreeCore } from './core';
import { ACTIVE, DEFAULT_SLOTS, MAX_INDEX, NO_NODE, NONE, OVERFLOW, ROOT, START, UNDERFLOW } from './layout';
import type { NodePool } from './pool';

/** Levels of internal nodes for which a fresh cursor has room. */
const FIRST_LEVELS = 8;

export class Cursor<T> {
  readonly core: TreeCore<T>;
  readonly pool: NodePool<T>;
  index = -0.5;
  last = -0.5;
  min = -0.5;
  /** One of the numbers START to ERROR. */
  state = START;
  leaf = NO_NODE;
  offset = 0;
  version = 0;
  path: Int32Array = new Int32Array(FIRST_LEVELS * 2);
  /** Nodes reserved by preallocate. */
  heldLeaves = 0;
  heldInners = 0;

  constructor(core: TreeCore<T>, index: number, last: number) {
    this.core = core;
    this.pool = core.pool;
    this.index = index;
    this.last = last;
    this.min = 0;
  }
}

/** Sees to it that the path has room for `levels` internal nodes. */
export function makePathRoom<T>(c: Cursor<T>, levels: number): void {
  if (levels * 2 > c.path.length) c.path = new Int32Array(levels * 2 + 8);
}

/**
 * The first place from `at` on whose pivot is not below `index`. A node's last pivot is its maximum, so there is one.
 *
 * Four by four, because V8 looks for interrupts in each turn of a loop; that made a load a tenth faster.
 */
export function slotAt(pivots: Float64Array, at: number, index: number): number {
  for (;;) {
    if (!(pivots[at] < index)) return at;
    if (!(pivots[at + 1] < index)) return at + 1;
    if (!(pivots[at + 2] < index)) return at + 2;
    if (!(pivots[at + 3] < index)) return at + 3;
    at += 4;
  }
}

/**
 * slotAt for an internal node of `slots` slots, which begins at `at`.
 *
 * With 16 it counts pivots below the index instead of looking for the first that is not, three and three: that the
 * pivots behind the node's end are PADDING makes it right. There is no branch to mispredict, and no data to wait for in
 * turn. In leaves it does not pay: they come from memory, and a mispredicted branch asks for the value meanwhile.
 */
export function childAt(pivots: Float64Array, at: number, slots: number, index: number): number {
  if (slots !== DEFAULT_SLOTS) return slotAt(pivots, at, index);
  at += (+(pivots[at + 3] < index) + +(pivots[at + 7] < index) + +(pivots[at + 11] < index)) * 4;
  return at + +(pivots[at] < index) + +(pivots[at + 1] < index) + +(pivots[at + 2] < index);
}

/**
 * Walks from the root to the leaf that holds the cursor's index; leaves index and last alone. Needs a tree with a node.
 */
export function descend<T>(c: Cursor<T>): void {
  const { index } = c;
  const core = c.core;
  const pool = c.pool;
  const inner = core.height - 1;
  makePathRoom(c, inner);
  const path = c.path;
  const pivots = pool.innerPivots;
  const children = pool.innerChildren;
  const slots = pool.innerSlots;
  let node = core.root;
  let min = 0;
  for (let d = 0; d < inner; d++) {
    const base = node * slots;
    // Prefetch: this condition never holds, nor does the one below. It asks memory for the children (below: the values)
    // before the search in the pivots, which takes as long as they need to come.
    if (children[base + 3] < NO_NODE) return;
    const at = childAt(pivots, base, slots, index);
    if (at > base) min = pivots[at - 1] + 1;
    path[d * 2] = node;
    path[d * 2 + 1] = at - base;
    node = children[at];
  }
  c.leaf = node;
  c.min = min;
  c.version = core.version;
  const base = node * pool.leafSlots;
  const quarter = pool.leafSlots >> 2;
  const values = pool.leafValues;
  if (values[base + quarter] === undefined || values[base + 3 * quarter] === undefined) return;
  c.offset = slotAt(pool.leafPivots, base, index) - base;
}

/** Walks to `c.index` and takes over the range of the slot found. Answers its value. */
export function walkRange<T>(c: Cursor<T>): T | null {
  descend(c);
  const pool = c.pool;
  const at = c.leaf * pool.leafSlots + c.offset;
  c.index = c.offset > 0 ? pool.leafPivots[at - 1] + 1 : c.min;
  c.last = pool.leafPivots[at];
  return pool.leafValues[at];
}

/**
 * The kernel's mas_walk: to the slot that holds index, whatever the status was. Answers its value.
 * Without a node: status ROOT on the entry, NONE beside it.
 */
export function masWalk<T>(c: Cursor<T>): T | null {
  const core = c.core;
  if (core.height > 0) {
    c.state = ACTIVE;
    return walkRange(c);
  }
  c.leaf = NO_NODE;
  if (core.rootEntry === null) {
    c.index = 0;
    c.last = MAX_INDEX;
    c.state = NONE;
    return null;
  }
  if (c.index === 0) {
    c.last = 0;
    c.state = ROOT;
    return core.rootEntry;
  }
  c.index = 1;
  c.last = MAX_INDEX;
  c.state = NONE;
  return null;
}

/** Moves to slot 0 of the next leaf, but does not set `min`. There must be one. */
function nextNode<T>(c: Cursor<T>): void {
  const { path, core } = c;
  const { innerEnds, innerChildren, innerSlots } = c.pool;
  const bottom = core.height * 2 - 4;
  let d = bottom;
  while (d >= 0 && path[d + 1] >= innerEnds[path[d]]) d -= 2;
  if (d < 0) {
    if (debug.on) warn('next-node', `no leaf behind ${c.last}`);
    return;
  }
  path[d + 1]++;
  let node = innerChildren[path[d] * innerSlots + path[d + 1]];
  while (d < bottom) {
    d += 2;
    path[d] = node;
    path[d + 1] = 0;
    node = innerChildren[node * innerSlots];
  }
  c.leaf = node;
  c.offset = 0;
}

/** Moves to the last slot of the leaf before. There must be one. */
function prevNode<T>(c: Cursor<T>): void {
  const { path, core } = c;
  const { innerEnds, innerChildren, innerSlots } = c.pool;
  const bottom = core.height * 2 - 4;
  let d = bottom;
  while (d >= 0 && path[d + 1] === 0) d -= 2;
  if (d < 0) {
    if (debug.on) warn('prev-node', `no leaf before ${c.min}`);
    return;
  }
  path[d + 1]--;
  let node = innerChildren[path[d] * innerSlots + path[d + 1]];
  while (d < bottom) {
    d += 2;
    path[d] = node;
    path[d + 1] = innerEnds[node];
    node = innerChildren[node * innerSlots + innerEnds[node]];
  }
  c.leaf = node;
  c.offset = c.pool.leafEnds[node];
  c.min = minOfPath(c, core.height - 1);
}

/**
 * The first index below the child that the path takes at its depth `depth` - 1: the pivot before, or one further up.
 */
export function minOfPath<T>(c: Cursor<T>, depth: number): number {
  const { pool, path } = c;
  for (let d = depth - 1; d >= 0; d--) {
    const slot = path[d * 2 + 1];
    if (slot > 0) return pool.innerPivots[path[d * 2] * pool.innerSlots + slot - 1] + 1;
  }
  return 0;
}

/**
 * One slot forward, or past gaps to the next entry unless `empty`. At the limit, status OVERFLOW:
 * - the slot reaches `max`: index and last stay;
 * - a gap that is passed over reaches it: they are the gap's.
 */
export function masNextSlot<T>(c: Cursor<T>, max: number, empty: boolean): T | null {
  if (c.leaf === NO_NODE) walkRange(c);
  const pool = c.pool;
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = c.leaf * pool.leafSlots;
  const stop = base + pool.leafEnds[c.leaf];
  let at = base + c.offset;
  let pivot = pivots[at];
  if (pivot >= max) {
    c.state = OVERFLOW;
    return null;
  }
  while (at < stop) {
    const value = values[++at];
    const start = pivot + 1;
    pivot = pivots[at];
    if (value !== null || empty || pivot >= max) {
      c.offset = at - base;
      c.index = start;
      c.last = pivot;
      if (value === null && !empty) c.state = OVERFLOW;
      return value;
    }
  }
  nextNode(c);
  c.min = pivot + 1;
  return slotOfNext(c, max, empty);
}

/** masNextSlot's second part: the first slot of the leaf that the cursor came to, or the second if that is a gap. */
function slotOfNext<T>(c: Cursor<T>, max: number, empty: boolean): T | null {
  const { leafPivots, leafValues, leafSlots } = c.pool;
  const at = c.leaf * leafSlots;
  const value = leafValues[at];
  const last = leafPivots[at];
  if (value === null && !empty && last < max) {
    // Behind a gap there is an entry, in the same leaf.
    c.offset = 1;
    c.index = last + 1;
    c.last = leafPivots[at + 1];
    return leafValues[at + 1];
  }
  c.index = c.min;
  c.last = last;
  if (value === null && !empty) c.state = OVERFLOW;
  return value;
}

/** The mirror of masNextSlot, with UNDERFLOW at `min`. */
export function masPrevSlot<T>(c: Cursor<T>, min: number, empty: boolean): T | null {
  if (c.leaf === NO_NODE) walkRange(c);
  const pool = c.pool;
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = c.leaf * pool.leafSlots;
  let at = base + c.offset;
  if (at > base) {
    let last = pivots[at - 1];
    if (last < min) {
      c.state = UNDERFLOW;
      return null;
    }
    while (--at > base) {
      const value = values[at];
      const before = pivots[at - 1];
      if (value !== null || empty || before < min) {
        c.offset = at - base;
        c.index = before + 1;
        c.last = last;
        if (value === null && !empty) c.state = UNDERFLOW;
        return value;
      }
      last = before;
    }
    const value = values[base];
    if (value !== null || empty || c.min <= min) {
      c.offset = 0;
      c.index = c.min;
      c.last = last;
      if (value === null && !empty) c.state = UNDERFLOW;
      return value;
    }
  } else if (c.min <= min) {
    c.state = UNDERFLOW;
    return null;
  }
  const last = c.min - 1;
  prevNode(c);
  return slotOfPrev(c, last);
}

/** masPrevSlot's second part: the last slot of the leaf that the cursor came to, which ends at `last`. It is no gap. */
function slotOfPrev<T>(c: Cursor<T>, last: number): T | null {
  const { leafPivots, leafValues, leafSlots } = c.pool;
  const at = c.leaf * leafSlots + c.offset;
  c.index = c.offset > 0 ? leafPivots[at - 1] + 1 : c.min;
  c.last = last;
  return leafValues[at];
}
