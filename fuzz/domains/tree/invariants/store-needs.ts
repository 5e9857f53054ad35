/**
 * A store reserves no more nodes than it can come to need: allocation n cannot fail it if it never needs n.
 *
 *      no node yet       1 leaf; none for null, or for an entry at 0 alone (it goes into the root pointer)
 *      within a leaf     none if two more slots fit; else 1 leaf, and a node at each level up to the first with room,
 *                        with one more for a new root if there is none
 *      over more leaves  none if what stays on the left leaves a slot free; else 1 leaf, and a node at each level
 *
 * A store that reserves too much is right in its content, and so this is the only way to see it: by the failure that it
 * runs into without need.
 */
import { MAX_INDEX, MapleState, type MapleTree } from '../../../../src/maple-tree';
import type { TreeContext, TreeInvariant } from '../context';

/** Nodes that the store under way may need; -1 if no store is, or no allocation fails. */
let most = -1;

export const treeStoreNeeds: TreeInvariant = {
  name: 'store-needs',
  domain: 'tree',
  about: 'A store reserves no more nodes than it may need: it answers ENOMEM only if one of those fails.',
  moment: 'write',
  local: true,
  before(context) {
    most = mostNodes(context);
    return null;
  },
  check(context) {
    const { operation, fail, ret } = context;
    if (most < 0 || fail === 0 || ret !== 'ENOMEM' || fail <= most) return null;
    return `${operation!.op} with allocation ${fail} failing: ENOMEM, expected that it needs at most ${most} nodes`;
  },
};

function mostNodes({ operation, fail, src }: TreeContext): number {
  if (operation === null || fail === 0) return -1;
  const { tree } = src;
  const isNull = operation.value === null;
  if (operation.op === 'store_range') {
    return nodesOfStore(tree, operation.first as number, operation.last as number, isNull);
  }
  // mas_store_prealloc reserves twice, for ranges of its own.
  if (operation.op !== 'mas_store') return -1;
  const { index, last } = src.states[operation.r as number];
  return nodesOfStore(tree, index, last, isNull);
}

function nodesOfStore(tree: MapleTree<number>, first: number, last: number, isNull: boolean): number {
  if (tree.height === 0) return isNull || last === 0 ? 0 : 1;
  if (first === 0 && last === MAX_INDEX) return isNull ? 0 : 1;
  const { pool, height } = tree;
  const { leafSlots, innerSlots } = pool;
  const state = new MapleState(tree, first);
  state.walk();
  const end = pool.leafEnds[state.leaf];
  const max = pool.leafPivots[state.leaf * leafSlots + end];
  if (last > max || (isNull && last === max && max !== MAX_INDEX)) {
    const keeps = state.offset + (first > state.index ? 1 : 0);
    return keeps + 1 < leafSlots ? 0 : 1 + height;
  }
  if (end + 3 <= leafSlots) return 0;
  let inners = 0;
  let depth = height - 2;
  while (depth >= 0 && pool.innerEnds[state.path[depth * 2]] + 1 >= innerSlots) {
    inners++;
    depth--;
  }
  return 1 + inners + (depth < 0 ? 1 : 0);
}
