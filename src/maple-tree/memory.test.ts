/** What happens when nodes cannot be had: for every kind of write, and at every allocation. */
import { MapleState } from './state';
import { Model, optionsOf, randomSource, randomWrites, SIZES } from './testing/model';
import { MapleTree } from './tree';

describe.each(SIZES)('leaves of %i and internal nodes of %i slots, ranges %s', (...size) => {
  const options = optionsOf(size);

  it('changes nothing when the n-th allocation of a store fails, whichever n', () => {
    const random = randomSource(3);
    const tree = new MapleTree<number>(options);
    const model = new Model();
    let failures = 0;
    randomWrites(tree, model, random, 90, 400, () => {
      const first = random(400);
      const last = first + random(60);
      const value = random(4) === 0 ? null : 5;
      const before = [...tree];
      for (let n = 1; n < 40; n++) {
        tree.pool.failAt(n);
        const answer = tree.storeRange(first, last, value);
        tree.pool.failAt(0);
        if (answer === 0) break;
        failures++;
        expect(answer).toBe('ENOMEM');
        expect([...tree].join()).toBe(before.join());
        expect(tree.validate()).toEqual([]);
      }
      model.store(first, last, value);
      expect(tree.validate()).toEqual([]);
    });
    expect([...tree]).toEqual(model.ranges);
    if (size[0] <= 16) expect(failures).toBeGreaterThan(0);
  });

  it('never goes beyond the limit, and answers ENOMEM there', () => {
    const tree = new MapleTree<number>({ ...options, nodeLimit: 6 });
    let stored = 0;
    while (tree.storeRange(stored * 2, stored * 2, stored) === 0) stored++;
    expect(tree.pool.used).toBeLessThanOrEqual(6);
    expect([...tree].length).toBe(stored);
    expect(tree.validate()).toEqual([]);
    tree.pool.limit = 1000;
    expect(tree.storeRange(stored * 2, stored * 2, stored)).toBe(0);
  });

  it('balances reserved nodes against those used and given back', () => {
    const random = randomSource(9);
    const tree = new MapleTree<number>(options);
    const model = new Model();
    const state = new MapleState(tree);
    for (let step = 1; step < 200; step++) {
      const first = random(500);
      const last = first + random(40);
      const value = random(3) === 0 ? null : step;
      state.setRange(first, last);
      expect(state.preallocate(value)).toBe(0);
      expect([state.index, state.last]).toEqual([first, last]);
      const reserved = tree.pool.reservedLeaves + tree.pool.reservedInners;
      expect(state.heldLeaves + state.heldInners).toBe(reserved);
      // What is reserved is enough, even if from now on nothing can be had.
      tree.pool.limit = tree.pool.used + reserved;
      state.storePrealloc(value);
      tree.pool.limit = Number.POSITIVE_INFINITY;
      model.store(first, last, value);
      expect(tree.pool.reservedLeaves + tree.pool.reservedInners).toBe(0);
      expect(tree.validate()).toEqual([]);
    }
    expect([...tree]).toEqual(model.ranges);
  });
});

describe('preallocation', () => {
  const full = (): MapleTree<number> => {
    const tree = new MapleTree<number>({ leafSlots: 4, innerSlots: 4 });
    for (let i = 0; i < 40; i++) tree.storeRange(i, i, i + 1);
    return tree;
  };

  it('is topped up by a second one for a larger store', () => {
    const tree = full();
    const state = new MapleState(tree, 3);
    expect(state.preallocate(9)).toBe(0);
    expect(state.heldLeaves + state.heldInners).toBe(0);
    tree.storeRange(100, 200, 5);
    for (let first = 101; state.heldLeaves === 0; first += 2) {
      tree.storeRange(first, first, 6);
      state.setRange(first + 20, first + 21);
      expect(state.preallocate(9)).toBe(0);
    }
    state.storePrealloc(9);
    expect(tree.pool.reservedLeaves + tree.pool.reservedInners).toBe(0);
    expect(tree.validate()).toEqual([]);
  });

  it('is given back by destroy, and shows in the limit as long as it is held', () => {
    const tree = new MapleTree<number>({ leafSlots: 4, innerSlots: 4, nodeLimit: 1 });
    const state = new MapleState(tree, 5, 9);
    expect(state.preallocate(1)).toBe(0);
    expect(tree.storeRange(1, 1, 2)).toBe('ENOMEM');
    state.destroy();
    expect(tree.storeRange(1, 1, 2)).toBe(0);
  });

  it('fails without a change', () => {
    const tree = new MapleTree<number>({ nodeLimit: 0 });
    const state = new MapleState(tree, 5, 9);
    expect(state.preallocate(1)).toBe('ENOMEM');
    expect([state.index, state.last, state.status]).toEqual([5, 9, 'start']);
    expect(state.store(1)).toBe('ENOMEM');
    expect(tree.isEmpty).toBe(true);
  });
});

describe('other allocations that fail', () => {
  it('makes no duplicate', () => {
    const tree = new MapleTree<number>({ leafSlots: 4 });
    for (let i = 0; i < 20; i++) tree.storeRange(i * 2, i * 2, i);
    for (let n = 1; n <= tree.pool.used; n++) {
      tree.pool.failAt(n);
      expect(tree.tryDup()).toBe('ENOMEM');
    }
    tree.pool.failAt(tree.pool.used + 1);
    expect(tree.tryDup()).not.toBe('ENOMEM');
    tree.pool.failAt(1);
    expect(() => tree.dup()).toThrow('ENOMEM');
  });

  it.each(['tree', 'state'])('erases nothing by a %s, and says so', (by) => {
    const tree = new MapleTree<number>({ leafSlots: 4, innerSlots: 4 });
    for (let i = 0; i < 40; i++) tree.storeRange(i * 2, i * 2, i);
    const before = [...tree];
    const state = new MapleState(tree);
    let failures = 0;
    for (let i = 0; i < 40; i++) {
      tree.pool.failAt(1);
      state.set(i * 2);
      const answer = by === 'tree' ? tree.erase(i * 2) : state.erase();
      tree.pool.failAt(0);
      if (answer === 'ENOMEM') {
        failures++;
        expect([...tree]).toEqual(before);
        if (by === 'state') expect([state.index, state.last, state.status]).toEqual([i * 2, i * 2, 'start']);
      } else {
        expect(answer).toBe(i);
        tree.storeRange(i * 2, i * 2, i);
        expect([...tree]).toEqual(before);
      }
      expect(tree.validate()).toEqual([]);
    }
    expect(failures).toBeGreaterThan(0);
  });

  it('builds all or nothing', () => {
    const tree = new MapleTree<number>({ leafSlots: 4, nodeLimit: 5 });
    const entries = Array.from({ length: 50 }, (_, i) => [i * 2, i * 2, i] as const);
    expect(tree.bulk(entries)).toBe('ENOMEM');
    expect(tree.isEmpty).toBe(true);
    expect(tree.bulk([[3, 4, 1]])).toBe(0);
    expect(tree.bulk(entries.map(([first, last, value]) => [first + 10, last + 10, value] as const))).toBe('ENOMEM');
    expect([...tree]).toEqual([[3, 4, 1]]);
    expect(tree.validate()).toEqual([]);
  });
});
