/**
 * `--target` of the verbs that run implementations side by side: the first is the subject, the others judge it.
 *
 * The default pair runs in this process; anything else is run by the referee (fuzz/targets).
 */
import { Option } from 'commander';
import type { Difference } from '../lockstep/types';
import type { Sequence } from '../sequence/types';
import { UsageError } from './exits';

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

/** @throws UsageError for targets that cannot be run side by side. */
export function makeRunSequence(options: JudgeOptions): AnyRun {
  if (options.target !== DEFAULT_TARGETS)
    throw new UsageError(`--target ${options.target}: only ${DEFAULT_TARGETS} so far`);
  const { createRunSequence } = require('../lockstep/create') as typeof import('../lockstep/create');
  const { INVARIANTS } = require('../invariants') as typeof import('../invariants');
  return createRunSequence(INVARIANTS);
}
