/**
 * Runs a campaign: puts its parts together, lets the time pass, and ends it.
 *
 *     journal  <--- facts ---  workers  <--- orders ---  Feeding  <-  Deaths, MinimizingTurns
 *        |                        |  ^
 *        |                        |  +--- starts, kills ---  Roster
 *        +---- read on (Records)  +---- figures ------------> Overview
 *
 * Rules that hold here:
 * - What must survive is read from the journal (records.ts), never from a message: a campaign that was killed knows as
 *   much as one that was not.
 * - Time and workers are handed in: nothing here knows what a process is.
 */
import { CouldNotRun } from '../base/errors';
import type { FindingsStore } from '../findings/store';
import type { Clock } from './clock';
import { Deaths } from './deaths';
import { Feeding } from './feeding';
import { MinimizingTurns } from './minimizing-turns';
import { Overview, type OverviewOptions } from './overview';
import { Phase } from './phase';
import type { Report } from './protocol';
import { type FindingNames, Records } from './records';
import { Roster } from './roster';
import type { StatusOutput } from './screen';
import type { CampaignFolder, CampaignSettings } from './settings';
import type { StatusView } from './status';
import { flagToGoOn, reasonToStop } from './stopping';
import type { Totals } from './totals';
import type { Death, MakeWorker, WorkerEvents, WorkerHandle } from './worker-handle';

/** Sequences in an order. */
const RANGE = 32;
const TICK_MS = 100;
/** In ticks: how often the workers are watched, the screen is drawn, and a row of figures is written. */
const WATCH_EVERY = 2;
const DRAW_EVERY = 10;
const STATS_EVERY = 50;
/** How long a worker may take to finish its sequence after Ctrl-C; without Ctrl-C it ends by itself, or hangs. */
const HURRIED_GRACE_MS = 5000;

/** What may differ from one run of a campaign to the next. */
export interface RunFlags extends OverviewOptions {
  /** A worker that outgrows this is killed. */
  readonly memoryMb: number;
  /** Share of the workers' time for minimizing, 0 to 1. */
  readonly minimizeShare: number;
  /** The share of the steps that must be compared with each target, from 0 to 1; null: any will do. */
  readonly requiredShare: number | null;
}

/** What a campaign is run with. */
interface Surroundings {
  readonly clock: Clock;
  readonly makeWorker: MakeWorker;
  readonly store: FindingsStore;
  readonly output: StatusOutput;
  /** A line for the person at the terminal. */
  readonly warn: (line: string) => void;
}

export interface CampaignResult {
  /** Why it ended. */
  readonly reason: string;
  /** Whether it had reached its limit before this run began. */
  readonly wasOver: boolean;
  /** A flag that it needs to go on, as a limit is reached; empty if it goes on without. */
  readonly flagToGoOn: string;
  readonly findings: FindingNames;
  readonly view: StatusView;
  readonly totals: Totals;
  readonly records: Records;
}

export class Coordinator implements WorkerEvents {
  private readonly phase = new Phase();
  private readonly records: Records;
  private readonly roster: Roster;
  private readonly deaths: Deaths;
  private readonly minimizing: MinimizingTurns;
  private readonly feeding: Feeding;
  private readonly overview: Overview;
  private ticks = 0;
  private wasOver = false;
  private failure: Error | null = null;
  private finish: () => void = () => {};

  constructor(
    private readonly folder: CampaignFolder,
    settings: CampaignSettings,
    private readonly flags: RunFlags,
    private readonly around: Surroundings,
  ) {
    const { clock, makeWorker, store, output } = around;
    this.records = new Records(folder, RANGE, clock);
    this.roster = new Roster(folder, settings, flags.memoryMb, makeWorker, this, clock);
    this.deaths = new Deaths(folder, settings, this.records, store);
    this.minimizing = new MinimizingTurns(store);
    this.overview = new Overview(folder, settings, this.records, store, flags, output, clock);
    const isMinimizingDue = (): boolean => this.overview.isMinimizingDue(flags.minimizeShare);
    const options = { runs: flags.stop.runs, feedback: settings.feedback, isMinimizingDue };
    this.feeding = new Feeding(this.phase, this.records, this.deaths, this.minimizing, options, clock);
  }

  /** Runs until there is a reason to stop. Rejects with what made it impossible to go on. */
  async run(): Promise<CampaignResult> {
    const { clock, store, warn } = this.around;
    store.removeRemains();
    this.records.recover();
    const note = this.overview.restore();
    if (note !== null) warn(note);
    this.overview.look();
    this.wasOver = reasonToStop(this.flags.stop, this.overview.stopState()) !== null;
    this.records.journal.write({ started: new Date(clock.now()).toISOString() });
    const over = new Promise<void>((resolve) => {
      this.finish = resolve;
    });
    for (let i = 0; i < this.flags.workers; i++) this.start(i);
    const stopTicking = clock.every(TICK_MS, () => this.guard(() => this.tick()));
    await over;
    stopTicking();
    this.phase.finish();
    this.roster.killAll();
    return this.conclude();
  }

  /** Ctrl-C: ends the campaign after the present sequences, or at once. */
  interrupt(atOnce: boolean): void {
    if (atOnce) this.onFailure(new CouldNotRun(`stopped at once; go on with --resume ${this.folder.folder}`));
    else this.stop('it was interrupted', 'hurried');
    this.phase.hurry();
  }

  /** It cannot go on: a worker says so, or an error was thrown in a callback. */
  onFailure(error: Error): void {
    this.failure ??= error;
    this.finish();
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.onFailure(error as Error);
    }
  }

  private start(index: number): void {
    this.feeding.begin(index);
    this.roster.start(index);
  }

  private stop(reason: string, how: 'ending' | 'hurried' = 'ending'): void {
    if (!this.phase.end(reason, this.around.clock.now(), how)) return;
    for (const worker of this.roster.present) {
      worker.say({ order: 'halt' });
      this.feeding.feed(worker);
    }
  }

  private tick(): void {
    this.ticks++;
    this.records.readOn();
    if (this.ticks % WATCH_EVERY === 0) this.roster.watch();
    for (const worker of this.roster.present) this.feeding.feed(worker);
    if (this.ticks % DRAW_EVERY === 0 || this.overview.hasNews) {
      this.overview.look();
      this.overview.draw(this.roster.usedMb, this.phase.name !== 'running');
    }
    if (this.ticks % STATS_EVERY === 0) this.overview.save(this.roster.usedMb);
    if (this.phase.name === 'running') {
      const reason = reasonToStop(this.flags.stop, this.overview.stopState());
      if (reason !== null) this.stop(reason);
    } else {
      this.endIfIdle();
    }
  }

  private endIfIdle(): void {
    const isBusy = this.roster.present.length > 0;
    const waitedMs = this.around.clock.now() - this.phase.sinceMs;
    if (isBusy && !(this.phase.name === 'hurried' && waitedMs > HURRIED_GRACE_MS)) return;
    this.records.readOn();
    this.finish();
  }

  onReport(worker: WorkerHandle, report: Report): void {
    this.guard(() => {
      if (report.report === 'ready') {
        this.roster.noteReady();
        this.overview.begin();
      }
      if (report.report === 'figures') this.overview.totals.add(report);
      if (report.report === 'finished' && report.order === 'minimize') this.minimizing.finished(report.paused);
      if (report.report === 'finished' && report.order === 'careful') this.deaths.passed();
      this.feeding.feed(worker);
    });
  }

  onDeath(worker: WorkerHandle, death: Death): void {
    this.guard(() => {
      const trouble = this.roster.leave(worker, death);
      if (this.phase.name === 'over' || this.failure !== null) return;
      if (trouble !== null) throw new CouldNotRun(trouble);
      this.records.readOn();
      this.minimizing.gone(worker);
      this.deaths.takeBack(worker, death);
      const isNeeded = this.phase.name === 'running' || (this.phase.name === 'ending' && this.deaths.isWaiting);
      if (isNeeded) this.start(worker.index);
    });
  }

  private conclude(): CampaignResult {
    const { records, overview } = this;
    records.journal.write({
      ended: new Date(this.around.clock.now()).toISOString(),
      ranMs: overview.presentMs,
      reason: this.failure?.message ?? this.phase.reason,
    });
    if (this.failure !== null) {
      overview.save(this.roster.usedMb);
      throw this.failure;
    }
    records.readOn();
    const view = overview.finish(this.roster.usedMb);
    const { findings, totals } = overview;
    const more = flagToGoOn(this.flags.stop, overview.stopState());
    return { reason: this.phase.reason, wasOver: this.wasOver, flagToGoOn: more, findings, view, totals, records };
  }
}
