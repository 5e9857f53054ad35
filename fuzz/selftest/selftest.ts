/**
 * The self-test: plants one bug after the other, searches for each with several seeds, and keeps the score.
 */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Mutant, readMutants } from './mutant';
import { type SearchResult, search } from './search';
import type { SearchOrder } from './search-report';
import { Workshop } from './workshop';

export interface SelftestOptions {
  readonly root: string;
  readonly mutants: readonly Mutant[];
  /** Milliseconds of processor time for one search. */
  readonly forMs: number;
  /** The same for a control, which cannot be found; as for the others if it is left out. */
  readonly controlMs?: number;
  /**
   * After so many failures no more searches begin: what has gone wrong is not one bug's matter. Default: all are
   * searched.
   */
  readonly maxFailures?: number;
  /** Milliseconds for minimizing what it found. */
  readonly minimizeMs: number;
  readonly seeds: readonly string[];
  /** Run the shortest sequence known of each instead of searching; a mutant without one has nothing to do. */
  readonly replayKnown?: boolean;
  readonly parallel?: number;
  readonly onResult: (result: MutantResult, done: number) => void;
}

export interface MutantResult {
  readonly mutant: Mutant;
  readonly searches: readonly SearchResult[];
  readonly verdict: Verdict;
}

/** `missed` and `reported` are failures: a bug that was not found, and a control that was. */
export type Verdict = 'found' | 'missed' | 'quiet' | 'reported' | 'known-miss' | 'found-after-all';

export const MUTANTS_FOLDER = path.join('fuzz', 'mutants');

export function loadMutants(root: string): Mutant[] {
  return readMutants(path.join(root, MUTANTS_FOLDER));
}

/**
 * Runs the searches, two mutants at a time on two cores. A bug counts as found if most of its seeds find it. The
 * results are in the order of the mutants, without those that were not searched after too many failures.
 */
export async function runSelftest(options: SelftestOptions): Promise<MutantResult[]> {
  const workshop = new Workshop(options.root);
  const results: MutantResult[] = new Array(options.mutants.length);
  let next = 0;
  let done = 0;
  let failures = 0;
  const trouble = new AbortController();
  const work = async (): Promise<void> => {
    while (next < options.mutants.length && failures < (options.maxFailures ?? Number.POSITIVE_INFINITY)) {
      const index = next++;
      const mutant = options.mutants[index];
      const folder = workshop.plant(mutant);
      const searches: SearchResult[] = [];
      for (const order of ordersFor(mutant, options)) searches.push(await search(folder, order, trouble.signal));
      workshop.clear(folder);
      results[index] = { mutant, searches, verdict: verdictOf(mutant, searches) };
      if (isFailure(results[index])) failures++;
      options.onResult(results[index], ++done);
    }
  };
  try {
    // One that does not fit is known before the first search, not after an hour.
    for (const mutant of options.mutants) workshop.mutate(mutant);
    await allEnded(Array.from({ length: options.parallel ?? availableParallelism() }, work), trouble);
  } finally {
    workshop.close();
  }
  return results.filter((result) => result !== undefined);
}

/** Waits for all. After a failure the others are ended first: the folder that they run in is about to go. */
async function allEnded(running: readonly Promise<void>[], trouble: AbortController): Promise<void> {
  for (const one of running) one.catch((error: unknown) => trouble.abort(error));
  await Promise.allSettled(running);
  if (trouble.signal.aborted) throw trouble.signal.reason;
}

function ordersFor(mutant: Mutant, options: SelftestOptions): SearchOrder[] {
  const { domain, known, expect } = mutant;
  if (options.replayKnown) return known === null ? [] : [{ seed: '', domain, forMs: 0, minimizeMs: 0, known }];
  const forMs = expect === 'equivalent' ? (options.controlMs ?? options.forMs) : options.forMs;
  return options.seeds.map((seed) => ({ seed, domain, forMs, minimizeMs: options.minimizeMs }));
}

function verdictOf(mutant: Mutant, searches: readonly SearchResult[]): Verdict {
  const hits = searches.filter((s) => s.found !== null).length;
  if (mutant.expect === 'equivalent') return hits === 0 ? 'quiet' : 'reported';
  const found = hits * 2 > searches.length;
  if (mutant.expect === 'not-found') return found ? 'found-after-all' : 'known-miss';
  return found ? 'found' : 'missed';
}

/** Whether a result makes the self-test fail. */
export function isFailure({ verdict }: MutantResult): boolean {
  return verdict === 'missed' || verdict === 'reported';
}

/** The middle of some numbers, infinite ones included; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
