/**
 * Runs sequences on locksteps of its own: quickly or thoroughly, with or without a limit of processor time.
 *
 *     quick      big contents are compared by turns, as in the fuzz loop: a difference may be seen some steps late
 *     thorough   all of it after every step: the step at which the difference came in
 *     limited    a step that never ends is a difference too, "hang"
 */
import type { Sequence } from '../format/types';
import type { GeneratedRun, SequenceSource } from '../generate/source';
import { type RunListener, SavedSource, SequenceRun } from '../lockstep/run';
import type { Difference, Invariant, Lockstep, RunSequence } from '../lockstep/types';
import { AnyLockstep } from './create';
import { hangOf, LimitedCall, limitFor } from './limited';

export interface RunnerOptions {
  /** Compare and check everything after every step. */
  readonly thorough?: boolean;
  /** What one step may take, in milliseconds of processor time; without it a run may never end. */
  readonly limitMs?: number;
}

/** Runs one sequence after the other on one lockstep; after an interruption on another. */
export class Runner {
  private lockstep: Lockstep;
  private present = new SequenceRun();
  private readonly limited = new LimitedCall();

  constructor(
    private readonly invariants: readonly Invariant[],
    private readonly options: RunnerOptions = {},
  ) {
    this.lockstep = this.make();
  }

  private make(): Lockstep {
    const { invariants, options } = this;
    return new AnyLockstep({ invariants, thorough: options.thorough ?? false });
  }

  /** Runs a sequence that is there already. */
  run(sequence: Sequence, listeners?: readonly RunListener[], limitMs = this.options.limitMs): Difference | null {
    const { present, lockstep } = this;
    const call = (): void => {
      present.run(new SavedSource(sequence), lockstep, listeners);
    };
    if (limitMs === undefined) call();
    else if (!this.limited.ends(limitFor(limitMs, sequence), call)) {
      // Interrupted somewhere: of no more use.
      this.lockstep = this.make();
      this.present = new SequenceRun();
      return hangOf(present.operations, limitMs);
    }
    return present.difference;
  }
}

/** Above so many operations a thorough run, whose steps cost the more the more is stored, takes minutes. */
const LONG = 10_000;

/** Whether a sequence is too long to be run thoroughly before anything is known to be wrong with it. */
function isLong(sequence: Sequence): boolean {
  return sequence.operations.length > LONG;
}

/**
 * For replaying: looks at everything after every step. So it also sees what is wrong for some steps only and then
 * written over. A long sequence runs quickly first, and thoroughly only if that differs.
 */
export function createThoroughRun(invariants: readonly Invariant[], limitMs?: number): RunSequence {
  const long = createRunSequence(invariants, limitMs);
  return (sequence) => (isLong(sequence) ? long(sequence) : runAfresh(invariants, sequence, limitMs));
}

/**
 * For the minimizer, for which speed is worth more: every sequence runs quickly first, and only one that differs again,
 * thoroughly, for the step at which the difference came in.
 *
 * The second run is on a lockstep that ran nothing else: what an earlier sequence left behind is not this one's
 * failure.
 *
 * @param limitMs  a run in which a step takes longer ends with the difference "hang" at that operation.
 * @param shortMs  the limit after the first that hangs: its shorter forms have less to do.
 */
export function createRunSequence(invariants: readonly Invariant[], limitMs?: number, shortMs = limitMs): RunSequence {
  const quick = new Runner(invariants);
  let present = limitMs;
  return (sequence) => {
    const first = quick.run(sequence, undefined, present);
    if (first === null) return null;
    if (first.rule !== 'hang') return runAfresh(invariants, sequence, present);
    if (limitMs !== undefined && shortMs !== undefined) present = Math.min(limitMs, shortMs);
    return first;
  };
}

/** Runs a sequence thoroughly on a new lockstep, and if that finds nothing, quickly on another. */
function runAfresh(invariants: readonly Invariant[], sequence: Sequence, limitMs?: number): Difference | null {
  const thorough = new Runner(invariants, { thorough: true }).run(sequence, undefined, limitMs);
  return thorough ?? new Runner(invariants).run(sequence, undefined, limitMs);
}

/** Shorter forms of what hangs are given up after so many milliseconds. */
const SHORT_MS = 300;

/** How src and oracle alone run whole sequences. */
export interface PairRuns {
  /** Thoroughly. */
  readonly again: RunSequence;
  /** Variants of a failing sequence, of which there are many. */
  readonly variants: RunSequence;
}

/** All runs of src and oracle alone, with a limit: for commands that must come to an end in this process. */
export function createLimitedPair(invariants: readonly Invariant[], limitMs: number): PairRuns {
  return {
    again: createThoroughRun(invariants, limitMs),
    variants: createRunSequence(invariants, limitMs, SHORT_MS),
  };
}

/** Generated sequences, each with a limit of time: one that hangs is a finding like any other. */
export class LimitedGeneration {
  private source: SequenceSource;
  private lockstep: Lockstep;
  private readonly limited = new LimitedCall();

  constructor(
    private readonly makeSource: () => SequenceSource,
    private readonly makeLockstep: () => Lockstep,
    private readonly limitMs: number,
  ) {
    this.source = makeSource();
    this.lockstep = makeLockstep();
  }

  /** Sequence n, up to its end, its first difference, or a step that never ends. */
  run(n: number, listeners?: readonly RunListener[]): GeneratedRun {
    const { source, lockstep, limitMs } = this;
    let run: GeneratedRun | null = null;
    const ended = this.limited.ends(limitMs, () => {
      run = source.run(n, lockstep, listeners);
    });
    if (ended) return run as unknown as GeneratedRun;
    // Interrupted somewhere: of no more use.
    this.source = this.makeSource();
    this.lockstep = this.makeLockstep();
    const { header, operations } = source.present;
    if (header === null) throw new Error(`drawing the header of sequence ${n} did not end`);
    return { n, header, operations, difference: hangOf(operations, limitMs) };
  }
}
