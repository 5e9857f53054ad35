/**
 * How a write that changes more than one leaf goes up the tree, level by level.
 *
 *      depth 0                 [ . . . . . ]                 the common node: here one node replaces some of its
 *                                / \__   \                   children, and the way up ends, if it has room for them
 *      depth 1    leftNodes [ . l . ]  [ . r . ] rightNodes  between the edges everything is gone
 *                               |          |
 *      leaves                [ kept | new | kept ]           poured into one, two or three leaves (wr-big.ts)
 *
 * At each level the big node takes what is left of the window's edges: the children before the left edge's slot, the
 * nodes that the level below hands up, the children behind the right edge's slot. Split and rebalance are the same with
 * a window of one node.
 *
 * Rules that hold here:
 * - Too few slots for a node: a whole neighbour is pulled in, of the same parent first, else a cousin. Then the edge
 *   of the window moves there, and the nodes above that the edge leaves behind are empty and freed.
 * - Too many for one node that is its own window: a neighbour with room is pulled in, which spares a node.
 * - A level that comes out as one node with nothing left or right of it is the new root.
 * - The window's maximum stays what it was, so no pivot above the common node changes; gaps may.
 */

import { debug, hit } from '../debug';
import type { TreeCore } from './core';
import { type Cursor, slotAt } from './cursor';
import {
  STEP_GROW,
  STEP_LEAVES_2,
  STEP_LEAVES_3,
  STEP_NODES_2,
  STEP_NODES_3,
  STEP_PULL_COUSIN_LEFT,
  STEP_PULL_COUSIN_RIGHT,
  STEP_PULL_LEFT,
  STEP_PULL_RIGHT,
  STEP_PUSH_LEFT,
  STEP_PUSH_RIGHT,
  STEP_SHRINK,
  STEP_WINDOW_1,
  STEP_WINDOW_2,
  stepEvent,
} from './events';
import { innerMaxGap } from './gaps';
import { minSlots, NO_NODE } from './layout';
import type { NodePool } from './pool';
import { bigAddInnerSlots, bigAddLeafSlots, bigAddOuts, bigPrepend, bigToInners, bigToLeaves } from './wr-big';
import { leftNodes, leftSlots, outGaps, outNodes, outPivots, rightNodes, rightSlots, spareNodes, wr } from './wr-state';

/** Makes the cursor's place the left edge of the window. */
export function setLeftEdge<T>(c: Cursor<T>): void {
  const leafDepth = c.core.height - 1;
  for (let d = 0; d < leafDepth; d++) {
    leftNodes[d] = c.path[d * 2];
    leftSlots[d] = c.path[d * 2 + 1];
  }
  leftNodes[leafDepth] = c.leaf;
}

/** Makes the right edge the same as the left: a window of one node. */
export function setRightEdgeAsLeft<T>(core: TreeCore<T>): void {
  for (let d = 0; d < core.height; d++) {
    rightNodes[d] = leftNodes[d];
    rightSlots[d] = leftSlots[d];
  }
}

/** The number of slots in use of a node at `depth`. */
function slotsInUse<T>(core: TreeCore<T>, depth: number, node: number): number {
  return (depth === core.height - 1 ? core.pool.leafEnds[node] : core.pool.innerEnds[node]) + 1;
}

function hasPrev(depth: number): boolean {
  for (let d = depth - 1; d >= 0; d--) if (leftSlots[d] > 0) return true;
  return false;
}

function hasNext<T>(pool: NodePool<T>, depth: number): boolean {
  for (let d = depth - 1; d >= 0; d--) if (rightSlots[d] < pool.innerEnds[rightNodes[d]]) return true;
  return false;
}

function hitStep<T>(core: TreeCore<T>, depth: number, step: number): void {
  hit(stepEvent(step, depth < core.height - 1));
}

/** Pulls the node behind the window at `depth` into the big node, and moves the right edge to it. */
function pullNext<T>(core: TreeCore<T>, depth: number): void {
  const pool = core.pool;
  let turn = depth - 1;
  while (rightSlots[turn] >= pool.innerEnds[rightNodes[turn]]) turn--;
  for (let d = turn + 1; d < depth; d++) if (rightNodes[d] !== leftNodes[d]) pool.freeInner(rightNodes[d]);
  rightSlots[turn]++;
  let node = pool.innerChildren[rightNodes[turn] * pool.innerSlots + rightSlots[turn]];
  for (let d = turn + 1; d < depth; d++) {
    rightNodes[d] = node;
    rightSlots[d] = 0;
    node = pool.innerChildren[node * pool.innerSlots];
  }
  rightNodes[depth] = node;
  spareNodes[wr.spares++] = node;
  if (depth === core.height - 1) bigAddLeafSlots(pool, node, 0, pool.leafEnds[node]);
  else bigAddInnerSlots(pool, node, 0, pool.innerEnds[node]);
}

/** The mirror of pullNext. */
function pullPrev<T>(core: TreeCore<T>, depth: number): void {
  const pool = core.pool;
  let turn = depth - 1;
  while (leftSlots[turn] === 0) turn--;
  for (let d = turn + 1; d < depth; d++) if (leftNodes[d] !== rightNodes[d]) pool.freeInner(leftNodes[d]);
  leftSlots[turn]--;
  let node = pool.innerChildren[leftNodes[turn] * pool.innerSlots + leftSlots[turn]];
  for (let d = turn + 1; d < depth; d++) {
    leftNodes[d] = node;
    leftSlots[d] = pool.innerEnds[node];
    node = pool.innerChildren[node * pool.innerSlots + leftSlots[d]];
  }
  leftNodes[depth] = node;
  spareNodes[wr.spares++] = node;
  bigPrepend(pool, node, depth === core.height - 1);
}

/** Fewer slots than a node must have: neighbours are pulled in until there are enough, or none is left. */
function pullWhileShort<T>(core: TreeCore<T>, depth: number, min: number): void {
  const pool = core.pool;
  while (wr.count < min && depth > 0) {
    const up = depth - 1;
    const sibling = rightSlots[up] < pool.innerEnds[rightNodes[up]];
    if (sibling || (leftSlots[up] === 0 && hasNext(pool, depth))) {
      if (debug.on) hitStep(core, depth, sibling ? STEP_PULL_RIGHT : STEP_PULL_COUSIN_RIGHT);
      pullNext(core, depth);
    } else if (hasPrev(depth)) {
      if (debug.on) hitStep(core, depth, leftSlots[up] > 0 ? STEP_PULL_LEFT : STEP_PULL_COUSIN_LEFT);
      pullPrev(core, depth);
    } else {
      return;
    }
  }
}

/**
 * More slots than one node has: if a neighbour under the same parent has room, the two share them, and no node is
 * needed. Both keep some room (an eighth), so that not every further store has to push again.
 */
function masPushData<T>(core: TreeCore<T>, depth: number, slots: number): void {
  if (wr.count <= slots || depth === 0 || leftNodes[depth] !== rightNodes[depth]) return;
  const pool = core.pool;
  const parent = leftNodes[depth - 1];
  const slot = leftSlots[depth - 1];
  const at = parent * pool.innerSlots + slot;
  const room = 2 * slots - 1 - (slots >> 3) - wr.count;
  if (slot > 0 && slotsInUse(core, depth, pool.innerChildren[at - 1]) <= room) {
    if (debug.on) hitStep(core, depth, STEP_PUSH_LEFT);
    pullPrev(core, depth);
  } else if (slot < pool.innerEnds[parent] && slotsInUse(core, depth, pool.innerChildren[at + 1]) <= room) {
    if (debug.on) hitStep(core, depth, STEP_PUSH_RIGHT);
    pullNext(core, depth);
  }
}

/** The nodes of the window's edges at `depth` are free to be written anew. */
function edgesToSpares(depth: number): void {
  wr.spares = 0;
  spareNodes[wr.spares++] = leftNodes[depth];
  if (rightNodes[depth] !== leftNodes[depth]) spareNodes[wr.spares++] = rightNodes[depth];
}

/** The first index of the window's left leaf. */
function windowMin<T>(core: TreeCore<T>): number {
  const pool = core.pool;
  for (let d = core.height - 2; d >= 0; d--) {
    if (leftSlots[d] > 0) return pool.innerPivots[leftNodes[d] * pool.innerSlots + leftSlots[d] - 1] + 1;
  }
  return 0;
}

/** Takes the one node that came out as the root, and frees what was above it. */
function shrinkToRoot<T>(core: TreeCore<T>, depth: number): void {
  for (let d = 0; d < depth; d++) {
    core.pool.freeInner(leftNodes[d]);
    if (rightNodes[d] !== leftNodes[d]) core.pool.freeInner(rightNodes[d]);
  }
  core.root = outNodes[0];
  core.height -= depth;
}

/** Puts a new root above the nodes that came out at the top. */
function growRoot<T>(core: TreeCore<T>): void {
  const pool = core.pool;
  const root = pool.takeInner();
  const base = root * pool.innerSlots;
  for (let i = 0; i < wr.outs; i++) {
    pool.innerPivots[base + i] = outPivots[i];
    pool.innerChildren[base + i] = outNodes[i];
    if (pool.tracksGaps) pool.innerGaps[base + i] = outGaps[i];
  }
  pool.innerEnds[root] = wr.outs - 1;
  core.root = root;
  core.height++;
}

/** Records the gap of the node at `depth` of the left edge in its parent, and on upwards while something changes. */
function gapsUpwards<T>(pool: NodePool<T>, depth: number): void {
  for (let d = depth; d > 0; d--) {
    const gap = innerMaxGap(pool, leftNodes[d]);
    const at = leftNodes[d - 1] * pool.innerSlots + leftSlots[d - 1];
    if (pool.innerGaps[at] === gap) return;
    pool.innerGaps[at] = gap;
  }
}

/** Replaces children of the common node by those that came out below, if it stays full enough and not too full. */
function replaceChildren<T>(core: TreeCore<T>, depth: number): boolean {
  const pool = core.pool;
  const node = leftNodes[depth];
  if (rightNodes[depth] !== node) return false;
  const slots = pool.innerSlots;
  const end = pool.innerEnds[node];
  const first = leftSlots[depth];
  const from = rightSlots[depth] + 1;
  const by = first + wr.outs - from;
  const newCount = end + 1 + by;
  if (newCount > slots || (newCount < minSlots(slots) && depth > 0)) return false;
  const base = node * slots;
  if (by !== 0) {
    pool.innerPivots.copyWithin(base + from + by, base + from, base + end + 1);
    pool.innerChildren.copyWithin(base + from + by, base + from, base + end + 1);
    if (pool.tracksGaps) pool.innerGaps.copyWithin(base + from + by, base + from, base + end + 1);
  }
  for (let i = 0; i < wr.outs; i++) {
    pool.innerPivots[base + first + i] = outPivots[i];
    pool.innerChildren[base + first + i] = outNodes[i];
    if (pool.tracksGaps) pool.innerGaps[base + first + i] = outGaps[i];
  }
  if (by < 0) pool.padInner(node, newCount);
  pool.innerEnds[node] = newCount - 1;
  if (pool.tracksGaps) gapsUpwards(pool, depth);
  return true;
}

/** Gathers in the big node what is left at `depth`, with the nodes that came out below. */
function gatherInners<T>(pool: NodePool<T>, depth: number): void {
  const right = rightNodes[depth];
  wr.count = 0;
  bigAddInnerSlots(pool, leftNodes[depth], 0, leftSlots[depth] - 1);
  bigAddOuts();
  bigAddInnerSlots(pool, right, rightSlots[depth] + 1, pool.innerEnds[right]);
}

/**
 * Commits the leaf slots in the big node: they replace the window between the two edges, which are set.
 * All nodes strictly between the edges were freed before. The cursor's place is unknown afterwards.
 */
export function masCommitBNode<T>(c: Cursor<T>): void {
  const core = c.core;
  const pool = core.pool;
  let depth = core.height - 1;
  edgesToSpares(depth);
  masPushData(core, depth, pool.leafSlots);
  pullWhileShort(core, depth, minSlots(pool.leafSlots));
  bigToLeaves(pool, pool.tracksGaps ? windowMin(core) : 0);
  if (debug.on && wr.outs > 1) hitStep(core, depth, wr.outs === 2 ? STEP_LEAVES_2 : STEP_LEAVES_3);
  c.leaf = NO_NODE;
  for (;;) {
    if (wr.outs === 1 && !hasPrev(depth) && !hasNext(pool, depth)) {
      if (debug.on && depth > 0) hitStep(core, 0, STEP_SHRINK);
      shrinkToRoot(core, depth);
      return;
    }
    if (depth === 0) {
      if (debug.on) hitStep(core, 0, STEP_GROW);
      growRoot(core);
      return;
    }
    depth--;
    if (replaceChildren(core, depth)) return;
    gatherInners(pool, depth);
    if (debug.on) hitStep(core, depth, leftNodes[depth] === rightNodes[depth] ? STEP_WINDOW_1 : STEP_WINDOW_2);
    edgesToSpares(depth);
    masPushData(core, depth, pool.innerSlots);
    pullWhileShort(core, depth, minSlots(pool.innerSlots));
    bigToInners(pool);
    if (debug.on && wr.outs > 1) hitStep(core, depth, wr.outs === 2 ? STEP_NODES_2 : STEP_NODES_3);
  }
}

/** Frees everything strictly between the two edges, subtree by subtree. */
export function freeBetweenEdges<T>(core: TreeCore<T>): void {
  const pool = core.pool;
  const leafDepth = core.height - 1;
  let common = 0;
  while (common + 1 < leafDepth && leftNodes[common + 1] === rightNodes[common + 1]) common++;
  freeChildren(core, common, leftNodes[common], leftSlots[common] + 1, rightSlots[common] - 1);
  for (let d = common + 1; d < leafDepth; d++) {
    freeChildren(core, d, leftNodes[d], leftSlots[d] + 1, pool.innerEnds[leftNodes[d]]);
    freeChildren(core, d, rightNodes[d], 0, rightSlots[d] - 1);
  }
}

function freeChildren<T>(core: TreeCore<T>, depth: number, node: number, from: number, to: number): void {
  const base = node * core.pool.innerSlots;
  for (let slot = from; slot <= to; slot++) {
    core.pool.freeSubtree(core.pool.innerChildren[base + slot], core.height - 1 - depth);
  }
}

/** Walks the right edge to `index`. Answers the slot of its leaf that holds it. */
export function walkRightEdge<T>(core: TreeCore<T>, index: number): number {
  const pool = core.pool;
  const leafDepth = core.height - 1;
  let node = core.root;
  for (let d = 0; d < leafDepth; d++) {
    const base = node * pool.innerSlots;
    const slot = slotAt(pool.innerPivots, base, index) - base;
    rightNodes[d] = node;
    rightSlots[d] = slot;
    node = pool.innerChildren[base + slot];
  }
  rightNodes[leafDepth] = node;
  const base = node * pool.leafSlots;
  return slotAt(pool.leafPivots, base, index) - base;
}
