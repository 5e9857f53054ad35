/**
 * A worker in the coordinator's own process: for `check`, which is a campaign of one worker.
 *
 * Nothing can kill it; what never ends in it is interrupted by itself. It and the coordinator take turns: the worker
 * lets others in between sequences, every few milliseconds.
 */
import type { ProcessUsage } from '../base/process-usage';
import type { FindingsStore } from '../findings/store';
import type { Order, Report } from './protocol';
import type { CampaignFolder } from './settings';
import { CampaignWorker } from './worker';
import { type WorkerEvents, WorkerHandle } from './worker-handle';

export class WorkerHere extends WorkerHandle {
  /** Comes true when it has ended and let go of everything. */
  readonly done: Promise<void>;
  private readonly worker: CampaignWorker;
  private isKilled = false;

  constructor(index: number, folder: CampaignFolder, store: FindingsStore, events: WorkerEvents) {
    super(index, events);
    const report = (said: Report): void => {
      if (!this.isKilled) this.hear(said);
    };
    this.worker = new CampaignWorker({ index, folder, store, isHere: true, report });
    this.done = this.work();
  }

  private async work(): Promise<void> {
    // Not before the coordinator knows of this worker.
    await Promise.resolve();
    try {
      this.hear({ report: 'ready' });
      await this.worker.work();
    } catch (error) {
      this.failed(error as Error);
    } finally {
      this.worker.close();
    }
    this.ended('exit status 0');
  }

  say(order: Order): void {
    this.worker.take(order);
  }

  /** The process is the coordinator's too: its silence and its memory say nothing about the worker. */
  protected usage(): ProcessUsage | null {
    return null;
  }

  override hangs(): boolean {
    return false;
  }

  /** It ends after its present sequence. */
  protected end(): void {
    this.isKilled = true;
    this.worker.take({ order: 'halt' });
    this.worker.take({ order: 'stop' });
  }
}
