/**
 * `replay`: runs saved sequences in lockstep and prints the first difference of each.
 *
 * The runs are thorough: everything is compared after every step, so that the step shown is the first wrong one, and
 * what is wrong for a few steps only is seen. A very long sequence runs so only
 * if it differs in a quick run.
 */
import type { Command } from 'commander';
import { CouldNotRun, EXIT } from '../base/errors';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { comparedLines, notGreen } from '../referee/compared';
import type { TargetRuns } from '../referee/target-runs';
import { spellDifference } from '../report/json';
import { showFailure } from '../report/printout';
import { stepLines } from '../report/steps';
import { DEFAULT_TARGETS, targetFlagsOf } from '../report/target-flags';
import { findSequenceFiles, readSequences } from '../sequence/files';
import { holdsFindings, targetOptionsFor } from './findings-at';
import { type Rechecked, recheck } from './recheck';
import { makeRunnersFor, startOnce } from './saved-runner';
import {
  declaredOption,
  readRequired,
  requireComparedOption,
  stepTimeoutOption,
  type TargetOptions,
  takeCompared,
  takeRemarkLines,
  targetOption,
} from './target-options';
import type { RunAction } from './verb';
import { runAtEachSave, watchedPlaces } from './watch';

const HELP = `
Of a campaign, a folder of findings, or a finding it says which are fixed: a line each, run with the targets of the
campaign, and the exit code is 0 only if all are. Otherwise the targets are ${DEFAULT_TARGETS} without --target.`;

interface ReplayFlags extends Partial<TargetOptions> {
  readonly requireCompared?: string;
  readonly watch?: true;
  readonly step?: true;
  readonly json?: true;
}

/** Of sequences: the targets are known. */
type ReplayOptions = ReplayFlags & TargetOptions;

interface SequencePlace {
  readonly file: string;
  /** The sequence's number in the file, from 1, of how many. */
  readonly number: number;
  readonly count: number;
}

interface ReplayTotals {
  sequences: number;
  steps: number;
  differences: number;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function jsonLine(place: SequencePlace, sequence: Sequence, difference: Difference | null): string {
  const { file, number } = place;
  const result = { file, sequence: number, steps: sequence.operations.length, ok: difference === null };
  if (difference === null) return JSON.stringify(result);
  return JSON.stringify({ ...result, difference: spellDifference(difference, sequence.header.domain) });
}

function showSequence(
  place: SequencePlace,
  sequence: Sequence,
  difference: Difference | null,
  options: ReplayOptions,
): void {
  if (options.json) {
    say(jsonLine(place, sequence, difference));
    return;
  }
  if (options.step) {
    for (const line of stepLines(sequence, difference)) say(line);
  }
  if (difference === null) return;
  say(showFailure(sequence, difference, { file: place.file, place, ...targetFlagsOf(options.target) }));
  say('');
}

function total({ sequences, steps, differences }: ReplayTotals): string {
  const counted = `${sequences} ${sequences === 1 ? 'sequence' : 'sequences'}, ${steps} steps`;
  return differences === 0 ? `${counted}: all agree` : `${counted}: ${differences} with a difference`;
}

async function replayFile(
  file: string,
  options: ReplayOptions,
  start: () => TargetRuns,
  totals: ReplayTotals,
): Promise<void> {
  const { run } = makeRunnersFor(file, options, start);
  const sequences = readSequences(file);
  for (const [i, sequence] of sequences.entries()) {
    const difference = await run(sequence);
    totals.sequences++;
    totals.steps += sequence.operations.length;
    if (difference !== null) totals.differences++;
    showSequence({ file, number: i + 1, count: sequences.length }, sequence, difference, options);
  }
}

/** Replays the sequences of files and folders. */
async function replaySequences(paths: readonly string[], options: ReplayOptions): Promise<ReplayTotals> {
  const files = findSequenceFiles(paths);
  if (files.length === 0) throw new CouldNotRun(`no *.ndjson under ${paths.join(', ')}`);
  const totals: ReplayTotals = { sequences: 0, steps: 0, differences: 0 };
  const start = startOnce(options);
  for (const file of files) await replayFile(file, options, start, totals);
  return totals;
}

/** Says which findings are fixed: of folders of findings. */
async function recheckAll(folders: readonly string[], flags: ReplayFlags): Promise<Rechecked> {
  const sum = { findings: 0, failing: 0, targets: DEFAULT_TARGETS };
  for (const folder of folders) {
    const one = await recheck(folder, flags, (text, row) => say(flags.json ? JSON.stringify(row) : text));
    sum.findings += one.findings;
    sum.failing += one.failing;
    if (one.targets !== DEFAULT_TARGETS) sum.targets = one.targets;
  }
  if (sum.findings === 0) throw new CouldNotRun(`no finding under ${folders.join(', ')}`);
  return sum;
}

/** The last lines of a run that found nothing, or something; the exit code. */
function sayEnd(target: string, isRed: boolean, end: string, flags: ReplayFlags): number {
  const share = readRequired(flags.requireCompared);
  for (const line of takeRemarkLines(flags.json === true)) say(line);
  const compared = takeCompared();
  if (flags.json) say(JSON.stringify({ compared }));
  // Of src and oracle alone the total says the same.
  else if (target !== DEFAULT_TARGETS) for (const line of comparedLines(compared)) say(line);
  // What is known to hang runs in a process of its own, and is not counted: then there is nothing to go by.
  const counts = Object.values(compared).map((of) => of.sequences);
  const complaint = isRed
    ? null
    : notGreen(compared, { sequences: counts.length === 0 ? 1 : Math.max(...counts), share });
  // Not a word of agreement, if nothing was compared.
  if (complaint !== null) throw new CouldNotRun(complaint);
  if (!flags.json) say(end);
  return isRed ? EXIT.finding : EXIT.nothing;
}

async function runReplay(paths: readonly string[], flags: ReplayFlags): Promise<number> {
  readRequired(flags.requireCompared);
  const areFindings = paths.every(holdsFindings);
  const { target } = targetOptionsFor(flags, areFindings ? paths[0] : null);
  if (flags.watch) return runAtEachSave(watchedPlaces(target), say);
  if (areFindings && !flags.step) {
    const { findings, failing, targets } = await recheckAll(paths, flags);
    const counted = `${findings} ${findings === 1 ? 'finding' : 'findings'}`;
    const end =
      failing === 0 ? `${counted}: all fixed` : `${counted}: ${failing} still ${failing === 1 ? 'fails' : 'fail'}`;
    return sayEnd(targets, failing > 0, end, flags);
  }
  const totals = await replaySequences(paths, { ...flags, target });
  return sayEnd(target, totals.differences > 0, total(totals), flags);
}

export function define(command: Command, run: RunAction): void {
  command
    .argument('<path...>', 'sequence files (*.ndjson, *.ndjson.gz) or folders of them; campaigns, findings')
    // Without a default: findings have targets of their own.
    .addOption(targetOption().default(undefined))
    .addOption(stepTimeoutOption())
    .addOption(declaredOption())
    .addOption(requireComparedOption())
    .option('--watch', 'run again at each save of a source of the targets, until Ctrl-C')
    .option('--step', 'show each step with its answers and, for a tree, the ranges after it')
    .option('--json', 'one line of JSON a sequence')
    .addHelpText('after', HELP)
    .action(run((paths: string[], flags: ReplayFlags) => runReplay(paths, flags)));
}
