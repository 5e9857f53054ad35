/**
 * `minimize`: makes a saved sequence that fails as short and plain as it goes, and saves it beside the original; or
 * goes on with the findings of a campaign, in their folders.
 */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { parseDuration } from '../base/duration';
import { CouldNotRun, EXIT, reasonOf, UsageError } from '../base/errors';
import { type FindingFacts, failingOperation } from '../findings/finding';
import { groupsOf, groupsText } from '../findings/groups';
import { MOST_RUNS } from '../findings/limits';
import { minimizeFinding } from '../findings/minimizing';
import { isolatingRuns, type RunVariants, shortenSequence } from '../findings/shorten';
import { type FindingsStore, listFindings, readFacts, readFindings, type Settled } from '../findings/store';
import { findingLine } from '../findings/texts';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import type { Minimized, TrialProgress } from '../minimize/minimize';
import { comparedLines, notGreen } from '../referee/compared';
import { spellDifference } from '../report/json';
import { showFailure } from '../report/printout';
import { DEFAULT_TARGETS, targetFlagsOf } from '../report/target-flags';
import { findSuspects } from '../run/suspects';
import { readSequences } from '../sequence/files';
import { printSequence } from '../sequence/print';
import { findingsAt, targetOptionsFor } from './findings-at';
import { makeRunnersFor } from './saved-runner';
import {
  declaredOption,
  makeTargetRuns,
  readRequired,
  requireComparedOption,
  stepTimeoutOption,
  type TargetOptions,
  takeCompared,
  targetOption,
} from './target-options';
import type { RunAction } from './verb';

interface MinimizeFlags extends Partial<TargetOptions> {
  readonly for?: string;
  readonly runs?: string;
  readonly out?: string;
  readonly requireCompared?: string;
  readonly json?: true;
}

const HELP = `
Without --target a file is run with ${DEFAULT_TARGETS}, a folder with the targets and the --step-timeout of its
campaign.`;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** The first sequence of a file that fails. */
async function firstFailing(file: string, run: RunVariants): Promise<Sequence | null> {
  for (const sequence of readSequences(file)) if ((await run(sequence)) !== null) return sequence;
  return null;
}

function outputName(file: string): string {
  return file.replace(/(\.min)?\.ndjson(\.gz)?$/, '').concat('.min.ndjson');
}

function readLimits(flags: MinimizeFlags): { ms: number; maxRuns: number } {
  const ms = flags.for === undefined ? Number.POSITIVE_INFINITY : parseDuration(flags.for);
  if (ms === null || ms === 0)
    throw new UsageError(`--for ${flags.for}: a time such as 60s or 10m expected, at most 1000 days`);
  const maxRuns = flags.runs === undefined ? MOST_RUNS : Number(flags.runs);
  if (!Number.isInteger(maxRuns) || maxRuns < 1) throw new UsageError(`--runs ${flags.runs}: a number from 1 expected`);
  return { ms, maxRuns };
}

/** One line on a terminal, redrawn a few times a second: minimizing may take long. */
function progressLine(quiet: boolean): { show: (progress: TrialProgress) => void; clear: () => void } {
  const out = process.stderr;
  let drawnMs = 0;
  const show = ({ phase, runs, operations }: TrialProgress): void => {
    if (quiet || !out.isTTY || Date.now() - drawnMs < 200) return;
    drawnMs = Date.now();
    out.write(`\r\x1b[K${operations} operations left, ${runs} runs, ${phase}`);
  };
  const clear = (): void => {
    if (drawnMs > 0) out.write('\r\x1b[K');
  };
  return { show, clear };
}

/** Goes on with findings that are not minimized to the end, one after the other until the time is up. */
async function minimizeFolder(folder: string, flags: MinimizeFlags): Promise<number> {
  for (const name of ['runs', 'out'] as const) {
    if (flags[name] !== undefined) throw new UsageError(`--${name} goes with a sequence file, not with a folder`);
  }
  const { ms } = readLimits(flags);
  const { store, names } = findingsAt(folder);
  if (names.length === 0) throw new CouldNotRun(`${folder}: no findings there`);
  const targets = targetOptionsFor(flags, folder);
  const runVariantsOf = isolatingRuns(makeTargetRuns(targets).runVariantsOf);
  const line = progressLine(flags.json === true);
  const end = Date.now() + ms;
  for (const name of names) {
    const before = readFacts(path.join(store.folder, name));
    const budgetMs = end - Date.now();
    const limits = {
      budgetMs,
      limitMs: Number.POSITIVE_INFINITY,
      target: targets.target,
      findSuspects,
      onProgress: line.show,
    };
    const there = new Set(listFindings(store.folder));
    const settled =
      before.minimized === 'yes' || budgetMs <= 0 ? null : await minimizeFinding(store, name, runVariantsOf, limits);
    line.clear();
    const others = listFindings(store.folder).filter((other) => !there.has(other) && other !== settled?.name);
    sayFinding(store, { name, before, settled, others }, flags);
  }
  if (!flags.json && names.length > 1) sayGroups(store);
  return EXIT.finding;
}

/** The last lines: the best finding of each group. */
function sayGroups({ folder }: FindingsStore): void {
  const groups = groupsOf([...readFindings(folder)].map(([name, facts]) => ({ name, facts })));
  say(groupsText(groups));
  for (const [{ name, facts }, ...others] of groups) {
    const more = others.length === 0 ? '' : `, and ${others.length} like it`;
    say(`  ${findingLine(path.join(folder, name), facts)}${more}`);
  }
}

interface Handled {
  readonly name: string;
  readonly before: FindingFacts;
  /** Where it is now; null if nothing was done, or it is not done with. */
  readonly settled: Settled | null;
  /** Names of findings that are there since, met on the way. */
  readonly others: readonly string[];
}

/** How a finding stands now, under which name, and what came up on the way. */
function sayFinding(
  store: FindingsStore,
  { name, before: facts, settled, others }: Handled,
  flags: MinimizeFlags,
): void {
  const now = settled?.name ?? name;
  const finding = path.join(store.folder, now);
  const before = facts.minimalLength ?? facts.originalLength;
  const { minimalLength: after, minimized } = readFacts(finding);
  const duplicate = settled?.duplicate === true;
  const otherPaths = others.map((other) => path.join(store.folder, other));
  if (flags.json) {
    say(JSON.stringify({ finding, was: name, before, after, minimized, duplicate, others: otherPaths }));
    return;
  }
  if (duplicate) say(`${name}: the same as ${now}, and removed`);
  else if (facts.minimized === 'yes')
    say(`${name}: minimized already (${before} ${before === 1 ? 'operation' : 'operations'})`);
  else {
    const moved = now === name ? '' : `, now in ${finding}`;
    say(`${name}: ${before} operations -> ${after ?? before}, minimized: ${minimized}${moved}`);
  }
  for (const other of otherPaths) say(`  met on the way, a finding of its own: ${other}`);
}

async function runMinimize(file: string, flags: MinimizeFlags): Promise<number> {
  if (existsSync(file) && statSync(file).isDirectory()) return minimizeFolder(file, flags);
  const limits = readLimits(flags);
  const share = readRequired(flags.requireCompared);
  const runners = makeRunnersFor(file, targetOptionsFor(flags, null));
  const sequence = await firstFailing(file, runners.run);
  if (sequence === null) return sayNoneFails(file, share, flags);
  const run = runners.runVariantsOf(sequence);
  const out = flags.out ?? outputName(file);
  const end = Date.now() + limits.ms;
  let others = 0;
  const onOther = (other: Sequence, difference: Difference): void => {
    const name = out.replace(/(\.ndjson)?$/, `.other-${++others}.ndjson`);
    save(name, printSequence(other));
    if (!flags.json) say(`on the way: ${difference.rule} at ${failingOperation(difference)}, saved as ${name}`);
  };
  const line = progressLine(flags.json === true);
  const stop = (): boolean => Date.now() > end;
  const options = { maxRuns: limits.maxRuns, stop, onOther, onProgress: line.show };
  const minimized = await shortenSequence(sequence, run, options);
  line.clear();
  if (minimized === null) throw new CouldNotRun(`${file}: it failed once, and not again`);
  save(out, printSequence(minimized.sequence));
  report(file, out, sequence, minimized, flags);
  return EXIT.finding;
}

/** That none fails is worth as much as was compared. */
function sayNoneFails(file: string, share: number | null, flags: MinimizeFlags): number {
  const compared = takeCompared();
  say(flags.json ? JSON.stringify({ file, fails: false, compared }) : `${file}: no sequence in it fails`);
  // A process of its own compares src and oracle, and counts nothing.
  const names = Object.keys(compared);
  if (names.length === 0) return EXIT.nothing;
  if (!flags.json) for (const line of comparedLines(compared)) say(line);
  const complaint = notGreen(compared, { sequences: compared[names[0]].sequences, share });
  if (complaint !== null) throw new CouldNotRun(complaint);
  return EXIT.nothing;
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CouldNotRun(`cannot write ${file}: ${reasonOf(error)}`);
  }
}

function report(file: string, out: string, sequence: Sequence, minimized: Minimized, flags: MinimizeFlags): void {
  const { runs, complete, difference } = minimized;
  const before = sequence.operations.length;
  const after = minimized.sequence.operations.length;
  if (flags.json) {
    const spelled = spellDifference(difference, sequence.header.domain);
    const compared = takeCompared();
    say(JSON.stringify({ file, fails: true, out, before, after, runs, complete, difference: spelled, compared }));
    return;
  }
  const { target } = targetOptionsFor(flags, null);
  say(showFailure(minimized.sequence, difference, { file: out, ...targetFlagsOf(target) }));
  say('');
  const end = complete ? 'no operation and no pair can go' : 'a limit ended it; it can go on from there';
  if (target !== DEFAULT_TARGETS) for (const line of comparedLines(takeCompared())) say(line);
  say(`${before} operations -> ${after}, ${runs} runs; ${end}`);
}

export function define(command: Command, run: RunAction): void {
  command
    .argument('<path>', 'a sequence file (the first sequence in it that fails), or a folder: a finding, or a campaign')
    // Without a default: only so can a flag that was given be told from one that was not.
    .addOption(targetOption().default(undefined))
    .addOption(stepTimeoutOption())
    .addOption(declaredOption())
    .addOption(requireComparedOption())
    .option('--for <time>', 'how long at most in all: 60s, 10m; no limit without it')
    .option('--runs <number>', `for a file: how many runs at most (default: ${MOST_RUNS})`)
    .option('--out <file>', 'for a file: where to write it (default: beside the original, as .min.ndjson)')
    .option('--json', 'one line of JSON; for a folder, one a finding')
    .addHelpText('after', HELP)
    .action(run((path: string, flags: MinimizeFlags) => runMinimize(path, flags)));
}
