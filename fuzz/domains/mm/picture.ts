/**
 * An address space as ranges that can be drawn: its mappings, and what is free between them.
 */

import { type DumpVma, type Operation, PAGE } from '../../format/types';
import type { Cell, PictureMaker } from '../domain';
import { numberField, overlaps, type Range } from '../ranges';
import type { MmHeader } from './header';
import type { MmSubject } from './subject';

export const mmPicture: PictureMaker = {
  draw(subject, header, operation) {
    const { pages } = header as MmHeader;
    const range = operation === undefined ? null : rangeOf(operation);
    return { cells: cellsOf((subject as MmSubject).dump().vmas, pages * PAGE, range), end: String(pages) };
  },

  remarks(subject) {
    const { brk } = (subject as MmSubject).dump();
    return [`(numbers are pages of ${PAGE} bytes${brk === null ? '' : `, the break is ${brk}`})`];
  },
};

/** What the operation is about; null if it has no place. */
function rangeOf(operation: Operation): Range | null {
  const addr = numberField(operation, 'addr');
  const length = numberField(operation, 'len') ?? numberField(operation, 'old_len') ?? 1;
  return addr === undefined ? null : { first: addr, last: addr + Math.max(length, 1) - 1 };
}

function vmaText(vma: DumpVma): string {
  const has = (code: string): boolean => vma.flags.split(' ').includes(code);
  const access = `${has('rd') ? 'r' : '-'}${has('wr') ? 'w' : '-'}${has('ex') ? 'x' : '-'}${has('sh') ? 's' : 'p'}`;
  const extra = ['gd', 'lo', 'ac', 'sl', 'de'].filter(has).map((code) => ` ${code}`);
  const file = vma.file === null ? '' : ` ${vma.file}@${vma.pgoff}`;
  return access + file + extra.join('');
}

function cellsOf(vmas: readonly DumpVma[], end: number, range: Range | null): Cell[] {
  const cells: Cell[] = [];
  let next = 0;
  const add = (first: number, last: number, text: string): void => {
    cells.push({ first, last, label: String(first / PAGE), text, marked: overlaps(range, first, last) });
  };
  for (const vma of vmas) {
    if (vma.start > next) add(next, vma.start - 1, ' ');
    add(vma.start, vma.end - 1, vmaText(vma));
    next = vma.end;
  }
  if (next < end) add(next, end - 1, ' ');
  return cells;
}
