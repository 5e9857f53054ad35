/** Large trees use the arrays of destroyed ones again; nothing of the destroyed tree is to be seen in them. */
import { MapleTree } from '.';
import { LEAST_SPARE, takeSpare } from './spare';

const COUNT = LEAST_SPARE * 16;

function filled(count: number, value: string, options = {}): MapleTree<string> {
  const tree = new MapleTree<string>(options);
  for (let i = 0; i < count; i++) tree.storeRange(i * 10, i * 10 + 4, value);
  return tree;
}

beforeEach(() => {
  // Whatever another test left behind.
  for (let capacity = LEAST_SPARE; capacity < 1 << 20; capacity *= 2) takeSpare(16, capacity);
});

it('a duplicate takes the arrays of a destroyed tree, and is as any duplicate', () => {
  const source = filled(COUNT, 'source', { ranges: true });
  const first = filled(COUNT + 100, 'first');
  const { leafPivots, leafValues, leafEnds } = first.pool;
  first.destroy();
  expect(leafValues.every((value) => value === null)).toBe(true);
  expect(first.pool.leafCapacity).toBe(0);
  const twin = source.dup();
  expect(twin.pool.leafPivots).toBe(leafPivots);
  expect(twin.pool.leafValues).toBe(leafValues);
  expect(twin.pool.leafEnds).toBe(leafEnds);
  expect([...twin]).toEqual([...source]);
  expect(twin.validate()).toEqual([]);
  twin.storeRange(0, 99, 'twin');
  expect(source.load(0)).toBe('source');
  expect(source.validate()).toEqual([]);
});

it('a tree that grows takes them, and takes all of its content along', () => {
  const first = filled(COUNT, 'first');
  const { leafPivots } = first.pool;
  first.destroy();
  const second = filled(COUNT, 'second');
  expect(second.pool.leafPivots).toBe(leafPivots);
  expect([...second].length).toBe(COUNT);
  expect([...second].every(([, , value]) => value === 'second')).toBe(true);
  expect(second.validate()).toEqual([]);
});

it('a destroyed tree can be filled again', () => {
  const tree = filled(COUNT, 'before');
  tree.destroy();
  for (let i = 0; i < COUNT; i++) tree.storeRange(i * 10, i * 10 + 4, 'after');
  expect([...tree].length).toBe(COUNT);
  expect(tree.validate()).toEqual([]);
});

it('a tree whose nodes are reserved keeps its arrays', () => {
  const tree = filled(COUNT, 'value');
  const { leafCapacity } = tree.pool;
  expect(tree.pool.reserve(1, 0)).toBe(true);
  tree.destroy();
  expect(tree.pool.leafCapacity).toBe(leafCapacity);
});

it('arrays are not given away for other leaves, far smaller needs, or twice', () => {
  filled(COUNT, 'value').destroy();
  expect(takeSpare(15, COUNT / 8)).toBeUndefined();
  expect(takeSpare(16, LEAST_SPARE - 1)).toBeUndefined();
  expect(takeSpare(16, COUNT)).toBeUndefined();
  expect(takeSpare(16, COUNT / 8)?.capacity).toBeGreaterThanOrEqual(COUNT / 8);
  expect(takeSpare(16, COUNT / 8)).toBeUndefined();
});
