/**
 * Entry of a process that searches for one difference in the program beside it, in which a bug may be planted.
 *
 * It prints one JSON object a line: {"n":…} at the start of every sequence, so that whoever waits knows that it lives and
 * where it is; then {"found":…} or {"nothing":…}.
 */
import fs from 'node:fs';
import { SequenceSource } from '../generate/source';
import { INVARIANTS } from '../invariants';
import { createLockstep, createRunSequence } from '../lockstep/create';
import { minimize } from '../minimize/minimize';
import type { SearchOrder, SearchReport } from './search-report';

function say(report: SearchReport): void {
  fs.writeSync(1, `${JSON.stringify(report)}\n`);
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
  const started = performance.now();
  let steps = 0;
  for (let n = 0; performance.now() - started < forMs; n++) {
    say({ n });
    const run = source.run(n, lockstep);
    steps += run.operations.length;
    if (run.difference === null) continue;
    const seconds = (performance.now() - started) / 1000;
    const sequence = { header: run.header, operations: [...run.operations] };
    const difference = runAgain(sequence) ?? run.difference;
    say({ found: { by: difference.foundBy, rule: difference.rule, detail: difference.detail, n, steps, seconds } });
    const until = performance.now() + minimizeMs;
    const minimal = await minimize(sequence, runAgain, { stop: () => performance.now() > until });
    if (minimal !== null) say({ minimal: { complete: minimal.complete, sequence: minimal.sequence } });
    return;
  }
  say({ nothing: { steps, seconds: (performance.now() - started) / 1000 } });
}

void search(JSON.parse(process.argv[2]!) as SearchOrder);
