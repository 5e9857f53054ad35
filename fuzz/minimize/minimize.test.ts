/**
 * The minimizer on made-up failures, whose shortest form is known.
 */
import { OracleTree } from '../../oracle/tree';
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import { treeSpec } from '../domains/tree/operations';
import { FORMAT, type Header, MAX_INDEX, type Operation, PAGE, type Sequence } from '../format/types';
import type { Difference, RunSequence } from '../lockstep/types';
import { parseSequences } from '../sequence/parse';
import { printSequence } from '../sequence/print';
import { failureKey, type Minimized, minimize } from './minimize';

const TREE: Header = { format: FORMAT, domain: 'tree', ranges: true, slots: [4, 4], note: 'a note' };
const WINDOW: Header = { format: FORMAT, domain: 'mm', pages: 256, max_map_count: 20, counters: true };

function wrong(step: number, operation: Operation | null, rule = 'answer'): Difference {
  return { step, operation, rule, foundBy: 'answer', detail: 'made up' };
}

/** Runs a sequence on the oracle alone; `sees` says when it is wrong. */
function onTree(sees: (tree: OracleTree, operation: Operation) => string | null): RunSequence {
  return (sequence) => {
    const tree = new OracleTree(true);
    for (const [step, operation] of sequence.operations.entries()) {
      treeSpec(operation.op)!.apply(tree, operation);
      const rule = sees(tree, operation);
      if (rule !== null) return wrong(step, operation, rule);
    }
    return null;
  };
}

/** A sequence of stores, erases and loads, far more than any failure below needs. */
function noise(count: number): Operation[] {
  const operations: Operation[] = [];
  for (let i = 0; i < count; i++) {
    const at = 1000 + ((i * 7919) % 5000);
    if (i % 3 === 0) operations.push({ op: 'store_range', first: at, last: at + 5, value: i + 1 });
    else if (i % 3 === 1) operations.push({ op: 'load', index: at });
    else operations.push({ op: 'mas_set_range', r: 2, first: at, last: at + 3 });
  }
  return operations;
}

describe('a failure that needs two entries', () => {
  const run = onTree((tree, operation) => (operation.op === 'load' && tree.count >= 2 ? 'answer' : null));
  let minimized: Minimized;
  beforeAll(async () => {
    minimized = (await minimize(tree, { header: TREE, operations: noise(400) }, run))!;
  });

  it('shrinks to one build and the failing operation, with the plainest arguments', async () => {
    const entries = [
      [0, 0, 1],
      [1, 1, 2],
    ];
    expect(minimized.sequence.operations).toEqual([
      { op: 'bulk', entries },
      { op: 'load', index: 0 },
    ]);
    expect(minimized.complete).toBe(true);
  });

  it('drops from the header what it does not need', async () => {
    expect(minimized.sequence.header).toEqual({ format: FORMAT, domain: 'tree', ranges: false });
  });

  it('is deterministic', async () => {
    const again = (await minimize(tree, { header: TREE, operations: noise(400) }, run))!;
    expect(again).toEqual(minimized);
  });
});

it('removes pairs of which neither can go alone', async () => {
  // Fails only while the numbers of sets and of pauses are equal, and there is a dup at the end.
  const run: RunSequence = ({ operations }) => {
    const count = (op: string) => operations.filter((operation) => operation.op === op).length;
    const last = operations.length - 1;
    if (last < 0 || operations[last].op !== 'dup' || count('mas_reset') !== count('mas_pause')) return null;
    return wrong(last, operations[last]);
  };
  const operations: Operation[] = [];
  for (let i = 0; i < 12; i++) operations.push({ op: i % 2 === 0 ? 'mas_reset' : 'mas_pause', r: 0 });
  operations.push({ op: 'dup' });
  expect((await minimize(tree, { header: TREE, operations }, run))!.sequence.operations).toEqual([{ op: 'dup' }]);
});

it('keeps to the same failure, and hands out others once each', async () => {
  const run = onTree((tree, operation) => {
    if (tree.load(1003) !== null && operation.op === 'load') return 'first';
    return tree.count === 1 && operation.op === 'load' ? 'second' : null;
  });
  const others: [Sequence, string][] = [];
  const operations: Operation[] = [
    { op: 'store_range', first: 40, last: 40, value: 1 },
    { op: 'store_range', first: 50, last: 50, value: 1 },
    { op: 'store_range', first: 1003, last: 1003, value: 1 },
    { op: 'load', index: 3 },
  ];
  const onOther = (sequence: Sequence, difference: Difference) => others.push([sequence, difference.rule]);
  const minimized = (await minimize(tree, { header: TREE, operations }, run, { onOther }))!;
  expect(minimized.difference.rule).toBe('first');
  expect(minimized.sequence.operations).toHaveLength(2);
  expect(others.map(([, rule]) => rule)).toEqual(['second']);
  expect(failureKey(run(others[0][0])!)).toBe('second load');
});

it('keeps what counts near the top index', async () => {
  const run = onTree((tree, operation) =>
    operation.op === 'erase' && tree.load(MAX_INDEX - 7) !== null ? 'top' : null,
  );
  const operations: Operation[] = [
    { op: 'store_range', first: MAX_INDEX - 20, last: MAX_INDEX - 2, value: 9 },
    { op: 'erase', index: 12345 },
  ];
  const shorter = (await minimize(tree, { header: TREE, operations }, run))!.sequence.operations;
  expect(shorter).toHaveLength(2);
  expect(run({ header: TREE, operations: shorter })!.rule).toBe('top');
  expect(shorter[1]).toEqual({ op: 'erase', index: 0 });
});

it('gathers nothing that the format cannot spell', async () => {
  // Where the highest room of 2^51 begins depends on what is there: far from the bottom, and from the top.
  const run = onTree((tree, operation) => (operation.op === 'load' && tree.count >= 2 ? 'answer' : null));
  const operations: Operation[] = [
    { op: 'alloc_rrange', size: 2 ** 51, min: 0, max: MAX_INDEX, value: 1 },
    { op: 'alloc_rrange', size: 2 ** 51, min: 0, max: MAX_INDEX, value: 2 },
    { op: 'load', index: 0 },
  ];
  const spelled = new Set<string>();
  const watching: RunSequence = (sequence) => {
    spelled.add(printSequence(sequence));
    return run(sequence);
  };
  await minimize(tree, { header: { ...TREE }, operations }, watching);
  expect(spelled.size).toBeGreaterThan(10);
  for (const text of spelled) expect(() => parseSequences(text)).not.toThrow();
});

it('narrows windows and moves mappings down, in whole pages', async () => {
  const run: RunSequence = ({ operations }) => {
    for (const [step, operation] of operations.entries()) {
      const before = step > 0 ? operations[step - 1] : null;
      const touches = before !== null && operation.addr === (before.addr as number) + (before.len as number);
      if (operation.op === 'mmap' && before?.op === 'mmap' && touches) return wrong(step, operation);
    }
    return null;
  };
  const mmap = (addr: number, len: number): Operation => ({
    op: 'mmap',
    addr: addr * PAGE,
    len: len * PAGE,
    prot: 'r-x',
    flags: ['private', 'fixed', 'noreserve'],
    file: 'c',
    offset: 5 * PAGE,
  });
  const operations = [{ op: 'touch', addr: 5 }, mmap(100, 7), mmap(107, 30), { op: 'fork' }];
  const { sequence } = (await minimize(mm, { header: WINDOW, operations }, run))!;
  const plain = { op: 'mmap', len: 0, prot: 'rw-', flags: ['private'], file: null, offset: 0 };
  expect(sequence.operations).toEqual([
    { ...plain, addr: 0 },
    { ...plain, addr: 0 },
  ]);
  expect(sequence.header).toEqual({ format: FORMAT, domain: 'mm', pages: 1 });
});

describe('limits', () => {
  const run = onTree((tree, operation) => (operation.op === 'load' && tree.count >= 2 ? 'answer' : null));

  it('ends at the limit of runs, with something that still fails', async () => {
    const minimized = (await minimize(tree, { header: TREE, operations: noise(400) }, run, { maxRuns: 5 }))!;
    expect(minimized.runs).toBe(5);
    expect(minimized.complete).toBe(false);
    expect(run(minimized.sequence)).not.toBeNull();
  });

  it('ends when it is told to', async () => {
    let asked = 0;
    const minimized = (await minimize(tree, { header: TREE, operations: noise(400) }, run, {
      stop: () => ++asked > 9,
    }))!;
    expect(minimized.complete).toBe(false);
    expect(run(minimized.sequence)).not.toBeNull();
  });

  it('has nothing to do with a sequence that does not fail', async () => {
    expect(await minimize(tree, { header: TREE, operations: [{ op: 'dup' }] }, run)).toBeNull();
  });
});
