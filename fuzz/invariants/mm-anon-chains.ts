/**
 * Every anon_vma counts exactly the mappings that have it, and its number is its own.
 */
import type { AnonVma } from '../../src/mm/vma';
import type { MmInvariant } from '../lockstep/types';
import { beginLists, listAfter } from './mm-lists';

/** Those seen in this sequence, with the mappings counted now. */
const users = new Map<AnonVma, number>();
const numbers = new Map<number, AnonVma>();

export const mmAnonChains: MmInvariant = {
  name: 'anon-vma-chains',
  domain: 'mm',
  about: 'Each anon_vma has as many users as there are mappings with it, and no two have the same number.',
  moment: 'write',
  begin() {
    users.clear();
    beginLists();
  },
  check(context) {
    const list = listAfter(context);
    for (const anon of users.keys()) users.set(anon, 0);
    for (let i = 0; i < list.count; i++) {
      const anon = list.anon[i];
      if (anon !== null) users.set(anon, (users.get(anon) ?? 0) + 1);
    }
    numbers.clear();
    for (const [anon, count] of users) {
      // A child's tree replaced the parent's: what the parent had is nobody's any more, and is not looked at again.
      if (count === 0 && context.operation?.op === 'fork') users.delete(anon);
      else if (anon.users !== count) return `anon_vma ${anon.id}: ${anon.users} users, ${count} mappings have it`;
      else if (count === 0) users.delete(anon);
      else if (numbers.has(anon.id)) return `anon_vma ${anon.id}: two of this number`;
      numbers.set(anon.id, anon);
    }
    return null;
  },
};
