/**
 * `fuzz`: searches for differences with generated sequences, as a campaign with workers (fuzz/campaign).
 *
 * `check` uses the loop of one process (fuzz/run) with the same flags for what to generate.
 */
import type { Command } from 'commander';
import { EXIT } from '../base/errors';
import type { FuzzLoop } from '../campaign/loop';
import type { CampaignFlags } from './campaign-options';
import type { FuzzOptions } from './fuzz-options';
import { judgeOption, stepTimeoutOption } from './target-options';
import type { Runner } from './verb';

const HELP = `
Without --for, --runs, --until or --stop-on idle: it runs for 60s. Everything is kept in a campaign's folder
(--out, or campaigns/DATE-SEED): findings, journal, statistics, SUMMARY.md. Ctrl-C once ends it after the present
sequences, twice at once; --resume goes on, also after a crash.

Exit codes: 0 nothing found, 1 a new finding, 2 usage, 3 could not run, 4 only known findings.`;

/** The flags that `fuzz` and `check` share. */
export function addFuzzFlags(command: Command): Command {
  return command
    .option('--domain <name>', 'tree or mm; both in turn without it')
    .option('--for <time>', 'how long: 60s, 10m, 8h')
    .option('--runs <number>', 'how many sequences')
    .option('--seed <text>', 'any text; the same seed and version give the same sequences')
    .option('--out <folder>', 'where findings are kept')
    .option('--only <operations>', 'only these operations, with commas between')
    .option('--without <operations>', 'not these operations')
    .addOption(judgeOption())
    .addOption(stepTimeoutOption())
    .option('--json', 'one line of JSON for each thing to say');
}

/** Runs the loop to its end; the exit code says whether anything was found. */
export async function runFuzz(options: FuzzOptions): Promise<number> {
  const { FuzzLoop } = require('../campaign/loop') as typeof import('../campaign/loop');
  const { LoopOutput } = require('./check-output') as typeof import('./check-output');
  const output = new LoopOutput(options, process.stdout);
  output.begin();
  const loop = new FuzzLoop(options, output);
  const release = stopOnInterrupt(loop);
  try {
    const status = await loop.run();
    output.end(status);
    for (const [text, times] of loop.takeNotes()) output.note(text, times);
    return status.findings.length === 0 ? EXIT.nothing : EXIT.finding;
  } finally {
    release();
    loop.close();
  }
}

function stopOnInterrupt(loop: FuzzLoop): () => void {
  let asked = 0;
  const onSignal = (): void => {
    asked++;
    if (asked > 1) process.exit(130);
    loop.stop();
  };
  process.on('SIGINT', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
  };
}

export function define(command: Command, run: Runner): void {
  addFuzzFlags(command)
    .option('--until <time>', 'a time of day: 07:00')
    .option('--stop-on <what>', 'first, a number of findings, or idle:30m; it goes on after a finding otherwise')
    .option('--workers <number>', 'processes; all cores without it')
    .option('--memory <MB>', 'a worker that outgrows this is a finding (default: 2048)')
    .option('--minimize-share <percent>', 'share of the time for minimizing (default: 15%)')
    .option('--known <folder>', 'findings that are known: counted, not reported as new')
    .option('--on-finding <command>', "run with each new finding's folder, once it is minimized")
    .option('--no-feedback', 'only generated sequences, none bred from those that reached something new')
    .option('--resume <folder>', 'go on with a campaign')
    .addHelpText('after', HELP)
    .action(
      run((flags: CampaignFlags) => {
        const { readCampaignFlags } = require('./campaign-options') as typeof import('./campaign-options');
        const { startCampaign } = require('../campaign/start') as typeof import('../campaign/start');
        return startCampaign(readCampaignFlags(flags, new Date()));
      }),
    );
}
