/**
 * Entry of a process that searches for one difference in the program beside it, in which a bug may be planted.
 *
 * It prints one JSON object a line: {"n":…} at the start of every sequence, so that whoever waits knows that it lives and
 * where it is; then {"found":…} or {"nothing":…}.
 */
import fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SequenceSource } from '../generate/source';
import { INVARIANTS } from '../invariants';
import { createLockstep, createRunSequence } from '../lockstep/create';
import type { Difference, RunSequence } from '../lockstep/types';
import { failureKey, minimize } from '../minimize/minimize';
import type { Sequence } from '../sequence/types';
import type { SearchOrder, SearchReport } from './search-report';

function say(report: SearchReport): void {
  fs.writeSync(1, `${JSON.stringify(report)}\n`);
}

/** Processor seconds of this process. The machine may have other work: its clock says little about a search. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** A sequence that takes more processor time than this hangs. */
const HANG_SECONDS = 3;

/** What the watchman runs, in a thread of its own: it ends the process when `beats` stands still for too long. */
const WATCHMAN = `
const { workerData } = require('node:worker_threads');
const { beats, limit } = workerData;
const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
let beat = -1;
let since = 0;
setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now !== beat) [beat, since] = [now, cpu()];
  else if (now >= 0 && cpu() - since > limit) {
    const steps = Atomics.load(beats, 1);
    const found = { by: 'hang', rule: 'hang', detail: 'no end after ' + limit + ' s', n: now, steps, seconds: since };
    if (steps >= 0) require('node:fs').writeSync(1, JSON.stringify({ found }) + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 200);
`;

/**
 * Numbers that the watchman reads: the sequence under way (-1: none), and the steps before it (-1: something was found
 * already, and a shorter form of it hangs: that ends the process, and is no finding).
 */
function startWatchman(): Int32Array {
  const beats = new Int32Array(new SharedArrayBuffer(8));
  beats[0] = -1;
  new Worker(WATCHMAN, { eval: true, workerData: { beats, limit: HANG_SECONDS } }).unref();
  return beats;
}

/** Minimizes what was found, and says each shorter form at once: the next attempt may hang. */
async function shorten(sequence: Sequence, forMs: number, run: RunSequence): Promise<void> {
  const until = performance.now() + forMs;
  let shortest = Number.POSITIVE_INFINITY;
  const attempt = (candidate: Sequence): Difference | null => {
    const difference = run(candidate);
    const length = difference === null || difference.step < 0 ? shortest : difference.step + 1;
    if (difference !== null && length < shortest && failureKey(difference) === key) {
      shortest = length;
      const operations = candidate.operations.slice(0, length);
      say({ minimal: { complete: false, sequence: { header: candidate.header, operations } } });
    }
    return difference;
  };
  const first = run(sequence);
  if (first === null) return;
  const key = failureKey(first);
  const minimal = await minimize(sequence, attempt, { stop: () => performance.now() > until });
  if (minimal !== null) say({ minimal: { complete: minimal.complete, sequence: minimal.sequence } });
}

async function search({ seed, domain, forMs, minimizeMs }: SearchOrder): Promise<void> {
  const source = new SequenceSource({
    seed,
    domains: [domain],
    engine: 'fast-check',
    strict: false,
  });
  const lockstep = createLockstep({ invariants: INVARIANTS });
  const runAgain = createRunSequence(INVARIANTS);
  const beats = startWatchman();
  const started = cpuSeconds();
  const elapsed = (): number => cpuSeconds() - started;
  let steps = 0;
  for (let n = 0; elapsed() * 1000 < forMs; n++) {
    say({ n });
    Atomics.store(beats, 1, steps);
    Atomics.store(beats, 0, n);
    const run = source.run(n, lockstep);
    steps += run.operations.length;
    if (run.difference === null) continue;
    Atomics.store(beats, 0, -1);
    const seconds = elapsed();
    const sequence = { header: run.header, operations: [...run.operations] };
    const difference = runAgain(sequence) ?? run.difference;
    say({ found: { by: difference.foundBy, rule: difference.rule, detail: difference.detail, n, steps, seconds } });
    if (minimizeMs === 0) return;
    Atomics.store(beats, 1, -1);
    await shorten(sequence, minimizeMs, (candidate) => {
      Atomics.add(beats, 0, 1);
      return runAgain(candidate);
    });
    return;
  }
  say({ nothing: { steps, seconds: elapsed() } });
}

void search(JSON.parse(process.argv[2]!) as SearchOrder);
