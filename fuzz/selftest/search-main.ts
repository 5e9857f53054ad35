/**
 * Entry of a process that searches for one difference in the program beside it, in which a bug may be planted.
 *
 * It prints one JSON object a line: {"n":…} at the start of every sequence, so that the waiting process knows that it
 * lives and where it is; then {"found":…} or {"nothing":…}.
 */
import fs from 'node:fs';
import { domainsNamed } from '../domains';
import { INVARIANTS } from '../domains/invariants';
import { SELFTEST_RUNS } from '../findings/limits';
import { shortenSequence } from '../findings/shorten';
import type { Sequence } from '../format/types';
import { SequenceSource } from '../generate/source';
import type { RunSequence } from '../lockstep/types';
import { createLockstep } from '../run/create';
import { cpuMs } from '../run/limited';
import { createRunSequence, LimitedGeneration } from '../run/runner';
import type { SearchOrder, SearchReport } from './search-report';

function say(report: SearchReport): void {
  fs.writeSync(1, `${JSON.stringify(report)}\n`);
}

/** A sequence that takes more processor time than this hangs, milliseconds. */
const HANG_MS = 2000;
/** Once something was found, a shorter form of it hangs sooner: it has far fewer operations. */
const SHORT_HANG_MS = 250;

/** Shortens what was found, and says each shorter form at once: the next attempt may take the process along. */
async function shorten(sequence: Sequence, forMs: number, run: RunSequence): Promise<void> {
  const until = cpuMs() + forMs;
  const tell = (shorter: Sequence, complete: boolean): void => say({ minimal: { complete, sequence: shorter } });
  const minimal = await shortenSequence(sequence, run, {
    maxRuns: SELFTEST_RUNS,
    stop: () => cpuMs() > until,
    onShorter: (shorter) => tell(shorter, false),
  });
  if (minimal !== null) tell(minimal.sequence, minimal.complete);
}

/** Runs sequence after sequence until one differs or hangs; null if none did in the time. */
function hunt({ seed, domain, forMs }: SearchOrder): Sequence | null {
  const makeSource = (): SequenceSource =>
    new SequenceSource({ seed, domains: domainsNamed([domain]), engine: 'fast-check', strict: false });
  const generation = new LimitedGeneration(makeSource, () => createLockstep({ invariants: INVARIANTS }), HANG_MS);
  const started = cpuMs();
  let steps = 0;
  for (let n = 0; cpuMs() - started < forMs; n++) {
    say({ n });
    const run = generation.run(n);
    const operations = [...run.operations];
    steps += operations.length;
    if (run.difference === null) continue;
    const seconds = (cpuMs() - started) / 1000;
    const sequence = { header: run.header, operations };
    const again = run.difference.rule === 'hang' ? null : createRunSequence(INVARIANTS, HANG_MS)(sequence);
    const difference = again ?? run.difference;
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
  const difference = createRunSequence(INVARIANTS, HANG_MS)(sequence);
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
  await shorten(sequence, order.minimizeMs, createRunSequence(INVARIANTS, SHORT_HANG_MS));
}

void search(JSON.parse(process.argv[2]) as SearchOrder);
