/**
 * Mappings are sorted, not empty, made of whole pages inside the window, and do not overlap.
 */
import type { MmInvariant } from '../context';
import { beginLists, listAfter } from '../lists';

export const mmVmasInOrder: MmInvariant = {
  name: 'vmas-in-order',
  domain: 'mm',
  about: 'Mappings are sorted, not empty, page-aligned, inside the window, and do not overlap.',
  moment: 'write',
  local: true,
  begin: beginLists,
  check(context) {
    const list = listAfter(context);
    let above = 0;
    for (let i = 0; i < list.count; i++) {
      const start = list.start[i];
      const end = list.end[i];
      const isWhole = Number.isInteger(start) && Number.isInteger(end);
      if (!isWhole) return `mapping ${i}, pages ${list.range(i)}: not whole pages`;
      if (start >= end) return `mapping ${i}, pages ${list.range(i)}: empty`;
      if (start < above)
        return `mapping ${i}, pages ${list.range(i)}: begins below ${above}, where the one before it ends`;
      above = end;
    }
    return above > context.header.pages
      ? `pages up to ${above} are mapped in a window of ${context.header.pages}`
      : null;
  },
};
