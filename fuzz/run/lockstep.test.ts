/**
 * Tests of the tester: each way in which a side can be wrong is seen, at its step and under its name.
 */
import { warn } from '../../src/debug';
import { MmLockstep } from '../domains/mm/compare';
import { TreeLockstep } from '../domains/tree/compare';
import type { TreeInvariant } from '../domains/tree/context';
import { SrcTree } from '../domains/tree/src-tree';
import type { Operation } from '../format/types';
import { runOn } from '../lockstep/run';
import { sameRet } from '../lockstep/same';
import type { Difference } from '../lockstep/types';
import { createTargetRuns } from '../referee/target-runs';
import { parseSequences } from '../sequence/parse';
import { parseTargets } from '../targets/list';
import { createLockstep } from './create';
import { createRunSequence } from './runner';

const TREE = parseSequences('{"format":"maple-fuzz/1","domain":"tree","ranges":true}')[0].header;
const MM = parseSequences('{"format":"maple-fuzz/1","domain":"mm","pages":16}')[0].header;
const store = (first: number, last: number, value: number | null): Operation => ({
  op: 'store_range',
  first,
  last,
  value,
});
const map = (page: number): Operation => ({
  op: 'mmap',
  addr: page * 4096,
  len: 4096,
  prot: 'rw-',
  flags: ['private', 'fixed'],
  file: null,
  offset: 0,
});

function beginTree(invariants: readonly TreeInvariant[] = []) {
  const lockstep = new TreeLockstep(invariants);
  expect(lockstep.begin(TREE)).toBeNull();
  expect(lockstep.step(store(5, 9, 1))).toBeNull();
  expect(lockstep.step(store(20, 29, 2))).toBeNull();
  return lockstep;
}

function beginMm() {
  const lockstep = new MmLockstep();
  expect(lockstep.begin(MM)).toBeNull();
  for (const page of [2, 3, 5]) expect(lockstep.step(map(page))).toBeNull();
  return lockstep;
}

const seen = (difference: Difference | null) => difference && [difference.step, difference.rule, difference.foundBy];

describe('a tree in lockstep', () => {
  it('sees a wrong answer, with both', () => {
    const lockstep = beginTree();
    lockstep.sides.src.load = () => 7;
    const difference = lockstep.step({ op: 'load', index: 5 });
    expect(seen(difference)).toEqual([2, 'answer', 'answer']);
    expect(difference).toMatchObject({ expected: { ret: 1 }, actual: { ret: 7 } });
  });

  it('sees a wrong cursor, and one that should have been invalidated', () => {
    const lockstep = beginTree();
    expect(lockstep.step({ op: 'mas_walk', r: 2 })).toBeNull();
    lockstep.sides.src.states[2].last = 3;
    expect(seen(lockstep.step({ op: 'load', index: 5 }))).toEqual([3, 'other-cursor', 'answer']);
    const other = beginTree();
    other.sides.src.masWalk = () => null;
    const difference = other.step({ op: 'mas_walk', r: 0 });
    expect(seen(difference)).toEqual([2, 'cursor', 'answer']);
    expect(difference?.detail).toBe('state 0: expected [0, 4, active], got [0, 0, start]');
  });

  it('sees contents that differ: a value, an edge, an entry too many or too few', () => {
    const spoil = [() => store(5, 9, 3), () => store(9, 9, null), () => store(40, 41, 4), () => store(20, 29, null)];
    for (const operation of spoil.map((make) => make())) {
      const lockstep = beginTree();
      const { first, last, value } = operation;
      lockstep.sides.src.tree.storeRange(first as number, last as number, value as number | null);
      expect(seen(lockstep.step(store(60, 60, 6)))).toEqual([2, 'content', 'answer']);
    }
  });

  it('sees a difference far away in a big content, at the latest at the end', () => {
    const lockstep = beginTree();
    for (let i = 0; i < 1000; i++) expect(lockstep.step(store(100 + 4 * i, 101 + 4 * i, i + 1))).toBeNull();
    lockstep.sides.src.tree.storeRange(7, 7, 99);
    expect(lockstep.step(store(8000, 8001, 5))).toBeNull();
    expect(lockstep.end()).toMatchObject({ rule: 'content', detail: 'entry 0: expected 5-9: 1, got 5-6: 1' });
  });

  it('sees a difference near the operation in a big content at once', () => {
    const lockstep = beginTree();
    for (let i = 0; i < 1000; i++) expect(lockstep.step(store(100 + 4 * i, 101 + 4 * i, i + 1))).toBeNull();
    lockstep.sides.src.tree.storeRange(2100, 2100, 99);
    expect(seen(lockstep.step(store(2110, 2110, 5)))).toEqual([1002, 'content', 'answer']);
  });

  it('takes an assertion and an exception of src for differences', () => {
    const asserting = beginTree();
    asserting.sides.src.load = () => {
      warn('leaf-is-leaf', 'node 3');
      return 1;
    };
    expect(seen(asserting.step({ op: 'load', index: 5 }))).toEqual([2, 'leaf-is-leaf', 'assertion']);
    const throwing = beginTree();
    throwing.sides.src.load = () => {
      throw new RangeError('out of nodes');
    };
    const difference = throwing.step({ op: 'load', index: 5 });
    expect(seen(difference)).toEqual([2, 'crash', 'crash']);
    expect(difference?.detail).toContain('src threw RangeError: out of nodes');
  });

  it('gives nothing to the oracle when src ran out of memory, and goes on', () => {
    const lockstep = beginTree();
    const state = () => [lockstep.sides.ret, lockstep.sides.oracle.count];
    // Seven entries and the gaps around them fill a leaf, so that two more need a node.
    for (let i = 0; i < 5; i++) expect(lockstep.step(store(100 + 4 * i, 101 + 4 * i, 3))).toBeNull();
    expect(lockstep.step({ ...store(6, 6, 3), fail: 1 })).toBeNull();
    expect(state()).toEqual(['ENOMEM', 7]);
    expect(lockstep.step(store(6, 6, 3))).toBeNull();
    expect(state()).toEqual([0, 9]);
    expect(lockstep.step({ ...store(7, 7, 3), fail: 1000 })).toBeNull();
    expect(state()).toEqual([0, 10]);
    expect(lockstep.end()).toBeNull();
  });

  it('asks invariants before and after, and names the one that broke', () => {
    const calls: string[] = [];
    const invariant: TreeInvariant = {
      name: 'no-seven',
      domain: 'tree',
      about: 'nothing is 7',
      moment: 'write',
      before: () => {
        calls.push('before');
        return null;
      },
      check: ({ oracle }) => (oracle.load(50) === 7 ? 'at 50: 7' : null),
    };
    const lockstep = beginTree([invariant]);
    expect(calls.length).toBeGreaterThan(0);
    expect(lockstep.step(store(50, 50, 7))).toMatchObject({ step: 2, rule: 'no-seven', detail: 'at 50: 7' });
  });
});

describe('an address space in lockstep', () => {
  it('agrees with itself, and passes over what the format refuses', () => {
    const lockstep = beginMm();
    expect(lockstep.step({ op: 'munmap', addr: 61440, len: 8192 })).toBeNull();
    expect(lockstep.step({ op: 'madvise', addr: 0, len: 4096, advice: 'collapse' })).toBeNull();
    expect(lockstep.step({ op: 'dump' })).toBeNull();
    expect(lockstep.end()).toBeNull();
  });

  it('sees a wrong answer, other flags, a missing anon_vma, another edge', () => {
    const answering = beginMm();
    answering.sides.src.munmap = () => 'EINVAL';
    expect(seen(answering.step({ op: 'munmap', addr: 0, len: 4096 }))).toEqual([3, 'answer', 'answer']);
    const spoil: ((lockstep: ReturnType<typeof beginMm>) => unknown)[] = [
      ({ sides }) => sides.src.mprotect(8192, 4096, 'r--'),
      ({ sides }) => sides.src.touch(8192),
      ({ sides }) => sides.src.munmap(20480, 4096),
    ];
    for (const change of spoil) {
      const lockstep = beginMm();
      change(lockstep);
      expect(seen(lockstep.step(map(9)))).toEqual([3, 'content', 'answer']);
    }
  });

  it('accepts each state that a failed allocation may leave, and no other', () => {
    for (let n = 1; n < 12; n++) {
      const lockstep = beginMm();
      expect(lockstep.step({ op: 'munmap', addr: 8192 + 4096, len: 4096, fail: n })).toBeNull();
      expect(lockstep.step({ op: 'mprotect', addr: 8192, len: 4096, prot: 'r--', fail: n })).toBeNull();
      expect(lockstep.end()).toBeNull();
    }
    const lockstep = beginMm();
    lockstep.sides.src.munmap = () => 'EAGAIN';
    expect(seen(lockstep.step({ op: 'munmap', addr: 8192, len: 4096, fail: 1 }))).toEqual([
      3,
      'fail-outcome',
      'answer',
    ]);
  });
});

describe('sequences', () => {
  it('of both domains run on one lockstep', () => {
    const text =
      '{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"dump"}\n' +
      '{"format":"maple-fuzz/1","domain":"mm"}\n{"op":"fork"}\n';
    const lockstep = createLockstep({ invariants: [] });
    for (const sequence of parseSequences(text)) expect(runOn(lockstep, sequence)).toBeNull();
    const run = createRunSequence([{ name: 'never', domain: 'mm', about: '', moment: 'end', check: () => 'broken' }]);
    expect(parseSequences(text).map(run).map(seen)).toEqual([null, [1, 'never', 'invariant']]);
  });
});

it('replaying sees what is wrong for one step only; the fuzz loop may pass it', () => {
  const stores = Array.from({ length: 100 }, (_, i) => store(100 + 4 * i, 101 + 4 * i, i + 1));
  // Far from the first entry, which is wrong from there until it is stored again.
  const operations = [...stores, store(8000, 8001, 5), store(100, 101, 1)];
  const right = SrcTree.prototype.storeRange;
  jest.spyOn(SrcTree.prototype, 'storeRange').mockImplementation(function wrong(this: SrcTree, first, last, value) {
    const answer = right.call(this, first, last, value);
    if (first === 8000) this.tree.storeRange(100, 101, 77);
    return answer;
  });
  const sequence = { header: TREE, operations };
  expect(runOn(createLockstep({ invariants: [] }), sequence)).toBeNull();
  const runs = createTargetRuns(parseTargets('src,oracle'), { invariants: [] });
  expect(seen(runs.runSequence(sequence))).toEqual([100, 'content', 'answer']);
  jest.restoreAllMocks();
});

it('compares answers of any shape', () => {
  expect(sameRet([1, null], [1, null])).toBe(true);
  expect(sameRet([1, null], [1])).toBe(false);
  expect(sameRet({ vmas: [], brk: null }, { vmas: [], brk: null, counters: undefined })).toBe(true);
  expect(sameRet({ vmas: [], brk: null }, { vmas: [], brk: 0 })).toBe(false);
  expect(sameRet([], {})).toBe(false);
  expect(sameRet(null, 0)).toBe(false);
});
