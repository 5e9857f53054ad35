/**
 * Slots tile the index range: each begins right behind the one before, the last ends at the top, and no two empty ones
 * lie side by side.
 *
 *      0        4 5     9 10           19 20     29 30        max
 *      [ empty  ] [  1  ] [   empty     ] [  2    ] [  empty    ]
 */

import { showIndex } from '../../../format/spelling';
import { MAX_INDEX } from '../../../format/types';
import type { TreeInvariant } from '../context';
import { beginWalks, upAgrees, walkUp } from '../walks';

export const treeSlotsTile: TreeInvariant = {
  name: 'slots-tile',
  domain: 'tree',
  about: 'Slots cover all indexes without a hole or an overlap, and no two neighbouring slots are empty.',
  moment: 'write',
  local: true,
  begin: beginWalks,
  check(context) {
    if (upAgrees(context)) return null;
    const { firsts, lasts, values, count, begin, ended, endless } = walkUp(context);
    if (endless) return `slots: ${count} and more, expected at most ${2 * context.oracle.count + 1}`;
    for (let i = 0; i < count; i++) {
      const expected = i === 0 ? begin : lasts[i - 1] + 1;
      if (firsts[i] !== expected) return `slot ${i} begins at ${showIndex(firsts[i])}, expected ${showIndex(expected)}`;
      if (i > 0 && values[i] === 0 && values[i - 1] === 0) {
        const [below, here] = [range(firsts[i - 1], lasts[i - 1]), range(firsts[i], lasts[i])];
        return `slots ${i - 1} and ${i} are both empty: ${below} and ${here}`;
      }
    }
    if (count === 0 || !ended || lasts[count - 1] === MAX_INDEX) return null;
    return `the last slot ends at ${showIndex(lasts[count - 1])}, expected max`;
  },
};

function range(first: number, last: number): string {
  return `${showIndex(first)}-${showIndex(last)}`;
}
