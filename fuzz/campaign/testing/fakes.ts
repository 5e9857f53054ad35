/**
 * Time and workers that a test moves by hand, and a campaign of them: minutes pass in milliseconds.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readLines } from '../../base/files';
import type { ProcessUsage } from '../../base/process-usage';
import { newFinding } from '../../findings/finding';
import { FindingsStore } from '../../findings/store';
import type { Clock } from '../clock';
import { type CampaignResult, Coordinator, type RunFlags } from '../coordinator';
import { type Fact, Journal } from '../journal';
import type { Order } from '../protocol';
import { CampaignFolder, type CampaignSettings } from '../settings';
import { Slot, type SlotPosition } from '../slot';
import type { StatusView } from '../status';
import { type WorkerEvents, WorkerHandle } from '../worker-handle';

/** Begins at a second after 1970. */
export class FakeClock implements Clock {
  private ms = 1000;
  private readonly timers = new Set<{ every: number; next: number; action: () => void }>();

  now(): number {
    return this.ms;
  }

  every(ms: number, action: () => void): () => void {
    const timer = { every: ms, next: this.ms + ms, action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Lets time pass; what is due is called in between. */
  pass(ms: number): void {
    const end = this.ms + ms;
    while (this.ms < end) {
      this.ms = Math.min(end, ...[...this.timers].map(({ next }) => next));
      for (const timer of [...this.timers]) {
        if (timer.next > this.ms || !this.timers.has(timer)) continue;
        timer.next += timer.every;
        timer.action();
      }
    }
  }
}

/** Does nothing by itself. */
export class FakeWorker extends WorkerHandle {
  /** All that it was ever told, in turn or not. */
  readonly told: Order[] = [];
  cpuMs = 0;
  usedMb = 50;

  constructor(index: number, events: WorkerEvents) {
    super(index, events);
  }

  say(order: Order): void {
    this.told.push(order);
  }

  protected usage(): ProcessUsage {
    return { cpuMs: this.cpuMs, memoryMb: this.usedMb };
  }

  protected end(): void {
    this.ended('SIGKILL');
  }

  begin(): void {
    this.hear({ report: 'ready' });
  }

  /** Ends the ranges that it has, with nothing run. */
  finishRanges(): void {
    while (this.orders[0]?.order === 'run') this.finish();
  }

  /** Ends the order under way. */
  finish(paused = false): void {
    this.hear({ report: 'finished', order: this.orders[0].order, paused });
  }

  speak(): void {
    const none = {
      sequences: 0,
      steps: 0,
      rejects: 0,
      minimizeMs: 0,
      operations: {},
      features: [],
      notes: [],
      compared: {},
    };
    const split = { generate: 0, src: 0, oracle: 0, invariants: 0 };
    this.hear({ report: 'figures', ...none, split, memoryMb: this.usedMb });
  }

  die(how: string): void {
    this.ended(how);
  }

  /** What it has to do, in words. */
  get work(): string[] {
    return this.orders.map((order) => {
      if (order.order === 'run') return `${order.range.from}-${order.range.to}`;
      if (order.order === 'careful') return `careful ${order.n}`;
      return order.order === 'minimize' ? `minimize ${order.name}` : order.order;
    });
  }
}

const SETTINGS: CampaignSettings = {
  ...{ version: '0', commit: null, node: '', seed: 'a', domain: 'tree', only: null, without: [] },
  ...{ targets: ['src', 'oracle'], strict: false, feedback: false, stepTimeoutMs: 10_000 },
};

const grounds: string[] = [];
afterAll(() => {
  for (const ground of grounds) fs.rmSync(ground, { recursive: true, force: true });
});

/** A campaign of fake workers, in a folder that goes when the test file has run. */
export class FakeCampaign {
  readonly clock = new FakeClock();
  readonly made: FakeWorker[] = [];
  readonly warnings: string[] = [];
  readonly views: StatusView[] = [];
  readonly folder: CampaignFolder;
  readonly store: FindingsStore;
  readonly journal: Journal;
  readonly coordinator: Coordinator;
  result: Promise<CampaignResult> = Promise.reject(new Error('not started'));

  constructor(flags: Partial<RunFlags> = {}, settings: Partial<CampaignSettings> = {}) {
    this.result.catch(() => {});
    const ground = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-fake-'));
    grounds.push(ground);
    this.folder = new CampaignFolder(ground);
    const all = { ...SETTINGS, ...settings };
    this.folder.create(all);
    this.store = new FindingsStore(this.folder.findings);
    this.journal = new Journal(this.folder.journalFile);
    const usual = {
      ...{ workers: 1, stop: {}, limit: 'ever', memoryMb: 1000, minimizeShare: 1, known: new Set<string>() },
      requiredShare: null,
    };
    this.coordinator = new Coordinator(
      this.folder,
      all,
      { ...usual, onFinding: () => {}, ...flags },
      {
        clock: this.clock,
        store: this.store,
        makeWorker: (index, events) => {
          const worker = new FakeWorker(index, events);
          this.made.push(worker);
          return worker;
        },
        output: { show: (view) => this.views.push(view), finish: (view) => this.views.push(view) },
        warn: (line) => this.warnings.push(line),
      },
    );
  }

  /** Starts it; all workers are ready. */
  start(): readonly FakeWorker[] {
    this.result = this.coordinator.run();
    this.result.catch(() => {});
    for (const worker of this.made) worker.begin();
    return this.made;
  }

  /** The worker that was started last; ready. */
  next(): FakeWorker {
    const worker = this.made[this.made.length - 1];
    if (worker.state === 'starting') worker.begin();
    return worker;
  }

  /** A worker does the range that it has, all of it. */
  doRange(worker: FakeWorker): void {
    const [order] = worker.orders;
    if (order?.order !== 'run') throw new Error(`no range: ${worker.work.join(', ')}`);
    this.journal.write({ done: [order.range.from, order.range.to], steps: 7 });
    worker.finish();
  }

  writeSlot(index: number, position: SlotPosition): void {
    const slot = new Slot(this.folder.slotFile(index));
    slot.write(position);
    slot.close();
  }

  /** A finding that waits for its minimizing. */
  addFinding(op: string): string {
    const operation = { op };
    const sequence = {
      header: { format: 'maple-fuzz/1', domain: 'tree', ranges: false },
      operations: [operation],
    } as const;
    const difference = { step: 0, operation, rule: 'answer', foundBy: 'answer', detail: '' } as const;
    const seen = { seed: 'a', n: 1, version: '0', origin: null, targets: 'src,oracle' };
    return this.store.save(newFinding(sequence, difference, seen)) ?? '';
  }

  facts(): Fact[] {
    return readLines<Fact>(this.folder.journalFile);
  }
}
