/**
 * Searches for a planted bug: starts the search in the mutant's copy, watches it, and says what came of it.
 *
 * Rules that hold here:
 * - A search that dies or goes silent has found the bug too: by crash, or by hang.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import type { Sequence } from '../format/types';
import type { FoundBy } from '../lockstep/types';
import type { Found, SearchOrder, SearchReport } from './search-report';

/** A search that says nothing for so long is dead; it sees by itself, and sooner, when a sequence hangs. */
const SILENCE_MS = 300_000;
/** Memory of a search; a planted bug may allocate for ever. */
const HEAP_MB = 1024;

export interface SearchResult {
  readonly seed: string;
  /** Null if nothing was found. */
  readonly found: Found | null;
  readonly minimal: Sequence | null;
  readonly complete: boolean;
  readonly seconds: number;
}

/** Searches in the program in `folder`, until `signal` if that comes first: who waits for the end may remove the folder then. */
export function search(folder: string, order: SearchOrder, signal: AbortSignal): Promise<SearchResult> {
  const entry = path.join(folder, 'fuzz', 'selftest', 'search-main.js');
  const started = performance.now();
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, entry, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const state = {
    n: 0,
    hung: false,
    minimizing: false,
    found: null as Found | null,
    minimal: null as Sequence | null,
    complete: false,
    stderr: '',
  };
  const seconds = (): number => (performance.now() - started) / 1000;
  let timer: NodeJS.Timeout;
  const expectWord = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      state.hung = true;
      child.kill('SIGKILL');
    }, ms);
  };
  expectWord(SILENCE_MS);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    state.stderr = (state.stderr + text).slice(-2000);
  });
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as SearchReport;
    expectWord('found' in report ? order.minimizeMs + SILENCE_MS : SILENCE_MS);
    if ('n' in report) state.n = report.n;
    if ('found' in report) state.found = report.found;
    if ('minimal' in report) {
      state.minimal = report.minimal.sequence;
      state.complete = report.minimal.complete;
    }
  });
  return new Promise((resolve, reject) => {
    // That it was aborted is an error too; what counts then is when it is gone.
    child.on('error', (error) => {
      if (!signal.aborted) reject(error);
    });
    child.on('close', (code, endSignal) => {
      clearTimeout(timer);
      if (signal.aborted) {
        reject(new Error('the search was given up'));
        return;
      }
      const died = code !== 0 && state.found === null;
      if (died && state.n === 0 && !state.hung && /Cannot find module|SyntaxError/.test(state.stderr)) {
        reject(new Error(`the search could not start: ${state.stderr}`));
        return;
      }
      if (died) {
        const by: FoundBy = state.hung ? 'hang' : 'crash';
        const detail = state.hung
          ? `no step for ${SILENCE_MS / 1000} s`
          : `ended with ${endSignal ?? code}: ${state.stderr.trim().slice(-300)}`;
        state.found = { by, rule: by, detail, n: state.n, steps: 0, seconds: seconds() };
      }
      const { found, minimal, complete } = state;
      resolve({ seed: order.seed, found, minimal, complete, seconds: seconds() });
    });
  });
}
