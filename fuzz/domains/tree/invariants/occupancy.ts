/**
 * Nodes are full enough: at least half of the slots in use, but for the root.
 *
 * Counted here anew, without src's own check: a checker may be blind, too. Where it is not the turn of all, the
 * children of the nodes on the way to the operation's place are looked at.
 */
import type { MapleTree } from '../../../../src/maple-tree';
import type { TreeInvariant } from '../context';
import { IndexWindow } from '../walks';

const window = new IndexWindow();

/** Where too empty a node was met; null after a walk that met none. */
let wrong: string | null = null;

export const treeOccupancy: TreeInvariant = {
  name: 'occupancy',
  domain: 'tree',
  about: 'Every node but the root has at least half of its slots in use, and no more than it has.',
  foundBy: 'structure',
  moment: 'write',
  local: true,
  check(context) {
    const { tree } = context.src;
    if (tree.height < 2) return null;
    wrong = null;
    window.of(context);
    lookBelow(tree, tree.root, tree.height);
    return wrong;
  },
};

/** Looks at the children of an internal node; `levels` is 2 above leaves. */
function lookBelow(tree: MapleTree<number>, node: number, levels: number): void {
  const { innerChildren, innerEnds, innerPivots, innerSlots, leafEnds, leafSlots } = tree.pool;
  const leaves = levels === 2;
  const slots = leaves ? leafSlots : innerSlots;
  const count = Math.min(innerEnds[node] + 1, innerSlots);
  for (let slot = 0; slot < count; slot++) {
    const child = innerChildren[node * innerSlots + slot];
    const used = (leaves ? leafEnds[child] : innerEnds[child]) + 1;
    if (used * 2 < slots - 1 || used > slots) {
      wrong ??= `${leaves ? 'leaf' : 'internal node'} ${child}: ${used} of ${slots} slots in use`;
    }
    if (leaves) continue;
    const pivot = innerPivots[node * innerSlots + slot];
    if (pivot < window.low) continue;
    lookBelow(tree, child, levels - 1);
    if (pivot >= window.high) return;
  }
}
