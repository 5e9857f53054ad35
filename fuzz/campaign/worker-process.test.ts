/**
 * The orders of a worker as the coordinator sees them, in step with what the worker does: each ends once, in turn, also where the
 * worker was told to halt and does not run what it has not begun.
 */
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { readLines } from '../base/files';
import type { Fact } from './journal';
import type { Order, Report } from './protocol';
import { CampaignFolder } from './settings';
import { CampaignWorker } from './worker';
import { WorkerProcess } from './worker-process';

const run = (from: number): Order => ({ order: 'run', range: { from, to: from + 32 }, addUsable: [] });
const minimize: Order = { order: 'minimize', name: 'x', budgetMs: 1 };
const finished = (order: Order['order']): Report => ({ report: 'finished', order, paused: false });

let folder: CampaignFolder;

beforeEach(() => {
  folder = new CampaignFolder(fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-orders-')));
  const what = { seed: 'orders', domain: 'tree', only: ['store_range', 'load'], without: [] } as const;
  const how = { targets: ['src', 'oracle'], strict: false, feedback: false, stepTimeoutMs: 9000 };
  folder.create({ version: 'test', commit: null, node: 'test', ...what, ...how });
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder.folder, { recursive: true });
});

/** A worker's process as the coordinator has it, and what stands for the worker in it. */
function startProcess(): { process: WorkerProcess; hear: (report: Report) => void } {
  const child = Object.assign(new EventEmitter(), { stderr: new PassThrough(), connected: false });
  jest.spyOn(childProcess, 'fork').mockReturnValue(child as unknown as childProcess.ChildProcess);
  const process = new WorkerProcess({ worker: 0, folder: '' }, { onReport: () => {}, onDeath: () => {} });
  return { process, hear: (report) => child.emit('message', report) };
}

it('a range that had been begun when it halts does not end the order after it', () => {
  const { process, hear } = startProcess();
  const [first, second, third] = [run(0), run(32), run(64)];
  for (const order of [first, second, third]) process.give(order);
  // The worker is at the second range already when it is told to halt.
  hear(finished('run'));
  expect(process.orders).toEqual([second, third]);
  hear(finished('run'));
  hear(finished('run'));
  expect(process.orders).toEqual([]);
  process.give(minimize);
  expect(process.orders).toEqual([minimize]);
  hear(finished('minimize'));
  expect(process.orders).toEqual([]);
});

it('a worker that was told to halt finishes every order, and runs no range that it has not begun', async () => {
  const reports: Report[] = [];
  const worker = new CampaignWorker({ worker: 0, folder: folder.folder }, (report) => {
    if (report.report === 'finished') reports.push(report);
    if (reports.length === 1) worker.take({ order: 'halt' });
  });
  for (const from of [0, 32, 64]) worker.take(run(from));
  worker.take({ order: 'stop' });
  await worker.work();
  expect(reports).toEqual([finished('run'), finished('run'), finished('run')]);
  const done = readLines<Fact>(folder.journalFile).flatMap((fact) => ('done' in fact ? [fact.done] : []));
  expect(done).toEqual([[0, 32]]);
});
