/**
 * `check`: the corpus, then a short search, both on the targets asked for. The verb for CI: quiet while all is well,
 * and its exit code says the rest.
 *
 * The search is a campaign of one worker in this process (fuzz/campaign/here.ts).
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { CouldNotRun, EXIT } from '../base/errors';
import type { CampaignResult } from '../campaign/coordinator';
import { CampaignHere } from '../campaign/here';
import { checkOutput } from '../campaign/screen';
import { domainsOf } from '../campaign/sequences';
import type { CampaignSettings } from '../campaign/settings';
import { MOST_RUNS } from '../findings/limits';
import { shortenSequence } from '../findings/shorten';
import { readFacts } from '../findings/store';
import { findingLine, findingRow, readmeFrom } from '../findings/texts';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { type Compared, comparedLines, mergeCompared, notGreen } from '../referee/compared';
import { remarkText } from '../referee/target-remarks';
import type { TargetRuns } from '../referee/target-runs';
import { spellDifference } from '../report/json';
import { showFailure } from '../report/printout';
import { DEFAULT_TARGETS, targetFlagsOf } from '../report/target-flags';
import { findSequenceFiles, readSequences } from '../sequence/files';
import { printSequence } from '../sequence/print';
import { ownCorpus } from '../sequence/recorded';
import { readSettings, readStop, type SearchFlags } from './campaign-options';
import { addSearchFlags } from './fuzz';
import { makeTargetRuns, readRequired, takeCompared, takeRemarkLines } from './target-options';
import type { RunAction } from './verb';

const SEARCH_TIME = '20s';
const FINDINGS = 'findings';
/** Findings that the end lists; the rest is a number. */
const LISTED = 12;

const HELP = `
Without --for or --runs the search takes ${SEARCH_TIME}. Its findings are kept in --out, or in the folder ${FINDINGS}.

Exit codes: 0 all agree and nothing was found, 1 a case of the corpus differs or something was found, 2 usage,
3 could not run, or nothing was compared with one of the targets.`;

interface CheckFlags extends SearchFlags {
  readonly corpus?: string;
}

function say(flags: CheckFlags, text: string, row: unknown): void {
  process.stdout.write(`${flags.json ? JSON.stringify(row) : text}\n`);
}

/** How long a case of the corpus that differs is made shorter. */
const SHORTEN_MS = 5000;

interface Case {
  readonly file: string;
  readonly place: { readonly number: number; readonly count: number };
  readonly sequence: Sequence;
  readonly difference: Difference;
}

/** Says what differs in a case, in the shortest form that a few seconds come to. */
async function tellCase(
  { file, place, sequence, difference }: Case,
  runs: TargetRuns,
  flags: CheckFlags,
): Promise<void> {
  const end = Date.now() + SHORTEN_MS;
  const limits = { maxRuns: MOST_RUNS, stop: () => Date.now() > end };
  const shorter = await shortenSequence(sequence, runs.runVariantsOf(sequence), limits);
  const shown = shorter ?? { sequence, difference };
  const text = showFailure(shown.sequence, shown.difference, {
    ...{ file, place },
    ...targetFlagsOf(flags.target ?? DEFAULT_TARGETS),
  });
  const [before, after] = [sequence.operations.length, shown.sequence.operations.length];
  const note = before === after ? '' : `\n(shown with ${after} of its ${before} operations; the file has them all)`;
  say(flags, `${text}${note}`, {
    ...{ file, sequence: place.number },
    difference: spellDifference(difference, sequence.header.domain),
    minimal: printSequence(shown.sequence)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  });
}

/** Replays every case on the targets; the number of those with a difference. */
async function replayCorpus(folder: string, flags: CheckFlags): Promise<number> {
  const target = flags.target ?? DEFAULT_TARGETS;
  const { stepTimeout, declared } = flags;
  const runs = makeTargetRuns({
    target,
    ...(stepTimeout === undefined ? {} : { stepTimeout }),
    ...(declared === undefined ? {} : { declared }),
  });
  let sequences = 0;
  let failing = 0;
  for (const file of findSequenceFiles([folder])) {
    const all = readSequences(file);
    for (const [i, sequence] of all.entries()) {
      if (flags.domain !== undefined && sequence.header.domain !== flags.domain) continue;
      sequences++;
      const difference = runs.runSequence(sequence);
      if (difference === null) continue;
      failing++;
      const place = { number: i + 1, count: all.length };
      await tellCase({ file, place, sequence, difference }, runs, flags);
    }
  }
  for (const line of takeRemarkLines(flags.json === true)) process.stdout.write(`${line}\n`);
  runs.close();
  const what = flags.domain === undefined ? 'no sequence' : `no sequence of the domain ${flags.domain}`;
  // A corpus that went missing must not pass for one that agrees.
  if (sequences === 0) throw new CouldNotRun(`--corpus ${folder}: ${what} there`);
  const row = { corpus: { folder, sequences, failing } };
  say(flags, `corpus: ${sequences} sequences, ${failing} with a difference`, row);
  return failing;
}

interface Searched {
  readonly code: number;
  readonly sequences: number;
  readonly compared: Compared;
}

/** Searches with the generator. */
async function search(settings: CampaignSettings, flags: CheckFlags): Promise<Searched> {
  const { seed } = settings;
  const domains = domainsOf(settings);
  const isLimited = flags.for !== undefined || flags.runs !== undefined;
  const { stop, limit } = readStop(isLimited ? flags : { ...flags, for: SEARCH_TIME }, new Date());
  const folder = flags.out ?? FINDINGS;
  const output = checkOutput(process.stdout, flags.json === true);
  const told = new Set<string>();
  const tell = (name: string): void => {
    told.add(name);
    output.clear();
    tellFinding(path.join(folder, name), flags);
  };
  say(flags, `seed ${seed}: ${domains.join(' and ')} for ${limit}`, { seed, domains, limit });
  // Minimizing comes at once: the search is short, and its findings are to be ready at its end.
  const runFlags = { stop, limit, minimizeShare: 1, known: new Set<string>(), onFinding: tell, requiredShare: null };
  const campaign = new CampaignHere({ settings, flags: runFlags, findings: folder, output });
  const release = endOnInterrupt(campaign);
  try {
    const result = await campaign.run();
    for (const name of result.findings.fresh) if (!told.has(name)) tell(name);
    sayEnd(folder, result, flags);
    const { view, totals } = result;
    const code = view.failing === 0 ? EXIT.nothing : EXIT.finding;
    return { code, sequences: view.sequences, compared: totals.compared };
  } finally {
    release();
  }
}

function tellFinding(folder: string, flags: CheckFlags): void {
  if (flags.json) {
    say(flags, '', { finding: findingRow(folder, readFacts(folder)) });
    return;
  }
  say(flags, `\n${readmeFrom(folder, fs.readFileSync(path.join(folder, 'README.txt'), 'utf8'))}`, null);
}

function sayEnd(folder: string, result: CampaignResult, flags: CheckFlags): void {
  const { findings, view, totals, reason } = result;
  const { fresh, facts } = findings;
  if (flags.json) {
    for (const [note, times] of totals.notes) say(flags, '', { note, times });
    say(flags, '', { summary: { ended: reason, findings: fresh.length, new: fresh, ...view } });
    return;
  }
  for (const name of fresh.slice(0, LISTED)) {
    const its = facts.get(name);
    if (its !== undefined) say(flags, `  ${findingLine(path.join(folder, name), its)}`, null);
  }
  if (fresh.length > LISTED) say(flags, `  and ${fresh.length - LISTED} more in ${folder}`, null);
  for (const note of totals.notes) say(flags, remarkText(note), null);
  const count = `${fresh.length} ${fresh.length === 1 ? 'finding' : 'findings'} (${view.failing} failing sequences)`;
  say(flags, view.failing === 0 ? pc.green('nothing found') : pc.red(count), null);
}

/** The first Ctrl-C ends the search after the present sequence, the second at once. */
function endOnInterrupt(campaign: CampaignHere): () => void {
  let asked = 0;
  const onSignal = (): void => {
    asked++;
    if (asked === 1) {
      campaign.interrupt();
    } else {
      campaign.remove();
      process.exit(130);
    }
  };
  process.on('SIGINT', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
  };
}

async function runCheck(flags: CheckFlags): Promise<number> {
  // Sequences that are bred from others are for long campaigns; without them number n is a function of the seed alone.
  const share = readRequired(flags.requireCompared);
  const settings = readSettings(flags, false);
  const corpus = flags.corpus ?? ownCorpus();
  if (corpus === null) say(flags, 'corpus: none in this installation', { corpus: null });
  const failing = corpus === null ? 0 : await replayCorpus(corpus, flags);
  const ofCorpus = takeCompared();
  const found = await search(settings, flags);
  const compared = mergeCompared([ofCorpus, found.compared]);
  if (flags.json) say(flags, '', { compared });
  else for (const line of comparedLines(compared)) say(flags, line, null);
  if (failing > 0) {
    // The search's last line may say that nothing was found: that must not be the last word.
    say(flags, `the corpus has ${failing} with a difference (see above)`, { corpusFailing: failing });
    return EXIT.finding;
  }
  if (found.code !== EXIT.nothing) return found.code;
  // The corpus is no search, and without one nothing new can come up.
  const complaint = notGreen(compared, { sequences: found.sequences, share });
  if (complaint !== null) throw new CouldNotRun(complaint);
  return EXIT.nothing;
}

export function define(command: Command, run: RunAction): void {
  addSearchFlags(command)
    .option('--corpus <folder>', "saved sequences to replay first; without it the checkout's own")
    .addHelpText('after', HELP)
    .action(run((flags: CheckFlags) => runCheck(flags)));
}
