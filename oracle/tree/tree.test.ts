/**
 * The naive tree's own operations: stores, how the root is held, searches for gaps, several states.
 */
import { kernelCorner } from './legal';
import { MAX_INDEX as MAX } from './ranges';
import { OracleTree } from './tree';

const make = (...ranges: (readonly [number, number, number])[]): OracleTree => {
  const tree = new OracleTree(true);
  for (const [first, last, value] of ranges) tree.storeRange(first, last, value);
  return tree;
};
const example = (): OracleTree => make([5, 9, 1], [20, 29, 2], [30, 39, 3]);
const state = (tree: OracleTree, r = 0): unknown[] => [tree.mas(r).index, tree.mas(r).last, tree.mas(r).status];

describe('storing', () => {
  it('cuts what it covers in part, and keeps both rests', () => {
    const tree = make([10, 19, 1]);
    tree.storeRange(13, 14, 2);
    expect(tree.entries()).toEqual([
      [10, 12, 1],
      [13, 14, 2],
      [15, 19, 1],
    ]);
    expect(tree.erase(11)).toBe(1);
    expect(tree.load(15)).toBe(1);
  });

  it('keeps neighbours with equal values two', () => {
    const tree = make([0, 4, 1], [5, 9, 1], [10, 14, 2]);
    expect(tree.count).toBe(3);
    tree.erase(0);
    tree.erase(5);
    expect(tree.entries()).toEqual([[10, 14, 2]]);
  });

  it('covers several ranges at once', () => {
    const tree = example();
    tree.storeRange(7, 34, 4);
    expect(tree.entries()).toEqual([
      [5, 6, 1],
      [7, 34, 4],
      [35, 39, 3],
    ]);
  });

  it('grows a stored null over the gaps beside it', () => {
    const tree = example();
    tree.masSetRange(0, 12, 13);
    tree.masStore(0, null);
    expect(state(tree)).toEqual([10, 19, 'active']);
    tree.masSetRange(0, 5, 9);
    tree.masStore(0, null);
    expect(state(tree)).toEqual([0, 19, 'active']);
  });

  it('goes on from the stored range', () => {
    const tree = example();
    tree.masSetRange(0, 22, 24);
    tree.masStore(0, 7);
    expect(tree.masNext(0, MAX)).toBe(2);
    expect(state(tree)).toEqual([25, 29, 'active']);
    expect(tree.masPrev(0, 0)).toBe(7);
    expect(tree.masPrev(0, 0)).toBe(2);
    expect(state(tree)).toEqual([20, 21, 'active']);
  });

  it('refuses a range upside down, and what is taken', () => {
    const tree = example();
    expect(tree.storeRange(6, 5, 1)).toBe('EINVAL');
    expect(tree.insertRange(6, 5, 1)).toBe('EINVAL');
    expect(tree.insertRange(10, 20, 4)).toBe('EEXIST');
    expect(tree.insertRange(10, 19, 4)).toBe(0);
    expect(tree.insertRange(0, MAX, 4)).toBe('EEXIST');
  });

  it('refuses a store by a state in error', () => {
    const tree = example();
    expect(tree.masEmptyArea(0, 20, 39, 2)).toBe('EBUSY');
    expect(tree.masStore(0, 4)).toBe('EINVAL');
    expect(state(tree)).toEqual([20, 39, 'error']);
  });
});

describe('how the root is held', () => {
  it('is by the entry for [0,0] alone, by nodes for anything else', () => {
    const tree = make([0, 0, 1]);
    expect(tree.root).toBe('pointer');
    tree.storeRange(1, 1, 2);
    expect(tree.root).toBe('nodes');
    tree.erase(1);
    expect(tree.root).toBe('nodes');
    tree.erase(0);
    expect(tree.root).toBe('empty');
  });

  it('stays by a node when the single range 0 to max is emptied, and searches fail there', () => {
    const tree = make([0, MAX, 1]);
    expect(tree.erase(7)).toBe(1);
    expect(tree.clearedNode).toBe(true);
    expect(tree.allocRrange(1, 0, 100, 5)).toBe('EBUSY');
    expect(tree.allocRange(1, 0, MAX, 5)).toBe('EBUSY');
    tree.storeRange(3, 4, null);
    expect(tree.clearedNode).toBe(true);
    expect(tree.allocRange(1, 0, 100, 5)).toBe(0);
  });

  it('a store of null over two ranges that fill everything empties the tree', () => {
    const tree = make([0, 9, 1], [10, MAX, 2]);
    tree.masSetRange(0, 0, MAX);
    tree.masStore(0, null);
    expect(tree.root).toBe('empty');
    expect(state(tree)).toEqual([0, MAX, 'start']);
  });

  it('is copied by dup, as is the mark of alloc_cyclic', () => {
    const tree = make([0, 0, 1]);
    expect(tree.allocCyclic(MAX, MAX, 0, 2)).toEqual([MAX, 0, 0]);
    tree.dup();
    expect(tree.allocCyclic(2, 5, 0, 3)).toEqual([2, 3, 1]);
    expect(tree.allocCyclic(2, 5, 3, 4)).toEqual([3, 4, 0]);
    expect(tree.allocCyclic(2, 3, 9, 5)).toBe('EBUSY');
    expect(tree.allocCyclic(2, 4, 9, 5)).toEqual([4, 5, 1]);
  });
});

describe('searching', () => {
  it('finds the lowest and the highest gap, exactly', () => {
    expect(example().allocRange(5, 6, 99, 4)).toBe(10);
    expect(example().allocRrange(5, 6, 39, 4)).toBe(15);
    expect(example().allocRange(11, 6, 39, 4)).toBe('EBUSY');
    expect(make([5, MAX, 1]).allocRrange(1, 0, MAX, 2)).toBe(4);
  });

  it('refuses nonsense, and everything in a tree without ranges', () => {
    expect(example().allocRange(0, 0, 9, 1)).toBe('EINVAL');
    expect(example().allocRange(11, 0, 9, 1)).toBe('EINVAL');
    expect(example().allocRrange(1, 9, 8, 1)).toBe('EINVAL');
    const plain = new OracleTree();
    expect(plain.allocRange(1, 0, 9, 1)).toBe('EINVAL');
    expect(plain.allocCyclic(0, 9, 0, 1)).toBe('EINVAL');
    expect(plain.masEmptyArea(0, 0, 9, 1)).toBe('EINVAL');
  });

  it('find tells where to go on', () => {
    expect(example().find(7, MAX)).toEqual([1, 10]);
    expect(example().find(10, 19)).toEqual([null, 10]);
    expect(example().find(10, 20)).toEqual([2, 30]);
    expect(make([5, MAX, 1]).find(0, MAX)).toEqual([1, 0]);
    expect(make([5, 6, 1]).find(5, 4)).toEqual([null, 5]);
  });

  it('next and prev pass the entry that holds index', () => {
    expect(example().next(7, MAX)).toBe(2);
    expect(example().next(7, 19)).toBeNull();
    expect(example().prev(35, 0)).toBe(2);
    expect(example().prev(15, 9)).toBe(1);
    expect(example().prev(15, 10)).toBeNull();
    expect(make([0, 0, 1]).prev(10, 5)).toBe(1);
  });
});

describe('several states', () => {
  it('are told of a write by another, whatever it answers but EINVAL', () => {
    const tree = example();
    const walked = (act: () => unknown): unknown => {
      tree.masSet(1, 5);
      tree.masWalk(1);
      act();
      return tree.mas(1).status;
    };
    expect(walked(() => tree.insertRange(5, 6, 1))).toBe('start');
    expect(walked(() => tree.erase(0))).toBe('start');
    expect(walked(() => tree.allocRange(5, 5, 9, 1))).toBe('start');
    expect(walked(() => tree.masErase(0))).toBe('start');
    expect(walked(() => tree.allocRange(0, 5, 9, 1))).toBe('active');
    expect(walked(() => tree.storeRange(5, 4, 1))).toBe('active');
    expect(walked(() => tree.load(5))).toBe('active');
    expect(walked(() => tree.masStore(1, 8))).toBe('active');
    expect(walked(() => tree.failedWrite())).toBe('start');
    expect(walked(() => tree.dup())).toBe('start');
    expect(walked(() => tree.destroy())).toBe('start');
  });

  it('a store that found no memory loses its place', () => {
    const tree = example();
    tree.masSet(0, 33);
    tree.masWalk(0);
    tree.masConfig(0, 35, 36);
    tree.failedWrite();
    expect(state(tree)).toEqual([35, 36, 'start']);
    expect(tree.masNext(0, 37)).toBeNull();
    expect(state(tree)).toEqual([30, 39, 'overflow']);
  });

  it('a config keeps the position, and starts within the old range', () => {
    const tree = example();
    tree.masSet(0, 33);
    tree.masWalk(0);
    expect(tree.masConfig(0, 29, 35)).toBe('EINVAL');
    expect(tree.masConfig(0, 40, 41)).toBe('EINVAL');
    expect(tree.masConfig(0, 34, 33)).toBe('EINVAL');
    expect(tree.masConfig(0, 34, 50)).toBe(0);
    expect(tree.masConfig(0, 45, 50)).toBe(0);
    expect(tree.masNextRange(0, MAX)).toBeNull();
    expect(state(tree)).toEqual([40, MAX, 'active']);
    tree.masPause(0);
    expect(tree.masConfig(0, 40, 41)).toBe('EINVAL');
  });
});

describe('bulk', () => {
  it('stores what is in order and beyond, or nothing', () => {
    const tree = make([5, 9, 1]);
    expect(tree.bulk([[9, 10, 2]])).toBe('EINVAL');
    expect(
      tree.bulk([
        [10, 10, 2],
        [10, 11, 3],
      ]),
    ).toBe('EINVAL');
    expect(tree.count).toBe(1);
    expect(
      tree.bulk([
        [10, 10, 2],
        [12, MAX, 3],
      ]),
    ).toBe(0);
    expect(tree.count).toBe(3);
    expect([tree.firstAt(2), tree.lastAt(2), tree.valueAt(2)]).toEqual([12, MAX, 3]);
  });
});

describe('the corners of the kernel', () => {
  it('are named before one comes into them', () => {
    const tree = example();
    expect(kernelCorner(tree, { op: 'insert_range', first: 0, last: MAX, value: 1 })).toBe('insert over everything');
    expect(kernelCorner(tree, { op: 'alloc_rrange', size: 1, min: 0, max: MAX, value: 1 })).toBe(
      'search from the top index',
    );
    tree.masSet(0, 25);
    tree.masNext(0, 25);
    expect(kernelCorner(tree, { op: 'mas_next', r: 0, max: 99 })).toBe('on without a walk');
    expect(kernelCorner(tree, { op: 'mas_next', r: 0, max: 25 })).toBeNull();
    expect(kernelCorner(tree, { op: 'mas_prev', r: 0, min: 0 })).toBeNull();
    tree.masSet(0, 33);
    tree.masWalk(0);
    tree.masConfig(0, 33, 35);
    expect(kernelCorner(tree, { op: 'mas_find_rev', r: 0, min: 0 })).toBe('down from within a slot');
    expect(kernelCorner(tree, { op: 'mas_find', r: 0, max: MAX })).toBeNull();
    tree.masEmptyArea(0, 20, 39, 1);
    expect(kernelCorner(tree, { op: 'mas_find', r: 0, max: MAX })).toBe('after an error');
    expect(kernelCorner(tree, { op: 'mas_store', r: 0, value: 1 })).toBe('after an error');
    expect(kernelCorner(tree, { op: 'mas_walk', r: 0 })).toBeNull();
  });

  it('include what is in the middle of the index space, which is longer with 64 bits', () => {
    const tree = example();
    const corner = 'in the middle of the index space';
    expect(kernelCorner(tree, { op: 'load', index: 2 ** 51 + 1 })).toBe(corner);
    expect(kernelCorner(tree, { op: 'store_range', first: 1, last: MAX - 2 ** 32, value: 1 })).toBe(corner);
    expect(kernelCorner(tree, { op: 'alloc_range', size: 2 ** 40 + 1, min: 0, max: MAX, value: 1 })).toBe(corner);
    expect(kernelCorner(tree, { op: 'alloc_range', size: 2 ** 40, min: 0, max: MAX, value: 1 })).toBeNull();
    expect(kernelCorner(tree, { op: 'store_range', first: 2 ** 51, last: MAX - 5, value: 1 })).toBeNull();
  });

  it('include the step up from the first node', () => {
    const tree = new OracleTree();
    tree.masSetRange(0, 5, 10);
    tree.masStore(0, 1);
    expect(kernelCorner(tree, { op: 'mas_next_range', max: MAX })).toBe('up from the first node');
    expect(tree.masPrevRange(0, 0)).toBeNull();
    expect(kernelCorner(tree, { op: 'mas_find', max: MAX })).toBe('up from the first node');
    tree.masWalk(0);
    expect(kernelCorner(tree, { op: 'mas_next_range', max: MAX })).toBeNull();
  });
});
