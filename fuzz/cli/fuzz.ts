/**
 * `fuzz`: searches for differences with generated sequences, as a campaign with workers (fuzz/campaign).
 */
import type { Command } from 'commander';
import { startCampaign } from '../campaign/start';
import { allDomains } from '../domains';
import { type CampaignFlags, readCampaignFlags } from './campaign-options';
import { declaredOption, requireComparedOption, stepTimeoutOption, targetOption } from './target-options';
import type { RunAction } from './verb';

const HELP = `
Without --for, --runs, --until or --stop-on idle: it runs for 60s. Everything is kept in a campaign's folder
(--out, or campaigns/DATE-SEED): findings, journal, statistics, SUMMARY.md. Ctrl-C once ends it after the present
sequences, twice at once; --resume goes on, also after a crash.

Exit codes: 0 nothing found, 1 a new finding, 2 usage, 3 could not run, or nothing was compared with one of the
targets, 4 only known findings.`;

/** The flags that `fuzz` and `check` share. */
export function addSearchFlags(command: Command): Command {
  return command
    .option(
      '--domain <name>',
      `${allDomains()
        .map(({ name }) => name)
        .join(' or ')}; all in turn without it`,
    )
    .option('--for <time>', 'how long: 60s, 10m, 8h')
    .option('--runs <number>', 'how many sequences')
    .option('--seed <text>', 'any text; the same seed and version give the same sequences')
    .option('--out <folder>', 'where findings are kept')
    .option('--only <operations>', 'only these operations, with commas between')
    .option('--without <operations>', 'not these operations')
    .addOption(targetOption())
    .addOption(stepTimeoutOption())
    .addOption(declaredOption())
    .addOption(requireComparedOption())
    .option('--json', 'one line of JSON for each thing to say');
}

export function define(command: Command, run: RunAction): void {
  addSearchFlags(command)
    .option('--until <time>', 'a time of day: 07:00')
    .option('--stop-on <what>', 'first, a number of findings, or idle:30m; it goes on after a finding otherwise')
    .option('--workers <number>', 'processes; all cores without it, four a core at most')
    .option('--memory <MB>', 'a worker that outgrows this is a finding (default: 2048)')
    .option('--minimize-share <percent>', 'share of the time for minimizing (default: 15%)')
    .option('--known <folder>', 'findings that are known: counted, not reported as new')
    .option('--on-finding <command>', "run with each new finding's folder, once it is minimized")
    .option('--no-feedback', 'only generated sequences, none bred from those that reached something new')
    .option('--resume <folder>', 'go on with a campaign, with its own flags; those given beside take their place')
    .addHelpText('after', HELP)
    .action(run((flags: CampaignFlags) => startCampaign(readCampaignFlags(flags, new Date()))));
}
