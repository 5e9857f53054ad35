/**
 * The structure of src's tree, as src itself checks it: pivots, limits, occupancy, depth, empty slots, recorded gaps.
 */
import type { TreeInvariant } from '../context';

export const treeStructure: TreeInvariant = {
  name: 'structure',
  domain: 'tree',
  about: 'The nodes of the tree obey every rule of their structure (validate).',
  foundBy: 'structure',
  moment: 'write',
  check(context) {
    const broken = context.src.tree.validate();
    return broken.length === 0 ? null : broken[0];
  },
};
