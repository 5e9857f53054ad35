/**
 * The gaps that internal nodes record equal the ones found by looking: for each child, the longest empty range below
 * it.
 *
 * Recomputed here from the leaves up, without any of src's own code for gaps. Where it is not the turn of all, only the
 * nodes on the way to the operation's place are looked into; what the others record is taken for right.
 */
import type { MapleTree } from '../../../../src/maple-tree';
import { showIndex } from '../../../format/spelling';
import type { TreeInvariant } from '../context';
import { IndexWindow } from '../walks';

const window = new IndexWindow();

/** Where a wrong record was met; null after a walk that met none. */
let wrong: string | null = null;

export const treeRecordedGaps: TreeInvariant = {
  name: 'recorded-gaps',
  domain: 'tree',
  about: 'Each gap that an internal node records is the longest empty range below that child.',
  foundBy: 'structure',
  moment: 'write',
  local: true,
  check(context) {
    const { tree } = context.src;
    if (!context.header.ranges || tree.height < 2) return null;
    wrong = null;
    window.of(context);
    longestBelow(tree, tree.root, tree.height, 0);
    return wrong;
  },
};

/** The longest empty range below a node that begins at `min`; `levels` is 1 for a leaf. */
function longestBelow(tree: MapleTree<number>, node: number, levels: number, min: number): number {
  if (levels === 1) return longestInLeaf(tree, node, min);
  const { innerPivots, innerChildren, innerGaps, innerEnds, innerSlots } = tree.pool;
  const base = node * innerSlots;
  let longest = 0;
  let from = min;
  for (let slot = 0; slot <= innerEnds[node]; slot++) {
    const pivot = innerPivots[base + slot];
    const stored = innerGaps[base + slot];
    const inside = pivot >= window.low && from <= window.high;
    const real = inside ? longestBelow(tree, innerChildren[base + slot], levels - 1, from) : stored;
    if (stored !== real && wrong === null) {
      const range = `${showIndex(from)}-${showIndex(pivot)}`;
      wrong = `gap[${slot}] of the node at depth ${tree.height - levels}, ${range}: stored ${stored}, real ${real}`;
    }
    if (real > longest) longest = real;
    from = pivot + 1;
  }
  return longest;
}

function longestInLeaf(tree: MapleTree<number>, leaf: number, min: number): number {
  const { leafPivots, leafValues, leafEnds, leafSlots } = tree.pool;
  const base = leaf * leafSlots;
  let longest = 0;
  let from = min;
  for (let at = base; at <= base + leafEnds[leaf]; at++) {
    if (leafValues[at] === null && leafPivots[at] - from + 1 > longest) longest = leafPivots[at] - from + 1;
    from = leafPivots[at] + 1;
  }
  return longest;
}
