/**
 * What the sequences of the fuzzer cannot see of a write: there every reservation is used up or given back before the
 * next operation begins, and few states step back through the leaf into which they have just stored.
 *
 *      tree   [0,9] [10,19] ... [620,629]   4 slots a node, all full: a store that cuts one takes nodes at all levels
 */
import { debug } from '../debug';
import { MAX_INDEX } from './layout';
import { MapleState } from './state';
import { MapleTree } from './tree';

const OPTIONS = { ranges: true, leafSlots: 4, innerSlots: 4 };

/**
 * Leaf k holds 40 * k to 40 * k + 39 in four entries, but for the last, which ends with what is empty up to the top.
 */
function fullTree(): MapleTree<number> {
  return MapleTree.build(
    Array.from({ length: 63 }, (_, i) => [i * 10, i * 10 + 9, i] as const),
    OPTIONS,
  );
}

function reserved(tree: MapleTree<number>): [leaves: number, inners: number] {
  return [tree.pool.reservedLeaves, tree.pool.reservedInners];
}

/** index, last and status. */
function place(state: MapleState<number>): [index: number, last: number, status: string] {
  return [state.index, state.last, state.status];
}

describe('a reservation', () => {
  it("is left alone by others' stores, with and without reservations of their own", () => {
    const tree = fullTree();
    const state = new MapleState(tree, 5, 6);
    expect(state.preallocate(90)).toBe(0);
    expect(reserved(tree)).toEqual([1, 3]);
    expect(tree.storeRange(305, 306, 91)).toBe(0);
    expect(reserved(tree)).toEqual([1, 3]);
    const other = new MapleState(tree, 605, 606);
    expect(other.preallocate(92)).toBe(0);
    other.storePrealloc(92);
    expect(reserved(tree)).toEqual([1, 3]);
    state.reset();
    state.storePrealloc(90);
    expect(reserved(tree)).toEqual([0, 0]);
    expect([5, 305, 605].map((index) => tree.load(index))).toEqual([90, 91, 92]);
    expect(tree.validate()).toEqual([]);
  });

  it('is not made twice for the same store', () => {
    const tree = fullTree();
    const state = new MapleState(tree, 5, 6);
    for (let i = 0; i < 3; i++) {
      expect(state.preallocate(90)).toBe(0);
      expect([state.heldLeaves, state.heldInners, ...reserved(tree)]).toEqual([1, 3, 1, 3]);
    }
  });

  it('of no node is made whatever the limit', () => {
    const tree = fullTree();
    tree.pool.limit = 1;
    expect(new MapleState(tree, 10, 19).preallocate(90)).toBe(0);
    expect(tree.storeRange(10, 19, 90)).toBe(0);
    expect(new MapleState(tree, 5, 6).preallocate(90)).toBe('ENOMEM');
  });

  it('is refused after a search that failed', () => {
    const tree = fullTree();
    const state = new MapleState(tree);
    expect(state.emptyArea(0, 50, 1)).toBe('EBUSY');
    expect(state.preallocate(90)).toBe('EINVAL');
    expect([...place(state), ...reserved(tree)]).toEqual([0, 50, 'error', 0, 0]);
  });

  it('walks to the slot that holds index, and stays there', () => {
    const tree = fullTree();
    tree.storeRange(0, 9, null);
    const state = new MapleState(tree, 12, 14);
    expect(state.preallocate(90)).toBe(0);
    expect(place(state)).toEqual([12, 14, 'active']);
    expect(state.next(19)).toBe(null);
    expect(place(state)).toEqual([12, 14, 'overflow']);
    // Null grows over what is empty before it; that is for the store to do.
    state.setRange(10, 14);
    expect(state.preallocate(null)).toBe(0);
    expect(place(state)).toEqual([10, 14, 'active']);
    expect(state.next(MAX_INDEX)).toBe(2);
    expect(place(state)).toEqual([20, 29, 'active']);
  });

  it('that is missing is made good, with a warning', () => {
    const tree = fullTree();
    const rules: string[] = [];
    debug.on = true;
    debug.onWarn = (rule) => rules.push(rule);
    try {
      new MapleState(tree, 5, 6).storePrealloc(90);
    } finally {
      debug.on = false;
      debug.onWarn = null;
    }
    expect(rules).toEqual(['prealloc']);
    expect(reserved(tree)).toEqual([0, 0]);
    expect([4, 5, 6, 7].map((index) => tree.load(index))).toEqual([0, 90, 90, 0]);
    expect(tree.validate()).toEqual([]);
  });
});

it('says "root" after an erase beside the one entry of the root', () => {
  const tree = new MapleTree<number>(OPTIONS);
  tree.storeRange(0, 0, 1);
  const state = new MapleState(tree, 5);
  expect(state.erase()).toBe(null);
  expect(place(state)).toEqual([5, 5, 'root']);
});

describe('a store that moved to the left sibling', () => {
  /** Leaf `leaf` - 1 gets room, and then takes the first slot of leaf `leaf`, in which the state stores. */
  function pushLeft(tree: MapleTree<number>, state: MapleState<number>, leaf: number): void {
    const first = leaf * 40;
    tree.storeRange(first - 30, first - 1, 90);
    state.setRange(first, first + 4);
    const { usedLeaves } = tree.pool;
    expect(state.store(91)).toBe(0);
    expect(tree.pool.usedLeaves).toBe(usedLeaves);
    expect(state.prevRange(0)).toBe(90);
    expect(state.prevRange(0)).toBe((first - 40) / 10);
    expect(place(state)).toEqual([first - 40, first - 31, 'active']);
    expect(tree.validate()).toEqual([]);
  }

  it('knows where that leaf begins, be it the first of its parent or not', () => {
    for (const leaf of [1, 2, 3, 5, 6]) {
      const tree = fullTree();
      pushLeft(tree, new MapleState(tree), leaf);
    }
  });

  it('knows it too if the tree was higher when the state last walked', () => {
    const tree = fullTree();
    const state = new MapleState(tree, MAX_INDEX);
    state.walk();
    const { height } = tree;
    tree.storeRange(120, MAX_INDEX, 89);
    expect(tree.height).toBeLessThan(height);
    pushLeft(tree, state, 1);
  });
});
