/**
 * `minimize`: makes a saved sequence that fails as short and plain as it goes, and saves it beside the original.
 */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Difference } from '../lockstep/types';
import { readSequences } from '../sequence/files';
import type { Sequence } from '../sequence/types';
import { CouldNotRun, EXIT, UsageError } from './exits';
import { type AnyRun, type JudgeOptions, judgeFlags, judgeOption, makeRunSequence, stepTimeoutOption } from './judge';
import type { Runner } from './verb';

interface MinimizeFlags extends JudgeOptions {
  readonly for?: string;
  readonly runs?: string;
  readonly out?: string;
  readonly json?: true;
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** The first sequence of a file that fails. */
async function firstFailing(file: string, run: AnyRun): Promise<Sequence | null> {
  for (const sequence of readSequences(file)) if ((await run(sequence)) !== null) return sequence;
  return null;
}

function outputName(file: string): string {
  return file.replace(/(\.min)?\.ndjson(\.gz)?$/, '').concat('.min.ndjson');
}

function readLimits(flags: MinimizeFlags): { ms: number; maxRuns: number } {
  const { parseDuration } = require('../campaign/stopping') as typeof import('../campaign/stopping');
  const ms = flags.for === undefined ? Number.POSITIVE_INFINITY : parseDuration(flags.for);
  if (ms === null) throw new UsageError(`--for ${flags.for}: a time such as 60s or 10m expected`);
  const maxRuns = flags.runs === undefined ? 200_000 : Number(flags.runs);
  if (!Number.isInteger(maxRuns) || maxRuns < 1) throw new UsageError(`--runs ${flags.runs}: a number from 1 expected`);
  return { ms, maxRuns };
}

async function runMinimize(file: string, flags: MinimizeFlags): Promise<number> {
  const limits = readLimits(flags);
  const run = makeRunSequence(flags);
  const sequence = await firstFailing(file, run);
  if (sequence === null) {
    say(flags.json ? JSON.stringify({ file, fails: false }) : `${file}: no sequence in it fails`);
    return EXIT.nothing;
  }
  const { minimize } = require('../minimize/minimize') as typeof import('../minimize/minimize');
  const { printSequence } = require('../sequence/print') as typeof import('../sequence/print');
  const out = flags.out ?? outputName(file);
  const end = Date.now() + limits.ms;
  let others = 0;
  const onOther = (other: Sequence, difference: Difference): void => {
    const name = out.replace(/(\.ndjson)?$/, `.other-${++others}.ndjson`);
    save(name, printSequence(other));
    if (!flags.json)
      say(`on the way: ${difference.rule} at ${difference.operation?.op ?? 'the end'}, saved as ${name}`);
  };
  const options = { maxRuns: limits.maxRuns, stop: () => Date.now() > end, onOther };
  const minimized = (await minimize(sequence, run, options))!;
  save(out, printSequence(minimized.sequence));
  report(file, out, sequence, minimized, flags);
  return EXIT.finding;
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CouldNotRun(`cannot write ${file}: ${(error as Error).message}`);
  }
}

function report(
  file: string,
  out: string,
  sequence: Sequence,
  minimized: import('../minimize/minimize').Minimized,
  flags: MinimizeFlags,
): void {
  const { runs, complete, difference } = minimized;
  const before = sequence.operations.length;
  const after = minimized.sequence.operations.length;
  if (flags.json) {
    say(JSON.stringify({ file, fails: true, out, before, after, runs, complete, difference }));
    return;
  }
  const { printFailure } = require('../report/printout') as typeof import('../report/printout');
  const judges = judgeFlags(flags);
  say(printFailure(minimized.sequence, difference, { file: out, ...(judges === undefined ? {} : { flags: judges }) }));
  say('');
  const end = complete ? 'no operation and no pair can go' : 'a limit ended it; it can go on from there';
  say(`${before} operations -> ${after}, ${runs} runs; ${end}`);
}

export function define(command: Command, run: Runner): void {
  command
    .argument('<file>', 'a sequence file; the first sequence in it that fails is taken')
    .addOption(judgeOption())
    .addOption(stepTimeoutOption())
    .option('--for <time>', 'how long at most: 60s, 10m; no limit without it')
    .option('--runs <number>', 'how many runs at most (default: 200000)')
    .option('--out <file>', 'where to write it (default: beside the original, as .min.ndjson)')
    .option('--json', 'one line of JSON')
    .action(run((file: string, flags: MinimizeFlags) => runMinimize(file, flags)));
}
