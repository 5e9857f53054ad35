/**
 * A tree as ranges that can be drawn: its entries, and the gaps between them.
 */
import { showIndex } from '../../format/spelling';
import { MAX_INDEX, type Operation, type TreeEntry } from '../../format/types';
import type { Cell, PictureMaker } from '../domain';
import { numberField, overlaps, type Range } from '../ranges';
import type { MasView, TreeSubject } from './subject';

export const treePicture: PictureMaker = {
  draw(subject, _header, operation) {
    const tree = subject as TreeSubject;
    const range = operation === undefined ? null : rangeOf(tree, operation);
    return { cells: cellsOf(tree.entries(), range), end: 'max' };
  },

  /** The maple states that were used; all others are at their beginning. */
  remarks(subject, before) {
    const used = new Set<number>();
    for (const { r } of before) if (typeof r === 'number') used.add(r);
    return [...used].sort().map((r) => stateText(r, (subject as TreeSubject).mas(r)));
  },
};

/** What the operation is about; null if it has no place. */
function rangeOf(tree: TreeSubject, operation: Operation): Range | null {
  const first = numberField(operation, 'first') ?? numberField(operation, 'index');
  if (first !== undefined) return { first, last: numberField(operation, 'last') ?? first };
  const r = numberField(operation, 'r');
  if (r === undefined) return null;
  const { index, last } = tree.mas(r);
  return { first: index, last };
}

function cellsOf(entries: readonly TreeEntry[], range: Range | null): Cell[] {
  const cells: Cell[] = [];
  let next = 0;
  const add = (first: number, last: number, text: string): void => {
    cells.push({ first, last, label: showIndex(first), text, marked: overlaps(range, first, last) });
  };
  for (const [first, last, value] of entries) {
    if (first > next) add(next, first - 1, '-');
    add(first, last, String(value));
    next = last + 1;
  }
  if (next <= MAX_INDEX) add(next, MAX_INDEX, '-');
  return cells;
}

function stateText(r: number, state: MasView): string {
  return `r${r} [${showIndex(state.index)}, ${showIndex(state.last)}, ${state.status}]`;
}
