/**
 * `replay`: runs saved sequences in lockstep and prints the first difference of each.
 *
 * The runs are thorough: everything is compared after every step, so that the step shown is the first wrong one, and
 * what is wrong for a few steps only is seen. Of very long sequences only those that differ at the pace of the fuzz
 * loop run so.
 */
import type { Command } from 'commander';
import { CouldNotRun, EXIT } from '../base/errors';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { comparedLines, notGreen } from '../referee/compared';
import { spellDifference } from '../report/json';
import { showFailure } from '../report/printout';
import { stepLines } from '../report/steps';
import { DEFAULT_TARGETS, targetFlagsOf } from '../report/target-flags';
import { findSequenceFiles, readSequences } from '../sequence/files';
import { makeRunnersFor } from './saved-runner';
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
import type { Runner } from './verb';

interface ReplayOptions extends TargetOptions {
  readonly requireCompared?: string;
  readonly step?: true;
  readonly json?: true;
}

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

async function replayFile(file: string, options: ReplayOptions, totals: ReplayTotals): Promise<void> {
  const { run } = makeRunnersFor(file, options);
  const sequences = readSequences(file);
  for (const [i, sequence] of sequences.entries()) {
    const difference = await run(sequence);
    totals.sequences++;
    totals.steps += sequence.operations.length;
    if (difference !== null) totals.differences++;
    showSequence({ file, number: i + 1, count: sequences.length }, sequence, difference, options);
  }
}

async function runReplay(paths: readonly string[], options: ReplayOptions): Promise<number> {
  const share = readRequired(options.requireCompared);
  const files = findSequenceFiles(paths);
  if (files.length === 0) throw new CouldNotRun(`no *.ndjson under ${paths.join(', ')}`);
  const totals: ReplayTotals = { sequences: 0, steps: 0, differences: 0 };
  for (const file of files) await replayFile(file, options, totals);
  for (const line of takeRemarkLines(options.json === true)) say(line);
  const compared = takeCompared();
  if (options.json) say(JSON.stringify({ compared }));
  // Of src and oracle alone the total says the same.
  else if (options.target !== DEFAULT_TARGETS) for (const line of comparedLines(compared)) say(line);
  if (!options.json) say(total(totals));
  if (totals.differences > 0) return EXIT.finding;
  const complaint = notGreen(compared, { sequences: totals.sequences, share });
  if (complaint !== null) throw new CouldNotRun(complaint);
  return EXIT.nothing;
}

export function define(command: Command, run: Runner): void {
  command
    .argument('<path...>', 'sequence files (*.ndjson, *.ndjson.gz), or folders of them')
    .addOption(targetOption())
    .addOption(stepTimeoutOption())
    .addOption(declaredOption())
    .addOption(requireComparedOption())
    .option('--step', 'show each step with its answers and, for a tree, the ranges after it')
    .option('--json', 'one line of JSON a sequence')
    .action(run((paths: string[], options: ReplayOptions) => runReplay(paths, options)));
}
