import { MAX_INDEX } from './layout';
import { Model, optionsOf, randomSource, randomWrites, SIZES } from './testing/model';
import { MapleTree } from './tree';

describe.each(SIZES)('a tree with leaves of %i and internal nodes of %i slots, ranges %s', (...size) => {
  const options = optionsOf(size);

  it('holds what a list of ranges holds after each random write, and keeps its structure', () => {
    const random = randomSource(size[0] * 100 + size[1]);
    for (const space of [20, 300, 3000]) {
      const tree = new MapleTree<number>(options);
      const model = new Model();
      randomWrites(tree, model, random, 300, space, (step) => {
        const broken = tree.validate();
        if (broken.length > 0) throw new Error(`step ${step}: ${broken[0]}\n${tree.dump()}`);
        if (step % 20 === 0) expect([...tree]).toEqual(model.ranges);
      });
      for (let index = 0; index < Math.min(space, 400); index++) {
        expect(tree.load(index)).toBe(model.at(index)?.[2] ?? null);
      }
    }
  });

  it('comes down again to nothing, in any order', () => {
    for (const step of [1, -1, 11]) {
      const tree = new MapleTree<number>(options);
      for (let i = 0; i < 301; i++) tree.storeRange(i * 3, i * 3 + 1, i);
      for (let i = 0; i < 301; i++) {
        const at = ((((step * i) % 301) + 301) % 301) * 3;
        if (tree.erase(at) !== at / 3) throw new Error(`erase ${at}: not ${at / 3}`);
        if (tree.validate().length > 0) throw new Error(`erase ${at}: ${tree.validate()[0]}`);
      }
      expect(tree.isEmpty).toBe(true);
      expect(tree.height).toBe(0);
      expect(tree.pool.used).toBe(0);
    }
  });

  it('overwrites any stretch of a tall tree in one store', () => {
    const random = randomSource(7);
    for (let round = 0; round < 30; round++) {
      const tree = new MapleTree<number>(options);
      const model = new Model();
      for (let i = 0; i < 200; i++) {
        tree.storeRange(i * 2, i * 2, i + 1);
        model.ranges.push([i * 2, i * 2, i + 1]);
      }
      const first = random(400);
      const last = first + random(400 - first);
      const value = round % 2 === 0 ? null : 999;
      tree.storeRange(first, last, value);
      model.store(first, last, value);
      expect(tree.validate()).toEqual([]);
      expect([...tree]).toEqual(model.ranges);
    }
  });

  it('is its duplicate, until one of the two changes', () => {
    const tree = new MapleTree<number>(options);
    for (let i = 0; i < 100; i++) tree.storeRange(i * 5, i * 5 + 2, i);
    tree.erase(50);
    const twin = tree.dup();
    expect([...twin]).toEqual([...tree]);
    expect(twin.validate()).toEqual([]);
    twin.storeRange(0, 300, 7);
    tree.storeRange(400, 499, null);
    expect(twin.load(10)).toBe(7);
    expect(tree.load(10)).toBe(2);
    expect(twin.load(460)).toBe(92);
    expect([...twin.validate(), ...tree.validate()]).toEqual([]);
  });
});

describe('how the root is held', () => {
  it('keeps one entry at index 0 in the root, and never comes back to that from a node', () => {
    const tree = new MapleTree<string>();
    expect(tree.isEmpty).toBe(true);
    tree.storeRange(0, 0, 'a');
    expect([tree.height, tree.isEmpty, tree.load(0), tree.load(1)]).toEqual([0, false, 'a', null]);
    tree.storeRange(5, 9, null);
    expect(tree.height).toBe(0);
    tree.storeRange(1, 1, 'b');
    tree.erase(1);
    expect([tree.height, [...tree]]).toEqual([1, [[0, 0, 'a']]]);
    tree.erase(0);
    expect(tree.isEmpty).toBe(true);
  });

  it('drops an entry of the root by a null that begins at 0', () => {
    const tree = new MapleTree<string>();
    tree.storeRange(0, 0, 'a');
    tree.storeRange(0, 7, null);
    expect(tree.isEmpty).toBe(true);
  });

  it('keeps the entry of the root beside a new one', () => {
    for (const first of [1, 2, 5]) {
      const tree = new MapleTree<string>();
      tree.storeRange(0, 0, 'a');
      tree.storeRange(first, 9, 'b');
      expect([...tree]).toEqual([
        [0, 0, 'a'],
        [first, 9, 'b'],
      ]);
      expect(tree.validate()).toEqual([]);
    }
  });

  it('keeps the node when the one range of everything is erased', () => {
    const tree = new MapleTree<string>({ ranges: true });
    tree.storeRange(0, MAX_INDEX, 'a');
    tree.erase(3);
    expect([tree.height, tree.isEmpty, tree.validate()]).toEqual([1, false, []]);
    expect(tree.allocRrange(1, 0, 99, 'b')).toBe('EBUSY');
    expect(tree.allocRange(1, 5, 99, 'b')).toBe(5);
  });
});

describe('the functions of the tree', () => {
  const three = (): MapleTree<number> => {
    const tree = new MapleTree<number>({ ranges: true });
    tree.storeRange(5, 9, 1);
    tree.storeRange(20, 29, 2);
    tree.storeRange(30, 39, 3);
    return tree;
  };

  it('inserts only where all is free', () => {
    const tree = three();
    expect(tree.insertRange(9, 10, 4)).toBe('EEXIST');
    expect(tree.insertRange(10, 20, 4)).toBe('EEXIST');
    expect(tree.insertRange(0, MAX_INDEX, 4)).toBe('EEXIST');
    expect(tree.insertRange(10, 19, 4)).toBe(0);
    expect(tree.insertRange(8, 7, 4)).toBe('EINVAL');
    expect(tree.load(15)).toBe(4);
  });

  it('finds, and says where to go on', () => {
    const tree = three();
    expect(tree.find(7, MAX_INDEX)).toEqual([1, 10]);
    expect(tree.find(10, 19)).toBeNull();
    expect(tree.find(10, 20)).toEqual([2, 30]);
    expect(tree.find(30, 39)).toEqual([3, 40]);
    expect(tree.find(40, MAX_INDEX)).toBeNull();
    tree.storeRange(50, MAX_INDEX, 4);
    expect(tree.findAfter(40, MAX_INDEX)).toEqual([4, 0]);
    expect(tree.findAfter(0, MAX_INDEX)).toBeNull();
  });

  it('goes to the next and the previous entry', () => {
    const tree = three();
    expect([tree.next(5, 19), tree.next(5, 20), tree.next(39, MAX_INDEX), tree.next(0, 5)]).toEqual([null, 2, null, 1]);
    expect([tree.prev(20, 10), tree.prev(20, 9), tree.prev(MAX_INDEX, 0), tree.prev(5, 0)]).toEqual([null, 1, 3, null]);
  });

  it('refuses what is no index, and says what one is', () => {
    const tree = three();
    const limits = /^first must be an integer from 0 to 2\^53 - 1/;
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(() => tree.storeRange(wrong, 5, 1)).toThrow(limits);
    }
    expect(() => tree.load(-1)).toThrow(RangeError);
    expect(() => tree.prev(3, -2)).toThrow(/^min must be/);
    expect(() => tree.storeRange(0, 1, undefined as unknown as number)).toThrow(TypeError);
    expect(() => new MapleTree({ leafSlots: 3 })).toThrow(/^leafSlots must be an integer from 4 to 64, but is 3/);
    expect(() => new MapleTree({ innerSlots: 65 })).toThrow(RangeError);
    expect(() => new MapleTree({ nodeLimit: -1 })).toThrow(RangeError);
  });

  it('goes on behind the entry given last when it is changed during an iteration', () => {
    const tree = three();
    const seen: number[] = [];
    for (const [first, last, value] of tree) {
      seen.push(value);
      if (value === 1) tree.storeRange(10, 12, 8);
      tree.storeRange(first, last, null);
    }
    expect(seen).toEqual([1, 8, 2, 3]);
    expect(tree.isEmpty).toBe(true);
  });

  it('keeps its options when it is destroyed', () => {
    const tree = three();
    tree.destroy();
    expect(tree.isEmpty).toBe(true);
    expect(tree.pool.used).toBe(0);
    expect(tree.allocRange(5, 3, 99, 7)).toBe(3);
  });

  it('holds objects, and lets go of those erased', () => {
    const tree = new MapleTree<{ readonly id: number }>({ leafSlots: 4 });
    for (let id = 0; id < 50; id++) tree.storeRange(id * 2, id * 2, { id });
    for (let id = 0; id < 50; id++) tree.erase(id * 2);
    expect(tree.pool.leafValues.every((value) => value === null)).toBe(true);
  });
});
