/**
 * One life of a program on the wire: started, given lines, listened to, killed.
 *
 *     lines ---> [ pipe ] ---> program ---> [ pipe ] ---> answers
 *                   ^                          |
 *                   +--- never waits for ------+
 *
 * Rules that hold here:
 * - Writing and reading go on at the same time: all lines leave as fast as the pipe takes them, and answers are always
 *   read, so that neither side can wait for the other for ever.
 * - What is kept is bounded: an answer and the tail of standard error have a limit, and answers are handed on in
 *   pieces. Where they are taken more slowly than they come, reading stops; the program's time does not run meanwhile.
 * - A conversation ends exactly once: with all answers, or with a failure, after which the process group is dead.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { reasonOf } from '../../base/errors';
import type { ExchangeProgress, TargetFailure } from './failure';
import * as failures from './failure';
import { TargetStartError } from './failure';

export interface Limits {
  /** Milliseconds without a new answer until the program counts as hung. */
  readonly stepTimeout: number;
  /** Characters of one answer. */
  readonly line: number;
}

export const LIMITS: Limits = { stepTimeout: 10_000, line: 16 * 2 ** 20 };

/** What a batch of lines led to: as many answers as there were lines, or fewer and a failure. */
export interface Conversation {
  /** Those that were not handed on before. */
  readonly answers: string[];
  readonly failure?: TargetFailure;
}

/** Takes answers before the last has come; a promise lets no more come until it is kept. */
export type TakeAnswers = (answers: string[]) => Promise<void> | null;

/** A batch of lines, and where in a sequence it stands. */
export interface Batch {
  readonly lines: readonly string[];
  /** Operations of the whole sequence. */
  readonly operations: number;
  /** Lines of the sequence that were answered before. Without any the first line is the header. */
  readonly answered?: number;
  /** Gets answers in pieces; without it all come at the end. */
  readonly take?: TakeAnswers;
}

/** How long after one end closed the reason may still arrive (an exit status, the rest of the output). */
const GRACE_MS = 500;
const GIVE_UP_MS = 50;
/** A program gets at least so long for its very first answer: it may have to be loaded. */
const START_MS = 10_000;
const WRITE_PIECE = 2 ** 18;
/** Answers are handed on when there are so many characters of them. */
const READ_PIECE = 2 ** 20;
const STDERR_TAIL = 8192;
const STDERR_LINES = 5;

const living = new Set<Connection>();
let hooked = false;

/** Whatever ends this process takes the programs it started along. */
function hookExit(): void {
  if (hooked) return;
  hooked = true;
  process.on('exit', () => {
    for (const connection of living) connection.kill();
  });
}

interface Pending {
  readonly batch: Batch;
  readonly resolve: (conversation: Conversation) => void;
  /** Answers that came, and those of them that were not handed on yet. */
  count: number;
  answers: string[];
  characters: number;
  /** When the last answer came. */
  progress: number;
  /** Whether reading has stopped until the answers are taken. */
  isPaused: boolean;
}

/** Whether an answer is a header's, which tells where a sequence ends. Looks closely only at unusual lines. */
function isGreeting(line: string): boolean {
  if (line.startsWith('{"ret"') || line.startsWith('{"vmas"') || !line.includes('"ok"')) return false;
  try {
    return (JSON.parse(line) as { ok?: unknown } | null)?.ok === true;
  } catch {
    return false;
  }
}

export class Connection {
  readonly #child: ChildProcess;
  readonly #limits: Limits;
  #pending: Pending | null = null;
  #partial = '';
  #stderr = '';
  #timer: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #exit: { code: number | null; signal: string | null } | null = null;
  /** Whether it ever answered. */
  #awake = false;
  #inputClosed = false;
  #outputClosed = false;
  #killed = false;

  private constructor(child: ChildProcess, limits: Limits) {
    this.#child = child;
    this.#limits = limits;
    child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.stdout!.on('end', () => this.#onOutputClosed());
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    child.stdin!.on('error', () => this.#onInputClosed());
    child.on('exit', (code, signal) => this.#onExit(code, signal));
  }

  /** Starts the program. @throws TargetStartError when there is no such program, or it may not be run. */
  static start(words: readonly string[], limits: Limits): Promise<Connection> {
    hookExit();
    return new Promise((resolve, reject) => {
      const refuse = (error: Error): void =>
        reject(new TargetStartError(`cannot start the target ${words[0]}: ${reasonOf(error)}`));
      try {
        const child = spawn(words[0], words.slice(1), { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
        child.once('error', refuse);
        child.once('spawn', () => {
          const connection = new Connection(child, limits);
          living.add(connection);
          resolve(connection);
        });
      } catch (error) {
        refuse(error as Error);
      }
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Whether it can be given another batch. */
  get usable(): boolean {
    return !this.#killed && this.#exit === null && !this.#inputClosed && !this.#outputClosed && this.#partial === '';
  }

  /** The last lines on standard error. */
  get said(): string[] {
    const lines = this.#stderr.split('\n').filter((line) => line.trim() !== '');
    return lines.slice(-STDERR_LINES);
  }

  /**
   * Sends lines and collects as many answers. The first line of several is a header and the last another one, whose
   * answer shows that none of those between is missing or too many.
   */
  talk(batch: Batch): Promise<Conversation> {
    const { lines } = batch;
    return new Promise((resolve) => {
      const progress = performance.now();
      this.#pending = { batch, resolve, count: 0, answers: [], characters: 0, progress, isPaused: false };
      if (this.#outputClosed || this.#exit !== null) this.#concludeEnd();
      else if (this.#partial !== '') this.#tooMany(this.#partial);
      else {
        this.#watch();
        void this.#write(`${lines.join('\n')}\n`);
      }
    });
  }

  /** Ends the program: politely by closing its input, then by force. */
  async close(): Promise<void> {
    if (this.#exit !== null || this.#killed) return;
    this.#child.stdin!.end();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GRACE_MS);
      this.#child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.kill();
  }

  /** Kills the program and whatever it started in its process group. */
  kill(): void {
    living.delete(this);
    if (this.#killed) return;
    this.#killed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#grace);
    try {
      process.kill(-this.#child.pid!, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL'); // the group is gone, or this system has none
    }
    this.#child.stdin!.destroy();
    this.#child.stdout!.destroy();
    this.#child.stderr!.destroy();
  }

  async #write(text: string): Promise<void> {
    const stdin = this.#child.stdin!;
    for (let at = 0; at < text.length; at += WRITE_PIECE) {
      if (this.#killed || this.#inputClosed) return;
      if (!stdin.write(text.slice(at, at + WRITE_PIECE))) {
        await new Promise<void>((resolve) => {
          stdin.once('drain', resolve);
          stdin.once('close', resolve);
        });
      }
    }
  }

  #read(text: string): void {
    const pending = this.#pending;
    if (pending === null) {
      this.#partial += text.slice(0, 200); // unasked: the next conversation starts with the complaint
      return;
    }
    if (!text.includes('\n')) {
      this.#partial += text;
      this.#checkLength();
      return;
    }
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop()!;
    for (const line of lines) if (!this.#take(pending, line)) return;
    this.#awake = true;
    pending.progress = performance.now();
    this.#checkLength();
    if (pending.count === pending.batch.lines.length) this.#complete(pending);
    else if (pending.characters >= READ_PIECE) this.#handOn(pending);
  }

  /** Lets the answers so far be taken, and reads on when they are. */
  #handOn(pending: Pending): void {
    const { take } = pending.batch;
    if (take === undefined || this.#pending !== pending) return;
    const { answers } = pending;
    pending.answers = [];
    pending.characters = 0;
    const taken = take(answers);
    if (taken === null) return;
    pending.isPaused = true;
    this.#child.stdout!.pause();
    void taken.then(() => {
      pending.isPaused = false;
      pending.progress = performance.now();
      this.#child.stdout!.resume();
    });
  }

  #checkLength(): void {
    if (this.#partial.length > this.#limits.line) this.#fail(failures.tooLong(this.#progress(), this.#limits.line));
  }

  /** Takes one whole answer; false if it ended the conversation. */
  #take(pending: Pending, line: string): boolean {
    const answer = line.endsWith('\r') ? line.slice(0, -1) : line;
    const at = pending.count;
    const expected = pending.batch.lines.length;
    if (at === expected) return this.#tooMany(answer);
    if (!answer.startsWith('{') && !answer.trimStart().startsWith('{')) {
      return this.#stop(failures.notAnObject(failures.stepOf(this.#progress()), answer));
    }
    const last = at === expected - 1 && at > 0;
    if (at > 0 && isGreeting(answer) !== last) {
      if (last) return this.#tooMany(answer);
      return this.#stop(failures.tooFew(this.#progress()));
    }
    pending.answers.push(answer);
    pending.count++;
    pending.characters += answer.length;
    return true;
  }

  #tooMany(line: string): false {
    return this.#stop(failures.tooMany(this.#progress(), line));
  }

  #stop(failed: TargetFailure): false {
    this.#fail(failed);
    return false;
  }

  #complete(pending: Pending): void {
    if (this.#partial !== '') {
      this.#tooMany(this.#partial);
      return;
    }
    this.#settle({ answers: pending.answers });
  }

  #progress(): ExchangeProgress {
    const { batch, count } = this.#pending ?? { batch: { operations: 0, answered: 0 }, count: 0 };
    return { operations: batch.operations, answered: (batch.answered ?? 0) + count };
  }

  #fail(failed: TargetFailure): void {
    const answers = this.#pending?.answers ?? [];
    this.kill();
    this.#settle({ answers, failure: failed });
  }

  #settle(conversation: Conversation): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#grace);
    const pending = this.#pending;
    this.#pending = null;
    pending?.resolve(conversation);
  }

  /** Looks now and then whether answers still come; cheaper than a timer for each. */
  #watch(): void {
    const { isPaused, progress } = this.#pending!;
    const waited = isPaused ? 0 : performance.now() - progress;
    const { stepTimeout } = this.#limits;
    const left = (this.#awake ? stepTimeout : Math.max(stepTimeout, START_MS)) - waited;
    if (left <= 0) {
      this.#giveUp();
      return;
    }
    this.#timer = setTimeout(() => this.#watch(), left);
  }

  /** No answers any more: it hangs, or reads no input. One more byte tells, for the lines may all have left. */
  #giveUp(): void {
    this.#child.stdin!.write('\n');
    this.#timer = setTimeout(() => {
      if (this.#inputClosed) this.#concludeEnd();
      else this.#fail(failures.hung(this.#progress(), this.#limits.stepTimeout / 1000, this.said));
    }, GIVE_UP_MS);
  }

  #onExit(code: number | null, signal: string | null): void {
    this.#exit = { code, signal };
    living.delete(this);
    if (this.#outputClosed) this.#concludeEnd();
    else this.#waitForTheRest();
  }

  #onOutputClosed(): void {
    this.#outputClosed = true;
    if (this.#exit !== null) this.#concludeEnd();
    else this.#waitForTheRest();
  }

  #onInputClosed(): void {
    this.#inputClosed = true;
    this.#waitForTheRest();
  }

  /** One end closed: the answers, or the reason, may still be on their way. */
  #waitForTheRest(): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      if (this.#pending?.isPaused) this.#waitForTheRest();
      else this.#concludeEnd();
    }, GRACE_MS);
  }

  #concludeEnd(): void {
    if (this.#pending === null || this.#pending.isPaused) return;
    const progress = this.#progress();
    if (this.#exit !== null) this.#fail(failures.died(progress, this.#exit.code, this.#exit.signal, this.said));
    else if (this.#outputClosed) this.#fail(failures.closedOutput(progress));
    else this.#fail(failures.closedInput(progress));
  }
}
