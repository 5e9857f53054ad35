/**
 * The structure of the tree under the address space, as the tree itself checks it.
 */
import type { MmInvariant } from '../context';
import { mmOf } from '../lists';

export const mmTreeStructure: MmInvariant = {
  name: 'mm-tree-structure',
  domain: 'mm',
  about: 'The nodes of the tree of mappings obey every rule of their structure (validate).',
  foundBy: 'structure',
  retells: 'structure',
  moment: 'write',
  check(context) {
    const broken = mmOf(context).tree.validate();
    return broken.length === 0 ? null : broken[0];
  },
};
