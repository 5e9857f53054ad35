/**
 * A failed call changes nothing but what the kernel documents.
 *
 * - What is refused for its arguments (EINVAL, EEXIST, EBUSY, EOVERFLOW) leaves every mapping as it was, in the
 *   operations that look at their arguments before they begin. (A file that refuses splits answers EINVAL in the middle
 *   of the work: not counted.)
 * - Operations that only change attributes, and a refused munmap, leave the mapped pages as they were, whatever they
 *   answer: mappings may be split or changed up to the point of failure, never lost.
 */

import type { Operation, Ret } from '../../../format/types';
import type { MmInvariant } from '../context';
import { beginLists, comparable, knowsBefore, listAfter, listBefore, noteBefore, type VmaList } from '../lists';
import { mmSpec } from '../operations';

const REFUSED: readonly Ret[] = ['EINVAL', 'EEXIST', 'EBUSY', 'EOVERFLOW'];

export const mmErrorsChangeNothing: MmInvariant = {
  name: 'error-changes-nothing',
  domain: 'mm',
  about: 'A refused operation leaves the mappings as they were; a failing one loses none of the mapped pages.',
  moment: 'write',
  local: true,
  begin: beginLists,
  before: noteBefore,
  check(context) {
    const { operation, ret } = context;
    if (operation === null || typeof ret !== 'string' || !knowsBefore(context)) return null;
    const spec = mmSpec(operation.op);
    const before = listBefore();
    const after = listAfter(context);
    if (REFUSED.includes(ret) && spec?.looksFirst === true && !hasSplitHook(before)) {
      const changed = firstChange(before, after);
      if (changed !== null) return `${operation.op} answers ${ret}, but ${changed}`;
    }
    return spec?.keepsPages === true ? lostPages(operation, ret, before, after) : null;
  },
};

function hasSplitHook(list: VmaList): boolean {
  for (let i = 0; i < list.count; i++) if (list.file[i]?.ops.maySplit !== undefined) return true;
  return false;
}

function firstChange(before: VmaList, after: VmaList): string | null {
  const { from, to } = comparable(after);
  if (before.count !== to - from) return `there were ${before.count} mappings, and are ${to - from}`;
  for (let i = 0; i < before.count; i++) {
    const k = from + i;
    if (before.start[i] !== after.start[k] || before.end[i] !== after.end[k]) {
      return `mapping ${k} was ${before.range(i)}, and is ${after.range(k)}`;
    }
    if (before.flags[i] !== after.flags[k] || before.pgoff[i] !== after.pgoff[k] || before.anon[i] !== after.anon[k]) {
      return `mapping ${k}, ${before.range(i)}, is another: flags ${before.flags[i]} and ${after.flags[k]}`;
    }
  }
  return null;
}

function lostPages(operation: Operation, ret: string, before: VmaList, after: VmaList): string | null {
  // An aborted munmap that cannot put back what it took out leaves a hole: documented, and only without memory.
  if (operation.fail !== undefined && operation.op === 'munmap') return null;
  const { from, to } = comparable(after);
  const had = before.pages(0, before.count);
  const has = after.pages(from, to);
  return had === has ? null : `${operation.op} answers ${ret}, but ${had} pages were mapped, and ${has} are`;
}
