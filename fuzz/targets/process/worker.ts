/**
 * The thread in which a `SyncTarget` keeps its program: does what it is told, one thing at a time, and wakes the
 * caller.
 *
 *     caller        thread
 *     question ---> sends all lines to the program
 *          <------- piece of answers, piece, ... up to PIECES that were not asked on for
 *     'more' -----> one piece more may come
 *          <------- the last piece, with the failure if there was one
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Conversation } from './connection';
import type { Greeting, ProcessTargetOptions, Question } from './target';
import { ProcessTarget } from './target';

/**
 * What the two threads share: a counter of replies, on which the caller sleeps, the program's process group, and
 * whether the thread has ended, after which no reply comes.
 */
export const REPLIES = 0;
export const GROUP = 1;
export const EXCHANGE_ENDED = 2;
export const SHARED_WORDS = 3;

/** How many pieces of answers may lie between the two threads. */
const PIECES = 4;

export interface Setup {
  readonly shared: Int32Array;
  readonly port: MessagePort;
  readonly command: string | readonly string[];
  readonly options: ProcessTargetOptions;
}

export type Request = Question | 'more' | 'close';
export type Reply =
  | { greeting: Greeting }
  | { piece: string[] }
  | { conversation: Conversation }
  | { error: string }
  | { closed: true };

class Server {
  private target: ProcessTarget | null = null;
  /** Pieces that may be sent before the caller asks for more, and what waits for that. */
  private allowed = 0;
  private wake: (() => void) | null = null;

  constructor(private readonly setup: Setup) {}

  async start(): Promise<void> {
    await this.reply(async () => {
      this.target = await ProcessTarget.start(this.setup.command, this.setup.options);
      return { greeting: this.target.greeting };
    });
    this.setup.port.on('message', (request: Request) => void this.take(request));
  }

  private async take(request: Request): Promise<void> {
    if (request === 'more') {
      this.allowed++;
      this.wake?.();
      this.wake = null;
    } else if (request === 'close') {
      await this.reply(async () => {
        await this.target?.close();
        return { closed: true };
      });
      this.setup.port.close();
    } else {
      await this.reply(() => this.answer(request));
    }
  }

  private async answer(question: Question): Promise<Reply> {
    this.allowed = PIECES;
    const conversation = await this.target!.ask(question, (piece) => {
      this.send({ piece });
      this.allowed--;
      if (this.allowed > 0) return null;
      return new Promise((resolve) => {
        this.wake = resolve;
      });
    });
    return { conversation };
  }

  private async reply(act: () => Promise<Reply>): Promise<void> {
    let reply: Reply;
    try {
      reply = await act();
    } catch (error) {
      reply = { error: (error as Error).message };
    }
    this.send(reply);
  }

  private send(reply: Reply): void {
    const { port, shared } = this.setup;
    try {
      port.postMessage(reply);
    } catch (error) {
      // A reply that cannot be sent must not leave the caller asleep.
      port.postMessage({ error: (error as Error).message } satisfies Reply);
    }
    Atomics.store(shared, GROUP, this.target?.pid ?? 0);
    Atomics.add(shared, REPLIES, 1);
    Atomics.notify(shared, REPLIES);
  }
}

if (parentPort !== null) void new Server(workerData as Setup).start();
