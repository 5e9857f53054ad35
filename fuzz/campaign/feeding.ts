/**
 * Which orders a worker gets next.
 *
 *     running   a suspect first; then ranges, a few ahead; a piece of minimizing if it is due
 *     ending    a suspect first; one worker minimizes what waits, for a while; the others end
 *     hurried   all end
 */
import { MINIMIZE_AFTER_MS, MINIMIZE_PIECE_MS } from '../findings/limits';
import type { Clock } from './clock';
import type { Deaths } from './deaths';
import { epochOf, startLimit, usableEpoch } from './epochs';
import type { MinimizingTurns } from './minimizing-turns';
import type { Phase } from './phase';
import type { Order } from './protocol';
import type { Records } from './records';
import type { WorkerHandle } from './worker-handle';

/** Orders that a worker has at a time, so that it never waits for the next. */
const AHEAD = 3;

interface FeedingOptions {
  /** Sequences in all; without it there is no end of them. */
  readonly runs?: number | undefined;
  /** Whether sequences become parents of later ones, which then wait for them. */
  readonly feedback: boolean;
  /** Whether a piece of minimizing is due. */
  readonly isMinimizingDue: () => boolean;
}

export class Feeding {
  /** For each worker: the last epoch whose kept sequences it was told of. */
  private readonly told: number[] = [];

  constructor(
    private readonly phase: Phase,
    private readonly records: Records,
    private readonly deaths: Deaths,
    private readonly minimizing: MinimizingTurns,
    private readonly options: FeedingOptions,
    private readonly clock: Clock,
  ) {}

  /** A worker was started under this index, and knows nothing yet. */
  begin(index: number): void {
    this.told[index] = -1;
  }

  /** Gives a worker enough to do. */
  feed(worker: WorkerHandle): void {
    if (worker.state !== 'ready' || this.phase.name === 'over') return;
    if (this.phase.name === 'running') this.feedRunning(worker);
    else if (worker.orders.length === 0) this.feedAtEnd(worker);
  }

  private feedRunning(worker: WorkerHandle): void {
    if (this.deaths.isWaiting) {
      // As soon as it has nothing else to do.
      if (worker.orders.length === 0) this.giveSuspect(worker);
      return;
    }
    while (worker.orders.length < AHEAD) {
      const range = this.records.ledger.give(this.limit());
      if (range === null) break;
      worker.give({ order: 'run', range, addUsable: this.usableFor(worker, range.from) });
    }
    if (this.options.isMinimizingDue()) this.giveFinding(worker);
  }

  /** What a worker died in is run carefully, as ever; after Ctrl-C the next run of the campaign comes to it again. */
  private feedAtEnd(worker: WorkerHandle): void {
    const isHurried = this.phase.name === 'hurried';
    if (!isHurried && this.deaths.isWaiting) {
      this.giveSuspect(worker);
      return;
    }
    const inTime = !isHurried && this.clock.now() - this.phase.sinceMs < MINIMIZE_AFTER_MS;
    if (!inTime || !this.giveFinding(worker)) worker.give({ order: 'stop' });
  }

  private giveSuspect(worker: WorkerHandle): void {
    const { n, death } = this.deaths.begin(worker);
    worker.give({ order: 'careful', n, how: death, addUsable: this.usableFor(worker, n) });
  }

  private giveFinding(worker: WorkerHandle): boolean {
    const name = this.minimizing.begin(worker);
    if (name === null) return false;
    worker.give({ order: 'minimize', name, budgetMs: MINIMIZE_PIECE_MS } satisfies Order);
    return true;
  }

  private limit(): number {
    const { runs = Number.MAX_SAFE_INTEGER, feedback } = this.options;
    return feedback ? Math.min(runs, startLimit(this.records.epochs.complete)) : runs;
  }

  /** The kept sequences that sequence n may be bred from and that the worker has not been told of. */
  private usableFor({ index }: WorkerHandle, n: number): readonly number[] {
    const epoch = usableEpoch(epochOf(n));
    const numbers: number[] = [];
    for (let e = this.told[index] + 1; e <= epoch; e++) numbers.push(...this.records.epochs.keptIn(e));
    this.told[index] = Math.max(this.told[index], epoch);
    return numbers;
  }
}
