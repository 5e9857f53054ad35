/**
 * A search finds the longest gap there is, and none longer: what the recorded gaps are for, seen from outside.
 */
import { MapleState } from '../../../../src/maple-tree';
import { showIndex } from '../../../format/spelling';
import { MAX_INDEX } from '../../../format/types';
import type { TreeContext, TreeInvariant } from '../context';

let searcher: MapleState<number> | null = null;

/** A fresh state of the present tree: one object, for making it costs more than the search. */
function stateOf(context: TreeContext): MapleState<number> {
  const { tree } = context.src;
  if (searcher === null || searcher.core !== tree) searcher = new MapleState<number>(tree, 0, 0);
  searcher.set(0);
  return searcher;
}

export const treeLargestGap: TreeInvariant = {
  name: 'largest-gap',
  domain: 'tree',
  about: 'The searches for free room find the longest gap of the content at its place, and nothing longer.',
  moment: 'write',
  begin() {
    searcher = null;
  },
  check(context) {
    const { oracle, header, whole } = context;
    // The records are looked at after every write by another invariant; this costs a walk over the oracle's entries.
    if (!whole || !header.ranges || oracle.root !== 'nodes' || oracle.count === 0) return null;
    let longest = 0;
    let lowest = 0;
    for (let k = 0; k <= oracle.count; k++) {
      const first = k === 0 ? 0 : oracle.lastAt(k - 1) + 1;
      const length = (k === oracle.count ? MAX_INDEX : oracle.firstAt(k) - 1) - first + 1;
      if (length <= longest) continue;
      longest = length;
      lowest = first;
    }
    // The whole of a gap longer than the format's sizes cannot be asked for; half of it can.
    return longest === 0 ? nothingFits(context) : findsAt(context, longest, lowest);
  },
};

function findsAt(context: TreeContext, size: number, lowest: number): string | null {
  const state = stateOf(context);
  if (state.emptyArea(0, MAX_INDEX, size) !== 0) return `a gap of ${size} at ${showIndex(lowest)} is not found`;
  if (state.index !== lowest) return `a gap of ${size}: found at ${showIndex(state.index)}, is at ${showIndex(lowest)}`;
  if (size === MAX_INDEX + 1 || size === MAX_INDEX) return null;
  state.reset();
  const longer = state.emptyArea(0, MAX_INDEX, size + 1);
  return longer === 'EBUSY'
    ? null
    : `the longest gap is ${size}, but ${size + 1} is found at ${showIndex(state.index)}`;
}

function nothingFits(context: TreeContext): string | null {
  const state = stateOf(context);
  const answer = state.emptyArea(0, MAX_INDEX, 1);
  return answer === 'EBUSY' ? null : `there is no gap, but one is found at ${showIndex(state.index)}`;
}
