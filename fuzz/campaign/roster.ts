/**
 * Who works: starts the workers, replaces those that died, kills those that hang or outgrow their memory.
 *
 * Rules that hold here:
 * - An index is a worker's for good: with it come its slot and its careful log on disk.
 * - A hang is counted in processor time since the worker's last word. In a careful run each operation that is written
 *   down before it is applied is a word, so that the limit is for one step, and the last operation written is the one
 *   that hangs.
 */
import fs from 'node:fs';
import type { Clock } from './clock';
import type { CampaignFolder, CampaignSettings } from './settings';
import type { Death, MakeWorker, WorkerEvents, WorkerHandle } from './worker-handle';

/** A worker that dies so often before it is ready cannot be started at all. */
const START_FAILURES = 3;
/**
 * A worker that is killed from outside counts for less, since that is not its fault: but thirty in a row are no
 * accident.
 */
const KILLED_AT_START = 0.1;
/**
 * How many times the limit of a step a worker may work without a word when targets outside run: it speaks between
 * sequences.
 */
const OUTSIDE_PATIENCE = 10;

export class Roster {
  private readonly workers: (WorkerHandle | null)[] = [];
  /** For each worker: how long its careful log was when it was last looked at. */
  private readonly logSizes: number[] = [];
  private startFailures = 0;

  constructor(
    private readonly folder: CampaignFolder,
    private readonly settings: CampaignSettings,
    /** A worker that outgrows this is killed. */
    private readonly memoryMb: number,
    private readonly make: MakeWorker,
    private readonly events: WorkerEvents,
    private readonly clock: Clock,
  ) {}

  start(index: number): void {
    this.workers[index] = this.make(index, this.events);
  }

  get present(): readonly WorkerHandle[] {
    return this.workers.filter((worker) => worker !== null);
  }

  get usedMb(): number {
    return this.present.reduce((sum, { memoryMb }) => sum + memoryMb, 0);
  }

  /** One of them is ready, so that starting is possible. */
  noteReady(): void {
    this.startFailures = 0;
  }

  /** Takes a worker off that ended. Returns why no worker can be started, or null if one can. */
  leave(worker: WorkerHandle, death: Death): string | null {
    this.workers[worker.index] = null;
    if (worker.diedAtStart) this.startFailures += death === 'SIGKILL' ? KILLED_AT_START : 1;
    return this.startFailures >= START_FAILURES ? startFailureText(death, worker.stderr, this.memoryMb) : null;
  }

  /** Kills what hangs or has outgrown its memory; to be called a few times a second. */
  watch(): void {
    const { strict, stepTimeoutMs } = this.settings;
    const now = this.clock.now();
    for (const worker of this.present) {
      if (this.wroteAnOperation(worker)) worker.heard();
      const hangs = worker.hangs(now, stepTimeoutMs * (strict ? OUTSIDE_PATIENCE : 1));
      if (worker.memoryMb > this.memoryMb) worker.kill('memory');
      else if (hangs) worker.kill('hang');
    }
  }

  private wroteAnOperation({ index, orders }: WorkerHandle): boolean {
    if (orders[0]?.order !== 'careful') return false;
    const size = fs.statSync(this.folder.carefulFile(index), { throwIfNoEntry: false })?.size ?? 0;
    const isMore = size !== this.logSizes[index];
    this.logSizes[index] = size;
    return isMore;
  }

  killAll(): void {
    for (const worker of this.present) worker.kill('stopped');
  }
}

/** Why no worker can be started; what it wrote last, if anything. */
export function startFailureText(death: Death, stderr: string, memoryMb: number): string {
  if (death === 'memory')
    return `--memory ${memoryMb} is too small: a worker needs more MB than that before it runs anything`;
  const last = stderr.trim();
  return `a worker cannot be started (${death})${last === '' ? '' : `: ${last}`}`;
}
