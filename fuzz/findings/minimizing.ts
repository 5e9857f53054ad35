/**
 * Minimizes stored findings: one for as long as it may, or piece by piece between other work.
 */
import path from 'node:path';
import { DiskFull } from '../base/files';
import { withNote } from './finding';
import { type RunVariantsOf, Shortening, type ShorteningOptions } from './shorten';
import { type FindingsStore, readFacts, type Settled } from './store';

export interface Minimizing extends ShorteningOptions {
  /** Time for this piece of work. */
  readonly budgetMs: number;
}

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
  const shortening = new Shortening(store, name, runVariantsOf, options);
  try {
    return await shortening.goOn(budgetMs);
  } finally {
    shortening.close();
  }
}

/** Minimizes one finding after the other, piece by piece: one that is paused waits here for the next piece. */
export class PieceByPiece {
  private present: Shortening | null = null;

  constructor(
    private readonly store: FindingsStore,
    private readonly runVariantsOf: RunVariantsOf,
    private readonly options: ShorteningOptions,
  ) {}

  get isPaused(): boolean {
    return this.present !== null;
  }

  /** Goes on with a finding, or begins with it. Null if it wants another piece, or turned out to be there already. */
  async goOn(name: string, budgetMs: number): Promise<Settled | null> {
    let isPaused = false;
    try {
      const present = this.present?.name === name ? this.present : this.begin(name);
      const settled = await present.goOn(budgetMs);
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

  private begin(name: string): Shortening {
    this.end();
    this.present = new Shortening(this.store, name, this.runVariantsOf, this.options);
    return this.present;
  }

  private end(): void {
    this.present?.close();
    this.present = null;
  }
}

/**
 * Gives up minimizing a finding: the process that tried died of it, or it cannot be done.
 * @returns where it is; null if it is gone, since it turned out to be one that is there already.
 */
export function giveUpMinimizing(store: FindingsStore, name: string, why: string): Settled | null {
  const now = store.whereIs(name);
  if (now === null) return null;
  const facts = readFacts(path.join(store.folder, now));
  // The process that died had settled it before.
  if (facts.minimized !== 'no') return { name: now, duplicate: false };
  const detail = withNote(facts.detail, `not minimized: ${why}`);
  return store.settle(now, { ...facts, minimized: 'partly', detail }, null);
}
