/**
 * No two neighbours are left that the last operation had to merge.
 *
 * Merging is tried only at the edges of what an operation made or changed, so neighbours that became alike by other
 * means stay two. This looks at each border where one of the two is new or changed in the last operation, and asks
 * whether the two could be one: everything alike, the offset running on, the anon_vmas agreeing, neither special.
 *
 *     before  [  rw  ][  r  ][  rw  ]       mprotect of the middle to rw
 *     after   [          rw         ]       and not [  rw  ][  rw  ][  rw  ]
 */
import { VM_SPECIAL } from '../../../../src/mm/vm-flags';
import { PAGE } from '../../../format/types';
import type { MmContext, MmInvariant } from '../context';
import { beginLists, comparable, knowsBefore, listAfter, listBefore, mmOf, noteBefore, type VmaList } from '../lists';
import { mmSpec } from '../operations';

export const mmMerged: MmInvariant = {
  name: 'unmerged-neighbours',
  domain: 'mm',
  about: 'No two neighbours are left apart that the last operation had to merge.',
  moment: 'write',
  local: true,
  begin: beginLists,
  before: noteBefore,
  check(context) {
    const { operation, ret } = context;
    if (operation === null || context.fail !== 0 || !knowsBefore(context)) return null;
    const isNew = operation.op === 'mmap' && typeof ret === 'number';
    // Merged at their edges are new mappings, and those that the operation changes.
    if (!isNew && !(ret === 0 && mmSpec(operation.op)?.merges === true)) return null;
    const after = listAfter(context);
    const { from, to } = comparable(after);
    for (let i = from + 1; i < to; i++) {
      if (after.end[i - 1] !== after.start[i]) continue;
      if (!(isNew ? isEdge(context, after, i) : isChangedBorder(after, i))) continue;
      if (!couldBeOne(after, i - 1, i, mmOf(context).kernel612)) continue;
      return `${after.range(i - 1)} and ${after.range(i)} are alike, and ${operation.op} left them apart`;
    }
    return null;
  },
};

/**
 * Whether the border below mapping i is one of a new range. A driver's hook may have set flags after merging was tried.
 */
function isEdge(context: MmContext, after: VmaList, i: number): boolean {
  if (after.file[i]?.ops.mmap !== undefined) return false;
  const first = (context.ret as number) / PAGE;
  const behind = first + Math.ceil((context.operation!.len as number) / PAGE);
  return after.start[i] === first || after.start[i] === behind;
}

/** Whether one of the two mappings at the border is not what was there before. */
function isChangedBorder(after: VmaList, i: number): boolean {
  const before = listBefore();
  const lower = after.end[i - 1] - 1;
  const upper = after.start[i];
  // What faulted in the operation did so after merging had been tried.
  if (isFaulted(before, after, i - 1, lower) || isFaulted(before, after, i, upper)) return false;
  return isChanged(before, after, i - 1, lower) || isChanged(before, after, i, upper);
}

/** Whether mapping i got its anon_vma in the operation, or another one. */
function isFaulted(before: VmaList, after: VmaList, i: number, page: number): boolean {
  const k = before.holding(page);
  return k >= 0 && before.anon[k] !== after.anon[i];
}

function isChanged(before: VmaList, after: VmaList, i: number, page: number): boolean {
  const k = before.holding(page);
  return (
    k < 0 ||
    before.flags[k] !== after.flags[i] ||
    before.policy[k] !== after.policy[i] ||
    before.uffd[k] !== after.uffd[i] ||
    before.name[k] !== after.name[i]
  );
}

/** Whether the rules of merging would make one mapping of two neighbours. */
function couldBeOne(list: VmaList, i: number, k: number, kernel612: boolean): boolean {
  const file = list.file[i];
  return (
    list.flags[i] === list.flags[k] &&
    (list.flags[i] & VM_SPECIAL) === 0 &&
    file === list.file[k] &&
    file?.ops.close === undefined &&
    list.pgoff[i] + (list.end[i] - list.start[i]) === list.pgoff[k] &&
    list.policy[i] === list.policy[k] &&
    list.uffd[i] === list.uffd[k] &&
    list.name[i] === list.name[k] &&
    anonAgrees(list, i, k, kernel612)
  );
}

/**
 * Both none, or the same; or one alone, not inherited. (6.12 is more careful there: nothing is said where one has none,
 * nor where one had none when the merge was tried, and has been populated since.)
 */
function anonAgrees(list: VmaList, i: number, k: number, kernel612: boolean): boolean {
  const a = list.anon[i];
  const b = list.anon[k];
  if (a === b) return a === null || !kernel612 || (hadBefore(list, i) && hadBefore(list, k));
  if (a !== null && b !== null) return false;
  const one = a ?? b;
  return !kernel612 && one?.inherited === false;
}

/** Whether the mapping's first page had the same anon_vma before the operation. */
function hadBefore(list: VmaList, i: number): boolean {
  const at = listBefore().holding(list.start[i]);
  return at >= 0 && listBefore().anon[at] === list.anon[i];
}
