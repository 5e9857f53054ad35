/**
 * Shortens a failing sequence: in memory in one go (`shortenSequence`), or a stored finding in pieces, between two of
 * which it stands still where it is (`Shortening`).
 *
 *     goOn(2 s)   |--- runs ---|  writes the shortest     goOn(2 s)  |--- runs ---|  writes     ...     settles
 *                              it waits: ................                         .........
 *
 * Rules that hold here:
 * - Pieces cost nothing: however it is cut, the same runs are made, each once, and it comes to the same end.
 * - The shortest so far is on disk after each piece. After a power cut a new shortening begins from there.
 * - A finding has a limit in all; when it is used up, the shortest so far stands and the finding is "partly" minimized.
 */
import fs from 'node:fs';
import path from 'node:path';
import { domainOf } from '../domains';
import type { Sequence } from '../format/types';
import type { Difference, RunSequence } from '../lockstep/types';
import {
  failureKey,
  type Minimized,
  type MinimizeOptions,
  minimize,
  type RunAnywhere,
  type TrialProgress,
} from '../minimize/minimize';
import { type IsolatedRun, isolatedRun } from '../run/isolated';
import type { Suspect } from '../run/suspects';
import { readSequences } from '../sequence/files';
import {
  type Finding,
  type FindingFacts,
  type Form,
  newFinding,
  shorterFinding,
  signatureOf,
  takesProcessAlong,
  withNote,
} from './finding';
import { hasMinimizedKin } from './groups';
import { FINDING_LIMIT_MS, ISOLATED_LIMIT_MS, KIN_LIMIT_MS, MOST_RUNS } from './limits';
import { type FindingsStore, readFacts, type Settled } from './store';

/** What runs the variants of a failing sequence. One that runs them in a process of their own has more to it. */
export type RunVariants = RunAnywhere & Partial<Pick<IsolatedRun, 'confirm' | 'close'>>;

/** What runs the variants of a stored finding. */
export type RunVariantsOf = (facts: FindingFacts, original: Sequence) => RunVariants;

/** Variants of what hangs or dies run in a process of their own, all others as `run` has it. */
export function isolatingRuns(run: (original: Sequence) => RunSequence): RunVariantsOf {
  return (facts, original) => (takesProcessAlong(facts) ? isolatedRun(ISOLATED_LIMIT_MS) : run(original));
}

/** Shortens a sequence; null if it does not fail. What ran in haste is confirmed, where `run` can do that. */
export function shortenSequence(
  sequence: Sequence,
  run: RunVariants,
  options: Omit<MinimizeOptions, 'confirm'>,
): Promise<Minimized | null> {
  const { confirm } = run;
  return minimize(domainOf(sequence.header), sequence, run, {
    maxRuns: MOST_RUNS,
    ...options,
    ...(confirm === undefined ? {} : { confirm }),
  });
}

export interface ShorteningOptions {
  /** The targets, as --target has them. */
  readonly target: string;
  /** Time for the finding in all; without it, the usual limit. */
  readonly limitMs?: number;
  /** Finds the suspects of a case that fails with this key; without it none are looked for. */
  readonly findSuspects?: (sequence: Sequence, key: string) => Promise<readonly Suspect[]>;
  /** Called after each run, as a sign of life. */
  readonly onProgress?: (progress: TrialProgress) => void;
}

/** What `goOn` is told at the end of a piece that is not the last. */
const PAUSED = Symbol('paused');

/** The shortening of one stored finding. */
export class Shortening {
  private facts: FindingFacts;
  private readonly from: Sequence;
  private readonly run: RunVariants;
  private readonly limitMs: number;
  /** One of its group is minimized already: it gets little time, and suspects are not looked for again. */
  private readonly isKin: boolean;
  /** What it comes to, once it has begun. */
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
    runVariantsOf: RunVariantsOf,
    private readonly options: ShorteningOptions,
  ) {
    const folder = path.join(store.folder, name);
    this.facts = readFacts(folder);
    const minimalFile = path.join(folder, 'minimal.ndjson');
    this.from = readSequences(fs.existsSync(minimalFile) ? minimalFile : path.join(folder, 'original.ndjson'))[0];
    this.run = runVariantsOf(this.facts, this.from);
    this.isKin = options.limitMs === undefined && hasMinimizedKin(store.read(), name);
    this.limitMs = options.limitMs ?? (this.isKin ? KIN_LIMIT_MS : FINDING_LIMIT_MS);
  }

  /**
   * Goes on for `budgetMs` more.
   * @returns where the finding is settled, or null if it is not at its end.
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

  /** To be called when it is at its end, and when it is given up. */
  close(): void {
    this.run.close?.();
  }

  private begin(): Promise<Minimized | null> {
    const { confirm } = this.run;
    const run: RunVariants = (sequence) => this.runInTime(sequence);
    return shortenSequence(this.from, confirm === undefined ? run : Object.assign(run, { confirm }), {
      stop: () => this.spentMs() > this.limitMs,
      onOther: (sequence, difference) => this.saveOther(sequence, difference),
      onShorter: (sequence, difference) => {
        this.found = { sequence, difference };
      },
      ...(this.options.onProgress === undefined ? {} : { onProgress: this.options.onProgress }),
    });
  }

  /** Another failure, met on the way, is a finding of its own. */
  private saveOther(sequence: Sequence, difference: Difference): void {
    const { seed, version } = this.facts;
    this.store.save(
      newFinding(sequence, difference, { seed, n: null, version, origin: null, targets: this.options.target }),
    );
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
    const shorter = form === null ? null : shorterFinding(this.facts, form, this.options.target);
    this.facts = { ...(shorter?.facts ?? this.facts), minimizeMs };
    this.store.settle(this.name, this.facts, shorter);
  }

  /**
   * What is to be written. What hangs may have seemed to in haste: it is run once more with all the time there is,
   * which takes longer than a piece, so only for fewer operations.
   */
  private async confirmed(): Promise<Form | null> {
    const { found } = this;
    const { confirm } = this.run;
    if (found === null || (confirm !== undefined && !this.isWorthConfirming(found))) return null;
    this.found = null;
    const again = confirm === undefined ? found.difference : await confirm(found.sequence);
    if (again === null || failureKey(again) !== failureKey(found.difference)) return null;
    this.written = found;
    return found;
  }

  private isWorthConfirming({ sequence }: Form): boolean {
    return sequence.operations.length < (this.written?.sequence ?? this.from).operations.length;
  }

  private async settle(result: Minimized | null): Promise<Settled> {
    const minimizeMs = this.spentMs();
    if (result === null) {
      // Other targets than these may have found it, or another machine: it is not done with.
      const detail = withNote(this.facts.detail, 'not minimized: it did not fail again');
      return this.store.settle(this.name, { ...this.facts, minimized: 'partly', minimizeMs, detail }, null);
    }
    // A result that did not fail once more is none: the last that did stands.
    const form = result.sequence === this.from ? (this.written ?? result) : result;
    const shorter = shorterFinding(this.facts, form, this.options.target);
    const minimized = result.complete ? 'yes' : 'partly';
    const signature = signatureOf(shorter);
    const suspects = await this.suspectsOf(shorter);
    const facts = { ...shorter.facts, minimizeMs, minimized, signature, ...suspects } as const;
    return this.store.settle(this.name, facts, shorter);
  }

  /** Only src can be looked into, and only where it alone is at fault. */
  private async suspectsOf({ sequence, difference, facts }: Finding): Promise<Pick<FindingFacts, 'suspects'>> {
    const { findSuspects } = this.options;
    const isOthers = difference.alone !== undefined && difference.alone !== 'src';
    if (findSuspects === undefined || this.isKin || isOthers || takesProcessAlong(facts)) return {};
    const suspects = await findSuspects(sequence, failureKey(difference));
    return suspects.length === 0 ? {} : { suspects };
  }
}
