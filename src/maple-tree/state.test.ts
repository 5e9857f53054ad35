/** The cursor's rules, for several node sizes: each line is a call, its answer, and the state after it. */
import { debug } from '../debug';
import { MAX_INDEX } from './layout';
import { MapleState } from './state';
import { optionsOf, SIZES } from './testing/model';
import { MapleTree } from './tree';

type State = MapleState<number>;
type Line = [call: (state: State) => unknown, answer: unknown, index: number, last: number, status: string];

function run(tree: MapleTree<number>, index: number, lines: readonly Line[]): void {
  const state = new MapleState(tree, index);
  lines.forEach(([call, answer, first, last, status], i) => {
    expect([i, call(state), state.index, state.last, state.status]).toEqual([i, answer, first, last, status]);
    expect(tree.validate()).toEqual([]);
  });
}

describe.each(SIZES)('leaves of %i and internal nodes of %i slots, ranges %s', (...size) => {
  /** [5,9]=1, [20,29]=2, [30,39]=3 */
  const three = (): MapleTree<number> => {
    const tree = new MapleTree<number>(optionsOf(size));
    tree.storeRange(5, 9, 1);
    tree.storeRange(20, 29, 2);
    tree.storeRange(30, 39, 3);
    return tree;
  };

  it('steps forward to the limit, and back', () => {
    run(three(), 0, [
      [(s) => s.next(MAX_INDEX), 1, 5, 9, 'active'],
      [(s) => s.next(19), null, 10, 19, 'overflow'],
      [(s) => s.next(MAX_INDEX), 2, 20, 29, 'active'],
      [(s) => s.next(29), null, 20, 29, 'overflow'],
      [(s) => s.prev(0), 2, 20, 29, 'active'],
      [(s) => s.next(MAX_INDEX), 3, 30, 39, 'active'],
      [(s) => s.next(MAX_INDEX), null, 40, MAX_INDEX, 'overflow'],
      [(s) => s.prev(0), 3, 30, 39, 'active'],
    ]);
  });

  it('steps back to the limit, and forward', () => {
    run(three(), 25, [
      [(s) => s.walk(), 2, 20, 29, 'active'],
      [(s) => s.prev(12), null, 10, 19, 'underflow'],
      [(s) => s.next(MAX_INDEX), 2, 20, 29, 'active'],
      [(s) => s.prevRange(0), null, 10, 19, 'active'],
      [(s) => s.prev(0), 1, 5, 9, 'active'],
      [(s) => s.prev(0), null, 0, 4, 'underflow'],
      [(s) => s.find(MAX_INDEX), 1, 5, 9, 'active'],
    ]);
  });

  it('finds the entry at index first, and is active at the end', () => {
    run(three(), 7, [
      [(s) => s.find(MAX_INDEX), 1, 5, 9, 'active'],
      [(s) => s.find(12), null, 10, 19, 'active'],
      [(s) => s.find(25), 2, 20, 29, 'active'],
      [(s) => s.pause(), undefined, 20, 29, 'pause'],
      [(s) => s.find(MAX_INDEX), 3, 30, 39, 'active'],
      [(s) => s.findRev(0), 2, 20, 29, 'active'],
      [(s) => s.reset(), undefined, 20, 29, 'start'],
      [(s) => s.findRangeRev(0), 2, 20, 29, 'active'],
      [(s) => s.findRangeRev(0), null, 10, 19, 'active'],
      [(s) => s.findRange(MAX_INDEX), 2, 20, 29, 'active'],
    ]);
  });

  it('grows a stored null, and goes on from what was stored', () => {
    run(three(), 0, [
      [(s) => s.setRange(22, 24), undefined, 22, 24, 'start'],
      [(s) => s.store(7), 0, 22, 24, 'active'],
      [(s) => s.next(MAX_INDEX), 2, 25, 29, 'active'],
      [(s) => s.prev(0), 7, 22, 24, 'active'],
      [(s) => s.store(null), 0, 22, 24, 'active'],
      [(s) => s.setRange(12, 13), undefined, 12, 13, 'start'],
      [(s) => s.store(null), 0, 10, 19, 'active'],
      [(s) => s.next(MAX_INDEX), 2, 20, 21, 'active'],
      [(s) => s.erase(), 2, 10, 24, 'active'],
      [(s) => s.erase(), null, 10, 24, 'active'],
    ]);
  });

  it('goes on as if it had walked, from a limit met before any walk', () => {
    run(three(), 25, [
      [(s) => s.next(10), null, 25, 25, 'overflow'],
      [(s) => s.next(MAX_INDEX), 3, 30, 39, 'active'],
    ]);
    run(three(), 25, [
      [(s) => s.prev(30), null, 25, 25, 'underflow'],
      [(s) => s.prev(0), 1, 5, 9, 'active'],
    ]);
  });

  it('moves no place by config, and knows the true range behind it', () => {
    run(three(), 33, [
      [(s) => s.walk(), 3, 30, 39, 'active'],
      [(s) => s.config(33, 35), undefined, 33, 35, 'active'],
      [(s) => s.prev(0), 2, 20, 29, 'active'],
      [(s) => s.config(22, 50), undefined, 22, 50, 'active'],
      [(s) => s.store(8), 0, 22, 50, 'active'],
      [(s) => s.prev(0), 2, 20, 21, 'active'],
    ]);
  });

  it('is told by the root how it is held', () => {
    const empty = new MapleTree<number>(optionsOf(size));
    run(empty, 5, [
      [(s) => s.walk(), null, 0, MAX_INDEX, 'none'],
      [(s) => s.set(5), undefined, 5, 5, 'start'],
      [(s) => s.findRev(0), null, 0, 0, 'root'],
      [(s) => s.set(0), undefined, 0, 0, 'start'],
      [(s) => s.store(4), 0, 0, 0, 'start'],
      [(s) => s.find(MAX_INDEX), 4, 0, 0, 'root'],
      [(s) => s.find(MAX_INDEX), null, 1, MAX_INDEX, 'none'],
      [(s) => s.prev(0), 4, 0, 0, 'root'],
      [(s) => s.setRange(5, 9), undefined, 5, 9, 'start'],
      [(s) => s.store(null), 0, 5, 9, 'root'],
      [(s) => s.store(2), 0, 5, 9, 'active'],
      [(s) => s.nextRange(MAX_INDEX), null, 10, MAX_INDEX, 'active'],
    ]);
  });

  it('reaches every entry of a tall tree in both directions', () => {
    const tree = new MapleTree<number>(optionsOf(size));
    for (let i = 0; i < 500; i++) tree.storeRange(i * 4, i * 4 + (i % 4), i);
    const up: number[] = [];
    const state = new MapleState(tree);
    for (let v = state.find(MAX_INDEX); v !== null; v = state.find(MAX_INDEX)) up.push(v);
    const down: number[] = [];
    state.set(MAX_INDEX);
    for (let v = state.findRev(0); v !== null; v = state.findRev(0)) down.push(v);
    expect(up).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(down).toEqual([...up].reverse());
  });
});

describe('a state', () => {
  it('answers what the search for room found, and is of use afterwards', () => {
    const tree = new MapleTree<number>({ ranges: true, leafSlots: 4, innerSlots: 4 });
    for (let i = 0; i < 40; i++) tree.storeRange(i * 10, i * 10 + 6, i);
    run(tree, 0, [
      [(s) => s.emptyArea(100, 200, 3), 0, 107, 109, 'active'],
      [(s) => s.next(MAX_INDEX), 11, 110, 116, 'active'],
      [(s) => s.reset(), undefined, 110, 116, 'start'],
      [(s) => s.emptyAreaRev(100, 128, 2), 0, 127, 128, 'active'],
      [(s) => s.prev(0), 12, 120, 126, 'active'],
      [(s) => s.emptyArea(0, 50, 9), 'EBUSY', 0, 50, 'error'],
      [(s) => s.store(3), 'EINVAL', 0, 50, 'error'],
      [(s) => s.next(MAX_INDEX), null, 0, 50, 'error'],
      [(s) => s.emptyArea(5, 3, 1), 'EINVAL', 0, 50, 'error'],
    ]);
  });

  it('is warned about when it is used after a write that was not its own', () => {
    const tree = new MapleTree<number>();
    for (let i = 0; i < 5; i++) tree.storeRange(i, i, i + 1);
    const state = new MapleState(tree);
    state.find(MAX_INDEX);
    tree.erase(0);
    const rules: string[] = [];
    debug.on = true;
    debug.onWarn = (rule) => rules.push(rule);
    try {
      state.next(MAX_INDEX);
      state.reset();
      state.next(MAX_INDEX);
    } finally {
      debug.on = false;
      debug.onWarn = null;
    }
    expect(rules).toEqual(['stale-state']);
  });

  it('refuses to store over a range that runs backwards', () => {
    const state = new MapleState(new MapleTree<number>(), 9, 5);
    expect(() => state.store(1)).toThrow(RangeError);
    expect(() => state.preallocate(1)).toThrow(/index must not be above its last, but is 9 with last 5/);
  });
});
