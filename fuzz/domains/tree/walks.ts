/**
 * Two walks over src's tree through a maple state, which several invariants look at: up slot by slot, and down entry by
 * entry. Each is made once a step, however many ask.
 *
 *      up:    [gap 0-4] [5-9: 1] [gap 10-19] [20-29: 2] ...      mas_next_range, empty slots too
 *      down:  ... [20-29: 2] [5-9: 1]                            mas_prev, entries only
 *
 * Nearly always all is well, so first a walk only tells whether it meets the oracle's content (`upAgrees`,
 * `downAgrees`): then no invariant has anything to say. When it does not, it is made again, into typed arrays that grow
 * and are never given back, for the invariants to tell what is wrong.
 *
 * Where it is not the turn of the whole content (`whole`), a walk covers what lies around the operation's place: a few
 * entries to either side, at a cost that does not grow with the content. What a write does elsewhere is seen when the
 * whole is looked at, which is every so many steps and at the end.
 *
 * The walks end by themselves when they have gone on for longer than any right tree could make them.
 */
import { MapleState } from '../../../src/maple-tree';
import { MAX_INDEX } from '../../format/types';
import type { TreeContext } from './context';

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

/** The number of the oracle's entry at or above where the operation was at work; their number if there is none. */
function findPlace(context: TreeContext): number {
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

/** Not a step: nothing was looked at yet. */
const NEVER = -2;

/** What is known of the present step of a sequence; each part is found out when the first asks. */
class TreeWalks {
  private readonly upWalk = new Walk();
  private readonly downWalk = new Walk();
  private state: MapleState<number> | null = null;
  private place = 0;
  private placeStep = NEVER;
  private upStep = NEVER;
  private upRight = false;
  private downStep = NEVER;
  private downRight = false;

  begin(): void {
    this.state = null;
    this.placeStep = this.upStep = this.downStep = NEVER;
  }

  placeOf(context: TreeContext): number {
    if (this.placeStep !== context.step) {
      this.place = findPlace(context);
      this.placeStep = context.step;
    }
    return this.place;
  }

  upAgrees(context: TreeContext): boolean {
    if (this.upStep !== context.step) {
      this.upRight = context.oracle.root === 'nodes' && this.meetsAllUp(context);
      this.upStep = context.step;
    }
    return this.upRight;
  }

  downAgrees(context: TreeContext): boolean {
    if (this.downStep !== context.step) {
      this.downRight = context.oracle.root === 'nodes' && this.meetsAllDown(context);
      this.downStep = context.step;
    }
    return this.downRight;
  }

  /** The number of the entry at which a walk up begins. */
  private lowest(context: TreeContext): number {
    return context.whole ? 0 : Math.max(0, this.placeOf(context) - AROUND);
  }

  private highest(context: TreeContext): number {
    const top = context.oracle.count - 1;
    return context.whole ? top : Math.min(top, this.placeOf(context) + AROUND);
  }

  /** Whether each slot begins behind the one before and is the oracle's next entry, or what is empty up to that. */
  private meetsAllUp(context: TreeContext): boolean {
    const { oracle } = context;
    const { count } = oracle;
    const most = mostUp(context);
    let entry = this.lowest(context);
    let from = entry === 0 ? 0 : oracle.firstAt(entry);
    const state = this.stateOf(context);
    state.set(from);
    let value = state.walk();
    for (let slots = 0; slots <= most; slots++) {
      if (state.status !== 'active') return from > MAX_INDEX && entry === count;
      const { last } = state;
      if (state.index !== from || last < from) return false;
      if (value === null) {
        if (last !== (entry === count ? MAX_INDEX : oracle.firstAt(entry) - 1)) return false;
      } else {
        if (entry === count || oracle.valueAt(entry) !== value) return false;
        if (oracle.firstAt(entry) !== from || oracle.lastAt(entry) !== last) return false;
        entry++;
      }
      from = last + 1;
      value = state.nextRange(MAX_INDEX);
    }
    return !context.whole;
  }

  private meetsAllDown(context: TreeContext): boolean {
    const { oracle } = context;
    const most = mostDown(context);
    let entry = this.highest(context);
    const state = this.stateOf(context);
    state.set(topOf(context, entry));
    let value = state.findRev(0);
    for (let entries = 0; entries <= most; entries++) {
      if (value === null) return entry === -1;
      if (entry < 0 || oracle.valueAt(entry) !== value) return false;
      if (oracle.firstAt(entry) !== state.index || oracle.lastAt(entry) !== state.last) return false;
      entry--;
      value = state.prev(0);
    }
    return !context.whole;
  }

  /** Slots upwards, from the lowest or from before the operation's place; nothing for a tree without a node. */
  up(context: TreeContext): Walk {
    const walk = this.upWalk;
    const { oracle, whole } = context;
    const most = mostUp(context);
    walk.entry = this.lowest(context);
    walk.begin = walk.entry === 0 ? 0 : oracle.firstAt(walk.entry);
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
    const { whole } = context;
    const most = mostDown(context);
    walk.entry = this.highest(context);
    walk.begin = topOf(context, walk.entry);
    const state = this.stateOf(context);
    state.set(walk.begin);
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

/** Slots that a right tree has at most, or that a walk around a place looks at. */
function mostUp({ whole, oracle }: TreeContext): number {
  return whole ? 2 * oracle.count + 2 : 4 * AROUND;
}

function mostDown({ whole, oracle }: TreeContext): number {
  return whole ? oracle.count + 1 : 2 * AROUND;
}

/**
 * Where a walk down that meets entry number `highest` first begins; find_rev looks at that index too, where prev would
 * begin below it.
 */
function topOf({ oracle }: TreeContext, highest: number): number {
  return highest === oracle.count - 1 ? MAX_INDEX : oracle.lastAt(highest);
}

/** One for the process. A step may be interrupted in the middle of a walk; so each sequence begins it anew. */
const walks = new TreeWalks();

/** What a lockstep calls when a sequence begins, and the `begin` of every invariant that walks. */
export function beginWalks(): void {
  walks.begin();
}

/** The number of the oracle's entry at or above where the operation was at work; their number if there is none. */
export function placeOf(context: TreeContext): number {
  return walks.placeOf(context);
}

/** Whether a walk up meets the oracle's content; never for a tree without a node. */
export function upAgrees(context: TreeContext): boolean {
  return walks.upAgrees(context);
}

/** The same of a walk down. */
export function downAgrees(context: TreeContext): boolean {
  return walks.downAgrees(context);
}

export function walkUp(context: TreeContext): Walk {
  return walks.up(context);
}

export function walkDown(context: TreeContext): Walk {
  return walks.down(context);
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
