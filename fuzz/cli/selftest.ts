/**
 * `selftest`: plants known mistakes in a copy of src, one at a time, and reports which are found, how fast, and how
 * small.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { parseDuration } from '../base/duration';
import { CouldNotRun, EXIT, UsageError } from '../base/errors';
import { SELFTEST_MINIMIZE_MS } from '../findings/limits';
import { type Mutant, readMutants } from '../selftest/mutant';
import { type ScoreRow, score, scoreRow, scoreTable, scoreText } from '../selftest/score';
import { isFailure, loadMutants, MUTANTS_FOLDER, type MutantResult, runSelftest } from '../selftest/selftest';
import { keepShortest } from '../selftest/shortest';
import type { RunAction } from './verb';

interface Flags {
  readonly only?: string;
  readonly for: string;
  readonly seeds: string;
  readonly seed: string;
  readonly mutants?: string;
  readonly quick?: boolean;
  readonly once?: boolean;
  readonly known?: boolean;
  readonly keep?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** With --quick: every so many of the mutants that a short sequence shows. */
const QUICK_EVERY = 16;
const QUICK_SHORT = 5;
/** With --once: a control is watched for so long, and so many failures are enough. */
const CONTROL_MS = 4000;
const MAX_FAILURES = 6;

/** The checkout that this runs from. */
const root = path.join(__dirname, '..', '..');

export function define(command: Command, run: RunAction): void {
  command
    .option('--only <text>', 'only mutants with this in their name; several with commas between')
    .option('--for <time>', 'processor time for each search', '60s')
    .option('--seeds <number>', 'searches for each mutant', '3')
    .option('--seed <text>', 'seeds are made from this text', 'selftest')
    .option('--mutants <folder>', 'planted bugs from this folder, instead of fuzz/mutants')
    .option('--once', 'one seed each, and nothing is minimized: some minutes for all')
    .option('--quick', 'a selection, likewise')
    .option('--known', 'run the shortest known sequence of each instead of searching')
    .option('--keep', 'write down what comes out shorter than what is known')
    .option('--list', 'only list the mutants')
    .option('--json', 'one line of JSON for each mutant, the score last')
    .addHelpText(
      'after',
      '\nExit codes: 0 all found that should be, 5 a planted bug was missed or a control reported, 3 could not run.',
    )
    .action(run((flags: Flags) => selftest(flags)));
}

async function selftest(flags: Flags): Promise<number> {
  const forMs = parseDuration(flags.for);
  if (forMs === null || forMs === 0) throw new UsageError(`--for ${flags.for}: a time such as 60s expected`);
  const once = flags.quick === true || flags.once === true;
  const seedCount = once ? 1 : Number(flags.seeds);
  if (!Number.isInteger(seedCount) || seedCount < 1)
    throw new UsageError(`--seeds ${flags.seeds}: a number from 1 expected`);
  const mutants = choose(loadAll(root, flags), flags);
  if (flags.list) return list(mutants, flags.json === true);
  process.stdout.write(flags.json ? '' : `seed ${flags.seed}, ${mutants.length} mutants, ${seedCount} searches each\n`);
  const results = await runSelftest({
    root,
    mutants,
    forMs,
    minimizeMs: once ? 0 : SELFTEST_MINIMIZE_MS,
    replayKnown: flags.known === true,
    ...(once ? { controlMs: Math.min(CONTROL_MS, forMs), maxFailures: MAX_FAILURES } : {}),
    seeds: Array.from({ length: seedCount }, (_, i) => `${flags.seed}-${i}`),
    onResult: (result, done) => {
      const row = scoreRow(result);
      if (flags.json) process.stdout.write(`${JSON.stringify(row)}\n`);
      else process.stdout.write(`${done}/${mutants.length} ${row.name}: ${row.verdict}${foundText(row)}\n`);
    },
  });
  if (flags.keep) keep(root, flags, results);
  const total = score(results);
  const left = mutants.length - results.length;
  if (left > 0) process.stderr.write(`${left} mutants were not searched for: too many failures\n`);
  if (flags.json) process.stdout.write(`${JSON.stringify({ score: total })}\n`);
  else process.stdout.write(`${scoreTable(results)}\n${scoreText(total)}\n`);
  return results.some(isFailure) ? EXIT.missed : EXIT.nothing;
}

/** How it was found; the length only if it was minimized. */
function foundText({ by, rule, seconds, length }: ScoreRow): string {
  if (by === null) return '';
  return ` by ${by} (${rule}) after ${seconds?.toFixed(1)} s${length === null ? '' : `, ${length} operations`}`;
}

function keep(root: string, flags: Flags, results: readonly MutantResult[]): void {
  const candidates = results.flatMap(({ mutant: { name }, searches }) =>
    searches.flatMap(({ minimal }) => (minimal === null ? [] : [{ name, minimal }])),
  );
  const names = keepShortest(flags.mutants ?? path.join(root, MUTANTS_FOLDER), candidates);
  process.stderr.write(`shorter than known: ${names.join(', ') || 'none'}\n`);
}

function loadAll(root: string, { mutants }: Flags): Mutant[] {
  if (mutants === undefined) return loadMutants(root);
  if (!fs.existsSync(mutants)) throw new CouldNotRun(`--mutants ${mutants}: no such folder`);
  const all = readMutants(mutants);
  if (all.length === 0) throw new CouldNotRun(`--mutants ${mutants}: no planted bugs (*.patch) there`);
  return all;
}

function choose(all: readonly Mutant[], flags: Flags): Mutant[] {
  const texts = flags.only?.split(',');
  const chosen = texts === undefined ? [...all] : all.filter((m) => texts.some((text) => m.name.includes(text)));
  if (chosen.length === 0) throw new UsageError(`--only ${flags.only}: no such mutant; --list shows them`);
  if (flags.known) return chosen.filter((m) => m.known !== null);
  if (!flags.quick) return chosen;
  const quick = chosen.filter(
    (m) => m.expect === 'found' && m.known !== null && m.known.operations.length <= QUICK_SHORT,
  );
  return quick.filter((_, i) => i % QUICK_EVERY === 0);
}

function list(mutants: readonly Mutant[], json: boolean): number {
  for (const m of mutants) {
    if (json) process.stdout.write(`${JSON.stringify({ ...m, patches: undefined, known: undefined })}\n`);
    else process.stdout.write(`${m.name} (${m.domain}, ${m.expect})${m.retells === null ? '' : `: ${m.retells}`}\n`);
  }
  return EXIT.nothing;
}
