/**
 * The search for the shortest form of one stored finding, in pieces: between two of them it stands still where it is.
 *
 *     goOn(2 s)   |--- runs ---|  writes the shortest     goOn(2 s)  |--- runs ---|  writes     ...     settles
 *                              the search waits: .........                        .........
 *
 * Rules that hold here:
 * - Pieces cost nothing: however it is cut, the search makes the same runs, each once, and comes to the same end.
 * - The shortest so far is on disk after each piece. Whoever comes after a power cut begins a new search from there.
 * - A finding has a limit in all; when it is used up, the shortest so far stands and the finding is "partly" minimized.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Difference, RunSequence } from '../lockstep/types';
import { failureKey, type Minimized, minimize, type Progress } from '../minimize/minimize';
import { printFailure } from '../report/printout';
import { readSequences } from '../sequence/files';
import { canonical, printSequence } from '../sequence/print';
import type { Sequence } from '../format/types';
import { judgeFlagsOf } from '../report/target-flags';
import { type FindingFacts, type FindingsStore, newFacts, readFacts, type Settled, signatureOf } from './store';
import { type IsolatedRun, isolatedRun } from '../run/isolated';

/** Time for one finding in all, milliseconds. */
export const FINDING_LIMIT_MS = 60_000;

/** No search needs so many runs; it bounds one that has no limit in time. */
const MOST_RUNS = 200_000;

/** A run that takes the process along is given this long before it counts as hanging. */
const ISOLATED_TIMEOUT_MS = 3000;

export interface SearchOptions {
  /** The targets, as --target has them. */
  readonly target: string;
  /** Time for the finding in all; without it, the usual limit. */
  readonly limitMs?: number;
  /** Called after each run, so that whoever waits knows that somebody is alive. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A form of the finding, and what it fails with. */
type Form = Pick<Minimized, 'sequence' | 'difference'>;

/** What `goOn` is told at the end of a piece that is not the last. */
const PAUSED = Symbol('paused');

export class FindingSearch {
  private facts: FindingFacts;
  private readonly from: Sequence;
  private readonly run: RunSequence | IsolatedRun;
  /** Set for what ends the process that runs it. */
  private readonly alone: IsolatedRun | null;
  private readonly limitMs: number;
  /** What the search comes to, once it has begun. */
  private ended: Promise<Minimized | null> | null = null;
  private startedMs = 0;
  private untilMs = 0;
  private pause: () => void = () => {};
  private resume: () => void = () => {};
  /** The shortest form that is not on disk yet, and the last that is. */
  private found: Form | null = null;
  private written: Form | null = null;

  constructor(
    private readonly store: FindingsStore,
    readonly name: string,
    runVariantsOf: (original: Sequence) => RunSequence,
    private readonly options: SearchOptions,
  ) {
    const folder = path.join(store.folder, name);
    this.facts = readFacts(folder);
    const minimalFile = path.join(folder, 'minimal.ndjson');
    this.from = readSequences(fs.existsSync(minimalFile) ? minimalFile : path.join(folder, 'original.ndjson'))[0]!;
    this.alone = takesProcessAlong(this.facts) ? isolatedRun(ISOLATED_TIMEOUT_MS) : null;
    this.run = this.alone ?? runVariantsOf(this.from);
    this.limitMs = options.limitMs ?? FINDING_LIMIT_MS;
  }

  /**
   * Searches for `budgetMs` more.
   * @returns where the finding is settled, or null if the search is not at its end.
   */
  async goOn(budgetMs: number): Promise<Settled | null> {
    this.startedMs = performance.now();
    this.untilMs = this.startedMs + budgetMs;
    const paused = new Promise<typeof PAUSED>((resolve) => {
      this.pause = () => resolve(PAUSED);
    });
    this.resume();
    this.ended ??= this.begin();
    const result = await Promise.race([this.ended, paused]);
    if (result !== PAUSED) return this.settle(result);
    await this.write();
    return null;
  }

  /** To be called when the search is at its end, and when it is given up. */
  close(): void {
    this.alone?.close();
  }

  private begin(): Promise<Minimized | null> {
    const { alone, facts, options, store } = this;
    return minimize(this.from, (sequence) => this.runInTime(sequence), {
      maxRuns: MOST_RUNS,
      stop: () => this.spentMs() > this.limitMs,
      onOther: (sequence, difference) => saveOther(store, facts, options.target, sequence, difference),
      onShorter: (sequence, difference) => {
        this.found = { sequence, difference };
      },
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...(alone === null ? {} : { confirm: alone.confirm }),
    });
  }

  /** Runs a sequence, in the next piece if the time of this one is over. */
  private runInTime(sequence: Sequence): Difference | null | Promise<Difference | null> {
    if (performance.now() <= this.untilMs) return this.run(sequence);
    const resumed = new Promise<void>((resolve) => {
      this.resume = resolve;
    });
    this.pause();
    return resumed.then(() => this.run(sequence));
  }

  private spentMs(): number {
    return this.facts.minimizeMs + performance.now() - this.startedMs;
  }

  /** At the end of a piece. */
  private async write(): Promise<void> {
    const form = await this.confirmed();
    const minimizeMs = this.spentMs();
    this.facts = form === null ? { ...this.facts, minimizeMs } : { ...this.factsOf(form, minimizeMs), minimized: 'no' };
    this.store.settle(this.name, form === null ? null : this.textsOf(form), this.facts);
  }

  /**
   * What is to be written. What hangs may have seemed to in haste: it is run once more with all the time there is, which takes
   * longer than a piece, so only for fewer operations.
   */
  private async confirmed(): Promise<Form | null> {
    const { alone, found } = this;
    if (found === null || (alone !== null && !this.isWorthConfirming(found))) return null;
    this.found = null;
    const again = alone === null ? found.difference : await alone.confirm(found.sequence);
    if (again === null || failureKey(again) !== failureKey(found.difference)) return null;
    this.written = found;
    return found;
  }

  private isWorthConfirming({ sequence }: Form): boolean {
    return sequence.operations.length < (this.written?.sequence ?? this.from).operations.length;
  }

  private settle(result: Minimized | null): Settled {
    const minimizeMs = this.spentMs();
    if (result === null) {
      // Other targets than these may have found it, or another machine: it is not done with.
      const detail = withNote(this.facts.detail, 'not minimized: it did not fail again');
      return this.store.settle(this.name, null, { ...this.facts, minimized: 'partly', minimizeMs, detail });
    }
    // A result that did not fail once more is none: the last that did stands.
    const form = result.sequence === this.from ? (this.written ?? result) : result;
    const facts = this.factsOf(form, minimizeMs);
    const signature = signatureOf(facts.rule, facts.operation, printSequence(withoutNotes(canonical(form.sequence))));
    const minimized = result.complete ? 'yes' : 'partly';
    return this.store.settle(this.name, this.textsOf(form), { ...facts, minimized, signature });
  }

  private factsOf({ sequence, difference }: Form, minimizeMs: number): FindingFacts {
    return {
      ...this.facts,
      rule: difference.rule,
      // The failing operation may have become a plainer one.
      operation: difference.operation?.op ?? this.facts.operation,
      detail: difference.detail,
      minimizeMs,
      signature: null,
      minimalLength: sequence.operations.length,
    };
  }

  private textsOf({ sequence, difference }: Form) {
    const plain = canonical(sequence);
    const judges = judgeFlagsOf(this.options.target);
    return {
      minimal: printSequence(plain),
      readme: (place: string) => printFailure(plain, difference, { file: `${place}/minimal.ndjson`, ...judges }),
    };
  }
}

/** Whether a finding ends the process that runs it. */
export function takesProcessAlong(facts: FindingFacts): boolean {
  return facts.rule === 'hang' || facts.rule === 'died';
}

/** Another failure, met on the way, is a finding of its own. */
function saveOther(
  store: FindingsStore,
  met: FindingFacts,
  target: string,
  sequence: Sequence,
  difference: Difference,
): void {
  const facts = newFacts(sequence, difference, { seed: met.seed, n: null, version: met.version });
  store.save(facts, {
    original: printSequence(sequence),
    readme: (place) =>
      printFailure(sequence, difference, { file: path.join(place, 'original.ndjson'), ...judgeFlagsOf(target) }),
  });
}

/** A note at the end of a finding's detail: once, however often the same comes out. */
export function withNote(detail: string, note: string): string {
  return detail.endsWith(`(${note})`) ? detail : `${detail}\n(${note})`;
}

/** Notes and origins differ between findings of the same bug. */
function withoutNotes<S extends { header: object }>(sequence: S): S {
  const { note: _note, origin: _origin, ...header } = sequence.header as { note?: string; origin?: string };
  return { ...sequence, header };
}
