/**
 * A worker that is a process of its own.
 *
 * Workers are processes and not threads, since a process can be killed in an endless loop, may run out of memory or die
 * without taking the others along, and what it uses can be read from outside.
 */
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CouldNotRun } from '../base/errors';
import { nodeFlags, SOURCE_EXTENSION } from '../base/node-process';
import { type ProcessUsage, readUsage } from '../base/process-usage';
import type { Order, Report, WorkerSetup } from './protocol';
import { type WorkerEvents, WorkerHandle } from './worker-handle';

/** A worker's entry lies beside this file, in TypeScript in a checkout, compiled in an installed package. */
const ENTRY = path.join(__dirname, `worker-main${SOURCE_EXTENSION}`);

const STDERR_KEPT = 4000;

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

export class WorkerProcess extends WorkerHandle {
  private readonly child: ChildProcess;

  constructor(setup: WorkerSetup, events: WorkerEvents) {
    super(setup.worker, events);
    this.child = fork(ENTRY, [JSON.stringify(setup)], {
      execArgv: nodeFlags(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    this.child.on('message', (message) => this.take(message as Report));
    this.child.on('error', (error) => this.ended(error.message));
    this.child.on('close', (code, signal) => this.ended(signal ?? `exit status ${code}`));
  }

  private take(report: Report): void {
    if (report.report === 'failed') this.failed(new CouldNotRun(report.message));
    else this.hear(report);
  }

  say(order: Order): void {
    if (this.child.connected) this.child.send(order, () => {});
  }

  protected usage(): ProcessUsage | null {
    return readUsage(this.child.pid);
  }

  /** Kills it with all that it started: a target that hangs would never notice that its worker is gone. */
  protected end(): void {
    const children = childrenOf(this.child.pid);
    this.child.kill('SIGKILL');
    for (const child of children) killWithGroup(child);
  }
}
