/**
 * Draws the next operation of a tree sequence: its name by the phase's weights, or as what a holder of a maple state
 * would do next (set a range, then store; find, then erase), and its arguments from the present content.
 *
 * Rules that hold here:
 * - An operation is complete: every field of the table is there, defaults too.
 * - What is drawn depends on the profile, the stream and the view alone, so the same seed gives the same sequence.
 * - Legal uses only. What the format defines and the kernel's own code does not is left out when the profile is strict.
 */
import { spellable } from '../../format/spelling';
import { MAX_INDEX, type Operation } from '../../format/types';
import type { Drawer } from '../../generate/generation';
import type { Stream } from '../../generate/stream';
import { TreeArguments } from './arguments';
import type { TreeProfile } from './profile';
import type { TreeView } from './view';

/** What may come after an operation on a maple state, on the same state. */
const FOLLOWERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    mas_set: ['mas_walk', 'mas_erase', 'mas_find', 'mas_find_rev', 'mas_next', 'mas_prev', 'mas_store'],
    mas_set_range: ['mas_store', 'mas_store', 'mas_store', 'mas_store_prealloc', 'mas_find', 'mas_walk'],
    mas_config: ['mas_store', 'mas_store', 'mas_store', 'mas_next', 'mas_prev'],
    mas_walk: ['mas_config', 'mas_store', 'mas_store_prealloc', 'mas_next', 'mas_prev', 'mas_prev_range', 'mas_erase'],
    mas_find: ['mas_find', 'mas_erase', 'mas_config', 'mas_store_prealloc', 'mas_pause', 'mas_prev', 'mas_store'],
    mas_find_rev: ['mas_find_rev', 'mas_erase', 'mas_config', 'mas_next', 'mas_store'],
    mas_find_range: ['mas_find_range', 'mas_store', 'mas_config', 'mas_prev_range'],
    mas_find_range_rev: ['mas_find_range_rev', 'mas_store', 'mas_config', 'mas_next_range'],
    mas_next: ['mas_next', 'mas_prev', 'mas_store', 'mas_store_prealloc', 'mas_erase', 'mas_config'],
    mas_prev: ['mas_prev', 'mas_next', 'mas_store', 'mas_erase', 'mas_config'],
    mas_next_range: ['mas_next_range', 'mas_prev_range', 'mas_store', 'mas_config'],
    mas_prev_range: ['mas_prev_range', 'mas_next_range', 'mas_store', 'mas_store_prealloc', 'mas_config'],
    mas_pause: ['mas_find', 'mas_next', 'mas_prev', 'mas_find_rev', 'mas_store'],
    mas_store: ['mas_next', 'mas_prev', 'mas_next_range', 'mas_prev_range', 'mas_find', 'mas_config'],
    mas_erase: ['mas_next', 'mas_prev', 'mas_find', 'mas_find_rev', 'mas_store'],
    alloc_cyclic: ['alloc_cyclic', 'alloc_cyclic', 'erase', 'dup', 'destroy'],
    destroy: ['alloc_cyclic', 'bulk', 'insert_range', 'dup'],
    mas_empty_area: ['mas_store', 'mas_store', 'mas_store_prealloc', 'mas_next'],
    mas_empty_area_rev: ['mas_store', 'mas_store', 'mas_prev'],
  }),
);

/** How often another operation is drawn in place of one that may not be. */
const REDRAWS = 40;

type Phase = 'grow' | 'churn' | 'shrink';

export class TreeDrawer implements Drawer {
  private readonly arguments: TreeArguments;
  private phase: Phase = 'grow';
  private follower: string | null = null;
  private followerState = 0;
  private step = 0;
  private previous = '';
  /** The operation that is drawn again and again, each time with the next allocation failing. */
  private swept: Operation | null = null;

  private profile!: TreeProfile;
  private view!: TreeView;

  constructor(private readonly stream: Stream) {
    this.arguments = new TreeArguments(stream);
  }

  /** Starts a sequence; `view` reads a tree that is empty now. */
  begin(profile: TreeProfile, view: TreeView): void {
    this.profile = profile;
    this.view = view;
    this.arguments.begin(profile, view);
    this.phase = 'grow';
    // Some begin with a build, as a fork does: only into an empty tree nodes are laid out at once.
    this.follower = profile.bulkFirst && profile.churn.has('bulk') ? 'bulk' : null;
    this.followerState = 0;
    this.swept = null;
    this.step = 0;
    this.previous = '';
  }

  /** The next operation, resolved against the present content. */
  draw(): Operation {
    this.step++;
    const { stream, profile } = this;
    if (this.swept !== null && this.view.failed() && stream.chance(90)) {
      this.swept = { ...this.swept, fail: (this.swept.fail as number) + 1 };
      return this.swept;
    }
    this.turnPhase();
    let name: string;
    let r: number;
    if (this.follower !== null) {
      name = this.follower;
      r = this.followerState;
      this.follower = null;
    } else {
      name = this.circleIsFull() && stream.chance(70) ? 'alloc_cyclic' : profile[this.phase].draw(stream);
      r = stream.below(profile.states);
    }
    let operation = name.startsWith('mas_') ? this.drawMas(name, r) : this.drawTree(name, r);
    if (profile.strict && this.view.isCorner(operation)) operation = this.drawLegal(r);
    this.swept = operation.fail === 1 ? operation : null;
    this.drawFollower(operation.op, r);
    this.previous = operation.op;
    return operation;
  }

  /** Not what the kernel's own code answers by layout, or crashes on. */
  isLegal(operation: Operation): boolean {
    return !this.view.isCorner(operation);
  }

  /**
   * Whether a cyclic allocation was last, and the top index is taken: the tree may have to remember that the circle
   * came round.
   */
  private circleIsFull(): boolean {
    const count = this.view.count();
    return this.previous === 'alloc_cyclic' && count > 0 && this.view.last(count - 1) === MAX_INDEX;
  }

  /** Instead of an operation that comes into a corner: one that does not, of those that may be drawn. */
  private drawLegal(r: number): Operation {
    const { profile, stream } = this;
    if (profile.allows('mas_reset')) return { op: 'mas_reset', r };
    for (let i = 0; i < REDRAWS; i++) {
      const name = profile.churn.draw(stream);
      const state = stream.below(4);
      const operation = name.startsWith('mas_') ? this.drawMas(name, state) : this.drawTree(name, state);
      if (!this.view.isCorner(operation)) return operation;
    }
    // The operations of this sequence lead nowhere any more; these are never in a corner.
    const op = ['dump', 'mas_pause', 'mas_walk', 'dup', 'destroy'].find(profile.allows);
    return op?.startsWith('mas_') === false ? { op } : { op: op ?? 'mas_reset', r };
  }

  private turnPhase(): void {
    const { profile } = this;
    const count = this.view.count();
    if (count >= profile.target) this.phase = this.stream.chance(90) ? 'shrink' : 'churn';
    else if (count * 4 <= profile.target) this.phase = 'grow';
    else if (this.stream.below(64) === 0) this.phase = (['grow', 'churn', 'shrink'] as const)[this.stream.below(3)];
  }

  private drawFollower(op: string, r: number): void {
    const followers = FOLLOWERS.get(op);
    if (followers === undefined || !this.stream.chance(this.profile.followPercent)) return;
    const follower = followers[this.stream.below(followers.length)];
    // Swarm testing: what this sequence does without is not brought in by the back door.
    if (!this.profile.churn.has(follower)) return;
    this.follower = follower;
    this.followerState = r;
  }

  private value(): number {
    return this.profile.distinct ? this.step : this.stream.between(1, 3);
  }

  private valueOrNull(): number | null {
    const percent = this.phase === 'grow' ? 4 : this.phase === 'churn' ? 25 : 65;
    return this.stream.chance(percent) ? null : this.value();
  }

  /**
   * Adds "fail" to some writes: the n-th allocation of the operation fails; from the first on, all in turn (see draw).
   */
  private failing(operation: Operation): Operation {
    if (this.profile.failPercent === 0 || !this.stream.chance(this.profile.failPercent)) return operation;
    return { ...operation, fail: this.stream.chance(70) ? 1 : this.stream.between(2, 6) };
  }

  private drawTree(op: string, r: number): Operation {
    const { stream, view } = this;
    const args = this.arguments;
    switch (op) {
      case 'store_range':
      case 'insert_range':
        return this.drawRangeWrite(op, r);
      case 'erase': {
        const index = args.index(r);
        args.at(index);
        return this.failing({ op, index });
      }
      case 'load':
        return { op, index: args.index(r) };
      case 'alloc_range':
      case 'alloc_rrange': {
        args.bounds(r, this.profile.strict && op === 'alloc_rrange');
        return this.failing({ op, size: args.size(), min: args.first, max: args.last, value: this.value() });
      }
      case 'alloc_cyclic': {
        args.bounds(r, false);
        // At the upper end of its window a circle comes round.
        let next = stream.chance(55) ? args.first + stream.below(20) : args.last - stream.below(3);
        if (stream.chance(20)) next = args.index(r);
        else next = Math.max(0, Math.min(args.last, next));
        const { first: min, last: max } = args;
        const operation = { op, min, max, next: spellable(next), value: this.value() };
        // What the tree remembers then must outlast a failure.
        if (this.profile.failPercent > 0 && this.circleIsFull() && stream.chance(60)) return { ...operation, fail: 1 };
        return this.failing(operation);
      }
      case 'find':
      case 'next':
        return { op, index: args.index(r), max: args.maximum(r) };
      case 'prev':
        return { op, index: args.index(r), min: args.minimum(r) };
      case 'bulk':
        return view.count() < this.profile.target || !this.profile.allows('dup')
          ? this.drawBulk()
          : this.failing({ op: 'dup' });
      case 'dup':
        return this.failing({ op });
      default:
        return { op };
    }
  }

  private drawRangeWrite(op: string, r: number): Operation {
    const args = this.arguments;
    const value = op === 'store_range' ? this.valueOrNull() : this.value();
    if (op === 'insert_range') args.free(r);
    else args.range(r, this.phase === 'grow' && value !== null);
    let { first, last } = args;
    args.at(first);
    // First above last is EINVAL; the tree's own functions check it.
    if (first < last && this.stream.below(200) === 0) [first, last] = [last, first];
    return this.failing({ op, first, last, value });
  }

  /** A build with announced size: ascending ranges beyond what is there. */
  private drawBulk(): Operation {
    const { stream, view, profile } = this;
    const count = view.count();
    const grain = profile.space.grain;
    let at = count === 0 ? stream.below(4) * grain : view.last(count - 1) + 1 + stream.below(3) * grain;
    const entries: [number, number, number][] = [];
    const wanted = Math.min(stream.between(0, 60), profile.target);
    while (entries.length < wanted && at <= Math.min(MAX_INDEX, 2 ** 52 - 2) - 16 * grain) {
      const last = at + stream.below(6) * grain + (grain - 1);
      entries.push([at, last, this.step * 64 + entries.length + 1]);
      at = last + 1 + (stream.chance(50) ? 0 : stream.below(4) * grain);
    }
    return this.failing({ op: 'bulk', entries });
  }

  private drawMas(op: string, r: number): Operation {
    const args = this.arguments;
    switch (op) {
      case 'mas_set': {
        const index = args.index(r);
        args.at(index);
        return { op, r, index };
      }
      case 'mas_set_range':
        args.range(r, this.phase === 'grow');
        return { op, r, first: args.first, last: args.last };
      case 'mas_config':
        return this.drawConfig(op, r);
      case 'mas_next':
      case 'mas_next_range':
      case 'mas_find':
      case 'mas_find_range':
        return { op, r, max: args.maximum(r) };
      case 'mas_prev':
      case 'mas_prev_range':
      case 'mas_find_rev':
      case 'mas_find_range_rev':
        return { op, r, min: args.minimum(r) };
      case 'mas_store':
        return this.failing({ op, r, value: this.valueOrNull() });
      case 'mas_store_prealloc': {
        const { first, last } = this.drawConfig(op, r);
        return this.failing({ op, r, first, last, value: this.valueOrNull() });
      }
      case 'mas_erase':
        return this.failing({ op, r });
      case 'mas_empty_area':
      case 'mas_empty_area_rev':
        args.bounds(r, this.profile.strict && op === 'mas_empty_area_rev');
        return { op, r, min: args.first, max: args.last, size: args.size() };
      default:
        return { op, r };
    }
  }

  /** A new range without a new walk: it has to begin within the state's own, as the kernel's callers see to. */
  private drawConfig(op: string, r: number): Operation {
    const { stream, view } = this;
    const args = this.arguments;
    const index = view.masIndex(r);
    const last = view.masLast(r);
    const kind = stream.below(100);
    let first = index;
    if (kind >= 50) first = index + stream.belowWide(Math.min(last - index, 12) + 1);
    if (kind >= 80) first = last - Math.min(last - index, stream.below(3));
    if (kind >= 97) first = args.index(r);
    let end = stream.chance(40) ? last : first + stream.below(6) * this.profile.space.grain;
    if (stream.chance(35)) end = args.index(r);
    if (end < first && !stream.chance(5)) end = first;
    return { op, r, first: spellable(first), last: spellable(end) };
  }
}
