/**
 * A tree as text, for people: one line a node, indented by depth, and one a slot of a leaf.
 *
 *      node, height 2, 3 nodes
 *      internal 0: 0-max
 *        leaf 0: 0-29 gap 5
 *          0-4 -
 *          5-9 A
 */
import type { TreeCore } from './core';
import { MAX_INDEX } from './layout';

function indexText(index: number): string {
  if (index === MAX_INDEX) return 'max';
  return MAX_INDEX - index < 2 ** 32 ? `max-${MAX_INDEX - index}` : String(index);
}

function rangeText(first: number, last: number): string {
  return first === last ? indexText(first) : `${indexText(first)}-${indexText(last)}`;
}

function dumpLeaf<T>(core: TreeCore<T>, leaf: number, min: number, indent: string, lines: string[]): void {
  const { pool } = core;
  const base = leaf * pool.leafSlots;
  let start = min;
  for (let slot = 0; slot <= pool.leafEnds[leaf]; slot++) {
    const pivot = pool.leafPivots[base + slot];
    const value = pool.leafValues[base + slot];
    lines.push(`${indent}  ${rangeText(start, pivot)} ${value === null ? '-' : String(value)}`);
    start = pivot + 1;
  }
}

function dumpInner<T>(core: TreeCore<T>, inner: number, depth: number, min: number, lines: string[]): void {
  const { pool } = core;
  const base = inner * pool.innerSlots;
  const leafBelow = depth + 2 === core.height;
  const indent = '  '.repeat(depth + 1);
  let start = min;
  for (let slot = 0; slot <= pool.innerEnds[inner]; slot++) {
    const pivot = pool.innerPivots[base + slot];
    const child = pool.innerChildren[base + slot];
    const gap = pool.tracksGaps ? ` gap ${pool.innerGaps[base + slot]}` : '';
    lines.push(`${indent}${leafBelow ? 'leaf' : 'internal'} ${child}: ${rangeText(start, pivot)}${gap}`);
    if (leafBelow) dumpLeaf(core, child, start, indent, lines);
    else dumpInner(core, child, depth + 1, start, lines);
    start = pivot + 1;
  }
}

/** The tree as text; of use to people only. */
export function dumpTree<T>(core: TreeCore<T>): string {
  if (core.height === 0) return core.rootEntry === null ? 'empty' : `ptr\n  0 ${String(core.rootEntry)}`;
  const lines = [`node, height ${core.height}, ${core.pool.used} nodes`];
  if (core.height === 1) {
    lines.push(`leaf ${core.root}: ${rangeText(0, MAX_INDEX)}`);
    dumpLeaf(core, core.root, 0, '', lines);
  } else {
    lines.push(`internal ${core.root}: ${rangeText(0, MAX_INDEX)}`);
    dumpInner(core, core.root, 0, 0, lines);
  }
  return lines.join('\n');
}
