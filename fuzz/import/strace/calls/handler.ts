/**
 * What a handler of a call is given, and what it says became of the call.
 */
import type { Result } from '../arguments';
import type { Descriptors } from '../descriptors';
import type { Space } from '../space';

/** What is known across all processes of a log. */
export class Log {
  /** Lengths of System V shared memory by id. */
  readonly segments = new Map<number, number>();
  /** An strace of old prints the offset of mmap2 in pages. */
  offsetsInPages = false;

  /** @param orderIsGuess whether calls of threads may have had another order than the one that they come in */
  constructor(readonly orderIsGuess: boolean) {}
}

export interface Seen {
  readonly log: Log;
  readonly space: Space;
  readonly descriptors: Descriptors;
  readonly name: string;
  readonly args: readonly string[];
  readonly result: Result;
}

/** Null: kept. */
export type Outcome = null | {
  /** Whether the call changed mappings, so that the layout is wrong without it. */
  readonly lost: boolean;
  readonly reason: string;
};

export type Handler = (seen: Seen) => Outcome;

export const skip = (reason: string): Outcome => ({ lost: false, reason });
/** Counts only for a call that succeeded: one that failed changed nothing. */
export const lose = (reason: string): Outcome => ({ lost: true, reason });

export const NO_CHANGE = skip('changes no mapping');
export const NOT_UNDERSTOOD = lose('its arguments were not understood');
export const TOO_FAR = lose('its range ends above the user address space');
export const ENDED = skip('the process ended in it');
export const failedBeyond = (errno: string): Outcome =>
  skip(`failed with ${errno} for a reason that the mappings do not show`);

/** The half of all addresses that processes have; no machine uses all of it. */
export const USER_SPACE = 2 ** 63;
