/**
 * Next and previous of every mapping through a VMA iterator: up and down they meet the same mappings.
 */
import { VmaIterator } from '../../src/mm/vma-iterator';
import type { MmContext, MmInvariant } from '../lockstep/types';
import { beginLists, listAfter, mmOf } from './mm-lists';

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
  about: 'The VMA iterator meets the same mappings going up and going down, as many as there are in the judge.',
  moment: 'write',
  begin() {
    iterator = null;
    beginLists();
  },
  check(context) {
    const list = listAfter(context);
    if (list.count !== context.oracle.count) return `${list.count} mappings, expected ${context.oracle.count}`;
    const vmi = iteratorOf(context).set(0);
    for (let i = 0; i < list.count; i++) {
      if (vmi.next() !== list.vma[i]) return `up: not mapping ${i}, ${list.range(i)}, at page ${vmi.addr}`;
    }
    if (vmi.next() !== null) return `up: a mapping behind the last one, at page ${vmi.addr}`;
    vmi.set(context.header.pages);
    for (let i = list.count - 1; i >= 0; i--) {
      if (vmi.prev() !== list.vma[i]) return `down: not mapping ${i}, ${list.range(i)}, at page ${vmi.addr}`;
    }
    return vmi.prev() === null ? null : `down: a mapping below the first one, at page ${vmi.addr}`;
  },
};
