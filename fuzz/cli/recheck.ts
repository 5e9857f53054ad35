/**
 * `replay` of findings: which are fixed, and which still fail. A line a finding; the exit code is 0 only if all are
 * fixed.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunVariants } from '../findings/shorten';
import { readFacts } from '../findings/store';
import { findingSentence } from '../findings/texts';
import type { Difference } from '../lockstep/types';
import { spellDifference } from '../report/json';
import { readSequences } from '../sequence/files';
import { findingsAt, targetOptionsFor } from './findings-at';
import { makeRunnersFor, startOnce } from './saved-runner';
import type { TargetOptions } from './target-options';

export interface Rechecked {
  readonly findings: number;
  readonly failing: number;
  readonly targets: string;
}

/** Runs the findings of a folder, each in its shortest form, and says a line of each. */
export async function recheck(
  folder: string,
  flags: Partial<TargetOptions>,
  say: (text: string, row: unknown) => void,
): Promise<Rechecked> {
  const { store, names } = findingsAt(folder);
  const options = targetOptionsFor(flags, folder);
  const start = startOnce(options);
  let failing = 0;
  for (const name of names) {
    const place = path.join(store.folder, name);
    const { difference, row } = await runFinding(place, (file) => makeRunnersFor(file, options, start).run);
    if (difference !== null) failing++;
    const facts = readFacts(place);
    const sentence = findingSentence(facts);
    const now = difference === null || difference.rule === facts.rule ? '' : `; now it is ${difference.rule}`;
    say(`${difference === null ? 'fixed      ' : 'still fails'}  ${name}: ${sentence}${now}`, {
      finding: name,
      ...row,
    });
  }
  return { findings: names.length, failing, targets: options.target };
}

/** The shortest form; of what is not minimized the original. */
async function runFinding(
  place: string,
  runnerFor: (file: string) => RunVariants,
): Promise<{ difference: Difference | null; row: Record<string, unknown> }> {
  const minimal = path.join(place, 'minimal.ndjson');
  const file = existsSync(minimal) ? minimal : path.join(place, 'original.ndjson');
  const [sequence] = readSequences(file);
  const difference = await runnerFor(file)(sequence);
  const spelled = difference === null ? {} : { difference: spellDifference(difference, sequence.header.domain) };
  return { difference, row: { fixed: difference === null, ...spelled } };
}
