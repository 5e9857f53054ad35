/**
 * From a list of targets to what runs sequences on them: the lockstep of src and oracle, or a referee for any others.
 * The caller need not know which it is.
 */

import type { DomainName, Header, Operation, Sequence } from '../format/types';
import type { Capabilities } from '../generate/weights';
import { runOn } from '../lockstep/run';
import type { Difference, Invariant, Lockstep, RunSequence } from '../lockstep/types';
import { AnyLockstep, createLockstep, type LockstepOptions } from '../run/create';
import { createRunSequence, createThoroughRun, type PairRuns } from '../run/runner';
import { isDefaultPair, ORACLE, SRC, type Target } from '../targets/list';
import type { Limits } from '../targets/process/connection';
import { type Compared, ComparedTally } from './compared';
import type { DeclaredRow } from './declared';
import { keepLegal } from './legal';
import { type Pair, Referee } from './referee';
import { RunningTargets } from './running-targets';
import type { Remark } from './target-remarks';

/** What runs sequences on the targets of a list. */
export interface TargetRuns {
  /**
   * Whether a target runs outside of this process: it cannot be interrupted, and some operations may not be asked of
   * it.
   */
  readonly outside: boolean;
  /** For fuzzing; one for all sequences. What it compares is counted. */
  readonly lockstep: Lockstep;
  /** Another one like it, where one was interrupted. */
  makeLockstep(): Lockstep;
  /** Runs a saved sequence, thoroughly; counted. @throws TargetStartError if a target cannot be started. */
  readonly runSequence: RunSequence;
  /** The same, not counted: for a sequence that has run before. */
  readonly runAgain: RunSequence;
  /** What runs variants of a failing sequence: a variant that may not be put to the targets is not run, and passes. */
  readonly runVariantsOf: (original: Sequence) => RunSequence;
  /** Operations that some target lacks, not to be generated; starts the targets. @throws TargetStartError. */
  lacking(domain: DomainName): string[];
  /** The same for each target by name. */
  lackingBy(domain: DomainName): ReadonlyMap<string, readonly string[]>;
  /** What all targets can do beside operations; it starts them. @throws TargetStartError. */
  capabilities(domain: DomainName): Capabilities;
  /** How much was compared with each target since the last call. */
  takeCompared(): Compared;
  /** What the targets lacked since the last call, and which of their differences are declared. */
  takeRemarks(): Remark[];
  close(): void;
}

export interface TargetRunsOptions {
  readonly invariants: readonly Invariant[];
  readonly limits?: Partial<Limits>;
  /** Differences that are known and right; not looked at between src and oracle. */
  readonly declared?: readonly DeclaredRow[];
  /** How src and oracle run alone, if not without any limit: see fuzz/run/runner.ts. */
  readonly pairRuns?: PairRuns;
}

/** The lockstep of src and oracle, whose sequences and steps are counted. */
class CountedPair extends AnyLockstep {
  private steps = 0;

  constructor(
    options: LockstepOptions,
    private readonly count: (steps: number) => void,
  ) {
    super(options);
  }

  override begin(header: Header): Difference | null {
    this.steps = 0;
    return super.begin(header);
  }

  override step(operation: Operation): Difference | null {
    const difference = super.step(operation);
    if (difference === null) this.steps++;
    else this.count(this.steps);
    return difference;
  }

  override end(): Difference | null {
    this.count(this.steps);
    return super.end();
  }
}

/** src and oracle alone. */
function runsOfPair({ invariants, pairRuns }: TargetRunsOptions): TargetRuns {
  const variants = pairRuns?.variants ?? createRunSequence(invariants);
  const runAgain = pairRuns?.again ?? createThoroughRun(invariants);
  const names = [SRC.name, ORACLE.name];
  const tally = new ComparedTally(names);
  const count = (steps: number): void => {
    for (const name of names) tally.add(name, { steps, comparedSteps: steps, satOut: null });
  };
  const makeLockstep = (): Lockstep => new CountedPair({ invariants }, count);
  return {
    outside: false,
    lockstep: makeLockstep(),
    makeLockstep,
    runSequence: (sequence) => {
      const difference = runAgain(sequence);
      count(difference === null ? sequence.operations.length : Math.max(0, difference.step));
      return difference;
    },
    runAgain,
    runVariantsOf: () => variants,
    takeCompared: () => tally.take(),
    lacking: () => [],
    lackingBy: () => new Map(),
    capabilities: () => ({ headers: [], files: [] }),
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

function runsOfAny(
  targets: readonly Target[],
  { invariants, limits, declared, pairRuns }: TargetRunsOptions,
): TargetRuns {
  const running = new RunningTargets(targets, limits, declared);
  const pair = (thorough: boolean): Pair => ({
    lockstep: createLockstep({ invariants, thorough }),
    comparedStepwise: [SRC, ORACLE],
  });
  const tally = new ComparedTally(targets.map(({ name }) => name));
  const thorough = pair(true);
  const counted = new Referee(running, thorough, { thorough: true, tally });
  const uncounted = new Referee(running, thorough, { thorough: true });
  const runThoroughly: RunSequence = (sequence) => runOn(uncounted, sequence);
  const makeLockstep = (): Lockstep => new Referee(running, pair(false), { tally });
  const outside = targets.some(({ kind }) => kind === 'outside');
  const variants = hangsFirst(pairRuns?.variants, runThoroughly);
  return {
    outside,
    lockstep: makeLockstep(),
    makeLockstep,
    runSequence: hangsFirst(pairRuns?.again, (sequence) => runOn(counted, sequence)),
    runAgain: hangsFirst(pairRuns?.again, runThoroughly),
    runVariantsOf: (original) =>
      outside ? keepLegal(variants, original, running.lacking(original.header.domain)) : variants,
    lacking: (domain) => running.lacking(domain),
    lackingBy: (domain) => running.lackingBy(domain),
    capabilities: (domain) => running.capabilities(domain),
    takeCompared: () => tally.take(),
    takeRemarks: () => running.takeRemarks(),
    close: () => running.close(),
  };
}

/** @param targets  the subject first. */
export function createTargetRuns(targets: readonly Target[], options: TargetRunsOptions): TargetRuns {
  return isDefaultPair(targets) ? runsOfPair(options) : runsOfAny(targets, options);
}
