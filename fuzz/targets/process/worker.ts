/**
 * The thread in which a `SyncTarget` keeps its program: does what it is told, one thing at a time, and wakes the caller.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Exchange, Greeting, ProcessTargetOptions } from './target';
import { ProcessTarget } from './target';

/**
 * What the two threads share: a counter of replies, on which the caller sleeps, the program's process group, and whether the
 * thread has ended, so that nobody waits for it any more.
 */
export const REPLIES = 0;
export const GROUP = 1;
export const ENDED = 2;
export const SHARED_WORDS = 3;

export interface Setup {
  readonly shared: Int32Array;
  readonly port: MessagePort;
  readonly command: string | readonly string[];
  readonly options: ProcessTargetOptions;
}

export type Request = { readonly header: string; readonly lines: readonly string[] } | 'close';
export type Reply = { greeting: Greeting } | { exchange: Exchange } | { error: string } | { closed: true };

async function act(state: { target?: ProcessTarget }, setup: Setup, request: Request | null): Promise<Reply> {
  try {
    if (request === null) {
      state.target = await ProcessTarget.start(setup.command, setup.options);
      return { greeting: state.target.greeting };
    }
    if (request === 'close') {
      await state.target?.close();
      return { closed: true };
    }
    return { exchange: await state.target!.exchange(request.header, request.lines) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** What cannot be sent is no reason to let the caller sleep. */
function post(port: MessagePort, reply: Reply): void {
  try {
    port.postMessage(reply);
  } catch (error) {
    port.postMessage({ error: (error as Error).message } satisfies Reply);
  }
}

async function serve(setup: Setup): Promise<void> {
  const state: { target?: ProcessTarget } = {};
  const reply = async (request: Request | null): Promise<void> => {
    post(setup.port, await act(state, setup, request));
    Atomics.store(setup.shared, GROUP, state.target?.pid ?? 0);
    Atomics.add(setup.shared, REPLIES, 1);
    Atomics.notify(setup.shared, REPLIES);
  };
  setup.port.on('message', (request: Request) => {
    void reply(request).then(() => {
      if (request === 'close') setup.port.close();
    });
  });
  await reply(null);
}

if (parentPort !== null) void serve(workerData as Setup);
