/**
 * Entry of a process that searches for one difference in the program beside it, in which a bug may be planted.
 *
 * It prints one JSON object a line: {"n":…} at the start of every sequence, so that whoever waits knows that it lives and
 * where it is; then {"found":…} or {"nothing":…}.
 */
import fs from 'node:fs';
import { INVARIANTS } from '../domains/invariants';
import type { Sequence } from '../format/types';
import { SequenceSource } from '../generate/source';
import type { Difference, RunSequence } from '../lockstep/types';
import { failureKey, minimize } from '../minimize/minimize';
import { createLockstep } from '../run/create';
import { cpuMs, createLimitedRun, hangOf, LimitedCall, Recorder } from '../run/limited';
import type { SearchOrder, SearchReport } from './search-report';

function say(report: SearchReport): void {
  fs.writeSync(1, `${JSON.stringify(report)}\n`);
}

/** A sequence that takes more processor time than this hangs, milliseconds. */
const HANG_MS = 2000;
/** Once something was found, a shorter form of it hangs sooner: it has far fewer operations. */
const SHORT_HANG_MS = 250;

/** Minimizes what was found, and says each shorter form at once: the next attempt may take the process along. */
async function shorten(sequence: Sequence, forMs: number, run: RunSequence): Promise<void> {
  const until = cpuMs() + forMs;
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
  const minimal = await minimize(sequence, attempt, { stop: () => cpuMs() > until });
  if (minimal !== null) say({ minimal: { complete: minimal.complete, sequence: minimal.sequence } });
}

/** Runs sequence after sequence until one differs or hangs; null if none did in the time. */
function hunt({ seed, domain, forMs }: SearchOrder): Sequence | null {
  const source = new SequenceSource({
    seed,
    domains: [domain],
    engine: 'fast-check',
    strict: false,
  });
  const lockstep = new Recorder(createLockstep({ invariants: INVARIANTS }));
  const limited = new LimitedCall();
  const started = cpuMs();
  let steps = 0;
  for (let n = 0; cpuMs() - started < forMs; n++) {
    say({ n });
    let difference: Difference | null = null;
    const ended = limited.ends(HANG_MS, () => {
      difference = source.run(n, lockstep).difference;
    });
    const operations = [...lockstep.operations];
    steps += operations.length;
    if (!ended) difference = hangOf(operations, HANG_MS);
    if (difference === null) continue;
    const seconds = (cpuMs() - started) / 1000;
    const sequence = { header: lockstep.header!, operations };
    if (ended) difference = createLimitedRun(INVARIANTS, HANG_MS)(sequence) ?? (difference as Difference);
    const { foundBy: by, rule, detail } = difference;
    say({ found: { by, rule, detail, n, steps, seconds } });
    return sequence;
  }
  say({ nothing: { steps, seconds: (cpuMs() - started) / 1000 } });
  return null;
}

/** Runs one sequence. */
function replay(sequence: Sequence): void {
  const started = cpuMs();
  const difference = createLimitedRun(INVARIANTS, HANG_MS)(sequence);
  const steps = sequence.operations.length;
  const seconds = (cpuMs() - started) / 1000;
  if (difference === null) say({ nothing: { steps, seconds } });
  else
    say({ found: { by: difference.foundBy, rule: difference.rule, detail: difference.detail, n: 0, steps, seconds } });
}

async function search(order: SearchOrder): Promise<void> {
  if (order.known !== undefined) return replay(order.known);
  const sequence = hunt(order);
  if (sequence === null || order.minimizeMs === 0) return;
  await shorten(sequence, order.minimizeMs, createLimitedRun(INVARIANTS, SHORT_HANG_MS));
}

void search(JSON.parse(process.argv[2]!) as SearchOrder);
