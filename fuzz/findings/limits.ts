/**
 * How much time findings get, and how many are kept: for campaigns, `check`, `minimize` and the self-test alike.
 */

/**
 * Minimizing one finding, milliseconds in all: nearly all are done in seconds, and what is not waits for `minimize`.
 */
export const FINDING_LIMIT_MS = 60_000;

/** The same for one whose group has a minimized finding already: that one is the one to read. */
export const KIN_LIMIT_MS = 2000;

/** One piece of minimizing: long enough to come somewhere, short enough that sequences and Ctrl-C get their turn. */
export const MINIMIZE_PIECE_MS = 2000;

/** Minimizing after the end, for findings that still wait: a script may be waiting for the exit code. */
export const MINIMIZE_AFTER_MS = 30_000;

/** Share of the workers' time for minimizing: it must not eat the time for fuzzing. */
export const MINIMIZE_SHARE = 0.15;

/** No finding needs so many runs; it bounds minimizing that has no limit in time. */
export const MOST_RUNS = 200_000;

/** What takes the process along hangs after so much processor time in the first run of a finding, and in the last. */
export const ISOLATED_LIMIT_MS = 3000;

/**
 * How many findings of one rule and operation may wait for their minimizing at a time: they may be different mistakes.
 */
export const WAITING_LIMIT = 4;

/**
 * Minimizing one planted mistake in the self-test, processor time: its tables compare seeds, and this is a part of
 * them.
 */
export const SELFTEST_MINIMIZE_MS = 20_000;
/** And so many runs. */
export const SELFTEST_RUNS = 20_000;
