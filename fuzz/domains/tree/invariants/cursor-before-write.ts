/**
 * Before a write through a maple state, the state stands at the slot that holds the lowest index of the write.
 *
 *      slot   [ 20 ........ 29 ]
 *      write       24 ... 40           index 24 is in the slot: right, wherever the write ends
 *
 * A state that does not know its place (not walked, reset, paused) walks to it itself and is always right. One whose
 * range was set anew without a walk (mas_config) may stand further down, for a store looks from its slot forward; never
 * further up.
 */

import { STATES } from '../../../format/kinds';
import { showIndex } from '../../../format/spelling';
import type { TreeContext, TreeInvariant } from '../context';
import { treeSpec } from '../operations';

const NO_NODE = -1;

/** For each state: its range may have been set without a walk since it last moved. */
const setAnew = new Uint8Array(STATES);
let seen = -1;

export const treeCursorBeforeWrite: TreeInvariant = {
  name: 'cursor-before-write',
  domain: 'tree',
  about: 'Before a write through a maple state, it stands at the slot that holds the lowest index to be written.',
  moment: 'end',
  local: true,
  begin() {
    setAnew.fill(1);
    seen = -1;
  },
  before(context) {
    const { operation, step } = context;
    // A step that was not seen may have been anything.
    if (step !== seen + 1) setAnew.fill(1);
    seen = step;
    const spec = operation === null ? undefined : treeSpec(operation.op);
    if (operation === null || spec?.cursor !== true) return null;
    const r = operation.r as number;
    if (operation.op === 'mas_store') return placeIsWrong(context, r);
    // A move may leave all as it is (over its limit, or refused); these never do.
    if (operation.op === 'mas_config') setAnew[r] = 1;
    else if (spec.settles) setAnew[r] = 0;
    return null;
  },
  check() {
    return null;
  },
};

function placeIsWrong(context: TreeContext, r: number): string | null {
  const { tree } = context.src;
  const state = context.src.states[r];
  if (state.status !== 'active' || state.leaf === NO_NODE || tree.height === 0) return null;
  const { leafPivots, leafSlots, leafEnds } = tree.pool;
  const { leaf, offset, index } = state;
  if (state.version !== tree.version) return `state ${r}: its place is of an older tree`;
  if (offset > leafEnds[leaf]) return `state ${r}: slot ${offset} of a leaf with ${leafEnds[leaf] + 1}`;
  const at = leaf * leafSlots + offset;
  const first = offset === 0 ? state.min : leafPivots[at - 1] + 1;
  const last = leafPivots[at];
  if (first <= index && (index <= last || setAnew[r] === 1)) return null;
  return `state ${r}: it stands on ${showIndex(first)}-${showIndex(last)}, the write begins at ${showIndex(index)}`;
}
