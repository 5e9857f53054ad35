/**
 * `report`: a saved sequence, or a finding, as one HTML page on which each step can be looked at.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CouldNotRun, EXIT, UsageError } from '../base/errors';
import { writeWhole } from '../base/files';
import { quoteWord } from '../base/shell-words';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { tracePage } from '../report/page/page';
import { DEFAULT_TARGETS, targetFlagsOf } from '../report/target-flags';
import { recordTrace } from '../report/trace/record';
import { readSequences } from '../sequence/files';
import { makeRunnersFor } from './saved-runner';
import { stepTimeoutOption, type TargetOptions, targetOption } from './target-options';
import type { RunAction } from './verb';

interface ReportOptions extends TargetOptions {
  readonly html?: string;
  readonly sequence?: string;
}

/** The file of a finding's folder that is to be shown: the shortest that there is. */
function fileOf(place: string): string {
  if (!existsSync(place)) throw new CouldNotRun(`${place}: is not there`);
  if (!statSync(place).isDirectory()) return place;
  const file = ['minimal.ndjson', 'original.ndjson'].map((name) => path.join(place, name)).find(existsSync);
  if (file === undefined) throw new CouldNotRun(`${place}: neither a sequence file nor the folder of a finding`);
  return file;
}

/** A finding is called by its folder, whose files all have the same names. */
function titleOf(file: string): string {
  const name = path.basename(file);
  return /^(minimal|original)\.ndjson/.test(name) ? path.basename(path.dirname(path.resolve(file))) : name;
}

interface Chosen {
  readonly sequence: Sequence;
  readonly difference: Difference | null;
  readonly number: number;
  readonly count: number;
}

/** The sequence that was asked for; else the first that differs, else the first. */
async function choose(file: string, options: ReportOptions): Promise<Chosen> {
  const sequences = readSequences(file);
  const count = sequences.length;
  if (count === 0) throw new CouldNotRun(`${file}: no sequence in it`);
  const { run } = makeRunnersFor(file, options);
  const { sequence: wanted } = options;
  const number = wanted === undefined ? null : Number(wanted);
  if (number !== null && !(Number.isInteger(number) && number >= 1 && number <= count)) {
    throw new UsageError(`--sequence ${wanted}: a number from 1 to ${count} expected`);
  }
  if (number !== null) {
    const sequence = sequences[number - 1];
    return { sequence, difference: await run(sequence), number, count };
  }
  for (const [i, sequence] of sequences.entries()) {
    const difference = await run(sequence);
    if (difference !== null) return { sequence, difference, number: i + 1, count };
  }
  return { sequence: sequences[0], difference: null, number: 1, count };
}

async function runReport(place: string, options: ReportOptions): Promise<number> {
  const { html } = options;
  if (html === undefined) throw new UsageError('--html OUT: where to write the page');
  const file = fileOf(place);
  const { sequence, difference, number, count } = await choose(file, options);
  const { flags } = targetFlagsOf(options.target);
  const command = `npx maple-fuzz replay ${quoteWord(file)}${flags === undefined ? '' : ` ${flags}`}`;
  const facts: [string, string][] = [['replay', command]];
  if (count > 1) facts.push(['sequence', `${number} of ${count}`]);
  if (options.target !== DEFAULT_TARGETS) facts.push(['found with', options.target]);
  const trace = recordTrace(sequence, difference, { title: titleOf(file), facts });
  writeWhole(html, tracePage(trace));
  const what = trace.difference === null ? 'all agree' : `opens at step ${trace.difference.state}`;
  process.stdout.write(`${html}: ${trace.steps.length - 1} steps, ${what}\n`);
  return EXIT.nothing;
}

export function define(command: Command, run: RunAction): void {
  command
    .argument('<place>', 'a sequence file (*.ndjson, *.ndjson.gz), or the folder of a finding')
    .addOption(targetOption())
    .addOption(stepTimeoutOption())
    .option('--html <out>', 'write one HTML file that shows each step')
    .option('--sequence <n>', 'which sequence of the file (default: the first that differs)')
    .action(run((place: string, options: ReportOptions) => runReport(place, options)));
}
