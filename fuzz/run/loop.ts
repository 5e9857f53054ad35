/**
 * The fuzz loop in one process: sequence after sequence of a seed, until the time or the number is up.
 *
 * It holds nothing that another loop would share: the source, the lockstep and the findings are its own, and who wants many
 * workers runs many of it. Between sequences it lets the process breathe, so that Ctrl-C and a timer get their turn.
 */
import { SequenceSource } from '../generate/source';
import { INVARIANTS } from '../invariants';
import { createJudging, type Judging } from '../lockstep/judging';
import type { Note } from '../lockstep/seats';
import type { Sequence } from '../sequence/types';
import { type Finding, Findings } from './findings';
import { generationFor } from './generation';
import type { FuzzOptions } from './options';

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

  constructor(
    private readonly options: FuzzOptions,
    private readonly events: LoopEvents,
    private readonly now: () => number = Date.now,
  ) {
    this.judging = createJudging(options.target, INVARIANTS, { stepTimeout: options.stepTimeoutMs });
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
    const { lockstep } = this.judging;
    const generation = generationFor(this.judging, domains, this.options);
    const source = new SequenceSource({ ...generation, domains, seed, engine: 'fast-check' });
    this.startMs = this.now();
    let ticked = this.startMs;
    for (let n = 0; !this.isOver(n); n++) {
      const run = source.run(n, lockstep);
      this.sequences++;
      this.steps += run.operations.length;
      if (run.difference !== null) {
        const sequence: Sequence = { header: run.header, operations: [...run.operations] };
        const outcome = await this.findings.add(sequence, run.difference, n);
        if (outcome.kind === 'new') this.events.onFinding(outcome.finding);
      }
      if (this.now() - ticked < TICK_MS) continue;
      this.events.onTick(this.status());
      await new Promise(setImmediate);
      ticked = this.now();
    }
    return this.status();
  }

  private isOver(n: number): boolean {
    if (this.stopped || (this.options.runs !== null && n >= this.options.runs)) return true;
    return this.options.forMs !== null && this.now() - this.startMs >= this.options.forMs;
  }
}
