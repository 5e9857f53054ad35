/**
 * One case for each row of the cursor's tables: how a state comes into each status, and what each move does from there.
 *
 *     0   5    10   20    30    40      max
 *     |gap|  1  |gap|  2  |  3  |   gap  |
 */
import { BEGINNINGS, type Move, type Status } from './cursor-rules';
import { MAX_INDEX as MAX } from './ranges';
import { OracleTree } from './tree';

type Seen = readonly [value: number | null, index: number, last: number, status: Status];
type Act = (tree: OracleTree) => number | null | string;

const tree = (): OracleTree => {
  const made = new OracleTree(true);
  made.storeRange(5, 9, 1);
  made.storeRange(20, 29, 2);
  made.storeRange(30, 39, 3);
  return made;
};
const pointer = (): OracleTree => {
  const made = new OracleTree(true);
  made.storeRange(0, 0, 7);
  return made;
};
const empty = (): OracleTree => new OracleTree(true);

const set =
  (index: number, last = index): Act =>
  (t) =>
    t.masSetRange(0, index, last);
const walk: Act = (t) => t.masWalk(0);
const pause: Act = (t) => t.masPause(0);
const next =
  (max = MAX): Act =>
  (t) =>
    t.masNext(0, max);
const nextRange =
  (max = MAX): Act =>
  (t) =>
    t.masNextRange(0, max);
const prev =
  (min = 0): Act =>
  (t) =>
    t.masPrev(0, min);
const prevRange =
  (min = 0): Act =>
  (t) =>
    t.masPrevRange(0, min);
const find =
  (max = MAX): Act =>
  (t) =>
    t.masFind(0, max);
const findRange =
  (max = MAX): Act =>
  (t) =>
    t.masFindRange(0, max);
const findRev =
  (min = 0): Act =>
  (t) =>
    t.masFindRev(0, min);
const findRangeRev =
  (min = 0): Act =>
  (t) =>
    t.masFindRangeRev(0, min);
const store =
  (value: number | null): Act =>
  (t) =>
    t.masStore(0, value);
const erase: Act = (t) => t.masErase(0);
const fail: Act = (t) => t.masEmptyArea(0, 20, 39, 1);
const gap =
  (min: number, max: number, size: number): Act =>
  (t) =>
    t.masEmptyArea(0, min, max, size);
const config =
  (first: number, last: number): Act =>
  (t) =>
    t.masConfig(0, first, last);

function run(made: OracleTree, acts: readonly Act[]): Seen {
  let value: number | null | string = null;
  for (const act of acts) value = act(made);
  const { index, last, status } = made.mas(0);
  return [value as number | null, index, last, status];
}

type Case = readonly [title: string, acts: readonly Act[], seen: Seen];

const check = (make: () => OracleTree, cases: readonly Case[]): void => {
  it.each(cases)('%s', (_title, acts, seen) => expect(run(make(), acts)).toEqual(seen));
};

describe('mas_next in a tree with nodes', () => {
  check(tree, [
    ['from start: the entry at index is passed', [set(25), next()], [3, 30, 39, 'active']],
    ['from start, at the limit before any walk', [set(25), next(25)], [null, 25, 25, 'overflow']],
    ['from start, the slot reaches the limit', [set(25), next(27)], [null, 20, 29, 'overflow']],
    ['from active, over a gap', [set(5), walk, next()], [2, 20, 29, 'active']],
    ['from active: an answer may reach beyond the limit', [set(5), walk, next(20)], [2, 20, 29, 'active']],
    ['from active: the gap reaches the limit', [set(5), walk, next(15)], [null, 10, 19, 'overflow']],
    ['at the end of the tree', [set(30), walk, next()], [null, 40, MAX, 'overflow']],
    ['from active with a range within its slot', [gap(10, 19, 2), next(15)], [null, 10, 11, 'overflow']],
    ['from pause: as from start', [set(25), pause, next()], [3, 30, 39, 'active']],
    ['from overflow: on from the slot', [set(20), walk, next(29), next()], [3, 30, 39, 'active']],
    ['from overflow without a walk: as if walked', [set(25), next(25), next()], [3, 30, 39, 'active']],
    ['from underflow: the entry at index', [set(20), walk, prev(20), next()], [2, 20, 29, 'active']],
    ['from underflow in a gap: on from it', [set(20), walk, prev(15), next()], [2, 20, 29, 'active']],
    ['from error: null', [fail, next()], [null, 20, 39, 'error']],
    ['from error, at the limit', [fail, next(30)], [null, 20, 39, 'overflow']],
  ]);
});

describe('mas_next_range in a tree with nodes', () => {
  check(tree, [
    ['stops at each gap', [set(5), walk, nextRange()], [null, 10, 19, 'active']],
    ['goes on behind it', [set(5), walk, nextRange(), nextRange()], [2, 20, 29, 'active']],
    ['the last gap is an answer', [set(30), walk, nextRange()], [null, 40, MAX, 'active']],
    ['and only then the limit', [set(30), walk, nextRange(), nextRange()], [null, 40, MAX, 'overflow']],
  ]);
});

describe('mas_prev in a tree with nodes', () => {
  check(tree, [
    ['from start: the entry at index is passed', [set(25), prev()], [1, 5, 9, 'active']],
    ['from start, at the limit before any walk', [set(25), prev(25)], [null, 25, 25, 'underflow']],
    ['from start, the slot reaches the limit', [set(25), prev(22)], [null, 20, 29, 'underflow']],
    ['from active: the gap reaches the limit', [set(20), walk, prev(12)], [null, 10, 19, 'underflow']],
    ['at the start of the tree', [set(5), walk, prev()], [null, 0, 4, 'underflow']],
    ['at index 0', [set(0), prev()], [null, 0, 0, 'underflow']],
    ['from within the slot, after a config', [set(33), walk, config(33, 35), prev()], [2, 20, 29, 'active']],
    ['from pause: as from start', [set(25), pause, prev()], [1, 5, 9, 'active']],
    ['from overflow: the entry at index', [set(20), walk, next(29), prev()], [2, 20, 29, 'active']],
    ['from overflow in a gap: on from it', [set(30), walk, next(), prev()], [3, 30, 39, 'active']],
    ['from underflow: on from the slot', [set(30), walk, prev(30), prev()], [2, 20, 29, 'active']],
    ['from underflow without a walk: as if walked', [set(25), prev(25), prev()], [1, 5, 9, 'active']],
    ['from error: null', [fail, prev()], [null, 20, 39, 'error']],
    ['from error, at the limit', [fail, prev(20)], [null, 20, 39, 'underflow']],
  ]);
});

describe('mas_prev_range in a tree with nodes', () => {
  check(tree, [
    ['stops at each gap', [set(20), walk, prevRange()], [null, 10, 19, 'active']],
    ['the first gap is an answer', [set(5), walk, prevRange()], [null, 0, 4, 'active']],
    ['and only then the limit', [set(5), walk, prevRange(), prevRange()], [null, 0, 4, 'underflow']],
  ]);
});

describe('mas_find in a tree with nodes', () => {
  check(tree, [
    ['from start: the entry at index counts', [set(25), find()], [2, 20, 29, 'active']],
    ['from start, index above the limit', [set(25), find(24)], [null, 25, 25, 'start']],
    ['from start in a gap that starts at the limit', [set(12), find(10)], [null, 12, 12, 'start']],
    ['from a gap that starts at the limit', [set(10), find(10)], [null, 10, 19, 'active']],
    ['from active: the next entry', [set(20), walk, find()], [3, 30, 39, 'active']],
    ['from active, at the limit', [set(20), walk, find(29)], [null, 20, 29, 'active']],
    ['never says overflow', [set(5), walk, find(12)], [null, 10, 19, 'active']],
    ['and goes on', [set(5), walk, find(12), find(25)], [2, 20, 29, 'active']],
    ['from pause: from last + 1', [set(20, 29), pause, find()], [3, 30, 39, 'active']],
    ['from pause, at the limit', [set(20, 29), pause, find(29)], [null, 20, 29, 'pause']],
    ['from overflow: the entry again', [set(20), walk, next(29), find()], [2, 20, 29, 'active']],
    ['from overflow, at the limit', [set(20), walk, next(29), find(29)], [null, 20, 29, 'overflow']],
    ['from underflow: the entry', [set(20), walk, prev(20), find()], [2, 20, 29, 'active']],
    ['from underflow, at the limit', [set(20), walk, prev(20), find(20)], [null, 20, 29, 'overflow']],
    ['from error: null', [fail, find()], [null, 20, 39, 'error']],
  ]);
});

describe('mas_find_range in a tree with nodes', () => {
  check(tree, [
    ['from start: the entry at index', [set(25), findRange()], [2, 20, 29, 'active']],
    ['from start in a gap: the slot behind it', [set(12), findRange()], [2, 20, 29, 'active']],
    ['from active: a gap is an answer', [set(5), walk, findRange()], [null, 10, 19, 'active']],
    [
      'in the slot at the limit: overflow',
      [set(30), walk, findRange(), config(50, 60), findRange(70)],
      [null, 50, 60, 'overflow'],
    ],
  ]);
});

describe('mas_find_rev in a tree with nodes', () => {
  check(tree, [
    ['from start: the entry at index counts', [set(25), findRev()], [2, 20, 29, 'active']],
    ['from start, index below the limit', [set(25), findRev(26)], [null, 25, 25, 'start']],
    ['from a gap that starts below the limit', [set(15), findRev(12)], [null, 10, 19, 'active']],
    ['from a gap that starts at the limit', [set(15), findRev(10)], [null, 10, 19, 'underflow']],
    ['from a gap', [set(15), findRev()], [1, 5, 9, 'active']],
    ['from active: the entry before', [set(20), walk, findRev()], [1, 5, 9, 'active']],
    ['from active, index below the limit', [set(20), walk, findRev(21)], [null, 20, 29, 'active']],
    ['from pause: from index - 1', [set(30, 39), pause, findRev()], [2, 20, 29, 'active']],
    ['from pause, at the limit', [set(30, 39), pause, findRev(30)], [null, 30, 39, 'underflow']],
    ['from overflow: not that entry', [set(20), walk, next(29), findRev()], [1, 5, 9, 'active']],
    ['from overflow, at the limit', [set(20), walk, next(29), findRev(20)], [null, 20, 29, 'underflow']],
    ['from overflow without a walk', [set(25), next(25), findRev()], [1, 5, 9, 'active']],
    ['from underflow: on from the slot', [set(30), walk, prev(30), findRev()], [2, 20, 29, 'active']],
    ['from underflow, at the limit', [set(30), walk, prev(30), findRev(30)], [null, 30, 39, 'underflow']],
    ['from error: null', [fail, findRev()], [null, 20, 39, 'error']],
  ]);
});

describe('mas_find_range_rev in a tree with nodes', () => {
  check(tree, [
    ['from start: the entry at index', [set(25), findRangeRev()], [2, 20, 29, 'active']],
    ['the gap walked to is passed', [set(15), findRangeRev()], [1, 5, 9, 'active']],
    ['from active: a gap is an answer', [set(20), walk, findRangeRev()], [null, 10, 19, 'active']],
  ]);
});

describe('a tree whose root is the entry', () => {
  check(pointer, [
    ['walk to the entry', [set(0), walk], [7, 0, 0, 'root']],
    ['walk above it', [set(5), walk], [null, 1, MAX, 'none']],
    ['next from start at 0', [set(0), next()], [null, 1, MAX, 'none']],
    ['next from root', [set(0), walk, next()], [null, 1, MAX, 'none']],
    ['next from none, at the limit', [set(5), walk, next()], [null, 1, MAX, 'overflow']],
    ['next from none at index 0', [set(5), findRev(), findRev(), next()], [null, 0, 0, 'root']],
    ['prev from above', [set(5), prev()], [7, 0, 0, 'root']],
    ['prev from above ignores min', [set(10), prev(5)], [7, 0, 0, 'root']],
    ['prev from the root', [set(5), prev(), prev()], [null, 0, 0, 'underflow']],
    ['find the entry', [set(0), find()], [7, 0, 0, 'root']],
    ['find from root', [set(0), find(), find()], [null, 1, MAX, 'none']],
    ['find from none, at the limit', [set(0), find(), find(), find()], [null, 1, MAX, 'none']],
    ['find_rev from above', [set(5), findRev()], [7, 0, 0, 'root']],
    ['find_rev from root', [set(5), findRev(), findRev()], [null, 0, 0, 'none']],
    ['find_rev from none, at the limit', [set(5), findRev(), findRev(), findRev()], [null, 0, 0, 'none']],
    ['find_rev from none', [set(5), walk, findRev()], [7, 0, 0, 'root']],
    ['overflow without a walk, and on', [set(5), next(5), next()], [null, 1, MAX, 'none']],
    ['overflow, and back', [set(5), next(5), prev()], [7, 0, 0, 'root']],
    ['a gap found', [gap(0, 9, 2)], [0, 1, 2, 'root']],
    ['no gap', [set(3), gap(0, 1, 2)], ['EBUSY' as never, 3, 3, 'root']],
    ['erase the entry', [set(0), erase], [7, 0, 0, 'root']],
    ['erase above it', [set(5), erase], [null, 5, 5, 'root']],
    ['store null above it', [set(5, 9), store(null)], [0, 5, 9, 'root']],
    ['store over it', [set(0), store(8)], [0, 0, 0, 'start']],
    ['store beside it', [set(1), store(8), prev()], [7, 0, 0, 'active']],
  ]);
});

describe('an empty tree', () => {
  check(empty, [
    ['walk', [set(5), walk], [null, 0, MAX, 'none']],
    ['next', [set(5), next()], [null, 0, MAX, 'none']],
    ['prev', [set(5), prev()], [null, 0, MAX, 'none']],
    ['find', [set(5), find()], [null, 0, MAX, 'none']],
    ['find_rev', [set(5), findRev()], [null, 0, 0, 'root']],
    ['next from none: stays', [set(0), findRev(), findRev(), next(5)], [null, 0, MAX, 'none']],
    ['find from none, from last on', [set(0), erase, find()], [null, 0, MAX, 'none']],
    ['a gap found', [gap(5, 9, 2)], [0, 5, 6, 'none']],
    ['a gap filled', [gap(5, 9, 2), store(4), next()], [null, 7, MAX, 'overflow']],
    ['erase', [set(5), erase], [null, 5, 5, 'none']],
    ['store null', [set(5, 9), store(null)], [0, 5, 9, 'none']],
    ['store at 0', [set(0), store(4)], [0, 0, 0, 'start']],
    ['store elsewhere', [set(3, 4), store(4)], [0, 3, 4, 'active']],
  ]);
});

describe('the table itself', () => {
  const statuses: Status[] = ['start', 'active', 'root', 'none', 'pause', 'overflow', 'underflow', 'error'];
  const moves: Move[] = ['next', 'prev', 'find', 'findRev'];

  it('has a cell for every move and status', () => {
    for (const move of moves) expect(Object.keys(BEGINNINGS[move]).sort()).toEqual([...statuses].sort());
  });

  it('bounds upward moves by last or index against max, downward ones by index against min', () => {
    for (const status of statuses) {
      expect(BEGINNINGS.next[status][0]).toBe('last >= limit');
      expect(BEGINNINGS.prev[status][0]).toBe('index <= limit');
      expect(BEGINNINGS.find[status][0]).not.toMatch('<');
      expect(BEGINNINGS.findRev[status][0]).not.toMatch('>');
    }
  });
});
