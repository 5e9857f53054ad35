import type { Entry } from './api';
import { MAX_INDEX } from './layout';
import { optionsOf, randomSource, SIZES } from './testing/model';
import { MapleTree } from './tree';

it('adds entries beyond those that are there, and no others', () => {
  const tree = MapleTree.build<string>([[5, 9, 'a']]);
  expect(() => tree.bulk([[9, 12, 'b']])).toThrow('entry 0 must start at or above 10, but starts at 9');
  expect([...tree]).toEqual([[5, 9, 'a']]);
  expect(tree.bulk([[10, MAX_INDEX, 'b']])).toBe(0);
  expect(() => tree.bulk([[MAX_INDEX, MAX_INDEX, 'c']])).toThrow(RangeError);
  const root = MapleTree.build<string>([[0, 0, 'a']]);
  expect(() => root.bulk([[0, 0, 'b']])).toThrow('entry 0 must start at or above 1, but starts at 0');
});

function entriesOf(count: number, random: (below: number) => number, from = 0): Entry<number>[] {
  const entries: Entry<number>[] = [];
  let next = from;
  for (let i = 0; i < count; i++) {
    const first = next + random(3);
    const last = first + random(4);
    entries.push([first, last, i]);
    next = last + 1;
  }
  return entries;
}

describe.each(SIZES)('leaves of %i and internal nodes of %i slots, ranges %s', (...size) => {
  const options = optionsOf(size);

  it('builds a sound tree of any number of entries', () => {
    const random = randomSource(5);
    for (const count of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 130, 500, 1000]) {
      const entries = entriesOf(count, random);
      const tree = MapleTree.build(entries, options);
      expect([...tree]).toEqual(entries);
      expect([count, tree.validate()]).toEqual([count, []]);
      expect(tree.pool.reservedLeaves + tree.pool.reservedInners).toBe(0);
    }
  });

  it('appends many entries to what is there', () => {
    const random = randomSource(6);
    for (const count of [1, 5, 40, 200]) {
      const tree = new MapleTree<number>(options);
      tree.storeRange(2, 3, 77);
      const entries = entriesOf(count, random, 4);
      expect(tree.bulk(entries)).toBe(0);
      expect([...tree]).toEqual([[2, 3, 77], ...entries]);
      expect(tree.validate()).toEqual([]);
      expect(tree.pool.reservedLeaves + tree.pool.reservedInners).toBe(0);
    }
  });
});

describe('build', () => {
  it('holds a single entry at 0 in the root, and one up to the top', () => {
    expect(MapleTree.build([[0, 0, 'a']]).height).toBe(0);
    const tree = MapleTree.build([
      [0, 4, 'a'],
      [5, MAX_INDEX, 'b'],
    ]);
    expect([tree.load(MAX_INDEX), tree.validate()]).toEqual(['b', []]);
  });

  it('packs leaves full', () => {
    const entries = Array.from({ length: 1600 }, (_, i) => [i, i, i] as const);
    expect(MapleTree.build(entries).pool.usedLeaves).toBeLessThanOrEqual(102);
  });

  it('refuses entries out of order, overlapping, backwards or without a value', () => {
    expect(() =>
      MapleTree.build([
        [5, 6, 1],
        [2, 3, 1],
      ]),
    ).toThrow('entry 1 must start at or above 7, but starts at 2');
    expect(() => MapleTree.build([[5, 4, 1]])).toThrow('entry 0 ends at 4, below its start 5');
    expect(() => MapleTree.build([[5, 2 ** 53, 1]])).toThrow(/^last of entry 0 must be/);
    expect(() => MapleTree.build([[5, 6, null]])).toThrow(TypeError);
    expect(() => MapleTree.build([[5, 6, 1]], { nodeLimit: 0 })).toThrow('ENOMEM');
  });
});
