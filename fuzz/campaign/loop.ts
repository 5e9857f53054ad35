/**
 * The fuzz loop in one process: sequence after sequence of a seed, until the time or the number is up.
 *
 * It holds nothing that another loop would share: the source, the lockstep and the findings are its own, and who wants many
 * workers runs many of it. Between sequences it lets the process breathe, so that Ctrl-C and a timer get their turn. An endless
 * loop in src is interrupted, and is a finding.
 */

import type { FuzzOptions } from '../cli/fuzz-options';
import { INVARIANTS } from '../domains/invariants';
import { type Finding, Findings } from '../findings/check-findings';
import type { Sequence } from '../format/types';
import { type GeneratedRun, SequenceSource, type SourceOptions } from '../generate/source';
import type { Difference } from '../lockstep/types';
import { generationFor } from '../referee/generation';
import { createJudging, type Judging, type JudgingLockstep } from '../referee/judging';
import type { Note } from '../referee/target-remarks';
import { createLockstep } from '../run/create';
import { createLimitedPair, hangOf, LimitedCall, load, Recorder } from '../run/limited';

/** How the loop stands, for a status line and the summary. */
export interface LoopStatus {
  readonly ranMs: number;
  readonly sequences: number;
  readonly steps: number;
  readonly seen: number;
  readonly findings: readonly Finding[];
}

export interface LoopEvents {
  /** Called between sequences, at most some ten times a second. */
  onTick(status: LoopStatus): void;
  /** A finding is on disk and minimized. */
  onFinding(finding: Finding): void;
}

const TICK_MS = 100;
const MINIMIZE_MS = 20_000;

export class FuzzLoop {
  private stopped = false;
  private sequences = 0;
  private steps = 0;
  private startMs = 0;
  private readonly findings: Findings;
  private readonly judging: Judging;
  private readonly limited = new LimitedCall();
  private own: Recorder<JudgingLockstep>;
  private source: SequenceSource | null = null;

  constructor(
    private readonly options: FuzzOptions,
    private readonly events: LoopEvents,
    private readonly now: () => number = Date.now,
  ) {
    const { target, stepTimeoutMs } = options;
    const runs = createLimitedPair(INVARIANTS, stepTimeoutMs);
    this.judging = createJudging(target, INVARIANTS, { stepTimeout: stepTimeoutMs }, runs);
    this.own = this.makeOwn();
    this.findings = new Findings({
      folder: options.out,
      seed: options.seed,
      run: this.judging.runSequence,
      runVariantsOf: this.judging.runVariantsOf,
      target: options.target,
      minimizeMs: MINIMIZE_MS,
      stop: () => this.stopped,
      now,
    });
  }

  /** Ends after the present sequence. */
  stop(): void {
    this.stopped = true;
  }

  status(): LoopStatus {
    return {
      ranMs: this.now() - this.startMs,
      sequences: this.sequences,
      steps: this.steps,
      seen: this.findings.seen,
      findings: this.findings.list,
    };
  }

  /** Lets go of the targets. */
  close(): void {
    this.judging.close();
  }

  /** What was met about the targets outside, for the summary. */
  takeNotes(): Note[] {
    return this.judging.takeNotes();
  }

  /** @throws TargetStartError if a target cannot start. */
  async run(): Promise<LoopStatus> {
    const { domains, seed } = this.options;
    const generation = generationFor(this.judging, domains, this.options);
    const options: SourceOptions = { ...generation, domains, seed, engine: 'fast-check' };
    // Only what is loaded may be interrupted.
    for (const domain of domains) load(domain, INVARIANTS);
    this.startMs = this.now();
    let ticked = this.startMs;
    for (let n = 0; !this.isOver(n); n++) {
      const { sequence, difference } = this.runOne(n, options);
      this.sequences++;
      this.steps += sequence.operations.length;
      if (difference !== null) {
        const outcome = await this.findings.add(sequence, difference, n);
        if (outcome.kind === 'new') this.events.onFinding(outcome.finding);
      }
      if (this.now() - ticked < TICK_MS) continue;
      this.events.onTick(this.status());
      await new Promise(setImmediate);
      ticked = this.now();
    }
    return this.status();
  }

  /** Sequence n on all targets, or up to where it never ends in this process. */
  private runOne(n: number, options: SourceOptions): { sequence: Sequence; difference: Difference | null } {
    this.source ??= new SequenceSource(options);
    const { source, own } = this;
    const { stepTimeoutMs } = this.options;
    let run: GeneratedRun | null = null;
    const ended = this.limited.ends(stepTimeoutMs, () => {
      run = source.run(n, own);
    });
    if (!ended) {
      // Interrupted somewhere: of no more use.
      this.source = null;
      this.own = this.makeOwn();
      const sequence: Sequence = { header: own.header!, operations: [...own.operations] };
      return { sequence, difference: hangOf(sequence.operations, stepTimeoutMs) };
    }
    // The same sequence once more: a talk with a program cannot be interrupted.
    if (this.judging.outside) run = source.run(n, this.judging.lockstep);
    const { header, operations, difference } = run!;
    return { sequence: { header, operations: [...operations] }, difference };
  }

  /** What runs in this process, and so can be interrupted: all there is, or src and oracle ahead of the targets outside. */
  private makeOwn(): Recorder<JudgingLockstep> {
    if (this.judging.outside) return new Recorder(createLockstep({ invariants: INVARIANTS }));
    return new Recorder(createJudging(this.options.target, INVARIANTS).lockstep);
  }

  private isOver(n: number): boolean {
    if (this.stopped || (this.options.runs !== null && n >= this.options.runs)) return true;
    return this.options.forMs !== null && this.now() - this.startMs >= this.options.forMs;
  }
}
