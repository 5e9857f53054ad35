/**
 * `minimize`: makes a saved sequence that fails as short and plain as it goes, and saves it beside the original; or goes
 * on with the findings of a campaign, in their folders.
 */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { FindingsStore } from '../campaign/findings';
import type { Difference } from '../lockstep/types';
import type { Progress } from '../minimize/minimize';
import { readSequences } from '../sequence/files';
import type { Sequence } from '../sequence/types';
import { makeRunnersFor } from './alone';
import { CouldNotRun, EXIT, UsageError } from './exits';
import { type AnyRun, type JudgeOptions, judgeFlags, judgeOption, makeJudging, stepTimeoutOption } from './judge';
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

/** One line on a terminal, redrawn a few times a second: minimizing may take long. */
function progressLine(quiet: boolean): { show: (progress: Progress) => void; clear: () => void } {
  const out = process.stderr;
  let drawnMs = 0;
  const show = ({ phase, runs, operations }: Progress): void => {
    if (quiet || !out.isTTY || Date.now() - drawnMs < 200) return;
    drawnMs = Date.now();
    out.write(`\r\x1b[K${operations} operations left, ${runs} runs, ${phase}`);
  };
  const clear = (): void => {
    if (drawnMs > 0) out.write('\r\x1b[K');
  };
  return { show, clear };
}

/** The findings of a folder: of a campaign, a folder of findings, or one finding's own. */
function findingsOf(folder: string): { store: FindingsStore; names: string[] } {
  const { FindingsStore, listFindings } = require('../campaign/findings') as typeof import('../campaign/findings');
  if (existsSync(path.join(folder, 'finding.json'))) {
    return {
      store: new FindingsStore(path.dirname(path.resolve(folder))),
      names: [path.basename(path.resolve(folder))],
    };
  }
  const inside = existsSync(path.join(folder, 'campaign.json')) ? path.join(folder, 'findings') : folder;
  return { store: new FindingsStore(inside), names: listFindings(inside) };
}

/** Goes on with findings that are not minimized to the end. */
async function minimizeFolder(folder: string, flags: MinimizeFlags): Promise<number> {
  const { readFacts } = require('../campaign/findings') as typeof import('../campaign/findings');
  const { minimizeFinding } = require('../campaign/minimizing') as typeof import('../campaign/minimizing');
  const { ms } = readLimits(flags);
  const { store, names } = findingsOf(folder);
  if (names.length === 0) throw new CouldNotRun(`${folder}: no findings there`);
  const line = progressLine(flags.json === true);
  for (const name of names) {
    const facts = readFacts(path.join(store.folder, name));
    const from = facts.minimalLength ?? facts.originalLength;
    const options = { budgetMs: ms, limitMs: Number.POSITIVE_INFINITY, target: flags.target, onProgress: line.show };
    const judging = makeJudging(flags);
    const settled =
      facts.minimized === 'yes'
        ? { name, duplicate: false }
        : await minimizeFinding(store, name, judging.runVariantsOf, options);
    line.clear();
    const now = settled?.name ?? name;
    const { minimalLength, minimized } = readFacts(path.join(store.folder, now));
    const row = {
      finding: path.join(store.folder, now),
      before: from,
      after: minimalLength,
      minimized,
      duplicate: settled?.duplicate === true,
    };
    const what = row.duplicate
      ? `the same as ${now}`
      : `${from} operations -> ${minimalLength ?? from}, minimized: ${minimized}`;
    say(flags.json ? JSON.stringify(row) : `${name}: ${what}`);
  }
  return EXIT.finding;
}

async function runMinimize(file: string, flags: MinimizeFlags): Promise<number> {
  if (existsSync(file) && statSync(file).isDirectory()) return minimizeFolder(file, flags);
  const limits = readLimits(flags);
  const runners = makeRunnersFor(file, flags);
  const sequence = await firstFailing(file, runners.run);
  if (sequence === null) {
    say(flags.json ? JSON.stringify({ file, fails: false }) : `${file}: no sequence in it fails`);
    return EXIT.nothing;
  }
  const run = runners.runVariantsOf(sequence);
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
  const line = progressLine(flags.json === true);
  const confirm = 'confirm' in run ? { confirm: (run as import('../campaign/isolated').IsolatedRun).confirm } : {};
  const stop = (): boolean => Date.now() > end;
  const options = { maxRuns: limits.maxRuns, stop, onOther, onProgress: line.show, ...confirm };
  const minimized = (await minimize(sequence, run, options))!;
  line.clear();
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
    .argument('<path>', 'a sequence file (the first sequence in it that fails), or a folder: a finding, or a campaign')
    .addOption(judgeOption())
    .addOption(stepTimeoutOption())
    .option('--for <time>', 'how long at most: 60s, 10m; no limit without it')
    .option('--runs <number>', 'how many runs at most (default: 200000)')
    .option('--out <file>', 'where to write it (default: beside the original, as .min.ndjson)')
    .option('--json', 'one line of JSON')
    .action(run((path: string, flags: MinimizeFlags) => runMinimize(path, flags)));
}
