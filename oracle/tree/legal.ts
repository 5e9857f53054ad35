/**
 * What a caller of the kernel's tree must not do, or must not rely on: the corners where the kernel's answer depends on
 * how its nodes happen to lie, or on the width of an index, or is a crash.
 *
 * The sequence format defines an answer in each, and the oracle gives it. A target that is the kernel's own code need
 * not be asked; code that makes sequences for one asks `kernelCorner` first, and does something else.
 *
 * Not listed, as they hang on the history alone, and the oracle answers them as the kernel does: `prev` below min in a
 * tree whose root is the entry, the single slot that is left when 0 to max is emptied, an erase there by a wide state.
 */
import { atLimit, BEGINNINGS, type Move } from './cursor-rules';
import { MAX_INDEX } from './ranges';
import type { OracleTree } from './tree';

/** Why an operation is better left out. */
export type Corner =
  /** `insert_range` of 0 to max over entries: overwrites them all in a tree of one node. */
  | 'insert over everything'
  /** A search from the top up to `max`: a sum wraps round, gaps under the leftmost child are missed. */
  | 'search from the top index'
  /** A move or store after a failed search: the status, or the very node, is not what it seems. */
  | 'after an error'
  /** A step down from inside of a slot: last is wrong if the slot below is in the same node. */
  | 'down from within a slot'
  /** A step up by a state that just made the first node: the end of the node is not known. */
  | 'up from the first node'
  /** A step on from a limit by a state that never walked: a null pointer. */
  | 'on without a walk'
  /** An index far from both ends, or a size that reaches so far: the middle is longer with 64 bits than with 53. */
  | 'in the middle of the index space';

interface AnyOperation {
  readonly op: string;
  readonly [field: string]: unknown;
}

const MOVES: Readonly<Record<string, Move>> = {
  mas_next: 'next',
  mas_next_range: 'next',
  mas_prev: 'prev',
  mas_prev_range: 'prev',
  mas_find: 'find',
  mas_find_range: 'find',
  mas_find_rev: 'findRev',
  mas_find_range_rev: 'findRev',
};

/** Up to here indexes mean the same with 53 bits and with 64, and so do those from `HIGH_END` on. */
const LOW_END = 2 ** 51;
const HIGH_END = MAX_INDEX - (2 ** 32 - 2);
/** Sizes up to here fit in wherever an end of the gap lies in the middle, and many of them do not reach it. */
const SHARED_SIZE = 2 ** 40;

const PLACES = ['index', 'first', 'last', 'min', 'max', 'next'];

function isInTheMiddle(operation: AnyOperation): boolean {
  if ((operation.size as number) > SHARED_SIZE) return true;
  return PLACES.some((name) => {
    const place = operation[name] as number;
    return place > LOW_END && place < HIGH_END;
  });
}

/** The corner that an operation would come into if it were applied to the tree now; null if it is fine. */
export function kernelCorner(tree: OracleTree, operation: AnyOperation): Corner | null {
  if (isInTheMiddle(operation)) return 'in the middle of the index space';
  const { op } = operation;
  if (op === 'insert_range') {
    const everything = operation.first === 0 && operation.last === MAX_INDEX && tree.count > 0;
    return everything ? 'insert over everything' : null;
  }
  if (op === 'alloc_rrange' || op === 'mas_empty_area_rev') {
    const fromTop = operation.max === MAX_INDEX && tree.tracksGaps && tree.root === 'nodes';
    return fromTop ? 'search from the top index' : null;
  }
  const r = (operation.r ?? 0) as number;
  const move = MOVES[op];
  if (move === undefined) return op === 'mas_store' && tree.mas(r).status === 'error' ? 'after an error' : null;
  return cornerOfMove(tree, r, move, (operation.max ?? operation.min) as number);
}

function cornerOfMove(tree: OracleTree, r: number, move: Move, limit: number): Corner | null {
  const state = tree.mas(r);
  const [rule, , beginning] = BEGINNINGS[move][state.status];
  if (atLimit(rule, state.index, state.last, limit)) return null;
  if (beginning === 'give up') return 'after an error';
  if (beginning !== 'from its slot' || state.status === 'root') return null;
  if (!state.standing) return 'on without a walk';
  if (move === 'next' || move === 'find') return state.madeNodes ? 'up from the first node' : null;
  return state.index === tree.ranges.slotFirst(state.at) ? null : 'down from within a slot';
}
