/**
 * How much is still unseen, from how often each feature was seen (the estimators of Good and Turing, and of Chao).
 *
 * Each sequence is a sample, each feature a species. If many features have been seen in one sequence only, then more
 * that have been seen in none must be near; if every feature has been seen often, little is left that this way of
 * generating can reach. It says nothing about what the generator cannot reach at all.
 */

interface Unseen {
  /** Expected number of new features that the next sequence brings. */
  readonly nextSequence: number;
  /** A lower estimate of how many features are reachable and not yet seen. */
  readonly features: number;
}

/**
 * @param samples sequences run
 * @param once features seen in exactly one sequence
 * @param twice features seen in exactly two
 */
export function estimateUnseen(samples: number, once: number, twice: number): Unseen {
  if (samples === 0) return { nextSequence: Number.POSITIVE_INFINITY, features: Number.POSITIVE_INFINITY };
  return { nextSequence: once / samples, features: once === 0 ? 0 : (once * (once - 1)) / (2 * (twice + 1)) };
}

/** The same in plain words. */
export function describeUnseen(samples: number, once: number, twice: number): string {
  if (samples === 0) return 'No sequence has been run, so nothing can be said about what is unseen.';
  const { nextSequence, features } = estimateUnseen(samples, once, twice);
  if (once === 0) return `Every feature seen was seen more than once in ${samples} sequences: little is left to reach.`;
  const rate =
    nextSequence >= 1
      ? `The next sequence would bring about ${nextSequence.toFixed(1)} new features`
      : `About one in ${Math.round(1 / nextSequence)} further sequences would bring a new feature`;
  return `${rate}; at least ${Math.ceil(features)} more seem to be within reach.`;
}
