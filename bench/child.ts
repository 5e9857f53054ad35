/**
 * The parent's side of a subject: a process that answers one line to each order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Measured, Order, Skipped } from './run-workload';

export class Child {
  private readonly process: ChildProcess;
  private waiting: { resolve(line: string): void; reject(error: Error): void } | undefined;
  private ended: Error | undefined;

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
  ) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.process.stdout! }).on('line', (line) => {
      const { waiting } = this;
      this.waiting = undefined;
      waiting?.resolve(line);
    });
    this.process.on('error', (error) => this.end(error));
    this.process.on('exit', (code, signal) => this.end(new Error(`${name} ended (${signal ?? code})`)));
    this.process.stdin!.on('error', () => undefined); // an early end is reported by 'exit'
  }

  private end(error: Error): void {
    this.ended = error;
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  /** Sends one order and waits for its answer. One at a time: two measurements at once would disturb each other. */
  async run(order: Order): Promise<Measured | Skipped> {
    const line = await new Promise<string>((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.waiting = { resolve, reject };
      const { workload, fill, ops, minimum, cap, verify } = order;
      this.process.stdin!.write(`run ${workload} ${fill} ${ops} ${minimum} ${cap} ${verify ? 1 : 0}\n`);
    });
    return JSON.parse(line) as Measured | Skipped;
  }

  stop(): void {
    this.process.stdin!.end();
  }
}

/** A process that is one of the JavaScript peers. */
export function startPeer(name: string): Child {
  const flags = ['--max-old-space-size=8192', '-r', join(__dirname, '..', 'scripts', 'register.cjs')];
  return new Child(name, process.execPath, [...flags, join(__dirname, 'subject.ts'), name]);
}
