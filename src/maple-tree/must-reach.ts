/**
 * What a search that is any good reaches in the maple tree: cells, coarser than events, and those that must be hit.
 *
 *     a write        "spanStore of null", "splitStore at height 3"
 *     a cursor move  "prev from overflow", "next to pause"
 *
 * A fuzzer lists which of these it has not reached; what it must reach is part of what makes it worth running. A new kind
 * of store or move is in the list by itself; what cannot happen is taken out below, with the reason.
 */
import { MOVES, nameEvent } from './events';
import { STATUS } from './layout';
import { STORE_KINDS } from './wr-state';

/** Heights that small nodes reach in sequences of a few hundred operations. */
const HEIGHTS = [0, 1, 2, 3, 4];

/** The cells that an event of the maple tree belongs to. */
export function treeCells(event: number): readonly string[] {
  const name = nameEvent(event);
  const write = /^(\S+) of (value|null), height (\d+)/.exec(name);
  if (write !== null) return [`${write[1]} of ${write[2]}`, `${write[1]} at height ${write[3]}`];
  const move = /^(\S+) (\S+) -> (\S+)$/.exec(name);
  return move === null ? [] : [`${move[1]} from ${move[2]}`, `${move[1]} to ${move[3]}`];
}

/** All cells, whether they can be reached or not. */
export const TREE_CELLS: readonly string[] = [
  ...STORE_KINDS.flatMap((kind) => ['value', 'null'].map((what) => `${kind} of ${what}`)),
  ...STORE_KINDS.flatMap((kind) => HEIGHTS.map((height) => `${kind} at height ${height}`)),
  ...MOVES.flatMap((move) => STATUS.flatMap((status) => [`${move} from ${status}`, `${move} to ${status}`])),
];

/** These kinds need no leaf beside the one that they work on; the others, heights from 2 on. */
const ROOT_KINDS = ['wrStoreRoot', 'wrNewRoot'];
const INSIDE_KINDS = STORE_KINDS.filter((kind) => kind !== 'wrInvalid' && !ROOT_KINDS.includes(kind));

/** What a campaign of some minutes with small nodes must reach. */
export const TREE_MUST_REACH: readonly string[] = [
  ...ROOT_KINDS.map((kind) => `${kind} of value`),
  ...INSIDE_KINDS.flatMap((kind) => [`${kind} of value`, `${kind} at height 2`, `${kind} at height 3`]),
  ...['wrNodeStore', 'wrSplitStore', 'wrRebalance', 'wrSpanningStore'].map((kind) => `${kind} of null`),
  ...['next', 'prev', 'find', 'findRev', 'nextRange', 'prevRange'].flatMap((move) =>
    ['start', 'active', 'pause', 'overflow', 'underflow'].map((status) => `${move} from ${status}`),
  ),
  ...['emptyArea', 'emptyAreaRev'].flatMap((move) => [`${move} to active`, `${move} to error`]),
];
