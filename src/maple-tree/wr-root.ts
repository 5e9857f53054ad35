/**
 * wrStoreRoot and wrNewRoot: the stores that make, replace or drop the root.
 *
 *      empty  -- [0,0] -->  ptr            empty, ptr  -- any other entry -->  node
 *      ptr    -- null over 0 -->  empty    node  -- null over everything -->  empty
 *
 * Rules that hold here:
 * - Null never makes a node.
 * - In a tree without a node a stored null does not grow, and the state's status says how the root was held.
 */
import type { Cursor } from './cursor';
import { ACTIVE, MAX_INDEX, NO_NODE, NONE, ROOT, START } from './layout';
import { masEmptyTree } from './wr-spanning';

/** The root pointer becomes a leaf: what it held, if it is not covered, the new entry, and empty ranges around them. */
function masRootExpand<T>(c: Cursor<T>, entry: T): void {
  const core = c.core;
  const pool = c.pool;
  const leaf = pool.takeLeaf();
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = leaf * pool.leafSlots;
  let at = base;
  if (c.index > 0) {
    if (core.rootEntry !== null) {
      values[at] = core.rootEntry;
      pivots[at] = 0;
      if (c.index > 1) at++;
    }
    if (at > base || core.rootEntry === null) values[at] = null;
    pivots[at] = c.index - 1;
    at++;
  }
  values[at] = entry;
  pivots[at] = c.last;
  c.offset = at - base;
  if (c.last < MAX_INDEX) {
    at++;
    values[at] = null;
    pivots[at] = MAX_INDEX;
  }
  pool.leafEnds[leaf] = at - base;
  core.rootEntry = null;
  core.root = leaf;
  core.height = 1;
  c.leaf = leaf;
  c.min = 0;
  c.state = ACTIVE;
}

/** wrStoreRoot: a store in a tree without a node. */
export function masStoreRoot<T>(c: Cursor<T>, entry: T | null): void {
  const core = c.core;
  // A state that says "root" already is not walked anew, unless it stores null up to the top.
  if (c.state !== ROOT || (entry === null && c.last === MAX_INDEX)) c.state = core.rootEntry === null ? NONE : ROOT;
  c.leaf = NO_NODE;
  if (entry === null) {
    if (c.index === 0) core.rootEntry = null;
  } else if (c.index !== 0 || c.last !== 0) {
    masRootExpand(c, entry);
  } else {
    core.rootEntry = entry;
    c.state = START;
  }
}

/** wrNewRoot: a store over all there is. */
export function masNewRoot<T>(c: Cursor<T>, entry: T | null): void {
  const core = c.core;
  const pool = c.pool;
  if (entry === null) {
    masEmptyTree(c);
    return;
  }
  const leaf = pool.takeLeaf();
  pool.freeSubtree(core.root, core.height);
  const base = leaf * pool.leafSlots;
  pool.leafPivots[base] = MAX_INDEX;
  pool.leafValues[base] = entry;
  pool.leafEnds[leaf] = 0;
  core.root = leaf;
  core.height = 1;
  c.leaf = leaf;
  c.min = 0;
  c.offset = 0;
  c.state = ACTIVE;
}
