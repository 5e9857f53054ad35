/**
 * The checker of the whole structure: what the kernel's mt_validate checks, and the pool.
 *
 *      "pivot[3] of leaf 7 at 96-127: 101, not above 101 of the slot before"
 *
 * Each rule has its own message, with the place and both numbers. It is run after every step of a fuzzing run, so it is
 * one pass over the nodes, and builds texts only when something is wrong.
 *
 * Rules that it checks:
 * - a tree without a node uses none; the height fits the root
 * - slots in use: within capacity; at least the minimum but for the root; a root that is internal has two
 * - pivots rise; the last is the node's maximum; the first is not below the node's minimum
 * - no two empty slots side by side; no empty slot at a leaf's end but in the last leaf
 * - a recorded gap is the real one
 * - each node is reached once, and as many as the pool says are in use
 * - out of use: value slots are null, pivots of internal nodes are padding
 * - used and reserved nodes stay within the limit
 */
import type { TreeCore } from './core';
import { innerMaxGap, leafMaxGap } from './gaps';
import { MAX_HEIGHT, MAX_INDEX, minSlots, PADDING } from './layout';
import type { NodePool } from './pool';

const MESSAGES_LIMIT = 20;

/** One check under way. */
class Check<T> {
  readonly messages: string[] = [];
  readonly pool: NodePool<T>;
  readonly height: number;
  leaves = 0;
  inners = 0;

  constructor(readonly core: TreeCore<T>) {
    this.pool = core.pool;
    this.height = core.height;
  }

  say(text: string): void {
    if (this.messages.length < MESSAGES_LIMIT) this.messages.push(text);
  }
}

/** Nodes seen in this pass: by number, the pass that saw it. */
let leafMarks: Uint32Array = new Uint32Array(64);
let innerMarks: Uint32Array = new Uint32Array(64);
let pass = 0;

function room(marks: Uint32Array, length: number): Uint32Array {
  if (marks.length >= length) return marks;
  const grown = new Uint32Array(length * 2);
  grown.set(marks);
  return grown;
}

/** Whether a node number is one in use and met for the first time. */
function checkNumber<T>(check: Check<T>, node: number, leaf: boolean, depth: number): boolean {
  const top = leaf ? check.pool.leafTop : check.pool.innerTop;
  const name = leaf ? 'leaf' : 'internal node';
  if (!(node >= 0 && node < top)) {
    check.say(`child at depth ${depth}: ${name} ${node}, but numbers end at ${top - 1}`);
    return false;
  }
  const marks = leaf ? leafMarks : innerMarks;
  if (marks[node] === pass) {
    check.say(`${name} ${node} at depth ${depth} is reached twice`);
    return false;
  }
  marks[node] = pass;
  return true;
}

/** The number of slots in use. `min` to `max` is where the node lies, for the message. */
function checkOccupancy<T>(
  check: Check<T>,
  node: number,
  leaf: boolean,
  depth: number,
  min: number,
  max: number,
): boolean {
  const { pool } = check;
  const slots = leaf ? pool.leafSlots : pool.innerSlots;
  const used = (leaf ? pool.leafEnds[node] : pool.innerEnds[node]) + 1;
  const least = depth > 0 ? minSlots(slots) : leaf ? 1 : 2;
  if (used >= least && used <= slots) return true;
  const name = leaf ? 'leaf' : 'internal node';
  if (used > slots) check.say(`${name} ${node} at ${min}-${max}: ${used} slots in use, but there are ${slots}`);
  else check.say(`${name} ${node} at ${min}-${max}: ${used} slots in use, fewer than the minimum ${least}`);
  return used <= slots;
}

function checkLeaf<T>(check: Check<T>, leaf: number, depth: number, min: number, max: number): void {
  check.leaves++;
  if (!checkNumber(check, leaf, true, depth) || !checkOccupancy(check, leaf, true, depth, min, max)) return;
  const { pool } = check;
  const pivots = pool.leafPivots;
  const values = pool.leafValues;
  const base = leaf * pool.leafSlots;
  const end = pool.leafEnds[leaf];
  let before = min - 1;
  let empty = false;
  for (let slot = 0; slot <= end; slot++) {
    const pivot = pivots[base + slot];
    if (!(pivot > before)) {
      check.say(`pivot[${slot}] of leaf ${leaf} at ${min}-${max}: ${pivot}, not above ${before} before it`);
    }
    const nothing = values[base + slot] === null;
    if (nothing && empty) {
      check.say(`slots ${slot - 1} and ${slot} of leaf ${leaf} at ${min}-${max}: two empty ranges side by side`);
    }
    empty = nothing;
    before = pivot;
  }
  if (before !== max) check.say(`leaf ${leaf} at ${min}-${max}: last pivot ${before}, but the maximum is ${max}`);
  if (empty && max !== MAX_INDEX) check.say(`leaf ${leaf} at ${min}-${max}: slot ${end} at its end is empty`);
  for (let slot = end + 1; slot < pool.leafSlots; slot++) {
    if (values[base + slot] !== null) {
      check.say(`leaf ${leaf} at ${min}-${max}: slot ${slot} behind the last one ${end} holds a value`);
    }
  }
}

function checkInner<T>(check: Check<T>, inner: number, depth: number, min: number, max: number): void {
  check.inners++;
  if (!checkNumber(check, inner, false, depth) || !checkOccupancy(check, inner, false, depth, min, max)) return;
  const { pool } = check;
  const base = inner * pool.innerSlots;
  const end = pool.innerEnds[inner];
  const leafBelow = depth + 2 === check.height;
  let before = min - 1;
  for (let slot = 0; slot <= end; slot++) {
    const pivot = pool.innerPivots[base + slot];
    if (!(pivot > before)) {
      check.say(`pivot[${slot}] of internal node ${inner} at ${min}-${max}: ${pivot}, not above ${before} before it`);
    }
    const child = pool.innerChildren[base + slot];
    if (leafBelow) checkLeaf(check, child, depth + 1, before + 1, pivot);
    else checkInner(check, child, depth + 1, before + 1, pivot);
    if (pool.tracksGaps) checkGap(check, inner, slot, depth, before + 1, pivot);
    before = pivot;
  }
  for (let slot = end + 1; slot < pool.innerSlots; slot++) {
    if (pool.innerPivots[base + slot] !== PADDING) {
      check.say(`internal node ${inner} at ${min}-${max}: slot ${slot} behind the last one ${end} has a pivot`);
    }
  }
  if (before !== max) {
    check.say(`internal node ${inner} at ${min}-${max}: last pivot ${before}, but the maximum is ${max}`);
  }
}

/** The gap recorded for one child. */
function checkGap<T>(check: Check<T>, inner: number, slot: number, depth: number, min: number, max: number): void {
  const { pool } = check;
  const at = inner * pool.innerSlots + slot;
  const child = pool.innerChildren[at];
  const leafBelow = depth + 2 === check.height;
  if (!(child >= 0 && child < (leafBelow ? pool.leafTop : pool.innerTop))) return;
  const real = leafBelow ? leafMaxGap(pool, child, min) : innerMaxGap(pool, child);
  const stored = pool.innerGaps[at];
  if (stored !== real) {
    check.say(
      `gap[${slot}] of internal node ${inner} at depth ${depth}, ${min}-${max}: stored ${stored}, real ${real}`,
    );
  }
}

/** The pool's books: nodes reached against nodes in use, free ones empty, the limit. */
function checkPool<T>(check: Check<T>): void {
  const { pool } = check;
  if (check.leaves !== pool.usedLeaves) {
    check.say(`pool: ${pool.usedLeaves} leaves in use, but ${check.leaves} reached from the root`);
  }
  if (check.inners !== pool.usedInners) {
    check.say(`pool: ${pool.usedInners} internal nodes in use, but ${check.inners} reached from the root`);
  }
  if (pool.reservedLeaves < 0 || pool.reservedInners < 0) {
    check.say(`pool: ${pool.reservedLeaves} leaves and ${pool.reservedInners} internal nodes reserved, below 0`);
  }
  const total = pool.used + pool.reservedLeaves + pool.reservedInners;
  if (total > pool.limit) check.say(`pool: ${total} nodes in use or reserved, but the limit is ${pool.limit}`);
  for (const leaf of pool.freeLeaves) {
    if (leafMarks[leaf] === pass) check.say(`pool: leaf ${leaf} is free, but reached from the root`);
    for (let slot = 0; slot < pool.leafSlots; slot++) {
      if (pool.leafValues[leaf * pool.leafSlots + slot] !== null) {
        check.say(`pool: slot ${slot} of the free leaf ${leaf} holds a value`);
      }
    }
  }
  for (const inner of pool.freeInners) {
    if (innerMarks[inner] === pass) check.say(`pool: internal node ${inner} is free, but reached from the root`);
  }
}

/** Checks everything. Answers the messages, at most 20; none if all is right. */
export function validateTree<T>(core: TreeCore<T>): string[] {
  const check = new Check(core);
  const { pool, height } = core;
  leafMarks = room(leafMarks, pool.leafTop);
  innerMarks = room(innerMarks, pool.innerTop);
  pass++;
  if (height < 0 || height > MAX_HEIGHT) check.say(`height ${height}, but it is from 0 to ${MAX_HEIGHT}`);
  else if (height > 0 && core.rootEntry !== null) check.say(`height ${height}, but the root holds an entry too`);
  else if (height === 1) checkLeaf(check, core.root, 0, 0, MAX_INDEX);
  else if (height > 1) checkInner(check, core.root, 0, 0, MAX_INDEX);
  checkPool(check);
  return check.messages;
}
