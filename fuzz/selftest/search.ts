/**
 * Searches for a planted bug: starts the search in the mutant's copy, watches it, and says what came of it.
 *
 * Rules that hold here:
 * - A search that dies or goes silent has found the bug too: by crash, or by hang.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import { readUsage, SilenceWatch } from '../base/process-usage';
import type { Sequence } from '../format/types';
import type { FoundBy } from '../lockstep/types';
import type { SearchHit, SearchOrder, SearchReport } from './search-report';

/** A search that works for so long without a word is dead; it sees by itself, and sooner, when a sequence hangs. */
const SILENCE_MS = 60_000;
const WATCH_EVERY_MS = 1000;
/** Memory of a search; a planted bug may allocate for ever. */
const HEAP_MB = 1024;

export interface SearchResult {
  readonly seed: string;
  /** Null if nothing was found. */
  readonly found: SearchHit | null;
  readonly minimal: Sequence | null;
  readonly complete: boolean;
  readonly seconds: number;
}

/** What is known of a search under way. */
interface SearchState {
  n: number;
  hung: boolean;
  found: SearchHit | null;
  minimal: Sequence | null;
  complete: boolean;
  stderr: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Searches in the program in `folder`, until `signal` if that comes first: only after the end may the folder go. */
export function search(folder: string, order: SearchOrder, signal: AbortSignal): Promise<SearchResult> {
  const started = performance.now();
  const state: SearchState = { n: 0, hung: false, found: null, minimal: null, complete: false, stderr: '' };
  const child = start(folder, order, signal);
  const stopWatching = watch(child, order, state);
  return new Promise((resolve, reject) => {
    // That it was aborted is an error too; what counts then is when it is gone.
    child.on('error', (error) => {
      if (!signal.aborted) reject(error);
    });
    child.on('close', (code, endSignal) => {
      stopWatching();
      const seconds = (performance.now() - started) / 1000;
      const died = code !== 0 && state.found === null;
      if (signal.aborted) {
        reject(new Error('the search was given up'));
      } else if (died && couldNotStart(state)) {
        reject(new Error(`the search could not start: ${state.stderr}`));
      } else {
        const { minimal, complete } = state;
        const found = died ? hitOfDeath(state, endSignal ?? code, seconds) : state.found;
        resolve({ seed: order.seed, found, minimal, complete, seconds });
      }
    });
  });
}

function start(folder: string, order: SearchOrder, signal: AbortSignal): Child {
  const entry = path.join(folder, 'fuzz', 'selftest', 'search-main.js');
  return spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, entry, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
}

/** Notes what the search says, and kills it when it works for too long without a word. Returns what ends that. */
function watch(child: Child, order: SearchOrder, state: SearchState): () => void {
  const silence = new SilenceWatch();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    state.stderr = (state.stderr + text).slice(-2000);
  });
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as SearchReport;
    silence.heard();
    if ('n' in report) state.n = report.n;
    if ('found' in report) state.found = report.found;
    if ('minimal' in report) {
      state.minimal = report.minimal.sequence;
      state.complete = report.minimal.complete;
    }
  });
  const timer = setInterval(() => {
    const limitMs = SILENCE_MS + (state.found === null ? 0 : order.minimizeMs);
    if (!silence.hangs(performance.now(), readUsage(child.pid)?.cpuMs ?? null, limitMs)) return;
    state.hung = true;
    child.kill('SIGKILL');
  }, WATCH_EVERY_MS);
  return () => clearInterval(timer);
}

function couldNotStart({ n, hung, stderr }: SearchState): boolean {
  return n === 0 && !hung && /Cannot find module|SyntaxError/.test(stderr);
}

function hitOfDeath({ n, hung, stderr }: SearchState, ended: string | number | null, seconds: number): SearchHit {
  const by: FoundBy = hung ? 'hang' : 'crash';
  const detail = hung ? `no step for ${SILENCE_MS / 1000} s` : `ended with ${ended}: ${stderr.trim().slice(-300)}`;
  return { by, rule: by, detail, n, steps: 0, seconds };
}
