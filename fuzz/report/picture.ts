/**
 * The state before a step, as a picture: the sequence's beginning is run on the judge alone.
 */

import type { MmHeader } from '../domains/mm/header';
import type { MmSubject } from '../domains/mm/subject';
import type { MasView, TreeSubject } from '../domains/tree/subject';
import { showIndex } from '../format/spelling';

import { type DumpVma, MAX_INDEX, type Operation, PAGE, type Sequence, type TreeEntry } from '../format/types';
import { applyChecked } from '../targets/answering';
import { type Instance, makeInstance } from '../targets/in-process';
import { type Box, drawBoxes } from './boxes';

interface Range {
  readonly first: number;
  readonly last: number;
}

/** The judge after the first `steps` operations. */
export function stateBefore(sequence: Sequence, steps: number): Instance {
  const subject = makeInstance('oracle', sequence.header);
  for (const operation of sequence.operations.slice(0, steps)) applyChecked(subject, operation);
  return subject;
}

/** What the operation is about, in the domain's own units, both ends inclusive; null if it has no place. */
function rangeOf(tree: TreeSubject, operation: Operation): Range | null {
  const first = numberOf(operation, 'first') ?? numberOf(operation, 'index');
  if (first !== undefined) return { first, last: numberOf(operation, 'last') ?? first };
  const r = numberOf(operation, 'r');
  if (r === undefined) return null;
  const { index, last } = tree.mas(r);
  return { first: index, last };
}

function addressRangeOf(operation: Operation): Range | null {
  const addr = numberOf(operation, 'addr');
  const length = numberOf(operation, 'len') ?? numberOf(operation, 'old_len') ?? 1;
  return addr === undefined ? null : { first: addr, last: addr + Math.max(length, 1) - 1 };
}

function numberOf(operation: Operation, name: string): number | undefined {
  const value = operation[name];
  return typeof value === 'number' ? value : undefined;
}

const overlaps = (range: Range | null, first: number, last: number): boolean =>
  range !== null && range.first <= last && range.last >= first;

function treeBoxes(entries: readonly TreeEntry[], range: Range | null): Box[] {
  const boxes: Box[] = [];
  let next = 0;
  const add = (first: number, last: number, text: string): void => {
    boxes.push({ label: showIndex(first), text, marked: overlaps(range, first, last) });
  };
  for (const [first, last, value] of entries) {
    if (first > next) add(next, first - 1, '-');
    add(first, last, String(value));
    next = last + 1;
  }
  if (next <= MAX_INDEX) add(next, MAX_INDEX, '-');
  return boxes;
}

function vmaText(vma: DumpVma): string {
  const has = (code: string): boolean => vma.flags.split(' ').includes(code);
  const access = `${has('rd') ? 'r' : '-'}${has('wr') ? 'w' : '-'}${has('ex') ? 'x' : '-'}${has('sh') ? 's' : 'p'}`;
  const extra = ['gd', 'lo', 'ac', 'sl', 'de'].filter(has).map((code) => ` ${code}`);
  const file = vma.file === null ? '' : ` ${vma.file}@${vma.pgoff}`;
  return access + file + extra.join('');
}

function mmBoxes(vmas: readonly DumpVma[], end: number, range: Range | null): Box[] {
  const boxes: Box[] = [];
  let next = 0;
  const add = (first: number, last: number, text: string): void => {
    boxes.push({ label: String(first / PAGE), text, marked: overlaps(range, first, last) });
  };
  for (const vma of vmas) {
    if (vma.start > next) add(next, vma.start - 1, ' ');
    add(vma.start, vma.end - 1, vmaText(vma));
    next = vma.end;
  }
  if (next < end) add(next, end - 1, ' ');
  return boxes;
}

function stateText(r: number, state: MasView): string {
  return `r${r} [${showIndex(state.index)}, ${showIndex(state.last)}, ${state.status}]`;
}

/** The maple states that a sequence used up to a step, as many a line as fit; all others are at their beginning. */
function usedStates(sequence: Sequence, steps: number, tree: TreeSubject, columns: number): string[] {
  const used = new Set<number>();
  for (const operation of sequence.operations.slice(0, steps + 1)) {
    if (typeof operation.r === 'number') used.add(operation.r);
  }
  const lines: string[] = [];
  for (const r of [...used].sort()) {
    const text = stateText(r, tree.mas(r));
    const longer = `${lines.at(-1)}  ${text}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(text);
  }
  return lines;
}

/** A tree's ranges as they are, with those marked that an operation is about. */
export function drawTree(tree: TreeSubject, operation: Operation | undefined, columns: number): string[] {
  const range = operation === undefined ? null : rangeOf(tree, operation);
  return drawBoxes(treeBoxes(tree.entries(), range), 'max', columns);
}

/** The content before operation number `step`, with what that operation is about marked. */
export function drawBefore(sequence: Sequence, step: number, columns: number): string[] {
  const subject = stateBefore(sequence, step);
  const operation = sequence.operations[step];
  if (subject.domain.name === 'tree') {
    const tree = subject.subject as TreeSubject;
    const lines = drawTree(tree, operation, columns);
    return [...lines, ...usedStates(sequence, step, tree, columns)];
  }
  const { vmas, brk } = (subject.subject as MmSubject).dump();
  const { pages } = subject.header as MmHeader;
  const end = pages * PAGE;
  const range = operation === undefined ? null : addressRangeOf(operation);
  const lines = drawBoxes(mmBoxes(vmas, end, range), String(pages), columns);
  const heap = brk === null ? '' : `, the break is ${brk}`;
  return [...lines, `(numbers are pages of ${PAGE} bytes${heap})`];
}
