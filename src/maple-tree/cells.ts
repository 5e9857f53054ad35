/**
 * Cells: coarser than events, so that a person can read which of them a search never reached.
 *
 *     a write        "wrSpanningStore of null", "wrSplitStore at height 3"
 *     a cursor move  "prev from overflow", "next to pause"
 *     a step         as its event: "root grown, internal"
 *
 * Not every cell can be reached: a move does not end in every status. What must be reached stands in events.ts.
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
  return move === null ? [name] : [`${move[1]} from ${move[2]}`, `${move[1]} to ${move[3]}`];
}

/** All cells, whether they can be reached or not. */
export const TREE_CELLS: readonly string[] = [
  ...STORE_KINDS.flatMap((kind) => ['value', 'null'].map((what) => `${kind} of ${what}`)),
  ...STORE_KINDS.flatMap((kind) => HEIGHTS.map((height) => `${kind} at height ${height}`)),
  ...MOVES.flatMap((move) => STATUS.flatMap((status) => [`${move} from ${status}`, `${move} to ${status}`])),
];
