/**
 * Entries do not overlap and are not empty: each begins above the end of the one before, and ends at or above its
 * begin.
 */

import { showIndex } from '../../../format/spelling';
import type { TreeInvariant } from '../context';
import { beginWalks, upAgrees, walkUp } from '../walks';

export const treeNoOverlap: TreeInvariant = {
  name: 'no-overlap',
  domain: 'tree',
  about: 'Stored ranges do not overlap, and each ends at or above its first index.',
  moment: 'write',
  local: true,
  begin: beginWalks,
  check(context) {
    if (upAgrees(context)) return null;
    const { firsts, lasts, values, count } = walkUp(context);
    let end = -1;
    for (let i = 0; i < count; i++) {
      if (values[i] === 0) continue;
      if (firsts[i] > lasts[i]) return `entry ${text(firsts[i], lasts[i])}: it ends before it begins`;
      if (firsts[i] <= end) {
        return `entry ${text(firsts[i], lasts[i])} begins at or below ${showIndex(end)}, where the one before it ends`;
      }
      end = lasts[i];
    }
    return null;
  },
};

function text(first: number, last: number): string {
  return `${showIndex(first)}-${showIndex(last)}`;
}
