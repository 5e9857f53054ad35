/**
 * Every anon_vma counts exactly the mappings that have it, and its number is its own.
 */
import type { AnonVma } from '../../../../src/mm/vma';
import type { MmInvariant } from '../context';
import { beginLists, listAfter, type VmaList } from '../lists';

/** By number: who was met under it last, at which turn, and how often in that turn. */
const owners: AnonVma[] = [];
const turns: number[] = [];
const counts: number[] = [];
let turn = 0;

/**
 * Some of them, each once; the array is longer. Emptied by its count: an array that is cut to nothing loses its memory.
 */
interface Anons {
  readonly list: AnonVma[];
  count: number;
}

/** Those of the mappings now, and of the mappings when it was looked last. */
let present: Anons = { list: [], count: 0 };
let earlier: Anons = { list: [], count: 0 };

/** Counts the mappings of each; a complaint about a number that two have. */
function count(list: VmaList): string | null {
  turn++;
  [present, earlier] = [earlier, present];
  present.count = 0;
  for (let i = 0; i < list.count; i++) {
    const anon = list.anon[i];
    if (anon === null) continue;
    const { id } = anon;
    if (turns[id] !== turn) {
      turns[id] = turn;
      owners[id] = anon;
      counts[id] = 0;
      present.list[present.count++] = anon;
    } else if (owners[id] !== anon) return `anon_vma ${id}: two of this number`;
    counts[id]++;
  }
  return null;
}

/** How many of the mappings counted last have it. */
function countOf(anon: AnonVma): number {
  return turns[anon.id] === turn && owners[anon.id] === anon ? counts[anon.id] : 0;
}

function firstWrong({ list, count }: Anons): string | null {
  for (let i = 0; i < count; i++) {
    const anon = list[i];
    const mappings = countOf(anon);
    if (anon.users !== mappings) return `anon_vma ${anon.id}: ${anon.users} users, ${mappings} mappings have it`;
  }
  return null;
}

export const mmAnonChains: MmInvariant = {
  name: 'anon-vma-chains',
  domain: 'mm',
  about: 'Each anon_vma has as many users as there are mappings with it, and no two have the same number.',
  moment: 'write',
  begin() {
    present.count = earlier.count = 0;
    beginLists();
  },
  check(context) {
    const shared = count(listAfter(context));
    // A child's tree replaced the parent's: nothing holds what the parent had any more, and is not looked at again.
    if (context.operation?.op === 'fork') earlier.count = 0;
    return shared ?? firstWrong(present) ?? firstWrong(earlier);
  },
};
