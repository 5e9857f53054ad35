/**
 * `replay`: runs saved sequences in lockstep and prints the first difference of each.
 *
 * The runs are thorough: everything is compared after every step, so that the step shown is the first wrong one, and what is
 * wrong for a few steps only is seen. Of very long sequences only those that differ at the pace of the fuzz loop run so.
 */
import type { Command } from 'commander';
import { CouldNotRun, EXIT } from '../base/errors';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { judgeFlagsOf } from '../report/target-flags';
import { findSequenceFiles, readSequences } from '../sequence/files';
import { makeRunnersFor } from './saved-runner';
import { type JudgeOptions, judgeOption, stepTimeoutOption, takeNoteLines } from './target-options';
import type { Runner } from './verb';

interface ReplayOptions extends JudgeOptions {
  readonly step?: true;
  readonly json?: true;
}

interface Place {
  readonly file: string;
  /** The sequence's number in the file, from 1, of how many. */
  readonly number: number;
  readonly count: number;
}

interface Totals {
  sequences: number;
  steps: number;
  differences: number;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function jsonLine(place: Place, sequence: Sequence, difference: Difference | null): string {
  const { file, number } = place;
  const result = { file, sequence: number, steps: sequence.operations.length, ok: difference === null };
  if (difference === null) return JSON.stringify(result);
  const { spellDifference } = require('../report/json') as typeof import('../report/json');
  return JSON.stringify({ ...result, difference: spellDifference(difference, sequence.header.domain) });
}

function showSequence(place: Place, sequence: Sequence, difference: Difference | null, options: ReplayOptions): void {
  if (options.json) {
    say(jsonLine(place, sequence, difference));
    return;
  }
  if (options.step) {
    const { stepLines } = require('../report/steps') as typeof import('../report/steps');
    for (const line of stepLines(sequence, difference)) say(line);
  }
  if (difference === null) return;
  const { showFailure } = require('../report/printout') as typeof import('../report/printout');
  say(showFailure(sequence, difference, { file: place.file, place, ...judgeFlagsOf(options.target) }));
  say('');
}

function total({ sequences, steps, differences }: Totals): string {
  const counted = `${sequences} ${sequences === 1 ? 'sequence' : 'sequences'}, ${steps} steps`;
  return differences === 0 ? `${counted}: all agree` : `${counted}: ${differences} with a difference`;
}

async function replayFile(file: string, options: ReplayOptions, totals: Totals): Promise<void> {
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
  const files = findSequenceFiles(paths);
  if (files.length === 0) throw new CouldNotRun(`no *.ndjson under ${paths.join(', ')}`);
  const totals: Totals = { sequences: 0, steps: 0, differences: 0 };
  for (const file of files) await replayFile(file, options, totals);
  for (const line of takeNoteLines(options.json === true)) say(line);
  if (!options.json) say(total(totals));
  return totals.differences === 0 ? EXIT.nothing : EXIT.finding;
}

export function define(command: Command, run: Runner): void {
  command
    .argument('<path...>', 'sequence files (*.ndjson, *.ndjson.gz), or folders of them')
    .addOption(judgeOption())
    .addOption(stepTimeoutOption())
    .option('--step', 'show each step with its answers and, for a tree, the ranges after it')
    .option('--json', 'one line of JSON a sequence')
    .action(run((paths: string[], options: ReplayOptions) => runReplay(paths, options)));
}
