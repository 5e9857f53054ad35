/**
 * Next and previous of every mapping through a VMA iterator: up and down they meet the same mappings.
 *
 *      up      [ A ]   ->  [ B ][ C ]    ->   [ D ]   ->  none
 *      down    [ A ]  <-   [ B ][ C ]   <-    [ D ]  <-   from the window's end
 *
 * Where it is not the turn of the whole content (`whole`), the mappings around the operation's place are walked: what a write
 * does elsewhere is seen when the whole is looked at, every so many steps and at the end.
 */
import { VmaIterator } from '../../src/mm/vma-iterator';
import type { MmContext, MmInvariant } from '../lockstep/types';
import { PAGE } from '../sequence/types';
import { beginLists, listAfter, mmOf, type VmaList } from './mm-lists';

/** Mappings to either side of the operation's place that are walked at least. */
const AROUND = 4;

let iterator: VmaIterator | null = null;

/** A fork puts another tree in place, which needs another iterator. */
function iteratorOf(context: MmContext): VmaIterator {
  const mm = mmOf(context);
  if (iterator === null || iterator.mas.core !== mm.tree) iterator = new VmaIterator(mm.tree, mm.allocations);
  return iterator;
}

/** The number of the first mapping that ends above where the operation was at work. */
function placeOf({ operation, ret }: MmContext, list: VmaList): number {
  const at = typeof ret === 'number' && ret > 0 ? ret : ((operation?.addr as number | undefined) ?? 0);
  return list.above(at / PAGE);
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
    const { count } = list;
    if (count !== context.oracle.count) return `${count} mappings, expected ${context.oracle.count}`;
    if (context.whole) return walk(context, list, 0, count);
    const place = placeOf(context, list);
    return walk(context, list, Math.max(0, place - AROUND), Math.min(count, place + AROUND));
  },
};

/** Up and down over the mappings from `low` to `high`, exclusive, and on to nothing where they are the last, or the first. */
function walk(context: MmContext, list: VmaList, low: number, high: number): string | null {
  const vmi = iteratorOf(context).set(low === 0 ? 0 : list.end[low - 1]);
  const { vma } = list;
  for (let i = low; i < high; i++) {
    if (vmi.next() !== vma[i]) return `up: not mapping ${i}, ${list.range(i)}, at page ${vmi.addr}`;
  }
  if (high === list.count && vmi.next() !== null) return `up: a mapping behind the last one, at page ${vmi.addr}`;
  vmi.set(high === list.count ? context.header.pages : list.start[high]);
  for (let i = high - 1; i >= low; i--) {
    if (vmi.prev() !== vma[i]) return `down: not mapping ${i}, ${list.range(i)}, at page ${vmi.addr}`;
  }
  if (low > 0 || vmi.prev() === null) return null;
  return `down: a mapping below the first one, at page ${vmi.addr}`;
}
