/**
 * Minimizing a stored finding: what is written down when it does not fail again, and what is left behind.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunSequence } from '../lockstep/types';
import { printSequence } from '../sequence/print';
import type { Sequence } from '../sequence/types';
import { type FindingFacts, FindingsStore, newFacts, readFacts } from './findings';
import { minimizeFinding } from './minimizing';

const header = { format: 'maple-fuzz/1', domain: 'tree', ranges: false } as const;
const original: Sequence = {
  header,
  operations: [{ op: 'store_range', first: 1, last: 1, value: 1 }, { op: 'dup' }],
};
const passing: RunSequence = () => null;

let folder = '';
let store: FindingsStore;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-minimizing-'));
  store = new FindingsStore(folder);
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A finding of a rule in the store, seen at the last operation. */
function found(sequence: Sequence, rule: string, more: Partial<FindingFacts> = {}): string {
  const step = sequence.operations.length - 1;
  const difference = { step, operation: sequence.operations[step]!, rule, foundBy: 'answer', detail: 'seen' } as const;
  const facts = { ...newFacts(sequence, difference, { seed: 'a', n: 1, version: '0' }), ...more };
  return store.save(facts, { readme: () => 'as found', original: printSequence(sequence) })!;
}

it('a finding that does not fail again keeps its signature, says so once, and may be tried again', async () => {
  const name = found(original, 'answer', { signature: '12345678' });
  for (let time = 1; time <= 2; time++) {
    await minimizeFinding(store, name, () => passing, { budgetMs: 1000, target: 'src,oracle' });
    expect(readFacts(path.join(folder, name))).toMatchObject({
      minimized: 'partly',
      signature: '12345678',
      detail: 'seen\n(not minimized: it did not fail again)',
    });
  }
  expect(store.nextToMinimize()).toBeNull();
});

it('no process is left behind by a finding that takes its process along', async () => {
  const spawned = jest.spyOn(childProcess, 'spawn');
  const name = found(original, 'died');
  await minimizeFinding(store, name, () => passing, { budgetMs: 1000, target: 'src,oracle' });
  const children = spawned.mock.results.map(({ value }) => value as childProcess.ChildProcess);
  expect(children.map(({ killed }) => killed)).toEqual([true]);
});
