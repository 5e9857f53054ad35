/**
 * The fuzz loop in one process: sequence after sequence of a seed, until the time or the number is up.
 *
 * It holds nothing that another loop would share: the source, the lockstep and the findings are its own, and who wants many
 * workers runs many of it. Between sequences it lets the process breathe, so that Ctrl-C and a timer get their turn. An endless
 * loop in src is interrupted, and is a finding.
 */

import type { FuzzOptions } from '../cli/fuzz-options';
import { domainsNamed } from '../domains';
import { INVARIANTS } from '../domains/invariants';
import { type Finding, Findings } from '../findings/check-findings';
import type { Sequence } from '../format/types';
import { SequenceSource, type SourceOptions } from '../generate/source';
import type { Difference, Lockstep } from '../lockstep/types';
import { generationFor } from '../referee/generation';
import type { Remark } from '../referee/target-remarks';
import { createTargetRuns, type TargetRuns } from '../referee/target-runs';
import { createLockstep } from '../run/create';
import { createLimitedPair, LimitedGeneration } from '../run/runner';
import { parseTargets } from '../targets/list';

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
  private readonly targets: TargetRuns;

  constructor(
    private readonly options: FuzzOptions,
    private readonly events: LoopEvents,
    private readonly now: () => number = Date.now,
  ) {
    const { target, stepTimeoutMs } = options;
    this.targets = createTargetRuns(parseTargets(target), {
      invariants: INVARIANTS,
      limits: { stepTimeout: stepTimeoutMs },
      pairRuns: createLimitedPair(INVARIANTS, stepTimeoutMs),
    });
    this.findings = new Findings({
      folder: options.out,
      seed: options.seed,
      run: this.targets.runAgain,
      runVariantsOf: this.targets.runVariantsOf,
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
    this.targets.close();
  }

  /** What was met about the targets outside, for the summary. */
  takeNotes(): Remark[] {
    return this.targets.takeRemarks();
  }

  /** @throws TargetStartError if a target cannot start. */
  async run(): Promise<LoopStatus> {
    const { domains, seed } = this.options;
    const generation = generationFor(this.targets, domains, this.options);
    const options: SourceOptions = { ...generation, domains: domainsNamed(domains), seed, engine: 'fast-check' };
    const makeSource = (): SequenceSource => new SequenceSource(options);
    const limited = new LimitedGeneration(makeSource, () => this.makeOwn(), this.options.stepTimeoutMs);
    const asked = this.targets.outside ? makeSource() : null;
    this.startMs = this.now();
    let ticked = this.startMs;
    for (let n = 0; !this.isOver(n); n++) {
      const { sequence, difference } = this.runOne(n, limited, asked);
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

  /** Sequence n on all targets, or up to where it never ends in this process; `asked` makes it again for those outside. */
  private runOne(
    n: number,
    limited: LimitedGeneration,
    asked: SequenceSource | null,
  ): { sequence: Sequence; difference: Difference | null } {
    let run = limited.run(n);
    // The same sequence once more: a talk with a program cannot be interrupted.
    if (asked !== null && run.difference?.rule !== 'hang') run = asked.run(n, this.targets.lockstep);
    const { header, operations, difference } = run;
    return { sequence: { header, operations: [...operations] }, difference };
  }

  /** What runs in this process, and so can be interrupted: all there is, or src and oracle ahead of the targets outside. */
  private makeOwn(): Lockstep {
    if (this.targets.outside) return createLockstep({ invariants: INVARIANTS });
    return this.targets.makeLockstep();
  }

  private isOver(n: number): boolean {
    if (this.stopped || (this.options.runs !== null && n >= this.options.runs)) return true;
    return this.options.forMs !== null && this.now() - this.startMs >= this.options.forMs;
  }
}
