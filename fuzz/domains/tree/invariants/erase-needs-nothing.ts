/**
 * Emptying a whole entry makes slots fewer, so it needs no node: it never finds that memory is short.
 *
 *      | A | B | C |      B becomes empty, and joins what is empty beside it
 *
 * One case is left out: the last entry of its leaf. Whether the next leaf begins with an empty slot is looked at by the
 * kind of store that reserves nodes for the worst.
 */
import { MapleState } from '../../../../src/maple-tree';
import type { TreeInvariant } from '../context';

/** Whether the operation that is under way needs no node. */
let needsNothing = false;

export const treeEraseNeedsNothing: TreeInvariant = {
  name: 'erase-needs-nothing',
  domain: 'tree',
  about: 'Erasing an entry that does not end its leaf needs no node, so it never answers ENOMEM.',
  moment: 'write',
  local: true,
  before(context) {
    const { operation, fail, src } = context;
    needsNothing = false;
    if (operation === null || fail === 0 || (operation.op !== 'erase' && operation.op !== 'mas_erase')) return null;
    const { tree } = src;
    if (tree.height === 0) return null;
    const index = operation.op === 'erase' ? (operation.index as number) : src.states[operation.r as number].index;
    const state = new MapleState(tree, index);
    needsNothing = state.walk() !== null && state.offset < tree.pool.leafEnds[state.leaf];
    return null;
  },
  check(context) {
    const { operation, ret } = context;
    if (!needsNothing || ret !== 'ENOMEM' || operation === null) return null;
    needsNothing = false;
    return `${operation.op} with allocation ${context.fail} failing: ENOMEM, expected that it needs no node`;
  },
};
