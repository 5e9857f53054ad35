/**
 * `check`: the corpus, then a short search, both on the targets asked for. The verb for CI: quiet while all is well, and its exit
 * code says the rest.
 */
import type { Command } from 'commander';
import { CouldNotRun, EXIT } from '../base/errors';
import { addFuzzFlags, runFuzz } from './fuzz';
import type { FuzzFlags } from './fuzz-options';
import type { Runner } from './verb';

const SEARCH_TIME = '20s';

const HELP = `
Without --for or --runs the search takes ${SEARCH_TIME}. Its findings are kept in --out, or in the folder findings.

Exit codes: 0 all agree and nothing was found, 1 a case of the corpus differs or something was found, 2 usage, 3 could not run.`;

interface CheckFlags extends FuzzFlags {
  readonly corpus?: string;
}

function say(flags: CheckFlags, text: string, row: unknown): void {
  process.stdout.write(`${flags.json ? JSON.stringify(row) : text}\n`);
}

/** Replays every case on the targets; the number of those with a difference. */
function replayCorpus(folder: string, flags: CheckFlags, target: string): number {
  const { findSequenceFiles, readSequences } = require('../sequence/files') as typeof import('../sequence/files');
  const { makeJudging, takeNoteLines } = require('./target-options') as typeof import('./target-options');
  const { judgeFlagsOf } = require('../report/target-flags') as typeof import('../report/target-flags');
  const { spellDifference } = require('../report/json') as typeof import('../report/json');
  const { showFailure } = require('../report/printout') as typeof import('../report/printout');
  const judging = makeJudging({
    target,
    ...(flags.stepTimeout === undefined ? {} : { stepTimeout: flags.stepTimeout }),
  });
  let sequences = 0;
  let failing = 0;
  for (const file of findSequenceFiles([folder])) {
    const all = readSequences(file);
    for (const [i, sequence] of all.entries()) {
      if (flags.domain !== undefined && sequence.header.domain !== flags.domain) continue;
      sequences++;
      const difference = judging.runSequence(sequence);
      if (difference === null) continue;
      failing++;
      const place = { number: i + 1, count: all.length };
      say(flags, showFailure(sequence, difference, { file, place, ...judgeFlagsOf(target) }), {
        file,
        sequence: i + 1,
        difference: spellDifference(difference, sequence.header.domain),
      });
    }
  }
  for (const line of takeNoteLines(flags.json === true)) process.stdout.write(`${line}\n`);
  judging.close();
  const what = flags.domain === undefined ? 'no sequence' : `no sequence of the domain ${flags.domain}`;
  // A corpus that went missing must not pass for one that agrees.
  if (sequences === 0) throw new CouldNotRun(`--corpus ${folder}: ${what} there`);
  say(flags, `corpus: ${sequences} sequences, ${failing} with a difference`, {
    corpus: { folder, sequences, failing },
  });
  return failing;
}

async function runCheck(flags: CheckFlags): Promise<number> {
  const { readFuzzOptions } = require('./fuzz-options') as typeof import('./fuzz-options');
  const limited = flags.for !== undefined || flags.runs !== undefined;
  const options = readFuzzOptions(limited ? flags : { ...flags, for: SEARCH_TIME });
  const corpus = flags.corpus ?? (require('../sequence/recorded') as typeof import('../sequence/recorded')).ownCorpus();
  if (corpus === null) say(flags, 'corpus: none in this installation', { corpus: null });
  const failing = corpus === null ? 0 : replayCorpus(corpus, flags, options.target);
  const found = await runFuzz(options);
  if (failing === 0) return found;
  // The search's last line may say that nothing was found: that must not be the last word.
  say(flags, `the corpus has ${failing} with a difference (see above)`, { corpusFailing: failing });
  return EXIT.finding;
}

export function define(command: Command, run: Runner): void {
  addFuzzFlags(command)
    .option('--corpus <folder>', "saved sequences to replay first; without it the checkout's own")
    .addHelpText('after', HELP)
    .action(run((flags: CheckFlags) => runCheck(flags)));
}
