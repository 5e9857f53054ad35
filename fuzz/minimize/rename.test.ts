/**
 * What is named in a sequence gets plain names, whatever it was called.
 */
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import { newFinding, shorterFinding, signatureOf } from '../findings/finding';
import { FORMAT, type Header, type Operation } from '../format/types';
import type { RunSequence } from '../lockstep/types';
import { minimize } from './minimize';
import { renamed } from './rename';
import { weightOf } from './trial';

const TREE: Header = { format: FORMAT, domain: 'tree' };

function signature(operations: readonly Operation[]): string {
  const operation = operations[operations.length - 1];
  const difference = {
    step: operations.length - 1,
    operation,
    rule: 'content',
    foundBy: 'answer',
    detail: '',
  } as const;
  const seen = { seed: 's', n: 1, version: '0', origin: null, targets: 'src,oracle' };
  const { facts } = newFinding({ header: TREE, operations }, difference, seen);
  return signatureOf(shorterFinding(facts, { sequence: { header: TREE, operations }, difference }, seen.targets));
}

it('names values and states in the order in which they appear', () => {
  const operations: Operation[] = [
    {
      op: 'bulk',
      entries: [
        [1, 1, 9],
        [3, 3, 4],
      ],
    },
    { op: 'mas_set_range', r: 3, first: 0, last: 2 },
    { op: 'mas_store', r: 3, value: 4 },
    { op: 'store_range', first: 0, last: 9, value: null },
  ];
  expect(renamed(tree, operations)).toEqual([
    {
      op: 'bulk',
      entries: [
        [1, 1, 1],
        [3, 3, 2],
      ],
    },
    { op: 'mas_set_range', r: 0, first: 0, last: 2 },
    { op: 'mas_store', r: 0, value: 2 },
    { op: 'store_range', first: 0, last: 9, value: null },
  ]);
});

it('names policies, contexts and names, and leaves those that are none', () => {
  const at = { addr: 0, len: 4096 };
  const operations: Operation[] = [
    { op: 'mbind', ...at, policy: 3 },
    { op: 'mbind', ...at, policy: 0 },
    { op: 'uffd_register', ...at, ctx: 2 },
    { op: 'set_vma_name', ...at, name: 'zebra' },
    { op: 'set_vma_name', ...at, name: null },
  ];
  expect(renamed(mm, operations).map(({ policy, ctx, name }) => policy ?? ctx ?? name)).toEqual([1, 0, 1, 'a', null]);
});

it('takes one signature for two cases that differ in stored values alone, and two for others', () => {
  const store = (value: number): Operation => ({ op: 'store_range', first: 2, last: 5, value });
  expect(signature([store(3), store(7)])).toBe(signature([store(1), store(2)]));
  expect(signature([store(3), store(3)])).not.toBe(signature([store(1), store(2)]));
});

it('minimizes to values that are all different where it can, and keeps them alike where it must', async () => {
  const store = (index: number, value: number): Operation => ({ op: 'store_range', first: index, last: index, value });
  const wrongAt = (operations: readonly Operation[]) => {
    const step = operations.length - 1;
    return { step, operation: operations[step], rule: 'made-up', foundBy: 'answer', detail: '' } as const;
  };
  const two: RunSequence = ({ operations }) => (operations.length === 2 ? wrongAt(operations) : null);
  const alike: RunSequence = ({ operations }) =>
    operations.length === 2 && operations[0].value === operations[1].value ? wrongAt(operations) : null;
  const sequence = { header: TREE, operations: [store(4, 8), store(9, 8)] };
  expect((await minimize(tree, sequence, two))?.sequence.operations.map(({ value }) => value)).toEqual([1, 2]);
  expect((await minimize(tree, sequence, alike))?.sequence.operations.map(({ value }) => value)).toEqual([1, 1]);
});

it('puts a plainer protection in the place of another wherever it stands', async () => {
  const map = (addr: number, prot: string): Operation => {
    return { op: 'mmap', addr, len: 4096, prot, flags: ['private', 'fixed'], file: null, offset: 0 };
  };
  const run: RunSequence = ({ operations }) => {
    const [a, b] = operations;
    const step = operations.length - 1;
    if (operations.length !== 2 || a.prot !== b.prot) return null;
    return { step, operation: b, rule: 'made-up', foundBy: 'answer', detail: '' };
  };
  const header: Header = { format: FORMAT, domain: 'mm', pages: 8 };
  const minimized = await minimize(mm, { header, operations: [map(0, 'rwx'), map(4096, 'rwx')] }, run);
  expect(minimized?.sequence.operations.map(({ prot }) => prot)).toEqual(['rw-', 'rw-']);
});

it('weighs each entry of a build', () => {
  const entries = [0, 2, 4].map((index) => [index, index, 1] as const);
  expect(weightOf([{ op: 'bulk', entries }, { op: 'dup' }])).toBe(4);
  expect(weightOf([{ op: 'bulk', entries: entries.slice(0, 1) }, { op: 'dup' }])).toBe(2);
});
