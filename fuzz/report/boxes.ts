/**
 * A picture of ranges: one box a range, the first index above its left wall, marks below.
 *
 *     0    5    10    20    30    40
 *     | -  | 1  | -   | 2   | 3   | -   | max
 *                  ^^^^^^^^^^^^
 *
 * Widths follow the labels, not the sizes: ranges of one index and of 2^50 stand side by side here.
 */
import type { Cell } from '../domains/domain';

/** The label stands above the left wall. */
type Box = Pick<Cell, 'label' | 'text' | 'marked'>;

function boxWidth(box: Box): number {
  return Math.max(box.label.length + 1, box.text.length + 4);
}

/** Which boxes to show: the marked ones first, then as many around them as fit. */
function choose(boxes: readonly Box[], room: number): readonly [from: number, to: number] {
  let from = boxes.findIndex((box) => box.marked);
  if (from < 0) from = 0;
  let to = from;
  let left = room;
  const fits = (i: number): boolean => i >= 0 && i < boxes.length && boxWidth(boxes[i]) <= left;
  const take = (i: number): void => {
    left -= boxWidth(boxes[i]);
  };
  while (fits(to) && (boxes[to].marked || to === from)) take(to++);
  for (let growing = true; growing; ) {
    growing = false;
    if (fits(from - 1)) {
      take(--from);
      growing = true;
    }
    if (fits(to)) {
      take(to++);
      growing = true;
    }
  }
  return [from, to];
}

/** Lines of at most `columns` characters. `end` is what stands behind the last wall. */
export function drawBoxes(boxes: readonly Box[], end: string, columns: number): string[] {
  if (boxes.length === 0) return ['(nothing)'];
  const [from, to] = choose(boxes, columns - 8 - end.length);
  let labels = from > 0 ? '... ' : '';
  let walls = labels;
  let marks = labels.replace(/\./g, ' ');
  for (const box of boxes.slice(from, to)) {
    const width = boxWidth(box);
    labels += box.label.padEnd(width);
    walls += `| ${box.text} `.padEnd(width);
    marks += (box.marked ? '^' : ' ').repeat(width);
  }
  labels += to < boxes.length ? '' : end;
  walls += to < boxes.length ? '| ...' : '|';
  const lines = [labels.trimEnd(), walls];
  return marks.includes('^') ? [...lines, marks.trimEnd()] : lines;
}
