/**
 * Runs a campaign: hands out sequences, watches the workers, and ends it.
 *
 *     journal  <--- facts ---  workers  <--- orders ---  coordinator
 *        |                        |                          ^  ^
 *        +------- read on --------|--------------------------+  |
 *                                 +-------- figures ------------+
 *
 * Rules that hold here:
 * - What must survive is read from the journal (books.ts), never from a message: a campaign that was killed knows as
 *   much as one that was not.
 * - One worker at most minimizes at a time, and only while minimizing has had less than its share of the time.
 * - A sequence in which a worker died runs once more, alone and carefully, before anything is said about it.
 */
import fs from 'node:fs';
import { LineFile } from '../base/files';
import { countReached } from '../coverage/reach';
import { giveUpMinimizing } from '../findings/minimizing';
import { FindingsStore } from '../findings/store';
import { cameToAnOperation, findingOfDeath, startFailureText } from './deaths';
import { epochOf, startLimit, usableEpoch } from './epochs';
import type { Range } from './ledger';
import type { Order, Report } from './protocol';
import { Books, type FindingNames } from './records';
import type { StatusOutput } from './screen';
import type { CampaignFolder, CampaignSettings } from './settings';
import { type Place, readSlot } from './slot';
import type { StatusView } from './status';
import { reasonToStop, type StopFlags } from './stopping';
import { Totals } from './totals';
import { type Death, type WorkerEvents, WorkerProcess } from './worker-process';

/** Sequences in an order. */
const RANGE = 32;
/** Orders that a worker has at a time, so that it never waits for the next. */
const AHEAD = 3;
const TICK_MS = 100;
const DRAW_EVERY = 10;
const STATS_EVERY = 50;
/** How long minimizing goes on in one piece. */
const MINIMIZE_SLICE_MS = 2000;
/** A worker that dies so often before it is ready cannot be started at all. */
const START_FAILURES = 3;
/** One that is killed from outside counts as a small part of that: anybody may kill, but not for ever (no memory, say). */
const KILLED_AT_START = 0.1;
/** So often a sequence is run carefully and dies for a reason that may not be its own, before that is a finding. */
const CAREFUL_FAILURES = 10;
/** How many times the limit of a step a worker may be silent when targets outside run. */
const OUTSIDE_PATIENCE = 10;
/** How long a worker may take to finish its sequence after Ctrl-C; otherwise only its silence ends the patience. */
const HURRIED_GRACE_MS = 5000;

/** What may differ from one run of a campaign to the next. */
export interface RunFlags {
  readonly workers: number;
  readonly stop: StopFlags;
  /** In words, for the status: "8h", "10000 sequences". */
  readonly limit: string;
  /** A worker that outgrows this is killed. */
  readonly memoryMb: number;
  /** Share of the workers' time for minimizing, 0 to 1. */
  readonly minimizeShare: number;
  /** How long minimizing goes on after the end, for findings that still wait. */
  readonly minimizeAfterMs: number;
  /** Signatures of findings that are known already. */
  readonly known: ReadonlySet<string>;
  /** Called with a finding's name when it is minimized, new, and no duplicate. */
  readonly onFinding: (name: string) => void;
}

export interface Outcome {
  /** Why it ended. */
  readonly reason: string;
  readonly findings: FindingNames;
  readonly view: StatusView;
  readonly totals: Totals;
  readonly books: Books;
}

/** The campaign cannot go on, and why. */
export class CampaignFailure extends Error {
  override readonly name = 'CampaignFailure';
}

/** The search for the shortest form of a finding that is under way, or paused between two pieces, in a worker. */
interface Searching {
  readonly worker: WorkerProcess;
  readonly name: string;
}

/** A sequence to run carefully, and how its worker died. */
interface Suspect {
  readonly n: number;
  readonly death: Death;
}

export class Coordinator implements WorkerEvents {
  private readonly books: Books;
  private readonly totals = new Totals();
  private readonly stats: LineFile;
  private readonly store: FindingsStore;
  private readonly workers: (WorkerProcess | null)[] = [];
  /** For each worker: the last epoch whose kept sequences it was told of. */
  private readonly told: number[] = [];
  private readonly suspects: Suspect[] = [];
  private announced = 0;
  private startFailures = 0;
  private carefulFailures = 0;
  private readonly startMs = Date.now();
  private ticks = 0;
  private stopping: { readonly reason: string; readonly ms: number } | null = null;
  private failure: Error | null = null;
  private searching: Searching | null = null;
  /** Somebody pressed Ctrl-C: nothing more is minimized. */
  private hurried = false;
  /** Workers that die from now on were told to. */
  private over = false;
  private lastFindings: FindingNames = { fresh: [], known: [], waiting: 0, facts: new Map() };
  private finish: () => void = () => {};

  constructor(
    private readonly folder: CampaignFolder,
    private readonly settings: CampaignSettings,
    private readonly flags: RunFlags,
    private readonly output: StatusOutput,
  ) {
    this.books = new Books(folder, RANGE);
    this.stats = new LineFile(folder.statsFile);
    this.store = new FindingsStore(folder.findings);
  }

  /** Runs until there is a reason to stop. Rejects with what made it impossible to go on. */
  async run(): Promise<Outcome> {
    this.store.removeRemains();
    this.books.recover();
    const note = this.totals.restore(this.folder.featuresFile);
    if (note !== null) process.stderr.write(`maple-fuzz: ${note}\n`);
    this.books.journal.write({ started: new Date(this.startMs).toISOString() });
    for (let i = 0; i < this.flags.workers; i++) this.startWorker(i);
    const timer = setInterval(() => this.guard(() => this.tick()), TICK_MS);
    try {
      await new Promise<void>((resolve) => {
        this.finish = resolve;
      });
    } finally {
      clearInterval(timer);
      this.over = true;
      for (const worker of this.workers) worker?.kill('stopped');
    }
    return this.conclude();
  }

  /** Ctrl-C: ends the campaign after the present sequences, or at once. */
  interrupt(atOnce: boolean): void {
    this.hurried = true;
    if (atOnce) this.fail(new CampaignFailure(`stopped at once; go on with --resume ${this.folder.folder}`));
    else this.stop('it was interrupted');
  }

  /** An error in a callback ends the campaign with that error, whatever it is. */
  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.finish();
  }

  private stop(reason: string): void {
    if (this.stopping !== null) return;
    this.stopping = { reason, ms: Date.now() };
    for (const worker of this.workers) {
      if (worker === null) continue;
      worker.say({ order: 'halt' });
      this.feed(worker);
    }
  }

  // ---- once in a while ----

  private tick(): void {
    this.ticks++;
    this.books.readOn();
    this.watch();
    for (const worker of this.workers) if (worker !== null) this.feed(worker);
    if (this.ticks % DRAW_EVERY === 0 || this.books.settled.length > this.announced) this.look();
    if (this.ticks % STATS_EVERY === 0) this.writeStats();
    if (this.stopping !== null) this.endIfIdle(this.stopping.ms);
  }

  /** Looks at the findings, tells of new ones, asks whether to stop, and draws. */
  private look(): void {
    this.lastFindings = this.books.findings(this.flags.known);
    while (this.announced < this.books.settled.length) {
      const name = this.books.settled[this.announced++]!;
      if (this.lastFindings.fresh.includes(name)) this.flags.onFinding(name);
    }
    const view = this.view();
    if (this.stopping === null) {
      const reason = reasonToStop(this.flags.stop, {
        nowMs: Date.now(),
        ranMs: view.ranMs,
        sequences: this.books.ledger.count,
        newFindings: this.newFindings(),
        lastNewMs: this.books.lastNewMs,
      });
      if (reason !== null) this.stop(reason);
    }
    this.output.show(view);
  }

  /** Where some are known, one that is not minimized yet may be among them. */
  private newFindings(): number {
    const { fresh, facts } = this.lastFindings;
    if (this.flags.known.size === 0) return fresh.length;
    return fresh.filter((name) => facts.get(name)?.minimized !== 'no').length;
  }

  private writeStats(): void {
    this.stats.append({ at: new Date().toISOString(), ...this.view() });
    this.totals.save(this.folder.featuresFile);
    this.books.journal.flush();
  }

  private watch(): void {
    const now = Date.now();
    // A worker may wait for targets outside, each step of which has the same limit and is watched by the worker.
    const silence = this.settings.stepTimeoutMs * (this.settings.strict ? OUTSIDE_PATIENCE : 1);
    for (const worker of this.workers) {
      if (worker === null) continue;
      if (this.ticks % 5 === 0 && worker.measureMemory() > this.flags.memoryMb) worker.kill('memory');
      else if (worker.hangs(now, silence)) worker.kill('hang');
    }
  }

  private endIfIdle(sinceMs: number): void {
    const busy = this.workers.some((worker) => worker !== null);
    if (busy && !(this.hurried && Date.now() - sinceMs > HURRIED_GRACE_MS)) return;
    this.books.readOn();
    this.finish();
  }

  // ---- workers ----

  private startWorker(index: number): void {
    this.told[index] = -1;
    this.workers[index] = new WorkerProcess({ worker: index, folder: this.folder.folder }, this);
  }

  onReport(worker: WorkerProcess, report: Report): void {
    this.guard(() => {
      if (report.report === 'failed') this.fail(new CampaignFailure(report.message));
      if (report.report === 'figures') this.totals.add(report);
      if (report.report === 'ready') this.startFailures = 0;
      if (report.report === 'finished' && report.order === 'minimize' && !report.paused) this.searching = null;
      if (report.report === 'finished' && report.order === 'careful') {
        this.suspects.shift();
        this.carefulFailures = 0;
      }
      this.feed(worker);
    });
  }

  /** Gives a worker enough to do. */
  private feed(worker: WorkerProcess): void {
    if (!worker.ready) return;
    if (this.stopping !== null) {
      this.feedAtEnd(worker, this.stopping.ms);
      return;
    }
    if (this.hasWaitingSuspect()) {
      this.giveSuspect(worker);
      return;
    }
    while (worker.orders.length < AHEAD) {
      const range = this.ledgerRange();
      if (range === null) break;
      this.tell(worker, range.from, (addUsable) => ({ order: 'run', range, addUsable }));
    }
    if (this.isMinimizing() || this.lastFindings.waiting === 0 || !this.mayMinimize()) return;
    const name = this.nextToMinimize(worker);
    if (name !== null) worker.give({ order: 'minimize', name, budgetMs: MINIMIZE_SLICE_MS });
  }

  /** Whether there is a sequence to run carefully, and nobody does. */
  private hasWaitingSuspect(): boolean {
    return this.suspects.length > 0 && !this.workers.some((worker) => worker?.orders[0]?.order === 'careful');
  }

  /** As soon as it has nothing else to do. */
  private giveSuspect(worker: WorkerProcess): void {
    if (worker.orders.length > 0) return;
    const { n, death } = this.suspects[0]!;
    // What another sequence left there must not be taken for this one's.
    fs.rmSync(this.folder.carefulFile(worker.setup.worker), { force: true });
    this.tell(worker, n, (addUsable) => ({ order: 'careful', n, how: death, addUsable }));
  }

  /**
   * After the end: what a worker died in is run carefully, as ever (after Ctrl-C the next run of the campaign comes to it again).
   * Then one worker minimizes what still waits, for a while; the others end.
   */
  private feedAtEnd(worker: WorkerProcess, sinceMs: number): void {
    if (worker.orders.length > 0) return;
    if (!this.hurried && this.hasWaitingSuspect()) {
      this.giveSuspect(worker);
      return;
    }
    const inTime = !this.hurried && Date.now() - sinceMs < this.flags.minimizeAfterMs;
    const name = inTime && !this.isMinimizing() ? this.nextToMinimize(worker) : null;
    worker.give(name === null ? { order: 'stop' } : { order: 'minimize', name, budgetMs: MINIMIZE_SLICE_MS });
  }

  private isMinimizing(): boolean {
    return this.workers.some((worker) => worker?.orders.some(({ order }) => order === 'minimize'));
  }

  /** A search that is paused goes on in the worker that holds it, and no other begins meanwhile. */
  private nextToMinimize(worker: WorkerProcess): string | null {
    // With a worker that died its search is gone.
    const held = this.searching !== null && this.workers.includes(this.searching.worker) ? this.searching : null;
    if (held !== null && held.worker !== worker) return null;
    const name = held?.name ?? this.store.nextToMinimize();
    this.searching = name === null ? null : { worker, name };
    return name;
  }

  private ledgerRange(): Range | null {
    const runs = this.flags.stop.runs ?? Number.MAX_SAFE_INTEGER;
    const limit = this.settings.feedback ? Math.min(runs, startLimit(this.books.epochs.complete)) : runs;
    return this.books.ledger.give(limit);
  }

  /** An order to run sequence n, with the kept sequences that the worker has not been told of. */
  private tell(worker: WorkerProcess, n: number, order: (addUsable: readonly number[]) => Order): void {
    const index = worker.setup.worker;
    const epoch = usableEpoch(epochOf(n));
    const add: number[] = [];
    for (let e = this.told[index]! + 1; e <= epoch; e++) add.push(...this.books.epochs.keptIn(e));
    this.told[index] = Math.max(this.told[index]!, epoch);
    worker.give(order(add));
  }

  private mayMinimize(): boolean {
    return this.totals.minimizeMs < this.ranMs() * this.flags.workers * this.flags.minimizeShare;
  }

  onDeath(worker: WorkerProcess, death: Death): void {
    this.guard(() => {
      this.workers[worker.setup.worker] = null;
      if (this.over || this.failure !== null) return;
      if (!worker.ready) this.startFailures += death === 'SIGKILL' ? KILLED_AT_START : 1;
      if (this.startFailures >= START_FAILURES) {
        this.fail(new CampaignFailure(startFailureText(death, worker.stderr, this.flags.memoryMb)));
        return;
      }
      this.books.readOn();
      const place = readSlot(this.folder.slotFile(worker.setup.worker));
      for (const [i, order] of worker.orders.entries()) {
        if (i === 0) this.takeBackPresent(worker, order, place, death);
        else if (order.order === 'run') this.books.ledger.putBack(order.range); // not begun: somebody else's now
      }
      const isNeeded = this.stopping === null || (!this.hurried && this.hasWaitingSuspect());
      if (isNeeded) this.startWorker(worker.setup.worker);
    });
  }

  /** The order under way: what of it is done stays done, and the sequence in which the worker died is run again alone. */
  private takeBackPresent(worker: WorkerProcess, order: Order, place: Place | null, death: Death): void {
    const { ledger, journal } = this.books;
    if (order.order === 'minimize') {
      const settled = giveUpMinimizing(this.store, order.name, `the worker ended with ${death}`);
      if (settled !== null) journal.write({ settled: order.name, as: settled.name, duplicate: settled.duplicate });
    } else if (order.order === 'careful') {
      const { n, how } = order;
      // Somebody killed it, or the machine was too busy to come as far as an operation: once more, but not for ever.
      const doubtful = death === 'SIGKILL' || !cameToAnOperation(this.folder, worker.setup.worker);
      if (doubtful && ++this.carefulFailures < CAREFUL_FAILURES) return;
      this.carefulFailures = 0;
      this.suspects.shift();
      const report = { n, first: how, death, stderr: worker.stderr, worker: worker.setup.worker };
      findingOfDeath(this.folder, this.settings, this.store, journal, report);
    } else if (order.order === 'run') {
      const { from, to } = order.range;
      if (ledger.isDone(to - 1)) return;
      if (place === null || place.from !== from || place.to !== to || place.next >= to) {
        ledger.putBack(order.range);
        return;
      }
      if (place.next > from) journal.write({ done: [from, place.next], steps: place.steps });
      this.suspects.push({ n: place.next, death });
      ledger.putBack({ from: place.next + 1, to });
    }
  }

  // ---- what it comes to ----

  private ranMs(): number {
    return this.books.earlierMs + Date.now() - this.startMs;
  }

  private view(): StatusView {
    const now = Date.now();
    const rates = this.totals.rates(now);
    const { fresh, known, waiting } = this.lastFindings;
    return {
      seed: this.settings.seed,
      ranMs: this.ranMs(),
      limit: this.flags.limit,
      workers: this.flags.workers,
      findingsNew: fresh.length,
      findingsKnown: known.length,
      findingsWaiting: waiting,
      steps: this.totals.steps,
      sequences: this.books.ledger.count,
      stepsPerSecond: rates.steps,
      sequencesPerSecond: rates.sequences,
      split: this.totals.shares(),
      features: this.totals.features.size,
      sinceNewMs: now - this.books.lastNewMs,
      mustReach: countReached(this.totals.features.keys(), this.settings.domain),
      rejects: this.totals.rejects,
      kept: this.books.epochs.storedCount,
      parents: this.books.epochs.keptCount,
      deaths: this.books.deaths.length,
      memoryMb: this.workers.reduce((sum, worker) => sum + (worker?.memoryMb ?? 0), 0),
      operations: this.totals.operationRows(),
    };
  }

  private conclude(): Outcome {
    const ranMs = Date.now() - this.startMs;
    this.totals.save(this.folder.featuresFile);
    this.books.journal.write({ ended: new Date().toISOString(), ranMs });
    this.books.journal.flush();
    if (this.failure !== null) throw this.failure;
    this.books.readOn();
    this.lastFindings = this.books.findings(this.flags.known);
    const view = this.view();
    this.output.finish(view);
    this.stats.append({ at: new Date().toISOString(), ...view });
    this.stats.flush();
    return {
      reason: this.stopping?.reason ?? '',
      findings: this.lastFindings,
      view,
      totals: this.totals,
      books: this.books,
    };
  }
}
