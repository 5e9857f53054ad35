/**
 * Looks for the same failure in short sequences made from nothing: operations of the kinds that the failing sequence
 * has, at other places, in a small window or on small nodes.
 *
 *     store 1, store 9, erase 9, store 5, ... 30 more, store 2..20 null
 *       ->  bulk [0 2 4 ... 60], store 0..37 null
 *
 * What is left after leaving out can be far from the shortest: a node must be just so full, and the writes that happen
 * to make it so cannot go one by one. Then it is cheaper to ask anew, for short sequences run fast, and where
 * everything is small most situations are common. What is asked for comes from the failing sequence alone: its rule,
 * its failing operation, the names and the words of its operations.
 *
 * Rules that hold here:
 * - So many attempts and no more, drawn by a generator that always starts in the same way: the same failure gives the
 *   same result.
 * - Made from nothing is only what is shorter than the sequence; of two operations, what has fewer entries.
 */

import { Stream } from '../generate/stream';
import type { MinimizingPasses, ShortSequences } from './minimizing';
import { type Trial, weightOf } from './trial';

/** For each operation that can be saved so many attempts are made. */
const FOR_EACH = 2000;
/** So many at most where a sequence drifts. */
const MOST_TO_DRIFT = 6000;
/** A sequence of two operations is short enough. */
const SHORT = 2;
/** If its builds are light as well; else a lighter one is looked for. */
const LIGHT = 5;
const FOR_LIGHTER = 1000;
/** Longer ones hold together too many things to drift. */
const LONGEST_TO_DRIFT = 12;

/** Tries short sequences, at most so many. Whether one fails in the same way. */
export async function rebuild(trial: Trial, passes: MinimizingPasses, most: number): Promise<boolean> {
  const { length } = trial.operations;
  const weight = weightOf(trial.operations);
  const short = shortSequencesFor(trial, passes);
  if (short === null || (length <= SHORT && weight <= LIGHT)) return false;
  const attempts = Math.min(most, length <= SHORT ? FOR_LIGHTER : FOR_EACH * (length - SHORT));
  for (let i = 0; i < attempts && !trial.over; i++) {
    const made = short.make(Math.max(SHORT, length - 1));
    if (length <= SHORT && weightOf(made.operations) >= weight) continue;
    if (await trial.tryOtherEnd(made.operations, made.header)) return true;
  }
  return false;
}

function shortSequencesFor(trial: Trial, passes: MinimizingPasses): ShortSequences | null {
  const failing = trial.difference.operation;
  if (failing === null) return null;
  const stream = new Stream();
  stream.start(trial.operations.length, 0);
  return passes.shortSequences?.(stream, trial, failing) ?? null;
}

/**
 * Changes the sequence here and there as long as it fails in the same way, and after each change tries to leave one
 * out: what no operation could be spared for may come to be done by another. If none could go after all, everything is
 * as before.
 */
export async function drift(trial: Trial, passes: MinimizingPasses): Promise<boolean> {
  const { length } = trial.operations;
  const short = shortSequencesFor(trial, passes);
  if (short === null || length <= SHORT || length > LONGEST_TO_DRIFT) return false;
  const restore = trial.save();
  const attempts = Math.min(MOST_TO_DRIFT, FOR_EACH * (length - SHORT));
  const until = trial.runs + 2 * attempts;
  for (let i = 0; i < attempts && trial.runs < until && !trial.over; i++) {
    if (!(await trial.tryOperations(short.vary(trial.operations)))) continue;
    // It may have failed sooner than before.
    if (trial.operations.length < length) return true;
    for (let gone = length - 2; gone >= 0; gone--) {
      if (await trial.tryOperations(trial.operations.filter((_, at) => at !== gone))) return true;
    }
  }
  restore();
  return false;
}
