/**
 * Next and previous of every mapping through a VMA iterator: one walk up and down again meets the same mappings twice.
 *
 *      up      [ A ]   ->  [ B ][ C ]    ->   [ D ]   ->  none
 *                                                           |
 *      none <- [ A ]  <-   [ B ][ C ]   <-    [ D ]  <-     +
 *
 * Where it is not the turn of the whole content (`whole`), the mappings around the operation's place are walked: what a
 * write does elsewhere is seen when the whole is looked at, every so many steps and at the end.
 */
import { VmaIterator } from '../../../../src/mm/vma-iterator';
import type { MmContext, MmInvariant } from '../context';
import { beginLists, listAfter, mmOf, type VmaList } from '../lists';

let iterator: VmaIterator | null = null;

/** A fork puts another tree in place, which needs another iterator. */
function iteratorOf(context: MmContext): VmaIterator {
  const mm = mmOf(context);
  if (iterator === null || iterator.mas.core !== mm.tree) iterator = new VmaIterator(mm.tree, mm.allocations);
  return iterator;
}

export const mmNeighbours: MmInvariant = {
  name: 'vma-neighbours',
  domain: 'mm',
  about: 'The VMA iterator meets the same mappings going up and going down, as many as there are in the oracle.',
  moment: 'write',
  local: true,
  begin() {
    iterator = null;
    beginLists();
  },
  check(context) {
    const list = listAfter(context);
    if (list.whole && list.count !== context.oracle.count) {
      return `${list.count} mappings, expected ${context.oracle.count}`;
    }
    return list.whole || list.count > 0 ? goUpAndDown(iteratorOf(context), list) : null;
  },
};

/** Up over all of the list and one step further, and back; if the list is whole, there is nothing beyond its ends. */
function goUpAndDown(vmi: VmaIterator, list: VmaList): string | null {
  const { vma, count, whole } = list;
  vmi.set(whole ? 0 : list.start[0]);
  for (let i = 0; i < count; i++) {
    if (vmi.next() !== vma[i]) return `up: not mapping ${i}, ${list.range(i)}, at page ${vmi.addr}`;
  }
  if (vmi.next() !== null && whole) return `up: a mapping behind the last one, at page ${vmi.addr}`;
  for (let i = count - 1; i >= 0; i--) {
    if (vmi.prev() !== vma[i]) return `down: not mapping ${i}, ${list.range(i)}, at page ${vmi.addr}`;
  }
  if (!whole || vmi.prev() === null) return null;
  return `down: a mapping below the first one, at page ${vmi.addr}`;
}
