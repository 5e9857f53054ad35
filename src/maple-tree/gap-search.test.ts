/** Searches for room and the stores that use them, against a list of ranges. */
import { MAX_INDEX } from './layout';
import { MapleState } from './state';
import { Model, optionsOf, randomSource, randomWrites, SIZES } from './testing/model';
import { MapleTree } from './tree';

describe.each(SIZES)('leaves of %i and internal nodes of %i slots', (...size) => {
  const options = { ...optionsOf(size), ranges: true };

  it('finds the lowest and the highest room, exactly', () => {
    const random = randomSource(11);
    for (const space of [40, 1200]) {
      const tree = new MapleTree<number>(options);
      const model = new Model();
      const state = new MapleState(tree);
      randomWrites(tree, model, random, 200, space, (step) => {
        if (tree.height === 0 || step % 3 > 0) return;
        const [a, b] = [random(space + 30), random(space + 30)];
        const [min, max] = [Math.min(a, b), random(5) === 0 ? MAX_INDEX : Math.max(a, b)];
        const wanted = random(space >> 2) + 1;
        const wide = max - min + 1;
        const fit = wanted > wide ? wide : wanted;
        const room = model.room(min, max, fit);
        state.reset();
        const low = state.emptyArea(min, max, fit);
        expect(low).toBe(room.length > 0 ? 0 : 'EBUSY');
        if (low === 0) expect([state.index, state.last]).toEqual([room[0][0], room[0][0] + fit - 1]);
        state.reset();
        const high = state.emptyAreaRev(min, max, fit);
        expect(high).toBe(low);
        if (high === 0) {
          const end = room[room.length - 1][1];
          expect([state.index, state.last]).toEqual([end - fit + 1, end]);
        }
      });
    }
  });

  it('allocates until the window is full, from either end', () => {
    for (const up of [true, false]) {
      const tree = new MapleTree<number>(options);
      tree.storeRange(30, 34, 9);
      const starts: unknown[] = [];
      for (let i = 0; i < 30; i++) {
        starts.push(up ? tree.allocRange(5, 10, 99, i) : tree.allocRrange(5, 10, 99, i));
      }
      const expected: unknown[] = [];
      for (let at = 10; at < 100; at += 5) if (at !== 30) expected.push(at);
      if (!up) expected.reverse();
      while (expected.length < 30) expected.push('EBUSY');
      expect(starts).toEqual(expected);
      expect(tree.validate()).toEqual([]);
    }
  });

  it('takes a window of exactly the size, and refuses impossible ones', () => {
    const tree = new MapleTree<number>(options);
    tree.storeRange(0, 9, 1);
    tree.storeRange(14, 20, 1);
    expect(tree.allocRange(4, 10, 13, 2)).toBe(10);
    expect(tree.allocRrange(1, 21, 21, 2)).toBe(21);
    for (const [length, min, max] of [
      [0, 0, 9],
      [5, 6, 9],
      [1, 9, 8],
    ]) {
      expect(tree.allocRange(length, min, max, 3)).toBe('EINVAL');
      expect(tree.allocRrange(length, min, max, 3)).toBe('EINVAL');
    }
  });
});

describe('allocCyclic', () => {
  it('goes on from next, comes round once, and finds what was freed below', () => {
    const tree = new MapleTree<number>({ ranges: true, leafSlots: 4, innerSlots: 4 });
    let next = 0;
    for (let i = 0; i < 10; i++) {
      const got = tree.allocCyclic(1, 10, next, i);
      if (typeof got === 'string') throw new Error(got);
      expect(got).toEqual([i + 1, i + 2, 0]);
      next = got[1];
    }
    expect(tree.allocCyclic(1, 10, next, 0)).toBe('EBUSY');
    tree.erase(7);
    expect(tree.allocCyclic(1, 10, 5, 0)).toEqual([7, 8, 0]);
    tree.erase(3);
    expect(tree.allocCyclic(1, 10, 8, 0)).toEqual([3, 4, 1]);
  });

  it('remembers that the top index was given out, over dup and destroy', () => {
    const tree = new MapleTree<number>({ ranges: true });
    expect(tree.allocCyclic(2, MAX_INDEX, MAX_INDEX, 1)).toEqual([MAX_INDEX, 0, 0]);
    const twin = tree.dup();
    expect(twin.allocCyclic(2, MAX_INDEX, 0, 1)).toEqual([2, 3, 1]);
    expect(twin.allocCyclic(2, MAX_INDEX, 3, 1)).toEqual([3, 4, 0]);
    tree.destroy();
    expect(tree.allocCyclic(2, MAX_INDEX, 0, 1)).toEqual([2, 3, 1]);
  });

  it('is not for a tree without gaps', () => {
    const tree = new MapleTree<number>();
    expect([tree.allocCyclic(0, 9, 0, 1), tree.allocRange(1, 0, 9, 1), tree.allocRrange(1, 0, 9, 1)]).toEqual([
      'EINVAL',
      'EINVAL',
      'EINVAL',
    ]);
  });
});

/** The gap 0 to max is 2^64 long in C, which is 0 there: the search sees it only from below, and only in part. */
it('a tree whose one range was emptied has room in part of itself, from below', () => {
  const tree = new MapleTree<number>({ ranges: true });
  tree.storeRange(0, MAX_INDEX, 1);
  tree.erase(5);
  const state = new MapleState(tree);
  const search = (up: boolean, min: number, max: number, size: number): unknown[] => {
    state.reset();
    const answer = up ? state.emptyArea(min, max, size) : state.emptyAreaRev(min, max, size);
    return answer === 0 ? [state.index, state.last] : [answer];
  };
  expect(search(true, 0, MAX_INDEX, 1)).toEqual(['EBUSY']);
  expect(search(true, 1, MAX_INDEX, 1)).toEqual([1, 1]);
  expect(search(true, 0, MAX_INDEX - 1, 2)).toEqual([0, 1]);
  expect(search(false, 0, MAX_INDEX, 1)).toEqual(['EBUSY']);
  expect(search(false, 3, 9, 2)).toEqual(['EBUSY']);
});
