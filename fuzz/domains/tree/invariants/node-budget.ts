/**
 * The node budget is balanced: as many nodes in use as hang on the root, nothing reserved, free and used
 * apart.
 *
 *      pool   used = reachable from the root        reserved = held by states that preallocated
 */
import type { MapleTree } from '../../../../src/maple-tree';
import { STATES } from '../../../format/kinds';
import type { TreeInvariant } from '../context';

/** Nodes met while counting: of each sort. */
let leaves = 0;
let inners = 0;

export const treeNodeBudget: TreeInvariant = {
  name: 'node-budget',
  domain: 'tree',
  about: 'The pool has in use exactly the nodes of the tree, and reserved exactly what maple states hold.',
  moment: 'write',
  check(context) {
    const { tree } = context.src;
    const { pool } = tree;
    leaves = inners = 0;
    if (tree.height > 0) countNodes(tree, tree.root, tree.height);
    if (pool.usedLeaves !== leaves) return `leaves: ${pool.usedLeaves} in use, ${leaves} in the tree`;
    if (pool.usedInners !== inners) return `internal nodes: ${pool.usedInners} in use, ${inners} in the tree`;
    let held = 0;
    for (let r = 0; r < STATES; r++) {
      const state = context.src.states[r];
      held += state.heldLeaves + state.heldInners;
    }
    const reserved = pool.reservedLeaves + pool.reservedInners;
    return reserved === held ? null : `nodes reserved: ${reserved}, held by states: ${held}`;
  },
};

function countNodes(tree: MapleTree<number>, node: number, levels: number): void {
  if (levels === 1) {
    leaves++;
    return;
  }
  inners++;
  const { innerChildren, innerEnds, innerSlots } = tree.pool;
  // A wrong end must not make this endless: a node has no more children than slots.
  const children = Math.min(innerEnds[node] + 1, innerSlots);
  for (let slot = 0; slot < children; slot++) countNodes(tree, innerChildren[node * innerSlots + slot], levels - 1);
}
