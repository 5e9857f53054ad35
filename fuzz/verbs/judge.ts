/**
 * `--target` of the verbs that run implementations side by side: the first is the subject, the others judge it.
 *
 * The default pair runs in this process; anything else is run by the referee (fuzz/targets).
 */
import { Option } from 'commander';
import type { Referee } from '../lockstep/referee';
import type { Difference, Invariant } from '../lockstep/types';
import type { Sequence } from '../sequence/types';
import { atEnd } from './cleanup';
import { CouldNotRun, UsageError } from './exits';

export const DEFAULT_TARGETS = 'src,oracle';

export interface JudgeOptions {
  readonly target: string;
}

/** Runs a whole sequence; targets outside of this process answer later. */
export type AnyRun = (sequence: Sequence) => Difference | null | Promise<Difference | null>;

export function judgeOption(): Option {
  return new Option(
    '--target <list>',
    'implementations to run in lockstep: src, oracle, kernel or a command, with commas between; the first is the subject',
  ).default(DEFAULT_TARGETS);
}

/** The flag to repeat in a command that is printed, if it is not the default. */
export function judgeFlags(options: JudgeOptions): string | undefined {
  return options.target === DEFAULT_TARGETS ? undefined : `--target '${options.target}'`;
}

/**
 * A function that runs sequences thoroughly on the targets.
 * @throws UsageError for a list that makes no sense. The function throws CouldNotRun for a target that does not start.
 */
export function makeRunSequence(options: JudgeOptions): AnyRun {
  const { createRunSequence, runOn } = require('../lockstep/create') as typeof import('../lockstep/create');
  const { INVARIANTS } = require('../invariants') as typeof import('../invariants');
  if (options.target === DEFAULT_TARGETS) return createRunSequence(INVARIANTS);
  const { TargetStartError } = require('../targets/process/failure') as typeof import('../targets/process/failure');
  const referee = makeReferee(options.target, INVARIANTS);
  return (sequence) => {
    try {
      return runOn(referee, sequence);
    } catch (error) {
      throw error instanceof TargetStartError ? new CouldNotRun(error.message) : error;
    }
  };
}

/** A lockstep of any targets; it is closed when the verb ends. */
function makeReferee(list: string, invariants: readonly Invariant[]): Referee {
  const { Referee } = require('../lockstep/referee') as typeof import('../lockstep/referee');
  const { parseTargets } = require('../targets/list') as typeof import('../targets/list');
  const { CommandLineError } = require('../targets/process/words') as typeof import('../targets/process/words');
  try {
    const targets = parseTargets(list);
    if (targets.length < 2) throw new CommandLineError('at least two are needed, a subject and a judge');
    const referee = new Referee({ targets, invariants, thorough: true });
    atEnd(() => referee.close());
    return referee;
  } catch (error) {
    throw error instanceof CommandLineError ? new UsageError(`--target ${list}: ${error.message}`) : error;
  }
}
