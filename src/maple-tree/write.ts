/**
 * A store from beginning to end: decide the kind, reserve nodes, do it, give back what was not needed.
 *
 *      masWrStoreType  ->  masPreallocCalc  ->  pool.reserve  ->  masWrStoreEntry  ->  pool.release
 *      (wr-kinds.ts)                            may fail          (wr-*.ts) cannot fail
 *
 * Rules that hold here:
 * - Nothing changes before the nodes are reserved. If they cannot be, the answer is 'ENOMEM', and tree and state are as
 *   they were.
 * - After the write, nodes reserved = nodes taken + nodes given back.
 */
import { debug, hit, warn } from '../debug';
import type { TreeErrno } from './api';
import { type Cursor, walkRange } from './cursor';
import { writeEvent } from './events';
import { masUpdateGap } from './gaps';
import { ACTIVE, ERROR, NO_NODE, NONE, ROOT, START } from './layout';
import { masPreallocCalc, masWrStoreType } from './wr-kinds';
import { masWrAppend, masWrExactFit, masWrNodeStore, masWrSlotStore } from './wr-leaf';
import { masNewRoot, masStoreRoot } from './wr-root';
import { masWrSpanningStore } from './wr-spanning';
import { masWrRebalance, masWrSplitStore } from './wr-split';
import {
  WR_APPEND,
  WR_EXACT_FIT,
  WR_NEW_ROOT,
  WR_NODE_STORE,
  WR_REBALANCE,
  WR_SLOT_STORE,
  WR_SPANNING_STORE,
  WR_SPLIT_STORE,
  WR_STORE_ROOT,
  wr,
} from './wr-state';

/** Whether a write within one leaf changes an empty slot: only then may a gap change. */
function changesGap<T>(c: Cursor<T>, entry: T | null): boolean {
  if (!c.pool.tracksGaps || c.core.height === 1) return false;
  if (entry === null) return true;
  const values = c.pool.leafValues;
  const base = c.leaf * c.pool.leafSlots;
  for (let at = base + wr.offset, stop = base + wr.offsetEnd; at <= stop; at++) if (values[at] === null) return true;
  return false;
}

/** Does the write that wr describes. The nodes it may need are reserved. */
export function masWrStoreEntry<T>(c: Cursor<T>, entry: T | null): void {
  const core = c.core;
  if (debug.on) hitWrite(c, entry);
  switch (wr.kind) {
    case WR_APPEND:
    case WR_NODE_STORE:
    case WR_SLOT_STORE:
    case WR_EXACT_FIT: {
      const gap = changesGap(c, entry);
      if (wr.kind === WR_NODE_STORE) masWrNodeStore(c, entry);
      else if (wr.kind === WR_APPEND) masWrAppend(c, entry);
      else if (wr.kind === WR_EXACT_FIT) masWrExactFit(c, entry);
      else masWrSlotStore(c, entry);
      if (gap) masUpdateGap(c);
      break;
    }
    case WR_SPLIT_STORE:
      masWrSplitStore(c, entry);
      break;
    case WR_REBALANCE:
      masWrRebalance(c, entry);
      break;
    case WR_SPANNING_STORE:
      masWrSpanningStore(c, entry);
      break;
    case WR_NEW_ROOT:
      masNewRoot(c, entry);
      break;
    case WR_STORE_ROOT:
      masStoreRoot(c, entry);
      break;
    default:
      if (debug.on) warn('store-kind', `no kind of store for ${c.index}-${c.last}`);
  }
  core.version++;
  c.version = core.version;
}

function hitWrite<T>(c: Cursor<T>, entry: T | null): void {
  const height = c.core.height;
  const used = height === 0 ? 0 : c.pool.leafEnds[c.leaf] + 1;
  hit(writeEvent(wr.kind, height, used, c.pool.leafSlots, entry === null));
}

/** Finds out what the write of `entry` over the cursor's range is, and what it may need; no index changes. */
function prepare<T>(c: Cursor<T>, entry: T | null): void {
  masWrStoreType(c, entry);
  masPreallocCalc(c, entry);
}

/**
 * The kernel's mas_store_gfp: stores over the cursor's index to last. Answers 0, 'ENOMEM', or 'EINVAL' after an error.
 */
export function masStore<T>(c: Cursor<T>, entry: T | null): 0 | TreeErrno {
  if (c.state === ERROR) return 'EINVAL';
  const { index, last, state } = c;
  const pool = c.pool;
  prepare(c, entry);
  const { needLeaves, needInners } = wr;
  if (needLeaves + needInners === 0) {
    masWrStoreEntry(c, entry);
    return 0;
  }
  if (!pool.reserve(needLeaves, needInners)) {
    c.index = index;
    c.last = last;
    c.state = state;
    c.leaf = NO_NODE;
    return 'ENOMEM';
  }
  const before = pool.reservedLeaves - needLeaves;
  const beforeInners = pool.reservedInners - needInners;
  masWrStoreEntry(c, entry);
  settle(c, before, beforeInners);
  return 0;
}

/** Gives back what is reserved beyond what was before the write. */
function settle<T>(c: Cursor<T>, leaves: number, inners: number): void {
  const pool = c.pool;
  if (debug.on && (pool.reservedLeaves < leaves || pool.reservedInners < inners)) {
    const reserved = `${pool.reservedLeaves} leaves and ${pool.reservedInners} internal nodes`;
    warn('node-budget', `store of ${c.index}-${c.last}: ${reserved} still reserved, ${leaves} and ${inners} before it`);
  }
  pool.release(pool.reservedLeaves - leaves, pool.reservedInners - inners);
}

/**
 * The kernel's mas_preallocate: reserves, for this cursor, what a store of `entry` over its range may need. What was
 * reserved for it before counts. Answers 0; 'ENOMEM', and then nothing is reserved for it any more; 'EINVAL' after an
 * error, with nothing changed.
 */
export function masPreallocate<T>(c: Cursor<T>, entry: T | null): 0 | TreeErrno {
  if (c.state === ERROR) return 'EINVAL';
  const { index, last, state } = c;
  prepare(c, entry);
  if (c.index !== index) c.leaf = NO_NODE;
  c.index = index;
  c.last = last;
  if (wr.kind === WR_STORE_ROOT) c.state = state;
  const leaves = Math.max(0, wr.needLeaves - c.heldLeaves);
  const inners = Math.max(0, wr.needInners - c.heldInners);
  if (leaves + inners === 0) return 0;
  if (!c.pool.reserve(leaves, inners)) {
    masDestroy(c);
    c.state = state;
    c.leaf = NO_NODE;
    return 'ENOMEM';
  }
  c.heldLeaves += leaves;
  c.heldInners += inners;
  return 0;
}

/** The kernel's mas_store_prealloc: a store that uses what masPreallocate reserved, and gives back the rest. */
export function masStorePrealloc<T>(c: Cursor<T>, entry: T | null): void {
  const pool = c.pool;
  prepare(c, entry);
  const leaves = Math.max(0, wr.needLeaves - c.heldLeaves);
  const inners = Math.max(0, wr.needInners - c.heldInners);
  if (leaves + inners > 0) {
    if (debug.on) {
      const held = `${c.heldLeaves} leaves and ${c.heldInners} internal nodes are reserved`;
      warn('prealloc', `store of ${c.index}-${c.last}: ${held}, ${wr.needLeaves} and ${wr.needInners} may be needed`);
    }
    pool.reserveAnyway(leaves, inners);
  }
  const before = pool.reservedLeaves - c.heldLeaves - leaves;
  const beforeInners = pool.reservedInners - c.heldInners - inners;
  c.heldLeaves = 0;
  c.heldInners = 0;
  masWrStoreEntry(c, entry);
  settle(c, before, beforeInners);
}

/** The kernel's mas_destroy: gives back the nodes that are reserved for this cursor. */
export function masDestroy<T>(c: Cursor<T>): void {
  c.pool.release(c.heldLeaves, c.heldInners);
  c.heldLeaves = 0;
  c.heldInners = 0;
}

/**
 * The kernel's mas_erase: takes the whole entry at index, whatever last and status are. Answers it, or null.
 * The cursor then has the empty range that came to be. If nodes were needed and could not be had, nothing changes, and
 * the answer is 'ENOMEM'.
 */
export function masErase<T>(c: Cursor<T>): T | null | 'ENOMEM' {
  const core = c.core;
  const { index, last, state } = c;
  if (core.height === 0) {
    c.leaf = NO_NODE;
    c.state = core.rootEntry === null ? NONE : ROOT;
    if (index > 0 || core.rootEntry === null) return null;
    const entry = core.rootEntry;
    masStore(c, null);
    return entry;
  }
  c.state = ACTIVE;
  const entry = walkRange(c);
  if (entry === null) return null;
  if (masStore(c, null) === 0) return entry;
  c.index = index;
  c.last = last;
  c.state = state;
  c.leaf = NO_NODE;
  return 'ENOMEM';
}

/**
 * Stores `entry` over the cursor's range if all of it is empty; else 'EEXIST', and nothing changes.
 */
export function masInsert<T>(c: Cursor<T>, entry: T): 0 | TreeErrno {
  const core = c.core;
  if (core.height === 0) {
    if (core.rootEntry !== null && c.index === 0) return 'EEXIST';
    c.state = START;
    return masStore(c, entry);
  }
  const { index, last } = c;
  c.state = ACTIVE;
  const present = walkRange(c);
  const free = present === null && c.last >= last;
  c.index = index;
  c.last = last;
  return free ? masStore(c, entry) : 'EEXIST';
}
