/**
 * A worker: carries out orders one after the other, and writes down what comes of them.
 *
 * Rules that hold here:
 * - What a sequence brought is on disk (journal, corpus, findings) before the slot moves past the sequence.
 * - Between sequences, and at least every few milliseconds, it looks whether there are orders: it never sleeps while
 *   there are.
 */
import { setImmediate } from 'node:timers/promises';
import { LineFile, writeWhole } from '../base/files';
import { Observer, type OperationCounts } from '../coverage/observer';
import { INVARIANTS } from '../domains/invariants';
import { PieceByPiece } from '../findings/minimizing';
import { type FindingFacts, FindingsStore, newFacts, signatureOf, slugOf } from '../findings/store';
import type { Operation, Sequence } from '../format/types';
import type { Difference, RunSequence } from '../lockstep/types';
import { createJudging, type Judging } from '../referee/judging';
import { printFailure } from '../report/printout';
import { judgeFlagsOf } from '../report/target-flags';
import { runOn } from '../run/create';
import { smallestHeader } from '../sequence/header';
import { Journal } from './journal';
import type { Range } from './ledger';
import type { Figures, Order, Report, WorkerSetup } from './protocol';
import { type CampaignRun, domainsOf, Sequences, savedText } from './sequences';
import { CampaignFolder, type CampaignSettings } from './settings';
import { Slot } from './slot';
import { measureSplit, SPLIT_EVERY } from './time-slices';

const FIGURES_EVERY_MS = 250;
const LOOK_EVERY_MS = 20;

export class CampaignWorker {
  private readonly folder: CampaignFolder;
  private readonly settings: CampaignSettings;
  private readonly sequences: Sequences;
  private readonly slot: Slot;
  private readonly journal: Journal;
  private readonly store: FindingsStore;
  private readonly observer: Observer;
  /** The targets, as --target has them. */
  private readonly target: string;
  private readonly judging: Judging;
  private readonly runAgain: RunSequence;
  private readonly minimizing: PieceByPiece;
  private orders: Order[] = [];
  private halted = false;
  /** How many findings of a kind were offered to the store: later ones are offered ever more seldom. */
  private readonly offered = new Map<string, number>();
  /** Features that this worker has reported, and the lowest number for which it did. */
  private readonly reported = new Map<number, number>();
  private readonly featureCounts = new Map<number, number>();
  private readonly split = { generate: 0, src: 0, oracle: 0, invariants: 0 };
  private sequenceCount = 0;
  private minimizeMs = 0;
  private lastFiguresMs = 0;
  private lastLookMs = 0;
  private wake: () => void = () => {};

  constructor(
    private readonly setup: WorkerSetup,
    private readonly report: (report: Report) => void,
  ) {
    this.folder = new CampaignFolder(setup.folder);
    this.settings = this.folder.readSettings();
    this.sequences = new Sequences(this.settings, this.folder);
    this.slot = new Slot(this.folder.slotFile(setup.worker));
    this.journal = new Journal(this.folder.journalFile);
    this.store = new FindingsStore(this.folder.findings);
    const { targets, stepTimeoutMs } = this.settings;
    this.target = targets.join(',');
    this.judging = createJudging(this.target, INVARIANTS, { stepTimeout: stepTimeoutMs });
    this.observer = new Observer({ tree: () => this.judging.lockstep, mm: () => this.judging.lockstep });
    this.runAgain = this.judging.runSequence;
    const onProgress = (): void => this.beat();
    this.minimizing = new PieceByPiece(this.store, this.judging.runVariantsOf, { target: this.target, onProgress });
    this.loadAll();
  }

  /** Loads what sequences need, before anybody waits for one: sources may have to be compiled. */
  private loadAll(): void {
    for (const domain of domainsOf(this.settings)) {
      this.observer.begin(smallestHeader(domain));
      this.observer.end();
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
      const order = this.orders.shift()!;
      if (order.order === 'stop') break;
      await this.carryOut(order);
      this.report({ report: 'finished', order: order.order, paused: this.minimizing.isPaused });
    }
    this.sendFigures();
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

  private async runRange({ from, to }: Range): Promise<void> {
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
    if (now - this.lastFiguresMs >= FIGURES_EVERY_MS) this.sendFigures();
    await setImmediate();
  }

  private runOne(n: number): CampaignRun {
    const before = n % SPLIT_EVERY === SPLIT_EVERY - 1 ? process.cpuUsage() : null;
    const run = this.sequences.run(n, this.observer);
    const spent = before === null ? null : process.cpuUsage(before);
    this.sequenceCount++;
    this.noteFeatures(run);
    if (run.difference !== null) this.noteFinding(run, run.difference);
    else if (spent !== null) {
      // At the pace of the loop, as it was run: a thorough run takes longer.
      const replay: RunSequence = (sequence) => runOn(this.judging.lockstep, sequence);
      measureSplit(run, (spent.user + spent.system) / 1000, replay, this.split);
    }
    return run;
  }

  /** Runs one sequence with each operation on disk before it is applied. */
  private runCarefully(n: number, how: string): void {
    // The coordinator has removed what another sequence left there.
    const log = new LineFile(this.folder.carefulFile(this.setup.worker));
    this.observer.log = log;
    const before = this.observer.steps;
    try {
      const run = this.runOne(n);
      if (how === 'memory' && run.difference === null) this.noteLeak(run);
    } finally {
      this.observer.log = null;
      log.close();
    }
    this.journal.write({ died: n, how, again: 'it passed' });
    this.journal.write({ done: [n, n + 1], steps: this.observer.steps - before });
  }

  /**
   * Counts the features of a sequence; one that reaches something this worker has not reported is kept for now. So is one with a
   * lower number than the one reported, which comes after a death: of an epoch the lowest counts.
   */
  private noteFeatures(run: CampaignRun): void {
    const fresh: number[] = [];
    for (const feature of this.observer.features.reached) {
      this.featureCounts.set(feature, (this.featureCounts.get(feature) ?? 0) + 1);
      if (run.n < (this.reported.get(feature) ?? Number.POSITIVE_INFINITY)) fresh.push(feature);
    }
    if (fresh.length === 0 || run.difference !== null) return;
    if (this.settings.feedback) writeWhole(this.folder.keptFile(run.n), savedText(this.settings, run, run.operations));
    this.journal.write({ reached: run.n, features: fresh });
    for (const feature of fresh) {
      if (!this.reported.has(feature)) this.observer.credit(feature);
      this.reported.set(feature, run.n);
    }
  }

  private noteFinding(run: CampaignRun, seen: Difference): void {
    const operations: readonly Operation[] = [...run.operations];
    // Big contents are compared by turns: run again thoroughly, the difference shows at its step.
    const difference = this.runAgain({ header: run.header, operations }) ?? seen;
    const operation = difference.operation?.op ?? (difference.step < 0 ? 'header' : 'end');
    const slug = slugOf(operation, difference.rule);
    const folder = this.isWorthStoring(slug) ? this.storeFinding(run, operations, difference, operation) : null;
    this.writeFinding(run.n, slug, folder);
  }

  /** A worker outgrew its memory in this sequence, and alone it stays small: something grows from one to the next. */
  private noteLeak(run: CampaignRun): void {
    const operations = [...run.operations];
    const difference: Difference = {
      step: operations.length - 1,
      operation: operations.at(-1) ?? null,
      rule: 'memory',
      foundBy: 'crash',
      detail:
        'the worker outgrew --memory in this sequence; run alone it stays small, so memory grows from one to the next',
    };
    const slug = slugOf('sequence', difference.rule);
    const folder = this.isWorthStoring(slug) ? this.storeFinding(run, operations, difference, 'sequence') : null;
    this.writeFinding(run.n, slug, folder);
  }

  /** One that was stored is worth the wait for the disk. */
  private writeFinding(n: number, slug: string, folder: string | null): void {
    this.journal.write({ finding: n, slug, folder });
    if (folder !== null) this.journal.flush();
  }

  /** The 1st, 2nd, 4th, 8th ... of a kind: a bug that every tenth sequence hits must not fill the night. */
  private isWorthStoring(slug: string): boolean {
    const count = (this.offered.get(slug) ?? 0) + 1;
    this.offered.set(slug, count);
    return (count & (count - 1)) === 0;
  }

  private storeFinding(
    run: CampaignRun,
    operations: readonly Operation[],
    difference: Difference,
    operation: string,
  ): string | null {
    const sequence: Sequence = { header: run.header, operations };
    const { seed, version } = this.settings;
    // A leak has no shortest sequence, and is one finding.
    const isLeak = difference.rule === 'memory';
    const facts: FindingFacts = {
      ...newFacts(sequence, difference, { seed, n: run.n, version }),
      operation,
      ...(isLeak ? { minimized: 'yes', signature: signatureOf('memory', operation, '') } : {}),
    };
    return this.store.save(facts, {
      original: savedText(this.settings, run, operations),
      readme: (folder) =>
        printFailure(sequence, difference, { file: `${folder}/original.ndjson`, ...judgeFlagsOf(this.target) }),
    });
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
    const counts = this.observer.counts;
    const figures: Figures = {
      sequences: this.sequenceCount,
      steps: this.observer.takeSteps(),
      rejects: this.observer.rejects,
      minimizeMs: this.minimizeMs,
      split: { ...this.split },
      operations: Object.fromEntries(counts) as Record<string, OperationCounts>,
      features: [...this.featureCounts],
      notes: this.judging.takeNotes(),
      memoryMb: process.memoryUsage.rss() / 2 ** 20,
    };
    this.report({ report: 'figures', ...figures });
    this.lastFiguresMs = performance.now();
    this.sequenceCount = this.minimizeMs = this.observer.rejects = 0;
    this.split.generate = this.split.src = this.split.oracle = this.split.invariants = 0;
    counts.clear();
    this.featureCounts.clear();
  }
}
