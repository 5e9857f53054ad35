/**
 * The minimizer: makes a failing sequence short and plain, whatever it came from.
 *
 *     small nodes -> chunks -> places -> (from nothing, if much is left)
 *
 *     chunks -> close together -> header -> pairs -> plainer operations -> one build for many stores
 *        ^                                                     |
 *        |       one for two <- renumbering <- arguments <-----+
 *        +--- again, until a round changes nothing; then usual nodes, from nothing, drifting; again, if one of them did
 *
 * It knows nothing of implementations: all it has is a function that runs a sequence and tells the first difference. It
 * is deterministic, and where it ends by itself no single operation and no pair can go.
 */

import { givePlaces } from '../domains/mm/places';
import { fitSmallNodes, gather, removeEntries } from '../domains/tree/gather';
import { substitute } from '../domains/tree/substitute';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { plainNodes, shrinkNodes, simplifyHeader } from './header';
import { drift, rebuild } from './rebuild';
import { removeChunks, removePairs } from './remove';
import { compress, renumber } from './renumber';
import { repair } from './repair';
import { simplifyArguments } from './simplify';
import { failureKey, type MinimizeOptions, type RunAnywhere, Trial } from './trial';

export { failureKey, type MinimizeOptions, type OtherFailure, type Progress, type RunAnywhere } from './trial';

export interface Minimized {
  readonly sequence: Sequence;
  /** What the minimized sequence fails with. */
  readonly difference: Difference;
  readonly runs: number;
  /** False if a limit ended the search: it can go on from `sequence`. */
  readonly complete: boolean;
}

/** For longer sequences what is made from nothing comes first: all else takes the more attempts the more operations there are. */
const LONG = 16;
const FEW_ATTEMPTS = 3000;
const MOST_ATTEMPTS = 6000;

/** Minimizes a sequence, or returns null if it does not fail. */
export async function minimize(
  sequence: Sequence,
  run: RunAnywhere,
  options: MinimizeOptions = {},
): Promise<Minimized | null> {
  const difference = await run(sequence);
  if (difference === null) return null;
  const trial = new Trial(sequence, difference, run, options);
  trial.phase = 'small nodes';
  await shrinkNodes(trial);
  trial.phase = 'chunks';
  await removeChunks(trial);
  trial.phase = 'places';
  await givePlaces(trial);
  await anew(trial, LONG, FEW_ATTEMPTS);
  let changed = true;
  // What was looked for once need not be looked for as long again.
  for (let attempts = MOST_ATTEMPTS; changed && !trial.over; ) {
    changed = (await round(trial)) || (await plainNodes(trial));
    if (changed) continue;
    changed = (await anew(trial, 0, attempts)) || (await drifted(trial));
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
async function anew(trial: Trial, longerThan: number, attempts: number): Promise<boolean> {
  trial.phase = 'from nothing';
  return trial.operations.length > longerThan && (await rebuild(trial, attempts));
}

function drifted(trial: Trial): Promise<boolean> {
  trial.phase = 'drifting';
  return drift(trial);
}

/** One round through everything; whether it changed anything. */
async function round(trial: Trial): Promise<boolean> {
  trial.phase = 'chunks';
  let changed = await removeChunks(trial);
  trial.phase = 'close together';
  changed = (await compress(trial)) || changed;
  trial.phase = 'header';
  changed = (await simplifyHeader(trial)) || changed;
  trial.phase = 'pairs';
  while (await removePairs(trial)) {
    changed = true;
    await removeChunks(trial);
  }
  trial.phase = 'plainer operations';
  if (await substitute(trial)) {
    changed = true;
    await removeChunks(trial);
  }
  trial.phase = 'one build for many stores';
  if (await gather(trial)) {
    changed = true;
    await removeChunks(trial);
  }
  changed = (await removeEntries(trial)) || changed;
  changed = (await fitSmallNodes(trial)) || changed;
  trial.phase = 'arguments';
  changed = (await simplifyArguments(trial)) || changed;
  changed = (await renumber(trial)) || changed;
  trial.phase = 'one for two';
  return (await repair(trial)) || changed;
}
