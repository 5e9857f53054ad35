/**
 * One worker as the coordinator sees it: a child process, the orders it has, and when it was last heard of.
 *
 * Workers are processes and not threads, since a process can be killed in an endless loop, may run out of memory or die
 * without taking the others along, and its memory can be read from outside.
 *
 * Rules that hold here:
 * - Orders are carried out in the order in which they were given; `orders[0]` is the one under way. Each is reported as finished,
 *   also a range that a worker which was told to halt did not begin.
 * - A worker that has orders and is silent for too long hangs. One without orders may be silent.
 */
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { nodeFlags, SOURCE_EXTENSION } from '../base/node-process';
import type { Order, Report, WorkerSetup } from './protocol';

/** A worker's entry lies beside this file, in TypeScript in a checkout, compiled in an installed package. */
const ENTRY = path.join(__dirname, `worker-main${SOURCE_EXTENSION}`);

/** How a worker ended: an exit code or a signal, or the reason for which the coordinator killed it. */
export type Death = 'hang' | 'memory' | string;

export interface WorkerEvents {
  onReport(worker: WorkerProcess, report: Report): void;
  onDeath(worker: WorkerProcess, death: Death): void;
}

const STDERR_KEPT = 4000;
const START_LIMIT_MS = 60_000;

/** The processes that a process started, where the system tells. */
function childrenOf(pid: number | undefined): number[] {
  const read = <T>(from: () => T, without: T): T => {
    try {
      return from();
    } catch {
      return without; // Not Linux, or just gone.
    }
  };
  const folder = `/proc/${pid}/task`;
  const lists = read(() => fs.readdirSync(folder), []).map((thread) =>
    read(() => fs.readFileSync(`${folder}/${thread}/children`, 'utf8'), ''),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

/** Targets lead groups of their own; other children have none. */
function killWithGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // There is no such group, or it is gone.
    }
  }
}

export class WorkerProcess {
  readonly orders: Order[] = [];
  ready = false;
  lastHeardMs = Date.now();
  memoryMb = 0;
  /** The last that it wrote to its standard error. */
  stderr = '';
  private readonly child: ChildProcess;
  private killedFor: Death | null = null;
  private ended = false;

  constructor(
    readonly setup: WorkerSetup,
    private readonly events: WorkerEvents,
  ) {
    this.child = fork(ENTRY, [JSON.stringify(setup)], {
      execArgv: nodeFlags(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    this.child.on('message', (message) => this.hear(message as Report));
    this.child.on('error', (error) => this.end(error.message));
    this.child.on('close', (code, signal) => this.end(signal ?? `exit status ${code}`));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  private hear(report: Report): void {
    this.lastHeardMs = Date.now();
    if (report.report === 'ready') this.ready = true;
    if (report.report === 'finished') this.orders.shift();
    if (report.report === 'figures') this.memoryMb = report.memoryMb;
    this.events.onReport(this, report);
  }

  private end(how: Death): void {
    if (this.ended) return;
    this.ended = true;
    this.events.onDeath(this, this.killedFor ?? how);
  }

  give(order: Order): void {
    if (this.orders.length === 0) this.lastHeardMs = Date.now();
    this.orders.push(order);
    this.say(order);
  }

  /** Sends an order that is not carried out in turn. */
  say(order: Order): void {
    if (this.child.connected) this.child.send(order, () => {});
  }

  /** Whether it has something to do and was silent for too long; starting may take long on a busy machine. */
  hangs(nowMs: number, limitMs: number): boolean {
    const silentMs = nowMs - this.lastHeardMs;
    return this.ready ? this.orders.length > 0 && silentMs > limitMs : silentMs > Math.max(limitMs, START_LIMIT_MS);
  }

  /** Present resident memory in MB, asked of the system where it tells, for a worker in a loop cannot report. */
  measureMemory(): number {
    try {
      const statm = fs.readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ');
      this.memoryMb = (Number(statm[1]) * 4096) / 2 ** 20;
    } catch {
      // Not Linux, or just gone: what it last reported stands.
    }
    return this.memoryMb;
  }

  /** Kills it with all that it started: a target that hangs would never notice that its worker is gone. */
  kill(why: Death): void {
    this.killedFor ??= why;
    const children = childrenOf(this.pid);
    this.child.kill('SIGKILL');
    for (const child of children) killWithGroup(child);
  }
}
