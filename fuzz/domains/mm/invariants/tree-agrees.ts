/**
 * The tree holds each mapping over exactly its own pages, and none that was let go.
 *
 *     tree   |-- vma --|      vma.start .. vma.end - 1
 *            ^first    ^last
 */
import type { MmInvariant } from '../context';
import { beginLists, listAfter, type VmaList } from '../lists';

export const mmTreeAgrees: MmInvariant = {
  name: 'tree-agrees-with-vmas',
  domain: 'mm',
  about: 'The tree holds every mapping at exactly its pages, each mapping once, and none that was detached.',
  moment: 'write',
  local: true,
  begin: beginLists,
  check(context) {
    const list = listAfter(context);
    for (let i = 0; i < list.count; i++) {
      if (list.first[i] !== list.start[i] || list.last[i] !== list.end[i] - 1) {
        return `the tree has mapping ${i} at ${at(list, i)}, the mapping says ${list.range(i)}`;
      }
      if (list.vma[i].detached) return `mapping ${i} at ${at(list, i)} is detached, and still in the tree`;
      if (i > 0 && list.vma[i] === list.vma[i - 1]) return `mapping ${i} at ${at(list, i)} is in the tree twice`;
    }
    return null;
  },
};

function at(list: VmaList, i: number): string {
  return `[${list.first[i]}, ${list.last[i] + 1})`;
}
