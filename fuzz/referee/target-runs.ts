/**
 * From a list of targets to what runs sequences on them: the lockstep of src and oracle, or a referee for any others. The
 * caller need not know which it is.
 */
import type { DomainName, Ret, Sequence } from '../format/types';
import type { MmView, TreeView } from '../format/view';
import type { Invariant, Lockstep, RunSequence } from '../lockstep/types';
import { createLockstep, createRunSequence, createThoroughRun, runOn } from '../run/create';
import type { PairRuns } from '../run/limited';
import { isDefaultPair, ORACLE, SRC, type Target } from '../targets/list';
import type { Limits } from '../targets/process/connection';
import { keepLegal } from './legal';
import { type Pair, Referee } from './referee';
import { RunningTargets } from './running-targets';
import type { Remark } from './target-remarks';

export interface TargetLockstep extends Lockstep {
  /** The oracle's content, for the generator. */
  view(): TreeView | MmView;
  /** What src answered last. */
  readonly sides: { readonly ret: Ret; readonly refused: boolean };
}

/** What runs sequences on the targets of a list. */
export interface TargetRuns {
  /** Whether a target runs outside of this process: it cannot be interrupted, and some operations may not be asked of it. */
  readonly outside: boolean;
  /** For fuzzing; one for all sequences. */
  readonly lockstep: TargetLockstep;
  /** Runs a sequence again, thoroughly. @throws TargetStartError if a target cannot be started. */
  readonly runSequence: RunSequence;
  /** What runs variants of a failing sequence: a variant that may not be put to the targets is not run, and passes. */
  readonly runVariantsOf: (original: Sequence) => RunSequence;
  /** Operations that some target lacks, not to be generated; starts the targets. @throws TargetStartError. */
  lacking(domain: DomainName): string[];
  /** The same for each target by name. */
  lackingBy(domain: DomainName): ReadonlyMap<string, readonly string[]>;
  /** What the targets lacked since the last call, and which of their differences are declared. */
  takeRemarks(): Remark[];
  close(): void;
}

export interface TargetRunsOptions {
  readonly invariants: readonly Invariant[];
  readonly limits?: Partial<Limits>;
  /** How src and oracle run alone, if not without any limit: see fuzz/run/limited.ts. */
  readonly pairRuns?: PairRuns;
}

/** src and oracle alone. */
function runsOfPair({ invariants, pairRuns }: TargetRunsOptions): TargetRuns {
  const variants = pairRuns?.variants ?? createRunSequence(invariants);
  return {
    outside: false,
    lockstep: createLockstep({ invariants }),
    runSequence: pairRuns?.again ?? createThoroughRun(invariants),
    runVariantsOf: () => variants,
    lacking: () => [],
    lackingBy: () => new Map(),
    takeRemarks: () => [],
    close: () => {},
  };
}

/** A run of the pair alone, before the targets are asked: what hangs in this process is found there, where it ends. */
function hangsFirst(alone: RunSequence | undefined, run: RunSequence): RunSequence {
  if (alone === undefined) return run;
  return (sequence) => {
    const difference = alone(sequence);
    return difference?.rule === 'hang' ? difference : run(sequence);
  };
}

function runsOfAny(targets: readonly Target[], { invariants, limits, pairRuns }: TargetRunsOptions): TargetRuns {
  const running = new RunningTargets(targets, limits);
  const pair = (thorough: boolean): Pair => ({
    lockstep: createLockstep({ invariants, thorough }),
    comparedStepwise: [SRC, ORACLE],
  });
  const thorough = new Referee(running, pair(true), { thorough: true });
  const runThoroughly: RunSequence = (sequence) => runOn(thorough, sequence);
  const outside = targets.some(({ kind }) => kind === 'outside');
  const variants = hangsFirst(pairRuns?.variants, runThoroughly);
  return {
    outside,
    lockstep: new Referee(running, pair(false)),
    runSequence: hangsFirst(pairRuns?.again, runThoroughly),
    runVariantsOf: (original) =>
      outside ? keepLegal(variants, original, running.lacking(original.header.domain)) : variants,
    lacking: (domain) => running.lacking(domain),
    lackingBy: (domain) => running.lackingBy(domain),
    takeRemarks: () => running.takeRemarks(),
    close: () => running.close(),
  };
}

/** @param targets  the subject first. */
export function createTargetRuns(targets: readonly Target[], options: TargetRunsOptions): TargetRuns {
  return isDefaultPair(targets) ? runsOfPair(options) : runsOfAny(targets, options);
}
