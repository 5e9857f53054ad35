/**
 * Small numbers for what a step reached: facts of the tree that do not depend on the operation that met them.
 *
 *      0 ..      a cursor move: which one, status before, status after
 *      832 ..    a write: its kind, the tree's height, how full the leaf was, value or null
 *      1372 ..   a step on the way up of a large write: a neighbour pulled in, a node split, the root grown, ...
 *
 * Rules that hold here:
 * - Numbers are dense, from 0 to TREE_EVENT_COUNT - 1. Not each of them can happen.
 * - Heights and fills are put into few classes, so that one more entry is not yet news.
 * - `hit` is called under `debug.on` only.
 */
import { minSlots, STATUS } from './layout';
import { STORE_KINDS } from './wr-state';

/** The cursor moves that have events: their numbers, and their names. */
export const MOVE_WALK = 0;
export const MOVE_NEXT = 1;
export const MOVE_NEXT_RANGE = 2;
export const MOVE_PREV = 3;
export const MOVE_PREV_RANGE = 4;
export const MOVE_FIND = 5;
export const MOVE_FIND_RANGE = 6;
export const MOVE_FIND_REV = 7;
export const MOVE_FIND_RANGE_REV = 8;
export const MOVE_STORE = 9;
export const MOVE_ERASE = 10;
export const MOVE_EMPTY_AREA = 11;
export const MOVE_EMPTY_AREA_REV = 12;

export const MOVES: readonly string[] = [
  'walk',
  'next',
  'nextRange',
  'prev',
  'prevRange',
  'find',
  'findRange',
  'findRev',
  'findRangeRev',
  'store',
  'erase',
  'emptyArea',
  'emptyAreaRev',
];

/** Height classes 0 to 4; the last stands for all above too. */
const HEIGHTS = 5;
const FILLS: readonly string[] = ['one slot', 'below the minimum', 'the minimum', 'between', 'one slot free', 'full'];

export const STEP_PUSH_LEFT = 0;
export const STEP_PUSH_RIGHT = 1;
export const STEP_PULL_LEFT = 2;
export const STEP_PULL_RIGHT = 3;
export const STEP_PULL_COUSIN_LEFT = 4;
export const STEP_PULL_COUSIN_RIGHT = 5;
export const STEP_LEAVES_2 = 6;
export const STEP_LEAVES_3 = 7;
export const STEP_NODES_2 = 8;
export const STEP_NODES_3 = 9;
export const STEP_WINDOW_1 = 10;
export const STEP_WINDOW_2 = 11;
export const STEP_GROW = 12;
export const STEP_SHRINK = 13;

const STEPS: readonly string[] = [
  'pushed to the left sibling',
  'pushed to the right sibling',
  'pulled in the left sibling',
  'pulled in the right sibling',
  'pulled in a left cousin',
  'pulled in a right cousin',
  'came out as two leaves',
  'came out as three leaves',
  'came out as two nodes',
  'came out as three nodes',
  'reshaped one node',
  'reshaped two edges',
  'root grown',
  'root shrunk',
];

const WRITE_BASE = MOVES.length * 64;
const KINDS = STORE_KINDS.length - 1;
const STEP_BASE = WRITE_BASE + KINDS * HEIGHTS * FILLS.length * 2;

/** Events of the maple tree are 0 to this less one. */
export const TREE_EVENT_COUNT = STEP_BASE + STEPS.length * 2;

function fillClass(used: number, slots: number): number {
  const min = minSlots(slots);
  if (used === slots) return 5;
  if (used <= 1) return 0;
  if (used < min) return 1;
  if (used === min) return 2;
  return used === slots - 1 ? 4 : 3;
}

/**
 * The event of a write: its kind, and of the tree before it the height and the slots in use of the leaf (0: no leaf).
 */
export function writeEvent(kind: number, height: number, used: number, slots: number, isNull: boolean): number {
  const heightClass = Math.min(height, HEIGHTS - 1);
  const number = ((kind - 1) * HEIGHTS + heightClass) * FILLS.length + fillClass(used, slots);
  return WRITE_BASE + number * 2 + (isNull ? 1 : 0);
}

/** The event of a cursor move: one of MOVE_*, and the status before and after. */
export function moveEvent(move: number, before: number, after: number): number {
  return move * 64 + before * 8 + after;
}

/** The event of a step of a large write, among the leaves or further up. */
export function stepEvent(step: number, inner: boolean): number {
  return STEP_BASE + step * 2 + (inner ? 1 : 0);
}

/** What an event of the maple tree means, in words; null if it is none. */
export function treeEventName(event: number): string | null {
  if (!(event >= 0 && event < TREE_EVENT_COUNT)) return null;
  if (event < WRITE_BASE) return `${MOVES[event >> 6]} ${STATUS[(event >> 3) & 7]} -> ${STATUS[event & 7]}`;
  if (event >= STEP_BASE) return `${STEPS[(event - STEP_BASE) >> 1]}, ${(event - STEP_BASE) % 2 ? 'internal' : 'leaf'}`;
  const number = (event - WRITE_BASE) >> 1;
  const fill = FILLS[number % FILLS.length];
  const height = Math.floor(number / FILLS.length) % HEIGHTS;
  const kind = STORE_KINDS[Math.floor(number / FILLS.length / HEIGHTS) + 1];
  return `${kind} of ${(event - WRITE_BASE) % 2 ? 'null' : 'value'}, height ${height}, leaf: ${fill}`;
}

/** As treeEventName, but always a text. */
export function nameEvent(event: number): string {
  return treeEventName(event) ?? `event ${event}`;
}

/** Names of events that a good run reaches: each kind of store at small and large height, each step, each status. */
export const MUST_REACH: readonly string[] = [
  'wrStoreRoot of value, height 0, leaf: one slot',
  'wrStoreRoot of null, height 0, leaf: one slot',
  'wrNewRoot of value, height 1, leaf: below the minimum',
  'wrNewRoot of null, height 1, leaf: below the minimum',
  'wrExactFit of value, height 3, leaf: full',
  'wrExactFit of null, height 2, leaf: full',
  'wrAppend of value, height 1, leaf: one slot free',
  'wrAppend of value, height 3, leaf: between',
  'wrSlotStore of value, height 2, leaf: full',
  'wrSlotStore of null, height 3, leaf: full',
  'wrNodeStore of value, height 1, leaf: between',
  'wrNodeStore of value, height 3, leaf: full',
  'wrNodeStore of null, height 2, leaf: full',
  'wrSplitStore of value, height 1, leaf: full',
  'wrSplitStore of value, height 3, leaf: full',
  'wrSplitStore of value, height 2, leaf: one slot free',
  'wrSplitStore of null, height 2, leaf: full',
  'wrRebalance of value, height 2, leaf: the minimum',
  'wrRebalance of null, height 3, leaf: the minimum',
  'wrSpanningStore of value, height 2, leaf: full',
  'wrSpanningStore of value, height 3, leaf: the minimum',
  'wrSpanningStore of null, height 2, leaf: full',
  'wrSpanningStore of null, height 3, leaf: full',
  ...STEPS.slice(0, 8).map((step) => `${step}, leaf`),
  ...STEPS.slice(2, 12)
    .filter((step) => !step.includes('leaves'))
    .map((step) => `${step}, internal`),
  'root grown, internal',
  'root shrunk, internal',
  'next active -> overflow',
  'next overflow -> active',
  'next underflow -> active',
  'next root -> none',
  'prev active -> underflow',
  'prev underflow -> active',
  'prev overflow -> active',
  'prev none -> root',
  'find pause -> active',
  'find overflow -> active',
  'find underflow -> active',
  'findRange active -> overflow',
  'findRev pause -> active',
  'findRev active -> underflow',
  'findRangeRev overflow -> active',
  'walk start -> active',
  'walk start -> none',
  'walk start -> root',
  'erase active -> active',
  'erase active -> start',
  'store active -> active',
  'store start -> root',
  'emptyArea start -> active',
  'emptyArea start -> error',
  'emptyAreaRev start -> active',
  'emptyAreaRev start -> error',
];
