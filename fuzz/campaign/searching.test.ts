/**
 * Which worker minimizes: a search that is paused goes on in the worker that holds it, and nobody else begins meanwhile.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type FindingFacts, FindingsStore } from '../findings/store';
import { Coordinator } from './coordinator';
import type { Order } from './protocol';
import { CampaignFolder } from './settings';
import type { WorkerEvents, WorkerProcess } from './worker-process';

/** A worker that does nothing by itself. */
class MockWorker {
  static made: MockWorker[] = [];
  readonly orders: Order[] = [];
  ready = true;
  memoryMb = 0;
  stderr = '';
  constructor(
    readonly setup: { worker: number },
    readonly events: WorkerEvents,
  ) {
    MockWorker.made.push(this);
  }
  give(order: Order): void {
    this.orders.push(order);
  }
  say(): void {}
  kill(): void {}
  hangs(): boolean {
    return false;
  }
  measureMemory(): number {
    return 0;
  }

  /** What it is to minimize. */
  get minimizes(): string[] {
    return this.orders.flatMap((order) => (order.order === 'minimize' ? [order.name] : []));
  }
  /** Ends a piece of minimizing; it is not fed for it. */
  endPiece(paused: boolean): void {
    this.orders.length = 0;
    this.ready = false;
    this.events.onReport(this as unknown as WorkerProcess, { report: 'finished', order: 'minimize', paused });
    this.ready = true;
  }
  /** Asks for something to do. */
  ask(): void {
    this.events.onReport(this as unknown as WorkerProcess, { report: 'ready' });
  }
  die(): void {
    this.events.onDeath(this as unknown as WorkerProcess, 'SIGKILL');
  }
}
jest.mock('./worker-process', () => ({
  get WorkerProcess() {
    return MockWorker;
  },
}));

const ground = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-searching-'));
afterAll(() => fs.rmSync(ground, { recursive: true }));

const facts: FindingFacts = {
  rule: 'content',
  operation: 'store',
  foundBy: 'answer',
  detail: '',
  seed: 'a',
  n: 1,
  minimized: 'no',
  signature: null,
  originalLength: 9,
  minimalLength: null,
  minimizeMs: 0,
  version: '0',
};

it('a paused search is gone on with where it is, and by another only when its worker ended', async () => {
  jest.useFakeTimers();
  const folder = new CampaignFolder(path.join(ground, 'campaign'));
  const fixed = { version: '0', commit: null, node: '', seed: 'a', domain: null, only: null, without: [] };
  const settings = { ...fixed, targets: ['src', 'oracle'], strict: false, feedback: false, stepTimeoutMs: 1000 };
  folder.create(settings);
  const run = { workers: 2, stop: {}, limit: '', memoryMb: 1000, minimizeShare: 1, minimizeAfterMs: 0 };
  const flags = { ...run, known: new Set<string>(), onFinding: () => {} };
  const coordinator = new Coordinator(folder, settings, flags, { show: () => {}, finish: () => {} });
  const store = new FindingsStore(folder.findings);
  const name = store.save(facts, { readme: () => '', original: 'one' })!;
  const end = coordinator.run();
  jest.advanceTimersByTime(2000);
  const [first, second] = MockWorker.made as [MockWorker, MockWorker];
  expect([first.minimizes, second.minimizes]).toEqual([[name], []]);

  const earlier = store.save({ ...facts, operation: 'erase' }, { readme: () => '', original: 'two' })!;
  first.endPiece(true);
  second.ask();
  first.ask();
  expect([first.minimizes, second.minimizes]).toEqual([[name], []]);

  first.endPiece(false);
  second.ask();
  first.ask();
  expect([first.minimizes, second.minimizes]).toEqual([[], [earlier]]);

  second.endPiece(true);
  second.die();
  first.ask();
  expect(first.minimizes).toEqual([earlier]);
  coordinator.interrupt(true);
  await expect(end).rejects.toThrow('stopped at once');
  jest.useRealTimers();
});
