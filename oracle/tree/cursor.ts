/**
 * The moves of a maple state: the tables of cursor-rules.ts, and the steps from slot to slot.
 *
 *     0   5    10   20    30    40      max
 *     |gap|  1  |gap|  2  |  3  |   gap  |     up:   slot, next slot, and one more if that is a gap that does not count
 *                                                  down: the same the other way
 *
 * Limits bound where a range starts (going up) or ends (going down); the answer may reach beyond.
 */
import { atLimit, BEGINNINGS, type Beginning, type Move, type Status, WITHOUT_NODES } from './cursor-rules';
import { MAX_INDEX, type Ranges } from './ranges';
import type { OracleState } from './state';

/**
 * How the kernel would hold the content: by a null pointer ('empty'), by the entry itself ('pointer': one entry, at
 * index 0 alone), or by nodes ('nodes', also for no entry at all, see `clearedNode` in tree.ts).
 */
export type Root = 'empty' | 'pointer' | 'nodes';

/** What a move looks at. */
export interface Content {
  readonly ranges: Ranges;
  readonly root: Root;
}

/** One move; `everySlot`: gaps are answers too (the *_range moves). */
export function makeMove(
  content: Content,
  state: OracleState,
  move: Move,
  limit: number,
  everySlot: boolean,
): number | null {
  const before = state.status;
  const [rule, statusAtLimit, beginning] = BEGINNINGS[move][before];
  if (atLimit(rule, state.index, state.last, limit)) {
    if (statusAtLimit !== 'same') state.status = statusAtLimit;
    return null;
  }
  if (beginning === 'give up') return null;
  const found = begin(content, state, beginning);
  if (found !== null) return found;
  if (content.root !== 'nodes') return moveWithoutNodes(content, state, move, before);

  if (move === 'next') return stepUp(content, state, limit, everySlot);
  if (move === 'prev') return stepDown(content, state, limit, everySlot);
  if (move === 'findRev') return state.index < limit ? null : stepDown(content, state, limit, everySlot);
  if (state.index === limit) return null;
  const value = stepUp(content, state, limit, everySlot);
  if (!everySlot) state.status = 'active';
  return value;
}

/** Brings the state to where its move begins; answers the entry there if that is what the move looks for. */
function begin(content: Content, state: OracleState, beginning: Beginning): number | null {
  switch (beginning) {
    case 'from its slot':
      if (state.standing) state.status = 'active';
      else if (state.status !== 'root') walk(content, state);
      return null;
    case 'walk, pass':
      walk(content, state);
      return null;
    case 'above last, take':
      state.index = ++state.last;
      break;
    case 'at last, take':
      state.index = state.last;
      break;
    case 'below index, take':
      state.last = --state.index;
      break;
    case 'at index, take':
      state.last = state.index;
      break;
  }
  return walk(content, state);
}

/** mas_walk: to the slot that holds index. */
export function walk(content: Content, state: OracleState): number | null {
  state.become('active');
  if (content.root === 'nodes') return standAt(content, state, state.index);
  if (content.root === 'pointer' && state.index === 0) {
    state.last = 0;
    state.status = 'root';
    return content.ranges.values[0];
  }
  state.index = content.root === 'pointer' ? 1 : 0;
  state.last = MAX_INDEX;
  state.status = 'none';
  return null;
}

/** index and last become the slot that holds at; its value, null for a gap. */
export function standAt(content: Content, state: OracleState, at: number): number | null {
  const { ranges } = content;
  const place = ranges.placeAtOrAbove(at);
  state.at = at;
  if (ranges.holds(place, at)) {
    state.index = ranges.firsts[place];
    state.last = ranges.lasts[place];
    return ranges.values[place];
  }
  state.index = ranges.gapFirst(place);
  state.last = ranges.gapLast(place);
  return null;
}

/** From the state's slot to the next one, and to the one after it if that is a gap and gaps do not count. */
function stepUp(content: Content, state: OracleState, max: number, everySlot: boolean): number | null {
  const slotLast = content.ranges.slotLast(state.at);
  if (slotLast >= max) return stopAt(state, 'overflow');
  const value = standAt(content, state, slotLast + 1);
  if (value !== null || everySlot) return value;
  if (state.last >= max) return stopAt(state, 'overflow');
  return standAt(content, state, state.last + 1);
}

/** The same downwards. */
function stepDown(content: Content, state: OracleState, min: number, everySlot: boolean): number | null {
  const slotFirst = content.ranges.slotFirst(state.at);
  if (slotFirst <= min) return stopAt(state, 'underflow');
  const value = standAt(content, state, slotFirst - 1);
  if (value !== null || everySlot) return value;
  if (state.index <= min) return stopAt(state, 'underflow');
  return standAt(content, state, state.index - 1);
}

function stopAt(state: OracleState, status: Status): null {
  state.status = status;
  return null;
}

function moveWithoutNodes(content: Content, state: OracleState, move: Move, before: Status): number | null {
  const ending = WITHOUT_NODES[move][state.status === 'root' ? 'root' : 'none'];
  switch (ending) {
    case 'stay':
      return null;
    case 'nowhere':
      return stopAt(state, 'none');
    case 'above the root, or stay':
      return before === 'none' && state.index === 0 ? null : goAboveRoot(state);
    case 'above the root':
      return goAboveRoot(state);
    case 'the root from above':
      return state.index > 0 ? goToRoot(content, state) : stopAt(state, 'none');
    case 'the root':
      return goToRoot(content, state);
  }
}

function goAboveRoot(state: OracleState): null {
  state.index = 1;
  state.last = MAX_INDEX;
  return stopAt(state, 'none');
}

function goToRoot(content: Content, state: OracleState): number | null {
  state.index = 0;
  state.last = 0;
  state.status = 'root';
  return content.root === 'pointer' ? content.ranges.values[0] : null;
}
