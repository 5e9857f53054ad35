/**
 * Between operations no tree node is held: what was reserved for a write has been used or given back, also where the
 * write never came because something else had failed.
 */
import type { MmInvariant } from '../context';
import { mmOf } from '../lists';

export const mmNothingReserved: MmInvariant = {
  name: 'nothing-reserved',
  domain: 'mm',
  about: 'After an operation no nodes of the tree of mappings are left reserved.',
  moment: 'write',
  local: true,
  check(context) {
    const { pool } = mmOf(context).tree;
    const { reservedLeaves, reservedInners } = pool;
    if (reservedLeaves === 0 && reservedInners === 0) return null;
    return `${reservedLeaves} leaves and ${reservedInners} internal nodes are still reserved`;
  },
};
