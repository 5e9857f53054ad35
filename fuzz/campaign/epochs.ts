/**
 * Feedback without losing determinism: which earlier sequences a sequence may be made from.
 *
 * Sequences that reach something new are kept and become parents of later ones. If a sequence could use whatever
 * happens to be known when it starts, it would depend on the number of workers and on their speed. So the numbers are
 * cut into epochs of equal length, and a sequence of epoch e uses what the epochs up to e - 2 have kept:
 *
 *     epoch     0          1          2          3          4
 *     uses      nothing    nothing    0          0, 1       0 .. 2
 *
 * Epoch e - 2 is complete when epoch e starts, so no worker waits for the last one of epoch e - 1.
 *
 * Rules that hold here:
 * - Of all sequences of an epoch that reach a feature which no earlier epoch reached, the one with the lowest number is
 *   kept. Nothing else decides, so the kept set is a function of the seed.
 */

/** Sequences in an epoch. */
export const EPOCH = 1024;

/** Epochs between reaching a feature and using it. */
const LAG = 2;

export function epochOf(n: number): number {
  return Math.floor(n / EPOCH);
}

/** The last epoch whose kept sequences a sequence of `epoch` may use; negative for none. */
export function usableEpoch(epoch: number): number {
  return epoch - LAG;
}

/** Sequences below this number may start when the epochs below `complete` are complete. */
export function startLimit(complete: number): number {
  return (complete + LAG) * EPOCH;
}

/** Collects what the sequences of an epoch reached, and decides who is kept. */
export class EpochBook {
  /** Features reached in complete epochs. */
  private readonly known = new Set<number>();
  /** For each epoch that is not complete: the lowest number that reached a feature, and all that reported. */
  private readonly open = new Map<number, { firsts: Map<number, number>; reporters: Set<number> }>();
  /** Kept sequences of complete epochs, by epoch. */
  private readonly kept: (readonly number[])[] = [];

  /** How many epochs are complete. */
  get complete(): number {
    return this.kept.length;
  }

  /** How many sequences of complete epochs are kept: those that become parents. */
  get keptCount(): number {
    return this.kept.reduce((sum, list) => sum + list.length, 0);
  }

  /** How many sequences lie on disk: with those of open epochs, of which some will not stay. */
  get storedCount(): number {
    return [...this.open.values()].reduce((sum, { reporters }) => sum + reporters.size, this.keptCount);
  }

  /** Every feature reached so far, in complete epochs or not. */
  allFeatures(): Set<number> {
    const all = new Set(this.known);
    for (const { firsts } of this.open.values()) for (const feature of firsts.keys()) all.add(feature);
    return all;
  }

  reached(n: number, features: readonly number[]): void {
    const epoch = epochOf(n);
    if (epoch < this.complete) return;
    let book = this.open.get(epoch);
    if (book === undefined) this.open.set(epoch, (book = { firsts: new Map(), reporters: new Set() }));
    book.reporters.add(n);
    const { firsts } = book;
    for (const feature of features) {
      const first = firsts.get(feature);
      if (first === undefined || n < first) firsts.set(feature, n);
    }
  }

  /** Completes the next epoch; returns the sequences that are kept, ascending, and those that are not any more. */
  close(): { kept: number[]; dropped: number[] } {
    const book = this.open.get(this.complete);
    const kept = new Set<number>();
    for (const [feature, n] of book?.firsts ?? []) {
      if (this.known.has(feature)) continue;
      this.known.add(feature);
      kept.add(n);
    }
    this.open.delete(this.complete);
    const ascending = [...kept].sort((a, b) => a - b);
    this.kept.push(ascending);
    return { kept: ascending, dropped: [...(book?.reporters ?? [])].filter((n) => !kept.has(n)) };
  }

  /** The kept sequences of a complete epoch, ascending. */
  keptIn(epoch: number): readonly number[] {
    return this.kept[epoch] ?? [];
  }

  /** The sequences that those of an epoch may use, in the order in which they were kept. */
  usable(epoch: number): number[] {
    return this.kept.slice(0, Math.max(0, usableEpoch(epoch) + 1)).flat();
  }
}
