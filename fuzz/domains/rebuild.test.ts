/**
 * Sequences made from nothing, drifting and places, on made-up failures that leaving out alone does not shorten.
 */

import { FORMAT, type Header, type Operation, PAGE, type Sequence, type TreeEntry } from '../format/types';
import type { Difference, RunSequence } from '../lockstep/types';
import { minimize } from '../minimize/minimize';
import { drift, rebuild } from '../minimize/rebuild';
import { Trial } from '../minimize/trial';
import { parseSequences } from '../sequence/parse';
import { printSequence } from '../sequence/print';
import { domainOf } from '.';
import { givePlaces } from './mm/places';
import { tree } from './tree';
import { fitSmallNodes } from './tree/gather';

const TREE: Header = { format: FORMAT, domain: 'tree', ranges: false };
const WINDOW: Header = { format: FORMAT, domain: 'mm', pages: 256 };

function wrong({ operations }: Sequence): Difference {
  const step = operations.length - 1;
  return { step, operation: operations[step], rule: 'structure', foundBy: 'structure', detail: 'made up' };
}

function trialOf(sequence: Sequence, run: RunSequence, maxRuns = 20_000): Trial {
  return new Trial(domainOf(sequence.header), sequence, wrong(sequence), run, { maxRuns });
}

const rebuildIn = (trial: Trial): Promise<boolean> => rebuild(trial, domainOf(trial.header).minimizing, 6000);
const driftIn = (trial: Trial): Promise<boolean> => drift(trial, domainOf(trial.header).minimizing);

const stores = (count: number): Operation[] =>
  Array.from({ length: count }, (_, i) => ({ op: 'store_range', first: 5 * i, last: 5 * i + 1, value: 1 + i }));

/** Fails where just 20 stores or a build of 7, 14 or more such entries come before an erasing store from 0 on. */
const fullNodes: RunSequence = (sequence) => {
  const { operations } = sequence;
  const last = operations[operations.length - 1];
  if (last?.op !== 'store_range' || last.value !== null || last.first !== 0 || (last.last as number) < 9) return null;
  const [build] = operations;
  const entries = (build.entries ?? []) as readonly TreeEntry[];
  const isFull = operations.length === 2 && entries.length > 0 && entries.length % 7 === 0;
  return isFull || operations.length === 21 ? wrong(sequence) : null;
};

describe('sequences made from nothing', () => {
  const long: Sequence = {
    header: TREE,
    operations: [...stores(20), { op: 'store_range', first: 0, last: 40, value: null }],
  };

  it('find what no operation can be spared for', async () => {
    const { sequence } = (await minimize(tree, long, fullNodes))!;
    expect(sequence.operations.map(({ op }) => op)).toEqual(['bulk', 'store_range']);
    expect(fullNodes(sequence)).not.toBeNull();
  });

  it('are the same each time', async () => {
    const [one, two] = [trialOf(long, fullNodes), trialOf(long, fullNodes)];
    expect([await rebuildIn(one), await rebuildIn(two)]).toEqual([true, true]);
    expect(two.operations).toEqual(one.operations);
    expect(two.runs).toBe(one.runs);
  });

  it('are so many and no more, all shorter, and the format can spell them', async () => {
    const made: Sequence[] = [];
    const quiet: RunSequence = (sequence) => {
      made.push(sequence);
      return null;
    };
    const mas: Operation[] = [
      { op: 'mas_set', r: 1, index: 3 },
      { op: 'mas_store_prealloc', r: 1, first: 3, last: 9, value: 1 },
    ];
    const mappings: Operation[] = [
      { op: 'mmap', addr: 0, len: PAGE, prot: 'rw-', flags: ['shared', 'fixed_noreplace'], file: 'a', offset: PAGE },
      { op: 'brk', addr: 8 * PAGE },
      { op: 'mlockall', flags: ['current'], fail: 2 },
    ];
    const withHeap = { ...WINDOW, brk: 4, max_map_count: 9, memlock: 7 } as Header;
    expect(await rebuildIn(trialOf({ header: TREE, operations: [...stores(9), ...mas] }, quiet))).toBe(false);
    expect(await rebuildIn(trialOf({ header: withHeap, operations: [...mappings, ...mappings] }, quiet))).toBe(false);
    const entries: TreeEntry[] = [
      [0, 1, 1],
      [9, 9, 2],
    ];
    const few: Sequence = { header: TREE, operations: [{ op: 'bulk', entries }, ...stores(2), ...mas] };
    expect(await driftIn(trialOf(few, quiet))).toBe(false);
    expect(made.length).toBeGreaterThan(2000);
    expect(made.length).toBeLessThanOrEqual(18_000);
    expect(Math.max(...made.map(({ operations }) => operations.length))).toBeLessThan(11);
    for (const sequence of made) expect(() => parseSequences(printSequence(sequence))).not.toThrow();
  });

  it('keep to the limit of runs', async () => {
    const trial = trialOf(long, () => null, 50);
    await rebuildIn(trial);
    expect(trial.runs).toBe(50);
  });
});

describe('drifting', () => {
  const mmap = (first: number, pages: number): Operation => ({
    op: 'mmap',
    addr: first * PAGE,
    len: pages * PAGE,
    prot: 'rw-',
    flags: ['private', 'fixed'],
    file: null,
    offset: 0,
  });
  const move = (from: number, to: number): Operation => ({
    op: 'mremap',
    addr: from * PAGE,
    old_len: PAGE,
    new_len: PAGE,
    flags: ['maymove', 'fixed'],
    new_addr: to * PAGE,
  });
  /**
   * Fails where both the source of a move and the page behind its new place are in small mappings of `least` pages at
   * least.
   */
  const twoPlaces =
    (least: number): RunSequence =>
    (sequence) => {
      const last = sequence.operations[sequence.operations.length - 1];
      if (last?.op !== 'mremap' || last.addr === last.new_addr) return null;
      const isIn = (address: number): boolean =>
        sequence.operations.some(
          ({ op, addr, len }) =>
            op === 'mmap' &&
            (len as number) <= 4 * PAGE &&
            (len as number) >= least * PAGE &&
            (addr as number) <= address &&
            address < (addr as number) + (len as number),
        );
      return isIn(last.addr as number) && isIn((last.new_addr as number) + PAGE) ? wrong(sequence) : null;
    };

  it('lets one mapping come to do what took two', async () => {
    const trial = trialOf({ header: WINDOW, operations: [mmap(0, 1), mmap(5, 1), move(0, 4)] }, twoPlaces(1));
    expect(await driftIn(trial)).toBe(true);
    expect(trial.operations.map(({ op }) => op)).toEqual(['mmap', 'mremap']);
    expect(twoPlaces(1)(trial)).not.toBeNull();
  });

  it('leaves everything as it was if no operation could go', async () => {
    const operations = [mmap(0, 1), { op: 'fork' }, mmap(5, 1), move(0, 4)];
    const fourOfThem: RunSequence = (sequence) => (sequence.operations.length === 4 ? twoPlaces(1)(sequence) : null);
    const trial = trialOf({ header: WINDOW, operations }, fourOfThem);
    expect(await driftIn(trial)).toBe(false);
    expect(trial.operations).toEqual(operations);
    expect(trial.header).toEqual(WINDOW);
    expect(trial.runs).toBeGreaterThan(100);
  });
});

it('a build is made to fit smaller nodes', async () => {
  // Fails where two more stores make the node too full that a build left with room for one.
  const run: RunSequence = (sequence) => {
    const { header, operations } = sequence;
    const slots = (header.domain === 'tree' ? header.slots : undefined) ?? [16, 10];
    const entries = (operations[0]?.entries ?? []) as readonly TreeEntry[];
    return operations.length === 3 && entries.length === slots[0] - 1 ? wrong(sequence) : null;
  };
  const entries = Array.from({ length: 14 }, (_, i) => [2 * i, 2 * i, 1] as const);
  const trial = trialOf(
    { header: { ...TREE, slots: [15, 10] }, operations: [{ op: 'bulk', entries }, ...stores(2)] },
    run,
  );
  expect(await fitSmallNodes(trial)).toBe(true);
  expect(trial.header).toEqual({ ...TREE, slots: [4, 4] });
  expect(trial.operations[0].entries).toHaveLength(3);
  expect(await fitSmallNodes(trial)).toBe(false);
});

it('mappings get the places that they came to lie at', async () => {
  const plain = { op: 'mmap', addr: 0, prot: 'rw-', flags: ['private'], file: null, offset: 0 };
  const operations = [
    { ...plain, len: 7 * PAGE },
    { ...plain, len: PAGE, flags: ['shared'] },
    { op: 'mremap', addr: 0, old_len: PAGE, new_len: 9 * PAGE, flags: ['maymove'] },
    { op: 'mremap', addr: 2 * PAGE, old_len: 2 * PAGE, new_len: PAGE, flags: ['maymove'] },
    { op: 'touch', addr: 0 },
  ];
  const trial = trialOf({ header: WINDOW, operations }, wrong);
  expect(await givePlaces(trial)).toBe(true);
  expect(trial.operations).toEqual([
    { ...operations[0], addr: 0, flags: ['private', 'fixed'] },
    { ...operations[1], addr: 255 * PAGE, flags: ['shared', 'fixed'] },
    { ...operations[2], new_addr: 246 * PAGE, flags: ['maymove', 'fixed'] },
    operations[3],
    operations[4],
  ]);
  expect(await givePlaces(trial)).toBe(false);
});

it('advice that the format answers for everybody does not keep mappings from their places', async () => {
  const operations: Operation[] = [
    { op: 'mmap', addr: 0, len: PAGE, prot: 'rw-', flags: ['private', 'fixed'], file: null, offset: 0 },
    { op: 'madvise', addr: 0, len: PAGE, advice: 'collapse' },
    { op: 'mmap', addr: 0, len: PAGE, prot: 'rw-', flags: ['private'], file: null, offset: 0 },
  ];
  const trial = trialOf({ header: WINDOW, operations }, wrong);
  expect(await givePlaces(trial)).toBe(true);
  expect(trial.operations[1]).toEqual(operations[1]);
  expect(trial.operations[2].flags).toContain('fixed');
});
