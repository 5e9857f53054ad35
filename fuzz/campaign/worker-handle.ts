/**
 * One worker as the coordinator sees it: the orders it has, how much it has worked since its last word, and how it
 * ended.
 *
 *     starting --ready--> ready --killed, died, told to stop--> gone
 *         +------------------- died before it was ready ---------^
 *
 * Rules that hold here:
 * - Orders are carried out in the order in which they were given; `orders[0]` is the one under way. Each is reported as
 *   finished, also a range that a worker which was told to halt did not begin.
 * - A worker that has orders and works for too long without a word hangs. One without orders may be silent.
 */
import { type ProcessUsage, SilenceWatch } from '../base/process-usage';
import type { Order, Report } from './protocol';

/** How a worker ended: an exit code or a signal, or the reason for which the coordinator killed it. */
export type Death = 'hang' | 'memory' | string;

export interface WorkerEvents {
  onReport(worker: WorkerHandle, report: Report): void;
  onDeath(worker: WorkerHandle, death: Death): void;
  /** It cannot go on, and neither can the campaign. */
  onFailure(error: Error): void;
}

/** Starts the worker with an index. */
export type MakeWorker = (index: number, events: WorkerEvents) => WorkerHandle;

/** Loading may take long where sources have to be compiled; processor time, milliseconds. */
const START_LIMIT_MS = 60_000;

export abstract class WorkerHandle {
  readonly orders: Order[] = [];
  state: 'starting' | 'ready' | 'gone' = 'starting';
  /** Whether it ended before it was ready. */
  diedAtStart = false;
  memoryMb = 0;
  /** Why the coordinator killed it. */
  killedFor: Death | null = null;
  /** The last that it wrote to its standard error. */
  stderr = '';
  private readonly silence = new SilenceWatch();

  constructor(
    readonly index: number,
    private readonly events: WorkerEvents,
  ) {}

  /** Sends an order that is not carried out in turn. */
  abstract say(order: Order): void;
  /** What the system tells of it, if it tells. */
  protected abstract usage(): ProcessUsage | null;
  protected abstract end(): void;

  give(order: Order): void {
    if (this.orders.length === 0) this.heard();
    this.orders.push(order);
    this.say(order);
  }

  /** There is a sign of life. */
  heard(): void {
    this.silence.heard();
  }

  /** Whether it has something to do and has used `limitMs` without a word. Also measures its memory. */
  hangs(nowMs: number, limitMs: number): boolean {
    const usage = this.usage();
    // Where nothing tells, what it last reported stands.
    if (usage !== null) this.memoryMb = usage.memoryMb;
    if (this.state === 'ready' && this.orders.length === 0) this.heard();
    const limit = this.state === 'starting' ? Math.max(limitMs, START_LIMIT_MS) : limitMs;
    return this.silence.hangs(nowMs, usage?.cpuMs ?? null, limit);
  }

  kill(why: Death): void {
    this.killedFor ??= why;
    this.end();
  }

  protected hear(report: Report): void {
    this.heard();
    if (report.report === 'ready') this.state = 'ready';
    if (report.report === 'finished') this.orders.shift();
    if (report.report === 'figures') this.memoryMb = report.memoryMb;
    this.events.onReport(this, report);
  }

  /** It ended; of several ways in which that is told, the first counts. */
  protected ended(how: Death): void {
    if (this.state === 'gone') return;
    this.diedAtStart = this.state === 'starting';
    this.state = 'gone';
    this.events.onDeath(this, this.killedFor ?? how);
  }

  protected failed(error: Error): void {
    this.events.onFailure(error);
  }
}
