/**
 * Minimizing a stored finding: in pieces it comes to the same as in one go, what is written down when it does not fail
 * again, and what is left behind.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Sequence } from '../format/types';
import type { RunSequence } from '../lockstep/types';
import * as isolated from '../run/isolated';
import { readSequences } from '../sequence/files';
import { printSequence } from '../sequence/print';
import { type FindingFacts, newFinding } from './finding';
import { minimizeFinding, PieceByPiece } from './minimizing';
import { isolatingRuns } from './shorten';
import { FindingsStore, readFacts } from './store';

jest.mock('../run/isolated', () => {
  const actual = jest.requireActual<typeof isolated>('../run/isolated');
  return { ...actual, isolatedRun: jest.fn(actual.isolatedRun) };
});

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
  const difference = { step, operation: sequence.operations[step], rule, foundBy: 'answer', detail: 'seen' } as const;
  const finding = newFinding(sequence, difference, { seed: 'a', n: 1, version: '0', origin: null, targets: 'src' });
  return store.save({ ...finding, facts: { ...finding.facts, ...more } }) ?? '';
}

describe('in pieces', () => {
  /** Fails at the third `dup` on a tree, if an odd index was stored before: much can go, and much is tried. */
  const failsAtThirdDup: RunSequence = ({ operations }) => {
    let dups = 0;
    let odd = false;
    for (const [step, operation] of operations.entries()) {
      odd ||= operation.op === 'store_range' && (operation.first as number) % 2 === 1;
      if (operation.op === 'dup' && ++dups === 3 && odd)
        return { step, operation, rule: 'answer', foundBy: 'answer', detail: `step ${step}` };
    }
    return null;
  };
  const long: Sequence = {
    header,
    operations: Array.from({ length: 40 }, (_, i) =>
      i % 13 === 12 ? { op: 'dup' } : { op: 'store_range', first: 7 * i, last: 7 * i + 3, value: 1 + (i % 9) },
    ),
  };
  const limits = { target: 'src,oracle', limitMs: Number.POSITIVE_INFINITY };
  const onClock = (runs: string[], clock: { ms: number }) => isolatingRuns(() => timed(runs, clock));

  /** Goes on with a finding until it is settled, so many runs a piece. */
  async function inPieces(pieces: PieceByPiece, name: string, clock: { ms: number }, most = 1000, runs = 100) {
    jest.spyOn(performance, 'now').mockImplementation(() => clock.ms);
    let settled = null;
    for (let piece = 0; settled === null && piece < most; piece++) settled = await pieces.goOn(name, runs);
    jest.restoreAllMocks();
    return settled;
  }

  /** Each run takes a millisecond of a clock that only runs move. */
  function timed(runs: string[], clock: { ms: number }): RunSequence {
    return (sequence) => {
      runs.push(printSequence(sequence));
      clock.ms++;
      return failsAtThirdDup(sequence);
    };
  }

  it('the search makes the same runs as in one go, and ends with "yes"', async () => {
    const whole: string[] = [];
    const name = found(long, 'answer');
    const once = await minimizeFinding(store, name, onClock(whole, { ms: 0 }), { ...limits, budgetMs: 1e9 });
    const minimal = fs.readFileSync(path.join(folder, once?.name ?? '', 'minimal.ndjson'), 'utf8');
    fs.rmSync(path.join(folder, once?.name ?? ''), { recursive: true });

    const clock = { ms: 0 };
    const runs: string[] = [];
    const pieces = new PieceByPiece(store, onClock(runs, clock), limits);
    const settled = await inPieces(pieces, found(long, 'answer'), clock);
    expect(settled).toEqual(once);
    expect(runs.length).toBeGreaterThan(1000);
    expect(runs).toEqual(whole);
    expect(readFacts(path.join(folder, settled?.name ?? ''))).toMatchObject({ minimized: 'yes', minimalLength: 4 });
    expect(fs.readFileSync(path.join(folder, settled?.name ?? '', 'minimal.ndjson'), 'utf8')).toBe(minimal);
    expect(pieces.isPaused).toBe(false);
  });

  it('the shortest so far is on disk after each piece, and another worker goes on from it', async () => {
    const clock = { ms: 0 };
    const runs: string[] = [];
    const name = found(long, 'answer');
    const killed = new PieceByPiece(store, onClock(runs, clock), limits);
    await inPieces(killed, name, clock, 1);
    expect(killed.isPaused).toBe(true);
    const facts = readFacts(path.join(folder, name));
    expect(facts).toMatchObject({ minimized: 'no', signature: null, minimizeMs: 101 });
    const written = readSequences(path.join(folder, name, 'minimal.ndjson'))[0];
    expect(written.operations).toHaveLength(facts.minimalLength ?? -1);
    expect(facts.minimalLength).toBeLessThan(30);
    expect(failsAtThirdDup(written)).not.toBeNull();
    const begun = runs.length;
    const next = new PieceByPiece(store, onClock(runs, clock), limits);
    const settled = await inPieces(next, name, clock);
    expect(readFacts(path.join(folder, settled?.name ?? ''))).toMatchObject({ minimized: 'yes', minimalLength: 4 });
    expect(runs[begun]).toBe(printSequence(written));
  });

  it('a finding that used up its time is "partly" minimized', async () => {
    const clock = { ms: 0 };
    const runs: string[] = [];
    const name = found(long, 'answer');
    const pieces = new PieceByPiece(store, onClock(runs, clock), { target: 'src,oracle', limitMs: 350 });
    const settled = await inPieces(pieces, name, clock);
    expect(readFacts(path.join(folder, settled?.name ?? '')).minimized).toBe('partly');
    expect(runs.length).toBeLessThan(360);
    expect(store.nextToMinimize()).toBeNull();
  });

  /** Stands in for a process of its own; `confirms` answers when a form is run with all the time there is. */
  function isolate(run: RunSequence, confirms: RunSequence): void {
    const fake = Object.assign(run, { confirm: async (sequence: Sequence) => confirms(sequence), close: () => {} });
    jest.mocked(isolated.isolatedRun).mockReturnValueOnce(fake);
  }

  it('what hangs is confirmed in between only where an operation went', async () => {
    const clock = { ms: 0 };
    const lengths: number[] = [];
    isolate(timed([], clock), (sequence) => {
      lengths.push(sequence.operations.length);
      return failsAtThirdDup(sequence);
    });
    const pieces = new PieceByPiece(
      store,
      isolatingRuns(() => passing),
      limits,
    );
    const settled = await inPieces(pieces, found(long, 'hang'), clock, 1000, 10);
    expect(readFacts(path.join(folder, settled?.name ?? ''))).toMatchObject({ minimized: 'yes', minimalLength: 4 });
    const last = lengths.pop();
    expect(last).toBe(4);
    expect(lengths.length).toBeGreaterThan(0);
    expect(lengths).toEqual([...new Set(lengths)].sort((a, b) => b - a));
  });

  it('what does not hang when it has its time is not written down', async () => {
    const clock = { ms: 0 };
    isolate(timed([], clock), passing);
    const name = found(long, 'hang');
    const pieces = new PieceByPiece(
      store,
      isolatingRuns(() => passing),
      limits,
    );
    await inPieces(pieces, name, clock, 3);
    expect(fs.readdirSync(path.join(folder, name))).not.toContain('minimal.ndjson');
    const settled = await inPieces(pieces, name, clock);
    const { minimized, minimalLength } = readFacts(path.join(folder, settled?.name ?? ''));
    expect([minimized, minimalLength]).toEqual(['partly', long.operations.length]);
  });

  it('an error in a run gives the finding up, and the next one is begun', async () => {
    const failing: RunSequence = () => {
      throw new Error('broken');
    };
    const name = found(long, 'answer');
    const pieces = new PieceByPiece(
      store,
      isolatingRuns(() => failing),
      limits,
    );
    expect(await pieces.goOn(name, 100)).toEqual({ name, duplicate: false });
    expect(readFacts(path.join(folder, name))).toMatchObject({
      minimized: 'partly',
      detail: expect.stringContaining('broken'),
    });
    expect(pieces.isPaused).toBe(false);
  });
});

it('a finding that does not fail again keeps its signature, says so once, and may be tried again', async () => {
  const name = found(original, 'answer', { signature: '12345678' });
  for (let time = 1; time <= 2; time++) {
    await minimizeFinding(
      store,
      name,
      isolatingRuns(() => passing),
      { budgetMs: 1000, target: 'src,oracle' },
    );
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
  await minimizeFinding(
    store,
    name,
    isolatingRuns(() => passing),
    { budgetMs: 1000, target: 'src,oracle' },
  );
  const children = spawned.mock.results.map(({ value }) => value as childProcess.ChildProcess);
  expect(children.map(({ killed }) => killed)).toEqual([true]);
});
