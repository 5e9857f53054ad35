/**
 * No merge across VM_SPECIAL: a mapping of a device (VM_IO, VM_DONTEXPAND, VM_PFNMAP, VM_MIXEDMAP) never becomes larger
 * than what was mapped at once, and never swallows or joins another.
 *
 *     before   [ dev ][ dev ][ a ]        after   still three, or fewer pages, but no [ dev    dev ]
 */
import { VM_SPECIAL } from '../../../../src/mm/vm-flags';
import { type Operation, PAGE } from '../../../format/types';
import type { MmContext, MmInvariant } from '../context';
import { beginLists, comparable, knowsBefore, listAfter, listBefore, noteBefore, type VmaList } from '../lists';

export const mmSpecialApart: MmInvariant = {
  name: 'no-merge-across-special',
  domain: 'mm',
  about: 'A special mapping (VM_IO, VM_DONTEXPAND, VM_PFNMAP, VM_MIXEDMAP) is never merged with anything.',
  moment: 'write',
  local: true,
  begin: beginLists,
  before: noteBefore,
  check(context) {
    if (context.operation === null || !knowsBefore(context)) return null;
    const before = listBefore();
    const after = listAfter(context);
    const { from, to } = comparable(after);
    for (let i = from; i < to; i++) {
      if ((after.flags[i] & VM_SPECIAL) === 0 || isFromOne(context, before, after, i)) continue;
      return `the special mapping ${after.range(i)} was not in one piece before ${context.operation.op}`;
    }
    return null;
  },
};

/** Whether mapping i is a part of one mapping before, where it was or moved, or was mapped just now, alone. */
function isFromOne(context: MmContext, before: VmaList, after: VmaList, i: number): boolean {
  const operation = context.operation!;
  const start = after.start[i];
  const end = after.end[i];
  if (isWithin(before, start, end)) return true;
  if (operation.op === 'mmap') {
    const first = (context.ret as number) / PAGE;
    return start === first && end === first + Math.ceil((operation.len as number) / PAGE);
  }
  if (operation.op === 'remap_file_pages') return isWholeRange(operation, start, end);
  return operation.op === 'mremap' && isMoved(operation, context.ret, before, start, end);
}

/** remap_file_pages rounds both down. */
function isWholeRange(operation: Operation, start: number, end: number): boolean {
  const first = Math.floor((operation.addr as number) / PAGE);
  return start === first && end === first + Math.floor((operation.len as number) / PAGE);
}

/** A piece moved with its source, or a second mapping of the same pages, or one that grew in place. */
function isMoved(operation: Operation, ret: unknown, before: VmaList, start: number, end: number): boolean {
  const from = (operation.addr as number) / PAGE;
  const target = operation.new_addr !== undefined ? (operation.new_addr as number) : ret;
  if (typeof target !== 'number') return false;
  const distance = (typeof ret === 'number' ? ret : target) / PAGE - from;
  if (isWithin(before, start - distance, end - distance)) return true;
  // A device whose mapping may grow: from its own start, over nothing else.
  const source = before.holding(start - distance);
  return source >= 0 && end - start <= Math.ceil((operation.new_len as number) / PAGE);
}

function isWithin(list: VmaList, start: number, end: number): boolean {
  const k = list.holding(start);
  return k >= 0 && end <= list.end[k] && (list.flags[k] & VM_SPECIAL) !== 0;
}
