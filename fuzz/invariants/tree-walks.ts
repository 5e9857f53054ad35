/**
 * Two walks over src's tree through a maple state, which several invariants look at: up slot by slot, and down entry by
 * entry. Each is made once a step, however many ask; the numbers lie in typed arrays that grow and are never given back.
 *
 *      up:    [gap 0-4] [5-9: 1] [gap 10-19] [20-29: 2] ...      mas_next_range, empty slots too
 *      down:  ... [20-29: 2] [5-9: 1]                            mas_prev, entries only
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
  /** Set when the walk did not end where it should have. */
  endless = false;

  push(first: number, last: number, value: number | null): void {
    if (this.count === this.firsts.length) this.grow();
    this.firsts[this.count] = first;
    this.lasts[this.count] = last;
    this.values[this.count] = value ?? 0;
    this.count++;
  }

  private grow(): void {
    this.firsts = doubled(this.firsts);
    this.lasts = doubled(this.lasts);
    this.values = doubled(this.values);
  }
}

function doubled(old: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(old.length * 2);
  grown.set(old);
  return grown;
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

  /** Slots from the lowest up; nothing for a tree without a node. */
  up(context: TreeContext): Walk {
    const walk = this.upWalk;
    if (this.upStep === context.step) return walk;
    this.upStep = context.step;
    walk.count = 0;
    const state = this.stateOf(context);
    state.set(0);
    const most = 2 * context.oracle.count + 2;
    let value = state.walk();
    while (state.status === 'active' && walk.count <= most) {
      walk.push(state.index, state.last, value);
      value = state.nextRange(MAX_INDEX);
    }
    walk.endless = walk.count > most;
    return walk;
  }

  /** Entries from the highest down. */
  down(context: TreeContext): Walk {
    const walk = this.downWalk;
    if (this.downStep === context.step) return walk;
    this.downStep = context.step;
    walk.count = 0;
    const state = this.stateOf(context);
    state.set(MAX_INDEX);
    const most = context.oracle.count + 1;
    // find_rev looks at the highest index itself too, where prev would begin below it.
    let value = state.findRev(0);
    while (value !== null && walk.count <= most) {
      walk.push(state.index, state.last, value);
      value = state.prev(0);
    }
    walk.endless = value !== null;
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
