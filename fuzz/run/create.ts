/**
 * Makes locksteps of the two implementations in this process.
 */

import type { TreeView } from '../domains/tree/view';
import type { Header, Operation, Ret, Sequence } from '../format/types';

import type { Difference, Invariant, Lockstep, MmInvariant, RunSequence, TreeInvariant } from '../lockstep/types';

export interface LockstepOptions {
  /** Those of the other domain are left out. */
  readonly invariants: readonly Invariant[];
  /**
   * Compare and check everything after every step, at whatever cost; without it big contents are compared by turns, and a
   * difference may be seen some steps late. For replaying and minimizing.
   */
  readonly thorough?: boolean;
}

/** A lockstep of one domain; it begins with an empty default tree or window. */
export function createTreeLockstep(options: LockstepOptions): import('../domains/tree/compare').TreeLockstep {
  const { TreeLockstep } = require('../domains/tree/compare') as typeof import('../domains/tree/compare');
  const mine = options.invariants.filter((invariant): invariant is TreeInvariant => invariant.domain === 'tree');
  return new TreeLockstep(mine, options.thorough ?? false);
}

export function createMmLockstep(options: LockstepOptions): import('../domains/mm/compare').MmLockstep {
  const { MmLockstep } = require('../domains/mm/compare') as typeof import('../domains/mm/compare');
  const mine = options.invariants.filter((invariant): invariant is MmInvariant => invariant.domain === 'mm');
  return new MmLockstep(mine, options.thorough ?? false);
}

/** A lockstep for both domains: the header of each sequence says which. */
export class AnyLockstep implements Lockstep {
  private tree: import('../domains/tree/compare').TreeLockstep | null = null;
  private mm: import('../domains/mm/compare').MmLockstep | null = null;
  private present: import('../domains/tree/compare').TreeLockstep | import('../domains/mm/compare').MmLockstep | null =
    null;

  constructor(private readonly options: LockstepOptions) {}

  begin(header: Header): Difference | null {
    if (header.domain === 'tree') this.present = this.tree ??= createTreeLockstep(this.options);
    else this.present = this.mm ??= createMmLockstep(this.options);
    return this.present.begin(header);
  }

  step(operation: Operation): Difference | null {
    return this.present!.step(operation);
  }

  end(): Difference | null {
    return this.present!.end();
  }

  /** What src answered last in the present sequence. */
  get sides(): { readonly ret: Ret; readonly refused: boolean } {
    return this.present!.sides;
  }

  /** What the generator may look at in the present sequence: the judge's content. */
  view(): TreeView | import('../domains/mm/view').MmView {
    return this.present!.view();
  }
}

/** A lockstep for sequences of either domain. */
export function createLockstep(options: LockstepOptions): AnyLockstep {
  return new AnyLockstep(options);
}

/** Runs one whole sequence on a lockstep, to its end or its first difference. */
export function runOn(lockstep: Lockstep, sequence: Sequence): Difference | null {
  const refused = lockstep.begin(sequence.header);
  if (refused !== null) return refused;
  for (const operation of sequence.operations) {
    const difference = lockstep.step(operation);
    if (difference !== null) return difference;
  }
  return lockstep.end();
}

/** Above so many operations a thorough run, whose steps cost the more the more is stored, takes minutes. */
const LONG = 10_000;

/**
 * A function that runs whole sequences thoroughly and gives the first wrong step: what replay needs. So it also sees what is
 * wrong for some steps only and then written over. A long sequence runs at the pace of the fuzz loop first, and thoroughly
 * only if that differs.
 */
export function createThoroughRun(invariants: readonly Invariant[]): RunSequence {
  const long = createRunSequence(invariants);
  return (sequence) => (isLong(sequence) ? long(sequence) : runAfresh(invariants, sequence));
}

/** Whether a sequence is too long to be run thoroughly before anything is known to be wrong with it. */
export function isLong(sequence: Sequence): boolean {
  return sequence.operations.length > LONG;
}

/**
 * The same for the minimizer, for which speed is worth more: every sequence runs at the pace of the fuzz loop first, and only
 * one that differs again, thoroughly, for the step at which the difference came in.
 *
 * The second run is on a lockstep that ran nothing else: what an earlier sequence left behind is not this one's failure.
 */
export function createRunSequence(invariants: readonly Invariant[]): RunSequence {
  const quick = createLockstep({ invariants });
  return (sequence) => (runOn(quick, sequence) === null ? null : runAfresh(invariants, sequence));
}

/** Runs a sequence thoroughly on a new lockstep, and if that finds nothing, at the pace of the loop on another. */
export function runAfresh(invariants: readonly Invariant[], sequence: Sequence): Difference | null {
  const thorough = runOn(createLockstep({ invariants, thorough: true }), sequence);
  return thorough ?? runOn(createLockstep({ invariants }), sequence);
}
