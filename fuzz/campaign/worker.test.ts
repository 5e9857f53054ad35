/**
 * What a worker does with its orders: where it writes what comes of them, and how it survives a step that never ends.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readLines } from '../base/files';
import { SrcTree } from '../domains/tree/src-tree';
import { FindingsStore, listFindings, readFacts } from '../findings/store';
import { readSequences } from '../sequence/files';
import type { Fact } from './journal';
import type { Order, Report } from './protocol';
import { CampaignFolder, type CampaignSettings } from './settings';
import { readSlot } from './slot';
import { CampaignWorker } from './worker';
import { WorkerHere } from './worker-here';

let folder: CampaignFolder;

beforeEach(() => {
  folder = new CampaignFolder(fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-worker-')));
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder.folder, { recursive: true });
});

function create(settings: Partial<CampaignSettings> = {}): void {
  const what = { seed: 'worker', domain: 'tree', only: ['store_range', 'erase', 'load'], without: [] };
  const how = { targets: ['src', 'oracle'], strict: false, feedback: true, stepTimeoutMs: 300 };
  folder.create({ version: 'test', commit: null, node: 'test', ...what, ...how, ...settings });
}

async function carryOut(isHere: boolean, ...orders: Order[]): Promise<Report[]> {
  const reports: Report[] = [];
  const store = new FindingsStore(folder.findings);
  const report = (said: Report): unknown => reports.push(said);
  const worker = new CampaignWorker({ index: 0, folder, store, isHere, report });
  for (const order of [...orders, { order: 'stop' } as const]) worker.take(order);
  await worker.work();
  worker.close();
  return reports;
}

const facts = (): Fact[] => readLines<Fact>(folder.journalFile);
const run = (from: number, to: number): Order => ({ order: 'run', range: { from, to }, addUsable: [] });

it('a range: done in the journal, at its end in the slot, what reached something in the corpus, figures', async () => {
  create();
  const reports = await carryOut(false, run(0, 8));
  expect(readSlot(folder.slotFile(0))).toMatchObject({ from: 0, to: 8, next: 8 });
  const done = facts().find((fact) => 'done' in fact);
  expect(done).toMatchObject({ done: [0, 8], print: expect.any(Number) });
  const reached = facts().flatMap((fact) => ('reached' in fact ? [`${fact.reached}.ndjson`] : []));
  expect(reached.length).toBeGreaterThan(0);
  expect(fs.readdirSync(folder.corpus).sort()).toEqual([...reached].sort());
  const [kept] = readSequences(folder.keptFile(0));
  expect(kept.header.origin).toBe('maple-fuzz test, seed worker, sequence 0');
  const sum = reports.reduce((all, said) => all + (said.report === 'figures' ? said.sequences : 0), 0);
  expect(sum).toBe(8);
});

it("the same range has the same fingerprint in the coordinator's process", async () => {
  // A limit that no first, uncompiled sequence comes near.
  create({ feedback: false, stepTimeoutMs: 10_000 });
  await carryOut(false, run(0, 6));
  await carryOut(true, run(0, 6));
  const [first, second] = facts().filter((fact) => 'done' in fact);
  expect(second).toEqual(first);
});

it('a careful run: each operation is on disk before it is applied', async () => {
  create();
  let written = '';
  const right = SrcTree.prototype.erase;
  jest.spyOn(SrcTree.prototype, 'erase').mockImplementation(function (this: SrcTree, index: number) {
    written = fs.readFileSync(folder.carefulFile(0), 'utf8');
    return right.call(this, index);
  });
  await carryOut(false, { order: 'careful', n: 4, how: 'SIGKILL', addUsable: [] });
  expect(written.trimEnd().split('\n').at(-1)).toMatch(/^\{"op":"erase",/);
  expect(facts().slice(-2)).toEqual([
    { died: 4, how: 'SIGKILL', again: 'it passed' },
    { done: [4, 5], steps: expect.any(Number) },
  ]);
});

it('a careful run that stays small, after a worker outgrew its memory, is one finding of all such', async () => {
  create();
  await carryOut(false, ...[4, 5].map((n): Order => ({ order: 'careful', n, how: 'memory', addUsable: [] })));
  const [name] = listFindings(folder.findings);
  expect(readFacts(path.join(folder.findings, name))).toMatchObject({
    ...{ rule: 'memory', operation: 'sequence', minimized: 'yes', n: 4 },
  });
  const folders = facts().flatMap((fact) => ('finding' in fact ? [fact.folder] : []));
  expect(folders).toEqual([name, name]);
});

it('a mistake that many sequences hit is stored the first, second, fourth, eighth time, until four wait', async () => {
  create();
  const right = SrcTree.prototype.load;
  jest.spyOn(SrcTree.prototype, 'load').mockImplementation(function (this: SrcTree, index: number) {
    return right.call(this, index) === null ? 1234 : null;
  });
  await carryOut(false, run(0, 32));
  const folders = facts().flatMap((fact) => ('finding' in fact ? [fact.folder !== null] : []));
  expect(folders.length).toBeGreaterThan(8);
  const stored = folders.flatMap((isStored, i) => (isStored ? [i + 1] : []));
  // The sixteenth finds four that wait.
  expect(stored).toEqual([1, 2, 4, 8]);
});

it("a step that never ends is interrupted in the coordinator's process, and nothing is left of it", async () => {
  create({ feedback: false });
  let isEndless = true;
  const right = SrcTree.prototype.erase;
  jest.spyOn(SrcTree.prototype, 'erase').mockImplementation(function (this: SrcTree, index: number) {
    while (isEndless && this.tree.load(index) !== null);
    return right.call(this, index);
  });
  await carryOut(true, run(0, 2));
  const hangs = facts().flatMap((fact) => ('finding' in fact ? [fact.slug] : []));
  expect(new Set(hangs)).toEqual(new Set(['erase-hang']));
  isEndless = false;
  const before = facts().length;
  await carryOut(true, run(0, 2));
  expect(
    facts()
      .slice(before)
      .some((fact) => 'finding' in fact),
  ).toBe(false);
});

describe("a worker in the coordinator's process", () => {
  function start(): { worker: WorkerHere; said: string[] } {
    create({ feedback: false });
    const said: string[] = [];
    const worker = new WorkerHere(0, folder, new FindingsStore(folder.findings), {
      onReport: (_worker, report) => said.push(report.report),
      onDeath: (_worker, death) => said.push(death),
      onFailure: (error) => said.push(error.message),
    });
    return { worker, said };
  }

  it('is ready after a moment, ends when it is told to, and lets go of everything', async () => {
    const { worker, said } = start();
    expect(said).toEqual([]);
    worker.give(run(0, 2));
    worker.give({ order: 'stop' });
    await worker.done;
    expect(said.filter((word) => word !== 'figures')).toEqual(['ready', 'finished', 'exit status 0']);
    expect(worker.state).toBe('gone');
  });

  it('that is killed ends after its present sequence, without a word', async () => {
    const { worker, said } = start();
    worker.give(run(0, 100_000));
    await new Promise(setImmediate);
    const before = said.length;
    worker.kill('stopped');
    await worker.done;
    expect(said.slice(before)).toEqual(['stopped']);
    expect(readSlot(folder.slotFile(0))?.next).toBe(0);
  });

  it('hands on what it cannot go on with', async () => {
    const { worker, said } = start();
    fs.rmSync(folder.findings, { recursive: true });
    jest.spyOn(SrcTree.prototype, 'load').mockImplementation(() => 1234);
    fs.writeFileSync(folder.findings, 'no folder');
    worker.give(run(0, 32));
    await worker.done;
    expect(said.join('\n')).toMatch(/findings/);
  });
});
