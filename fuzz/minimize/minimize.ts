/**
 * The minimizer: makes a failing sequence short and plain, whatever it came from.
 *
 *     small nodes -> chunks -> the domain's first passes -> (from nothing, if much is left)
 *
 *     chunks -> close together -> header -> pairs -> the domain's passes (plainer operations)
 *        ^                                               |
 *        |      one for two <- renumbering <- arguments <+
 *        +--- again, until a round changes nothing; then usual nodes, from nothing, drifting; again, if one of them did
 *
 * It knows nothing of implementations: all it has is a function that runs a sequence and tells the first difference. Of
 * kinds of content it knows what the domain says (minimizing.ts). It is deterministic, and where it ends by itself no
 * single operation and no pair can go.
 */

import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { plainHeader, shrinkHeader, simplifyHeader } from './header';
import type { MinimizableDomain, MinimizingPasses, Pass } from './minimizing';
import { drift, rebuild } from './rebuild';
import { removeChunks, removePairs } from './remove';
import { compress, renumber } from './renumber';
import { repair } from './repair';
import { simplifyArguments } from './simplify';
import { failureKey, type MinimizeOptions, type RunAnywhere, Trial } from './trial';

export { failureKey, type MinimizeOptions, type RunAnywhere, type TrialProgress } from './trial';

export interface Minimized {
  readonly sequence: Sequence;
  /** What the minimized sequence fails with. */
  readonly difference: Difference;
  readonly runs: number;
  /** False if a limit ended the search: it can go on from `sequence`. */
  readonly complete: boolean;
}

/**
 * For longer sequences what is made from nothing comes first: all else takes the more attempts the more operations
 * there are.
 */
const LONG = 16;
const FEW_ATTEMPTS = 3000;
const MOST_ATTEMPTS = 6000;

/** Minimizes a sequence, or returns null if it does not fail. */
export async function minimize(
  domain: MinimizableDomain,
  sequence: Sequence,
  run: RunAnywhere,
  options: MinimizeOptions = {},
): Promise<Minimized | null> {
  const difference = await run(sequence);
  if (difference === null) return null;
  const trial = new Trial(domain, sequence, difference, run, options);
  const { minimizing: passes } = domain;
  const { header = {} } = passes;
  trial.phase = 'small nodes';
  await shrinkHeader(trial, header);
  trial.phase = 'chunks';
  await removeChunks(trial);
  for (const pass of passes.first ?? []) await runPass(trial, pass);
  await anew(trial, passes, LONG, FEW_ATTEMPTS);
  let changed = true;
  // What was looked for once need not be looked for as long again.
  for (let attempts = MOST_ATTEMPTS; changed && !trial.over; ) {
    changed = (await round(trial, passes)) || (await plainHeader(trial, header));
    if (changed) continue;
    changed = (await anew(trial, passes, 0, attempts)) || (await drifted(trial, passes));
    attempts >>= 1;
  }
  const result = { header: trial.header, operations: trial.operations };
  const { runs } = trial;
  if (options.confirm !== undefined) {
    const confirmed = await options.confirm(result);
    if (confirmed === null || failureKey(confirmed) !== trial.key)
      return { sequence, difference, runs, complete: false };
  }
  return { sequence: result, difference: trial.difference, runs, complete: !changed && !trial.over };
}

/** Sequences made from nothing, where what is left has more than `longerThan` operations. */
async function anew(trial: Trial, passes: MinimizingPasses, longerThan: number, attempts: number): Promise<boolean> {
  trial.phase = 'from nothing';
  return trial.operations.length > longerThan && (await rebuild(trial, passes, attempts));
}

function drifted(trial: Trial, passes: MinimizingPasses): Promise<boolean> {
  trial.phase = 'drifting';
  return drift(trial, passes);
}

async function runPass(trial: Trial, pass: Pass): Promise<boolean> {
  trial.phase = pass.phase;
  const changed = await pass.run(trial);
  if (changed && pass.freesOperations) await removeChunks(trial);
  return changed;
}

/** One round through everything; whether it changed anything. */
async function round(trial: Trial, passes: MinimizingPasses): Promise<boolean> {
  trial.phase = 'chunks';
  let changed = await removeChunks(trial);
  trial.phase = 'close together';
  changed = (await compress(trial)) || changed;
  trial.phase = 'header';
  changed = (await simplifyHeader(trial, passes.header ?? {})) || changed;
  trial.phase = 'pairs';
  while (await removePairs(trial)) {
    changed = true;
    await removeChunks(trial);
  }
  for (const pass of passes.round ?? []) changed = (await runPass(trial, pass)) || changed;
  trial.phase = 'arguments';
  changed = (await simplifyArguments(trial)) || changed;
  changed = (await renumber(trial)) || changed;
  trial.phase = 'one for two';
  return (await repair(trial, passes)) || changed;
}
