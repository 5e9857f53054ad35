/**
 * Makes locksteps of the two implementations in this process, for sequences of any domain.
 */
import { domainOf } from '../domains';
import type { Header, Operation } from '../format/types';
import type { Answered, Difference, Invariant, Lockstep, View } from '../lockstep/types';

export interface LockstepOptions {
  /** Of any domains. */
  readonly invariants: readonly Invariant[];
  /**
   * Compare and check everything after every step, at whatever cost; without it big contents are compared by turns, and
   * a difference may be seen some steps late. For replaying and minimizing.
   */
  readonly thorough?: boolean;
}

/** A lockstep of each domain: the header of each sequence says which one runs it. */
export class AnyLockstep implements Lockstep {
  private readonly made = new Map<string, Lockstep>();
  private present!: Lockstep;

  constructor(private readonly options: LockstepOptions) {}

  begin(header: Header): Difference | null {
    this.present = this.of(header);
    return this.present.begin(header);
  }

  private of(header: Header): Lockstep {
    let lockstep = this.made.get(header.domain);
    if (lockstep === undefined) {
      const { invariants, thorough = false } = this.options;
      lockstep = domainOf(header).comparison.createLockstep(invariants, thorough);
      this.made.set(header.domain, lockstep);
    }
    return lockstep;
  }

  step(operation: Operation): Difference | null {
    return this.present.step(operation);
  }

  end(): Difference | null {
    return this.present.end();
  }

  get sides(): Answered {
    return this.present.sides;
  }

  view(): View {
    return this.present.view();
  }
}

/** A lockstep for sequences of any domain. */
export function createLockstep(options: LockstepOptions): AnyLockstep {
  return new AnyLockstep(options);
}
