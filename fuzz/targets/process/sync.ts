/**
 * A program on the wire, called without waiting in the program's own terms: the caller's thread sleeps until the
 * answers are there. So a lockstep, a minimizer and a replay treat it like an implementation in this process.
 *
 *     caller: send() ------- message ---> worker thread: ProcessTarget <--- pipes ---> program
 *             receive(): sleeps (Atomics.wait)    |
 *             wakes, reads answers <--------------+  in pieces, while the next ones come
 */
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { LOADED_FIRST, SOURCE_EXTENSION } from '../../base/node-process';
import type { AnswerReader } from '../answer-reader';
import type { TargetFailure } from './failure';
import { TargetStartError } from './failure';
import type { Greeting, ProcessTargetOptions, Question } from './target';
import { EXCHANGE_ENDED, GROUP, REPLIES, type Reply, type Request, type Setup, SHARED_WORDS } from './worker';

/** How the thread loads its code. */
const loading = (): string =>
  [...LOADED_FIRST, join(__dirname, `worker${SOURCE_EXTENSION}`)]
    .map((file) => `require(${JSON.stringify(file)});`)
    .join('');

/** Whatever ends the thread wakes the caller, who sleeps and hears of nothing; with the reason, if it can be told. */
const guarded = (load: string): string => `
  const { shared, port } = require('node:worker_threads').workerData;
  process.once('exit', () => {
    Atomics.store(shared, ${EXCHANGE_ENDED}, 1);
    Atomics.add(shared, ${REPLIES}, 1);
    Atomics.notify(shared, ${REPLIES});
  });
  process.once('uncaughtException', (error) => {
    port.postMessage({ error: 'the thread of the target failed: ' + (error && error.message) });
    process.exit(1);
  });
  ${load}
`;

function startThread(setup: Setup, port: MessagePort, load: string): Worker {
  return new Worker(guarded(load), { eval: true, workerData: setup, transferList: [port] });
}

/**
 * Sleeps until the other thread changes a word that was `known`. Being woken proves nothing: that thread adds first and
 * calls then, and the call for the reply before may come when the next sleep has begun.
 */
export function sleepWhile(words: Int32Array, at: number, known: number): void {
  while (Atomics.load(words, at) === known) Atomics.wait(words, at, known);
}

const living = new Set<SyncTarget>();
let hooked = false;

/** This process's end takes along what a thread can no longer kill. */
function hookExit(): void {
  if (hooked) return;
  hooked = true;
  process.on('exit', () => {
    for (const target of living) target.kill();
  });
}

interface Piece {
  readonly answers: readonly string[];
  readonly isLast: boolean;
  readonly failure: TargetFailure | undefined;
}

/** Reads answers that come in pieces. */
class PieceReader implements AnswerReader {
  readonly header: string;
  private piece: Piece;
  private at = 0;

  constructor(private readonly take: () => Piece) {
    this.piece = take();
    this.header = this.next() ?? '';
  }

  next(): string | null {
    while (this.at === this.piece.answers.length) {
      if (this.piece.isLast) return null;
      this.piece = this.take();
      this.at = 0;
    }
    return this.piece.answers[this.at++];
  }

  finish(): TargetFailure | undefined {
    while (!this.piece.isLast) this.piece = this.take();
    this.at = this.piece.answers.length;
    return this.piece.failure;
  }
}

/** See the head of this file. */
export class SyncTarget {
  readonly #shared = new Int32Array(new SharedArrayBuffer(SHARED_WORDS * 4));
  readonly #port: MessagePort;
  readonly #worker: Worker;
  #replies = 0;
  readonly greeting: Greeting;

  /**
   * Starts a command, a command line or its words.
   * @param load  how the thread loads its code; for tests
   * @throws TargetStartError, whose message is one line.
   */
  constructor(command: string | readonly string[], options: ProcessTargetOptions, load = loading()) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = startThread({ shared: this.#shared, port: port2, command, options }, port2, load);
    this.#worker.unref();
    hookExit();
    living.add(this);
    const reply = this.#wait();
    if (!('greeting' in reply)) {
      this.close();
      throw new TargetStartError('error' in reply ? reply.error : 'cannot start the target');
    }
    this.greeting = reply.greeting;
  }

  /** Sends a sequence, as lines of text; the program works on it while the caller does something else. */
  send(question: Question): void {
    this.#port.postMessage(question satisfies Request);
  }

  /**
   * The answers to what was sent, as they come; it is read to its end before anything else is sent.
   * @throws TargetStartError, also the reader, if a new process cannot start.
   */
  receive(): AnswerReader {
    return new PieceReader(() => this.#nextPiece());
  }

  #nextPiece(): Piece {
    const reply = this.#wait();
    if ('piece' in reply) {
      this.#port.postMessage('more' satisfies Request);
      return { answers: reply.piece, isLast: false, failure: undefined };
    }
    if ('conversation' in reply) {
      const { answers, failure } = reply.conversation;
      return { answers, isLast: true, failure };
    }
    throw new TargetStartError('error' in reply ? reply.error : 'the target is closed');
  }

  close(): void {
    if (!living.delete(this)) return;
    this.#port.postMessage('close' satisfies Request);
    this.#wait();
    void this.#worker.terminate();
    this.#port.close();
  }

  /** Kills the program's process group; for the end of this process. */
  kill(): void {
    const group = Atomics.load(this.#shared, GROUP);
    if (group === 0) return;
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }

  #wait(): Reply {
    if (Atomics.load(this.#shared, EXCHANGE_ENDED) === 0) sleepWhile(this.#shared, REPLIES, this.#replies);
    this.#replies++;
    const received = receiveMessageOnPort(this.#port) as { message: Reply } | undefined;
    return received?.message ?? { error: 'the thread of the target gave no reply' };
  }
}
