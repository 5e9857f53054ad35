/**
 * Two walks over src's tree through a maple state, which several invariants look at: up slot by slot, and down entry by
 * entry. Each is made once a step, however many ask; the numbers lie in typed arrays that grow and are never given back.
 *
 *      up:    [gap 0-4] [5-9: 1] [gap 10-19] [20-29: 2] ...      mas_next_range, empty slots too
 *      down:  ... [20-29: 2] [5-9: 1]                            mas_prev, entries only
 *
 * Where it is not the turn of the whole content (`whole`), a walk covers what lies around the operation's place: a few entries to
 * either side, at a cost that does not grow with the content. What a write does elsewhere is seen when the whole is looked
 * at, which is every so many steps and at the end.
 *
 * The walks end by themselves when they have gone on for longer than any right tree could make them.
 */
import { MapleState } from '../../src/maple-tree';
import type { TreeContext } from '../lockstep/types';
import { MAX_INDEX } from '../sequence/types';

/** Ranges in the order in which a walk met them; a value of 0 stands for an empty slot. */
export class Walk {
  firsts = new Float64Array(64);
  lasts = new Float64Array(64);
  values = new Float64Array(64);
  count = 0;
  /** The index at which the walk began, and the number of the first entry that it should have met. */
  begin = 0;
  entry = 0;
  /** Whether it went on to the end of the tree. */
  ended = false;
  /** Set when the walk did not end where it should have. */
  endless = false;

  /** Room for so many ranges. */
  makeRoom(length: number): void {
    if (this.firsts.length >= length) return;
    this.firsts = new Float64Array(length * 2);
    this.lasts = new Float64Array(length * 2);
    this.values = new Float64Array(length * 2);
  }
}

/** Entries to either side of the operation's place that a walk covers at least. */
const AROUND = 3;

/** The number of the judge's entry at or above where the operation was at work; their number if there is none. */
export function placeOf(context: TreeContext): number {
  const { oracle, operation, ret } = context;
  if (operation === null) return 0;
  const { first, index, r } = operation;
  let at = 0;
  if (typeof r === 'number') at = oracle.mas(r).index;
  else if (typeof first === 'number') at = first;
  else if (typeof index === 'number') at = index;
  else if (typeof ret === 'number') at = ret;
  let low = 0;
  let high = oracle.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (oracle.lastAt(middle) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Indexes around the operation's place, both inclusive; all of them when it is their turn. One object serves all. */
export class IndexWindow {
  low = 0;
  high = MAX_INDEX;

  of(context: TreeContext): this {
    const { oracle, whole } = context;
    const place = whole ? 0 : placeOf(context);
    const below = place - AROUND;
    const above = place + AROUND;
    this.low = whole || below < 0 ? 0 : oracle.firstAt(below);
    this.high = whole || above >= oracle.count ? MAX_INDEX : oracle.lastAt(above);
    return this;
  }
}

/** The walks of one sequence's tree. */
class TreeWalks {
  private readonly upWalk = new Walk();
  private readonly downWalk = new Walk();
  private state: MapleState<number> | null = null;
  private upStep = -2;
  private downStep = -2;

  begin(): void {
    this.state = null;
    this.upStep = this.downStep = -2;
  }

  /** Slots upwards, from the lowest or from before the operation's place; nothing for a tree without a node. */
  up(context: TreeContext): Walk {
    const walk = this.upWalk;
    if (this.upStep === context.step) return walk;
    this.upStep = context.step;
    const { oracle, whole } = context;
    const low = whole ? 0 : Math.max(0, placeOf(context) - AROUND);
    const most = whole ? 2 * oracle.count + 2 : 4 * AROUND;
    walk.entry = low;
    walk.begin = low === 0 ? 0 : oracle.firstAt(low);
    const state = this.stateOf(context);
    state.set(walk.begin);
    walk.makeRoom(most + 1);
    const { firsts, lasts, values } = walk;
    let value = state.walk();
    let count = 0;
    for (; state.status === 'active' && count <= most; count++) {
      firsts[count] = state.index;
      lasts[count] = state.last;
      values[count] = value ?? 0;
      value = state.nextRange(MAX_INDEX);
    }
    walk.count = count;
    walk.ended = state.status !== 'active';
    walk.endless = whole && !walk.ended;
    return walk;
  }

  /** Entries downwards, from the highest or from behind the operation's place. */
  down(context: TreeContext): Walk {
    const walk = this.downWalk;
    if (this.downStep === context.step) return walk;
    this.downStep = context.step;
    const { oracle, whole } = context;
    const top = oracle.count - 1;
    const high = whole ? top : Math.min(top, placeOf(context) + AROUND);
    const most = whole ? oracle.count + 1 : 2 * AROUND;
    walk.entry = high;
    walk.begin = high === top ? MAX_INDEX : oracle.lastAt(high);
    const state = this.stateOf(context);
    state.set(walk.begin);
    // find_rev looks at the highest index itself too, where prev would begin below it.
    walk.makeRoom(most + 1);
    const { firsts, lasts, values } = walk;
    let value = state.findRev(0);
    let count = 0;
    for (; value !== null && count <= most; count++) {
      firsts[count] = state.index;
      lasts[count] = state.last;
      values[count] = value;
      value = state.prev(0);
    }
    walk.count = count;
    walk.ended = value === null;
    walk.endless = whole && !walk.ended;
    return walk;
  }

  /** A duplicate is another tree and needs another state. */
  private stateOf(context: TreeContext): MapleState<number> {
    if (this.state === null || this.state.core !== context.src.tree) this.state = new MapleState(context.src.tree);
    return this.state;
  }
}

/** One for the process: a lockstep is never interrupted within a step, and each sequence begins it anew. */
const walks = new TreeWalks();

/** The `begin` of every invariant that walks. */
export function beginWalks(): void {
  walks.begin();
}

export function walkUp(context: TreeContext): Walk {
  return walks.up(context);
}

export function walkDown(context: TreeContext): Walk {
  return walks.down(context);
}
