/**
 * How often what costs a walk over the whole content is done, so that a step's checks cost about the same at any size.
 *
 * Up to WALK_SIZE entries after every step; above that in proportion less often: each step saves up WALK_SIZE, and a
 * walk over n entries costs n. In between what is looked at lies around the operation's place. A difference that was
 * noticed late is found at its step by running the sequence again thoroughly.
 */
export const WALK_SIZE = 8;

export class Amortize {
  private saved = 0;

  constructor(private readonly thorough: boolean) {}

  begin(): void {
    this.saved = 0;
  }

  /** Whether a walk over `size` entries is due now. */
  isDue(size: number): boolean {
    if (this.thorough || size <= WALK_SIZE) return true;
    this.saved += WALK_SIZE;
    if (this.saved < size) return false;
    this.saved = 0;
    return true;
  }
}
