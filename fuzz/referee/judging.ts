/**
 * From a list of targets to what runs them: the pair of this process in lockstep, or a referee for all others.
 *
 * Whoever fuzzes, replays or minimizes asks here and need not know which it is.
 */

import type { DomainName, Sequence } from '../format/types';
import { runOn } from '../lockstep/run';
import type { Invariant, Lockstep, RunSequence } from '../lockstep/types';
import { createLockstep } from '../run/create';
import { createRunSequence, createThoroughRun, type PairRuns } from '../run/runner';
import { isDefaultPair, parseTargets, type Target } from '../targets/list';
import type { Limits } from '../targets/process/connection';
import type { Note } from './target-remarks';

export const DEFAULT_TARGETS = 'src,oracle';

export interface Judging {
  /** Whether a target runs outside of this process: then only what the kernel's callers may do should be generated. */
  readonly outside: boolean;
  /** For fuzzing; one for all sequences. */
  readonly lockstep: Lockstep;
  /** Runs a sequence again, thoroughly. @throws TargetStartError if a target cannot be started. */
  readonly runSequence: RunSequence;
  /** What runs variants of a failing sequence: those that may not be asked of the targets are not run, and count as passing. */
  readonly runVariantsOf: (original: Sequence) => RunSequence;
  /** Operations that some target lacks, not to be generated; starts the targets. @throws TargetStartError. */
  lacking(domain: DomainName): string[];
  /** The same for each target by name. */
  lackingBy(domain: DomainName): ReadonlyMap<string, readonly string[]>;
  /** What happened with targets outside since the last call: what they lacked, which differences their version explains. */
  takeNotes(): Note[];
  close(): void;
}

function judgePair(invariants: readonly Invariant[], runs?: PairRuns): Judging {
  const variants = runs?.variants ?? createRunSequence(invariants);
  return {
    outside: false,
    lockstep: createLockstep({ invariants }),
    runSequence: runs?.again ?? createThoroughRun(invariants),
    runVariantsOf: () => variants,
    lacking: () => [],
    lackingBy: () => new Map(),
    takeNotes: () => [],
    close: () => {},
  };
}

function judgeAny(
  targets: readonly Target[],
  invariants: readonly Invariant[],
  limits: Partial<Limits>,
  runs?: PairRuns,
): Judging {
  const { Seats } = require('./running-targets') as typeof import('./running-targets');
  const { Referee } = require('./referee') as typeof import('./referee');
  const seats = new Seats(targets, limits);
  const thorough = new Referee(seats, { invariants, thorough: true });
  const outside = targets.some(({ kind }) => kind === 'outside');
  // What hangs in this process is found by running it here first: a talk with a program cannot be interrupted.
  const after =
    (alone?: RunSequence): RunSequence =>
    (sequence) => {
      const own = alone?.(sequence);
      return own?.rule === 'hang' ? own : runOn(thorough, sequence);
    };
  const variants = after(runs?.variants);
  return {
    outside,
    lockstep: new Referee(seats, { invariants }),
    runSequence: after(runs?.again),
    runVariantsOf: (original) => {
      if (!outside) return variants;
      const { keepLegal } = require('./legal') as typeof import('./legal');
      return keepLegal(variants, original, seats.lacking(original.header.domain));
    },
    lacking: (domain) => seats.lacking(domain),
    lackingBy: (domain) => seats.lackingBy(domain),
    takeNotes: () => seats.takeNotes(),
    close: () => seats.close(),
  };
}

/**
 * @param list  as `--target` has it, the subject first.
 * @param runs  how src and oracle run alone, if not without any limit: see fuzz/run/runner.ts.
 * @throws CommandLineError for a list that cannot be taken apart.
 */
export function createJudging(
  list: string,
  invariants: readonly Invariant[],
  limits: Partial<Limits> = {},
  runs?: PairRuns,
): Judging {
  const targets = parseTargets(list);
  return isDefaultPair(targets) ? judgePair(invariants, runs) : judgeAny(targets, invariants, limits, runs);
}
