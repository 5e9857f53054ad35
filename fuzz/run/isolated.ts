/**
 * Runs sequences in a process of their own, for findings that take the process along: endless loops and deaths.
 *
 *     here                             there
 *     order: sequence, limit   ---->   runs it; an endless loop is interrupted, and the process lives on
 *     difference, or null      <----
 *                              <-/--   died: the next sequence gets a new process
 *
 * The process stays warm from one run to the next, so that what hangs is minimized nearly as fast as anything else.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import path from 'node:path';
import { nodeFlags, SOURCE_EXTENSION } from '../base/node-process';
import { readUsage, SilenceWatch } from '../base/process-usage';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import type { RunAnywhere } from '../minimize/minimize';
import { printSequence } from '../sequence/print';

const ENTRY = path.join(__dirname, `isolated-main${SOURCE_EXTENSION}`);
/** The module whose INVARIANTS the process checks, unless another is named. */
const OWN_INVARIANTS = path.join(__dirname, '..', 'domains', `invariants${SOURCE_EXTENSION}`);

/** What the process is told, and what it answers: one line each. */
export interface IsolatedOrder {
  readonly sequence: string;
  /** A run that takes longer hangs, milliseconds of processor time. */
  readonly limitMs: number;
}

export interface IsolatedAnswer {
  readonly difference: Difference | null;
}

/**
 * A process that works for so long without a word is not interrupted by itself, beyond the limit of its run; processor
 * time.
 */
const SILENCE_MS = 60_000;
/** How often a process that runs something is looked at. */
const WATCH_EVERY_MS = 500;

/** Once a sequence is known to hang, shorter forms of it are given up sooner. */
const SHORT_LIMIT_MS = 300;

export interface IsolatedRun extends RunAnywhere {
  /** Runs a sequence with all the time there is, in a process that ran nothing else. */
  confirm(sequence: Sequence): Promise<Difference | null>;
  /** Ends the process that stays warm. */
  close(): void;
}

/** Runs sequences alone; a run that takes longer than `timeoutMs` hangs, and after the first such one less will do. */
export function isolatedRun(timeoutMs: number, invariantsFile = OWN_INVARIANTS): IsolatedRun {
  let present: IsolatedProcess | null = null;
  let limitMs = timeoutMs;
  const run = async (sequence: Sequence): Promise<Difference | null> => {
    if (present === null || present.isGone) present = new IsolatedProcess(invariantsFile);
    const difference = await present.run(sequence, limitMs);
    if (difference?.rule === 'hang') limitMs = Math.min(timeoutMs, SHORT_LIMIT_MS);
    return difference;
  };
  const confirm = (sequence: Sequence): Promise<Difference | null> => {
    const fresh = new IsolatedProcess(invariantsFile);
    return fresh.run(sequence, timeoutMs).finally(() => fresh.leave());
  };
  return Object.assign(run, { confirm, close: () => present?.leave() });
}

/** One such process. It does not keep this one alive while it waits for orders. */
class IsolatedProcess {
  isGone = false;
  private readonly child: ChildProcessWithoutNullStreams;
  private printed = '';
  private complaint = '';
  /** Of the run under way. */
  private heard: () => void = () => {};
  private failed: (error: Error) => void = () => {};

  constructor(invariantsFile: string) {
    this.child = spawn(process.execPath, [...nodeFlags(), ENTRY, invariantsFile], { env: process.env });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.printed += text;
      this.heard();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-600);
    });
    this.child.stdin.on('error', () => {});
    this.child.on('error', (error) => this.failed(error));
    this.child.on('close', () => {
      this.isGone = true;
      this.heard();
    });
    this.hold(false);
  }

  private hold(on: boolean): void {
    const { child } = this;
    for (const end of [child, child.stdin as Socket, child.stdout as Socket, child.stderr as Socket]) {
      if (on) end.ref();
      else end.unref();
    }
  }

  run(sequence: Sequence, limitMs: number): Promise<Difference | null> {
    this.hold(true);
    this.printed = '';
    const order: IsolatedOrder = { sequence: printSequence(sequence), limitMs };
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
    const silence = new SilenceWatch();
    let isSilent = false;
    const watch = setInterval(() => {
      const cpuMs = readUsage(this.child.pid)?.cpuMs ?? null;
      isSilent = silence.hangs(performance.now(), cpuMs, SILENCE_MS + limitMs);
      if (isSilent) this.leave();
    }, WATCH_EVERY_MS);
    return new Promise<Difference | null>((resolve, reject) => {
      this.failed = reject;
      this.heard = () => {
        silence.heard();
        const ended = this.printed.endsWith('\n');
        if (ended) resolve(answerIn(this.printed));
        else if (!this.isGone) return;
        else if (this.printed === '')
          reject(new Error(`a process to run the sequence in cannot be started: ${this.complaint}`));
        else resolve(this.deathOf(sequence, isSilent));
      };
      if (this.isGone) this.heard();
    }).finally(() => {
      clearInterval(watch);
      this.hold(false);
    });
  }

  /** A dot stands before each operation: the last is the one that the process did not survive. */
  private deathOf(sequence: Sequence, silent: boolean): Difference {
    const step = this.printed.length - this.printed.lastIndexOf('!') - 2;
    const operation = sequence.operations[step] ?? null;
    if (silent) return { step, operation, rule: 'hang', foundBy: 'hang', detail: 'the step did not end' };
    const detail = `the process ended with ${this.child.signalCode ?? this.child.exitCode}\n${this.complaint}`;
    return { step, operation, rule: 'died', foundBy: 'crash', detail };
  }

  leave(): void {
    this.child.kill('SIGKILL');
  }
}

function answerIn(printed: string): Difference | null {
  return (JSON.parse(printed.slice(printed.indexOf('{'))) as IsolatedAnswer).difference;
}
