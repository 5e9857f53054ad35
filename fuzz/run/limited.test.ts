/**
 * Calls that never return are ended, and what is called next is not hurt by it; a sequence is not blamed for what
 * another one left behind.
 */

import { debug } from '../../src/debug';
import { TreeLockstep } from '../domains/tree/compare';
import { TREE_INVARIANTS } from '../domains/tree/invariants';
import { SrcTree } from '../domains/tree/src-tree';
import type { Sequence } from '../format/types';
import { createTargetRuns } from '../referee/target-runs';
import { parseTargets } from '../targets/list';
import { LimitedCall } from './limited';
import { createLimitedPair, createRunSequence } from './runner';

const header = { format: 'maple-fuzz/1', domain: 'tree', ranges: false } as const;
const load: Sequence = { header, operations: [{ op: 'load', index: 3 }] };
const twice: Sequence = { header, operations: [{ op: 'dup' }, { op: 'destroy' }, { op: 'load', index: 3 }] };

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a call with a limit', () => {
  it('ends by itself, or is ended', () => {
    const limited = new LimitedCall();
    let calls = 0;
    expect(limited.ends(50, () => calls++)).toBe(true);
    expect(
      limited.ends(50, () => {
        for (;;) calls |= 1;
      }),
    ).toBe(false);
    expect(limited.ends(50, () => calls++)).toBe(true);
    expect(calls).toBeGreaterThan(1);
  });

  it('passes on what is thrown', () => {
    expect(() =>
      new LimitedCall().ends(1000, () => {
        throw new RangeError('thrown inside');
      }),
    ).toThrow('thrown inside');
  });
});

it('a run tells the operation at which it hangs, and goes on with the next', () => {
  jest.spyOn(SrcTree.prototype, 'destroy').mockImplementation(() => {
    for (;;);
  });
  const run = createRunSequence([], 100);
  expect(run(load)).toBeNull();
  expect(run(twice)).toMatchObject({ rule: 'hang', foundBy: 'hang', step: 1, operation: { op: 'destroy' } });
  expect(run(load)).toBeNull();
});

it('a lockstep that was interrupted within a step has to begin anew', () => {
  jest.spyOn(SrcTree.prototype, 'destroy').mockImplementation(() => {
    for (;;);
  });
  const lockstep = new TreeLockstep(TREE_INVARIANTS);
  const attempt = (): void => {
    lockstep.begin(header);
    lockstep.step({ op: 'destroy' });
  };
  expect(new LimitedCall().ends(50, attempt)).toBe(false);
  expect(debug.on).toBe(true);
  expect(() => lockstep.step({ op: 'load', index: 3 })).toThrow('a step that was interrupted');
  expect(lockstep.begin(header)).toBeNull();
  expect(debug.on).toBe(false);
  expect(lockstep.step({ op: 'store_range', first: 1, last: 4, value: 1 })).toBeNull();
  expect(lockstep.end()).toBeNull();
});

it('a list of targets tells of a hang in this process before it asks any other', () => {
  jest.spyOn(SrcTree.prototype, 'destroy').mockImplementation(() => {
    for (;;);
  });
  // A program that answers nothing is not waited for.
  const runs = createTargetRuns(parseTargets('src,oracle,/nowhere/driver'), {
    invariants: [],
    pairRuns: createLimitedPair([], 100),
  });
  expect(runs.runSequence(twice)).toMatchObject({ rule: 'hang', step: 1 });
});

it.each([
  ['runs', () => createRunSequence([])],
  ['limited runs', () => createRunSequence([], 5000)],
])('%s blame no sequence for what an earlier one left behind', (_name, make) => {
  let spoilt = false;
  const right = SrcTree.prototype.load;
  jest.spyOn(SrcTree.prototype, 'destroy').mockImplementation(function destroy(this: SrcTree) {
    spoilt = true;
    this.tree.destroy();
    return 0;
  });
  jest.spyOn(SrcTree.prototype, 'load').mockImplementation(function spoiltLoad(this: SrcTree, index: number) {
    // Wrong once: the second run of the same sequence is right.
    const wrong = spoilt;
    spoilt = false;
    return wrong ? 77 : right.call(this, index);
  });
  const run = make();
  expect(run(twice)).toMatchObject({ step: 2, operation: { op: 'load' } });
  spoilt = true;
  expect(run(load)).toBeNull();
});
