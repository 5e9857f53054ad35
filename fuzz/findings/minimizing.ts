/**
 * Minimizes stored findings: one for as long as it may, or piece by piece between other work.
 */
import path from 'node:path';
import type { RunSequence } from '../lockstep/types';
import type { Sequence } from '../format/types';
import { DiskFull } from '../base/files';
import { type FindingsStore, readFacts, type Settled } from './store';
import { FindingSearch, type SearchOptions, withNote } from './shorten';

export { FINDING_LIMIT_MS, takesProcessAlong } from './shorten';

export interface Minimizing extends SearchOptions {
  /** Time for this piece of work. */
  readonly budgetMs: number;
}

type RunVariantsOf = (original: Sequence) => RunSequence;

/**
 * Minimizes a finding for `budgetMs` at most.
 * @returns where the finding is settled, or null if it is not and wants more time.
 */
export async function minimizeFinding(
  store: FindingsStore,
  name: string,
  runVariantsOf: RunVariantsOf,
  { budgetMs, ...options }: Minimizing,
): Promise<Settled | null> {
  const search = new FindingSearch(store, name, runVariantsOf, options);
  try {
    return await search.goOn(budgetMs);
  } finally {
    search.close();
  }
}

/** Minimizes one finding after the other, piece by piece: a search that is paused waits here for the next piece. */
export class PieceByPiece {
  private search: FindingSearch | null = null;

  constructor(
    private readonly store: FindingsStore,
    private readonly runVariantsOf: RunVariantsOf,
    private readonly options: SearchOptions,
  ) {}

  get isPaused(): boolean {
    return this.search !== null;
  }

  /** Goes on with a finding, or begins with it. Null if it wants another piece, or turned out to be there already. */
  async goOn(name: string, budgetMs: number): Promise<Settled | null> {
    let isPaused = false;
    try {
      if (this.search?.name !== name) this.begin(name);
      const settled = await this.search!.goOn(budgetMs);
      isPaused = settled === null;
      return settled;
    } catch (error) {
      // One finding that cannot be minimized must not end the night: it stays as it was found.
      if (error instanceof DiskFull) throw error;
      return giveUpMinimizing(this.store, name, String(error));
    } finally {
      if (!isPaused) this.end();
    }
  }

  private begin(name: string): void {
    this.end();
    this.search = new FindingSearch(this.store, name, this.runVariantsOf, this.options);
  }

  private end(): void {
    this.search?.close();
    this.search = null;
  }
}

/**
 * Gives up minimizing a finding: whoever tried died of it, or it cannot be done.
 * @returns where it is; null if it is gone, since it turned out to be one that is there already.
 */
export function giveUpMinimizing(store: FindingsStore, name: string, why: string): Settled | null {
  const now = store.whereIs(name);
  if (now === null) return null;
  const facts = readFacts(path.join(store.folder, now));
  // Whoever died had settled it before.
  if (facts.minimized !== 'no') return { name: now, duplicate: false };
  return store.settle(now, null, {
    ...facts,
    minimized: 'partly',
    detail: withNote(facts.detail, `not minimized: ${why}`),
  });
}
