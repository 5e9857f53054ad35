/**
 * A worker: carries out orders one after the other, and writes down what comes of them.
 *
 * Rules that hold here:
 * - What a sequence brought is on disk (journal, corpus, findings) before the slot moves past the sequence.
 * - Between sequences, and at least every few milliseconds, it looks whether there are orders: it never sleeps while
 *   there are.
 */
import { setImmediate } from 'node:timers/promises';
import { LineFile } from '../base/files';
import { Observer, type OperationCounts } from '../coverage/observer';
import { INVARIANTS } from '../domains/invariants';
import { PieceByPiece } from '../findings/minimizing';
import { isolatingRuns, type RunVariantsOf } from '../findings/shorten';
import type { FindingsStore } from '../findings/store';
import { runOn } from '../lockstep/run';
import type { Lockstep, RunSequence } from '../lockstep/types';
import { createTargetRuns, type TargetRuns } from '../referee/target-runs';
import { createLimitedPair } from '../run/runner';
import { findSuspects } from '../run/suspects';
import { smallestHeader } from '../sequence/header';
import { parseTargets } from '../targets/list';
import { InterruptibleRuns } from './interruptible';
import { Journal } from './journal';
import type { SequenceRange } from './ledger';
import { NewFeatures } from './new-features';
import type { Figures, Order, Report } from './protocol';
import { SeenFindings } from './seen-findings';
import { type CampaignRun, domainsOf, Sequences } from './sequences';
import type { CampaignFolder, CampaignSettings } from './settings';
import { Slot } from './slot';
import { MEASURE_EVERY, measureTimeSlices } from './time-slices';

const FIGURES_EVERY_MS = 250;
const LOOK_EVERY_MS = 20;

/** Where a worker works. */
interface WorkerHost {
  readonly index: number;
  readonly folder: CampaignFolder;
  readonly store: FindingsStore;
  /**
   * Whether it shares the coordinator's process: nothing can kill it there, so a step that never ends is interrupted.
   */
  readonly isHere: boolean;
  report(report: Report): void;
}

export class CampaignWorker {
  private readonly settings: CampaignSettings;
  private readonly sequences: Sequences;
  private readonly slot: Slot;
  private readonly journal: Journal;
  private readonly observer = new Observer();
  private readonly targets: TargetRuns;
  /** The first one of the targets, or, after an interruption, another like it. */
  private lockstep: Lockstep;
  private readonly findings: SeenFindings;
  private readonly features: NewFeatures;
  private readonly minimizing: PieceByPiece;
  private readonly runSequence: (n: number) => CampaignRun;
  private orders: Order[] = [];
  private halted = false;
  private readonly split = { generate: 0, src: 0, oracle: 0, invariants: 0 };
  private sequenceCount = 0;
  private minimizeMs = 0;
  private lastFiguresMs = 0;
  private lastLookMs = 0;
  private wake: () => void = () => {};

  constructor(private readonly host: WorkerHost) {
    const { folder, store, index } = host;
    this.settings = folder.readSettings();
    this.sequences = new Sequences(this.settings, folder);
    this.slot = new Slot(folder.slotFile(index));
    this.journal = new Journal(folder.journalFile);
    const target = this.settings.targets.join(',');
    this.targets = this.makeTargets(target);
    this.lockstep = this.targets.lockstep;
    this.findings = new SeenFindings(this.settings, this.journal, store, this.targets.runAgain);
    this.features = new NewFeatures(folder, this.settings, this.journal, this.observer);
    const onProgress = (): void => this.beat();
    this.minimizing = new PieceByPiece(store, this.runVariantsOf(), { target, onProgress, findSuspects });
    const listeners = [this.observer];
    this.runSequence = host.isHere ? this.interruptibly() : (n) => this.sequences.run(n, this.lockstep, listeners);
    this.loadAll();
  }

  private makeTargets(target: string): TargetRuns {
    const { stepTimeoutMs, declared } = this.settings;
    return createTargetRuns(parseTargets(target), {
      invariants: INVARIANTS,
      limits: { stepTimeout: stepTimeoutMs },
      ...(declared === undefined ? {} : { declared }),
      ...(this.host.isHere ? { pairRuns: createLimitedPair(INVARIANTS, stepTimeoutMs) } : {}),
    });
  }

  /** In the coordinator's process a hang is interrupted; a worker's own process leaves it to another process. */
  private runVariantsOf(): RunVariantsOf {
    const { runVariantsOf } = this.targets;
    return this.host.isHere ? (_facts, original) => runVariantsOf(original) : isolatingRuns(runVariantsOf);
  }

  private interruptibly(): (n: number) => CampaignRun {
    const { targets, sequences, observer } = this;
    const runs = new InterruptibleRuns(sequences, observer, targets, this.settings.stepTimeoutMs);
    return (n) => {
      const run = runs.run(n);
      this.lockstep = runs.lockstep;
      return run;
    };
  }

  /**
   * Starts the targets and begins a sequence of each domain before any is run: what is made at a first beginning is no
   * sequence's time.
   */
  private loadAll(): void {
    try {
      for (const domain of domainsOf(this.settings)) {
        this.lockstep.begin(smallestHeader(domain));
        this.lockstep.end();
      }
      this.targets.takeCompared();
    } catch (error) {
      // A target that does not start, beside others that did.
      this.close();
      throw error;
    }
  }

  take(order: Order): void {
    if (order.order === 'halt') {
      this.halted = true;
    } else {
      this.orders.push(order);
      this.wake();
    }
  }

  /** Carries out orders until it is told to stop. */
  async work(): Promise<void> {
    for (;;) {
      while (this.orders.length === 0) {
        this.sendFigures();
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      const [order] = this.orders.splice(0, 1);
      if (order.order === 'stop') break;
      await this.carryOut(order);
      this.host.report({ report: 'finished', order: order.order, paused: this.minimizing.isPaused });
    }
    this.sendFigures();
  }

  /** Lets go of targets and files. */
  close(): void {
    this.targets.close();
    this.journal.close();
    this.slot.close();
  }

  private async carryOut(order: Order): Promise<void> {
    if (order.order === 'run') {
      this.sequences.addUsable(order.addUsable);
      await this.runRange(order.range);
    } else if (order.order === 'careful') {
      this.sequences.addUsable(order.addUsable);
      this.runCarefully(order.n, order.how);
    } else if (order.order === 'minimize') {
      await this.minimize(order.name, order.budgetMs);
    }
  }

  private async runRange({ from, to }: SequenceRange): Promise<void> {
    if (this.halted) return;
    const before = this.observer.steps;
    this.observer.fingerprint = 0;
    for (let n = from; n < to; n++) {
      this.slot.write({ from, to, next: n, steps: this.observer.steps - before });
      this.runOne(n);
      await this.letMessagesIn();
      if (this.halted) {
        this.journal.write({ done: [from, n + 1], steps: this.observer.steps - before });
        this.slot.write({ from: 0, to: 0, next: 0, steps: 0 });
        return;
      }
    }
    const print = this.observer.fingerprint;
    this.journal.write({ done: [from, to], steps: this.observer.steps - before, print });
    this.slot.write({ from, to, next: to, steps: this.observer.steps - before });
  }

  private async letMessagesIn(): Promise<void> {
    const now = performance.now();
    if (now - this.lastLookMs < LOOK_EVERY_MS) return;
    this.lastLookMs = now;
    this.beat();
    await setImmediate();
  }

  private runOne(n: number): CampaignRun {
    const before = n % MEASURE_EVERY === MEASURE_EVERY - 1 ? process.cpuUsage() : null;
    const run = this.runSequence(n);
    const spent = before === null ? null : process.cpuUsage(before);
    this.sequenceCount++;
    this.features.add(run);
    if (run.difference !== null) this.findings.add(run, run.difference);
    else if (spent !== null) {
      // Quickly, as the loop ran it: a thorough run takes longer.
      const replay: RunSequence = (sequence) => runOn(this.lockstep, sequence);
      measureTimeSlices(run, (spent.user + spent.system) / 1000, replay, this.split);
    }
    return run;
  }

  /** Runs one sequence with each operation on disk before it is applied. */
  private runCarefully(n: number, how: string): void {
    // The coordinator has removed what another sequence left there.
    const log = new LineFile(this.host.folder.carefulFile(this.host.index));
    this.observer.log = log;
    const before = this.observer.steps;
    try {
      const run = this.runOne(n);
      if (how === 'memory' && run.difference === null) this.findings.addLeak(run);
    } finally {
      this.observer.log = null;
      log.close();
    }
    this.journal.write({ died: n, how, again: 'it passed' });
    this.journal.write({ done: [n, n + 1], steps: this.observer.steps - before });
  }

  private async minimize(name: string, budgetMs: number): Promise<void> {
    const started = performance.now();
    // A run in a process of its own may take seconds.
    const heart = setInterval(() => this.beat(), FIGURES_EVERY_MS);
    const settled = await this.minimizing.goOn(name, budgetMs);
    clearInterval(heart);
    this.minimizeMs += performance.now() - started;
    if (settled !== null) this.journal.write({ settled: name, as: settled.name, duplicate: settled.duplicate });
    this.sendFigures();
  }

  /** A sign of life in long work. */
  private beat(): void {
    if (performance.now() - this.lastFiguresMs >= FIGURES_EVERY_MS) this.sendFigures();
  }

  private sendFigures(): void {
    const { counts } = this.observer;
    const figures: Figures = {
      sequences: this.sequenceCount,
      steps: this.observer.takeSteps(),
      rejects: this.observer.rejects,
      minimizeMs: this.minimizeMs,
      split: { ...this.split },
      operations: Object.fromEntries(counts) as Record<string, OperationCounts>,
      features: this.features.take(),
      notes: this.targets.takeRemarks(),
      compared: this.targets.takeCompared(),
      memoryMb: process.memoryUsage.rss() / 2 ** 20,
    };
    this.host.report({ report: 'figures', ...figures });
    this.lastFiguresMs = performance.now();
    this.sequenceCount = this.minimizeMs = this.observer.rejects = 0;
    this.split.generate = this.split.src = this.split.oracle = this.split.invariants = 0;
    counts.clear();
  }
}
