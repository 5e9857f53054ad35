/**
 * A campaign of one worker in this process, without a folder of its own: what `check` runs.
 *
 * Journal, slot and statistics lie in a temporary folder that goes when it ends. Findings lie where the caller wants
 * them, on disk before their minimizing starts, beside those of earlier runs, which are left alone unless they are met
 * again.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FindingsStore } from '../findings/store';
import { systemClock } from './clock';
import { type CampaignResult, Coordinator, type RunFlags } from './coordinator';
import type { StatusOutput } from './screen';
import { CampaignFolder, type CampaignSettings } from './settings';
import { WorkerHere } from './worker-here';

interface HereOptions {
  readonly settings: CampaignSettings;
  readonly flags: Omit<RunFlags, 'workers' | 'memoryMb'>;
  /** Folder for the findings; made with the first. */
  readonly findings: string;
  readonly output: StatusOutput;
}

export class CampaignHere {
  private readonly folder: CampaignFolder;
  private readonly coordinator: Coordinator;
  private worker: WorkerHere | null = null;

  constructor(options: HereOptions) {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-'));
    this.folder = new CampaignFolder(place, options.findings);
    this.folder.create(options.settings);
    const store = new FindingsStore(this.folder.findings, true);
    const flags: RunFlags = { ...options.flags, workers: 1, memoryMb: Number.POSITIVE_INFINITY };
    this.coordinator = new Coordinator(this.folder, options.settings, flags, {
      clock: systemClock,
      makeWorker: (index, events) => {
        this.worker = new WorkerHere(index, this.folder, store, events);
        return this.worker;
      },
      store,
      output: options.output,
      warn: () => {},
    });
  }

  /** Runs to its end. @throws what ends a worker, such as TargetStartError. */
  async run(): Promise<CampaignResult> {
    try {
      return await this.coordinator.run();
    } finally {
      await this.worker?.done;
      this.remove();
    }
  }

  /** Ends after the present sequence; findings are not minimized any more. */
  interrupt(): void {
    this.coordinator.interrupt(false);
  }

  /** Removes the temporary folder. */
  remove(): void {
    fs.rmSync(this.folder.folder, { recursive: true, force: true });
  }
}
