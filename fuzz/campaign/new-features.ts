/**
 * Which sequences of a worker reach something that it has not reported yet: they are kept, and recorded.
 */
import { writeWhole } from '../base/files';
import type { Observer } from '../coverage/observer';
import { printSequence } from '../sequence/print';
import type { Journal } from './journal';
import { type CampaignRun, originOf } from './sequences';
import type { CampaignFolder, CampaignSettings } from './settings';

export class NewFeatures {
  /** Features that were reported, and the lowest number for which they were. */
  private readonly reported = new Map<number, number>();
  private counts = new Map<number, number>();

  constructor(
    private readonly folder: CampaignFolder,
    private readonly settings: CampaignSettings,
    private readonly journal: Journal,
    private readonly observer: Observer,
  ) {}

  /**
   * Counts the features of a sequence that was just run; one that reaches something new is kept for now. So is one with
   * a lower number than the one reported, which comes after a death: of an epoch the lowest counts.
   */
  add(run: CampaignRun): void {
    const fresh: number[] = [];
    for (const feature of this.observer.features.reached) {
      this.counts.set(feature, (this.counts.get(feature) ?? 0) + 1);
      if (run.n < (this.reported.get(feature) ?? Number.POSITIVE_INFINITY)) fresh.push(feature);
    }
    if (fresh.length === 0 || run.difference !== null) return;
    if (this.settings.feedback) this.keep(run);
    this.journal.write({ reached: run.n, features: fresh });
    for (const feature of fresh) {
      if (!this.reported.has(feature)) this.observer.credit(feature);
      this.reported.set(feature, run.n);
    }
  }

  private keep({ n, header, operations, parents }: CampaignRun): void {
    const origin = originOf(this.settings, n, parents);
    writeWhole(this.folder.keptFile(n), printSequence({ header: { ...header, origin }, operations }));
  }

  /** In how many sequences each feature was reached since the last call. */
  take(): [feature: number, sequences: number][] {
    const counts = [...this.counts];
    this.counts = new Map();
    return counts;
  }
}
