/**
 * What becomes of a failing sequence: placed, written down, minimized, printed; in this order, so that nothing that comes
 * later can lose it.
 *
 * Rules that hold here:
 * - A finding is on disk before its minimizing starts. The folder has `original.ndjson` from then on, `minimal.ndjson` later.
 * - The first wrong step is found by running the sequence again thoroughly; a failure that does not come back is kept as it
 *   was seen, and says so.
 * - The same bug again (the same minimal form) is counted. After a few of the same rule and operation others are counted
 *   without being minimized: minimizing must not eat the time for fuzzing.
 * - What another failure the minimizer meets on the way is a finding of its own.
 */
import path from 'node:path';
import { type FindingFacts, FindingsStore, signatureOf } from './store';
import type { Difference, RunSequence } from '../lockstep/types';
import { failureKey, type Minimized, minimize } from '../minimize/minimize';
import { printFailure } from '../report/printout';
import { canonical, printSequence } from '../sequence/print';
import type { Sequence } from '../format/types';
import { judgeFlagsOf } from '../report/target-flags';
import { readVersion } from '../base/version';

export interface FindingsOptions {
  /** Folder for the findings; made with the first. */
  readonly folder: string;
  readonly seed: string | null;
  /** Runs a whole sequence thoroughly. */
  readonly run: RunSequence;
  /** What runs variants of a failing sequence. */
  readonly runVariantsOf: (original: Sequence) => RunSequence;
  /** The targets, as --target has them; for the commands that are printed. */
  readonly target: string;
  /** Longest time for minimizing one finding, in milliseconds. */
  readonly minimizeMs: number;
  /** Asked while minimizing: true ends it early. */
  readonly stop: () => boolean;
  readonly now: () => number;
}

/** A finding as it stands. */
export interface Finding {
  /** Its folder. */
  readonly folder: string;
  readonly sequence: Sequence;
  readonly difference: Difference;
  /** How often the same bug was seen. */
  count: number;
  readonly minimized: boolean;
}

export type Outcome =
  | { readonly kind: 'new'; readonly finding: Finding }
  | { readonly kind: 'again'; readonly finding: Finding }
  | { readonly kind: 'counted' };

/** So many of one rule and operation are minimized to see whether they are the same bug. */
const MINIMIZED_A_KIND = 3;

export class Findings {
  readonly list: Finding[] = [];
  /** Failing sequences seen, all told. */
  seen = 0;
  private store: FindingsStore | null = null;
  private readonly kinds = new Map<string, number>();
  private readonly bySignature = new Map<string, Finding>();
  private readonly version = readVersion();

  constructor(private readonly options: FindingsOptions) {}

  /** Takes a failing sequence in; `n` is its number under the seed, null if it has none. */
  async add(sequence: Sequence, seenAs: Difference, n: number | null): Promise<Outcome> {
    this.seen++;
    const again = this.options.run(sequence);
    const difference = again ?? notReproduced(seenAs);
    const key = failureKey(difference);
    const kind = (this.kinds.get(key) ?? 0) + 1;
    this.kinds.set(key, kind);
    if (kind > MINIMIZED_A_KIND) return { kind: 'counted' };
    const original = cutTo(sequence, difference);
    const facts = this.facts(original, difference, n);
    const name = this.save(facts, original, difference);
    if (name === null) return { kind: 'counted' };
    const others: [Sequence, Difference][] = [];
    const minimized = again === null ? null : await this.minimize(original, others);
    const outcome = this.settle(name, facts, original, difference, minimized);
    for (const [other, otherDifference] of others) await this.addOther(other, otherDifference);
    return outcome;
  }

  /** A failure that the minimizer met: a finding of its own, if there is none of its kind yet. */
  private async addOther(sequence: Sequence, difference: Difference): Promise<void> {
    if (!this.kinds.has(failureKey(difference))) await this.add(sequence, difference, null);
  }

  private facts(original: Sequence, difference: Difference, n: number | null): FindingFacts {
    return {
      rule: difference.rule,
      operation: difference.operation?.op ?? (difference.step < 0 ? 'header' : 'end'),
      foundBy: difference.foundBy,
      detail: difference.detail,
      seed: this.options.seed,
      n,
      minimized: 'no',
      signature: null,
      originalLength: original.operations.length,
      minimalLength: null,
      minimizeMs: 0,
      version: this.version,
    };
  }

  private save(facts: FindingFacts, original: Sequence, difference: Difference): string | null {
    this.store ??= new FindingsStore(this.options.folder);
    const readme = (folder: string): string => {
      return printFailure(original, difference, {
        file: path.join(folder, 'original.ndjson'),
        ...judgeFlagsOf(this.options.target),
      });
    };
    return this.store.save(facts, { readme, original: printSequence(original) });
  }

  private minimize(original: Sequence, others: [Sequence, Difference][]): Promise<Minimized | null> {
    const end = this.options.now() + this.options.minimizeMs;
    return minimize(original, this.options.runVariantsOf(original), {
      stop: () => this.options.now() > end || this.options.stop(),
      onOther: (sequence, difference) => others.push([sequence, difference]),
    });
  }

  private settle(
    name: string,
    facts: FindingFacts,
    original: Sequence,
    difference: Difference,
    minimized: Minimized | null,
  ): Outcome {
    const shortest = minimized ?? { sequence: original, difference, complete: false };
    // The failing operation may have become a plainer one.
    const operation = shortest.difference.operation?.op ?? facts.operation;
    const signature = shortest.complete
      ? signatureOf(facts.rule, operation, printSequence(canonical(shortest.sequence)))
      : null;
    const texts = {
      readme: (folder: string) =>
        printFailure(shortest.sequence, shortest.difference, {
          file: path.join(folder, 'minimal.ndjson'),
          ...judgeFlagsOf(this.options.target),
        }),
      minimal: printSequence(shortest.sequence),
    };
    const settled = this.store!.settle(name, texts, {
      ...facts,
      operation,
      detail: shortest.difference.detail,
      minimized: shortest.complete ? 'yes' : 'partly',
      signature,
      minimalLength: shortest.sequence.operations.length,
    });
    const twin = signature === null ? undefined : this.bySignature.get(signature);
    if (twin !== undefined) {
      twin.count++;
      return { kind: 'again', finding: twin };
    }
    const finding: Finding = {
      folder: path.join(this.options.folder, settled.name),
      sequence: shortest.sequence,
      difference: shortest.difference,
      count: 1,
      minimized: shortest.complete,
    };
    this.list.push(finding);
    if (signature !== null) this.bySignature.set(signature, finding);
    return { kind: settled.duplicate ? 'again' : 'new', finding };
  }
}

/** The operations up to the wrong step. */
function cutTo(sequence: Sequence, difference: Difference): Sequence {
  if (difference.operation === null) return sequence;
  return { header: sequence.header, operations: sequence.operations.slice(0, difference.step + 1) };
}

function notReproduced(difference: Difference): Difference {
  return { ...difference, detail: `${difference.detail}\n(seen once: the sequence run alone did not fail)` };
}
