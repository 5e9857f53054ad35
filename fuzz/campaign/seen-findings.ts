/**
 * What a worker does with a sequence that failed: looks for its first wrong step, stores it, and records that.
 */
import { type Finding, newFinding, shortHash, slugOf, withNote } from '../findings/finding';
import type { FindingsStore } from '../findings/store';
import type { Operation, Sequence } from '../format/types';
import type { Difference, RunSequence } from '../lockstep/types';
import type { Journal } from './journal';
import { type CampaignRun, originOf } from './sequences';
import type { CampaignSettings } from './settings';

export class SeenFindings {
  /** How many findings of a kind were offered to the store: later ones are offered ever more seldom. */
  private readonly offered = new Map<string, number>();

  constructor(
    private readonly settings: CampaignSettings,
    private readonly journal: Journal,
    private readonly store: FindingsStore,
    /** Runs a sequence again, thoroughly. */
    private readonly runAgain: RunSequence,
  ) {}

  add(run: CampaignRun, seen: Difference): void {
    const operations: readonly Operation[] = [...run.operations];
    // Big contents are compared by turns: run again thoroughly, the difference shows at its step.
    const again = this.runAgain({ header: run.header, operations });
    this.keep(run.n, this.findingOf(run, operations, again ?? seenOnce(seen)));
  }

  /** A worker outgrew its memory in this sequence, and alone it stays small: something grows from one to the next. */
  addLeak(run: CampaignRun): void {
    const operations = [...run.operations];
    const detail =
      'the worker outgrew --memory in this sequence; run alone it stays small, so memory grows from one to the next';
    const operation = operations.at(-1) ?? null;
    const step = operations.length - 1;
    const finding = this.findingOf(run, operations, { step, operation, rule: 'memory', foundBy: 'crash', detail });
    // It has no shortest sequence, and is one finding whatever the sequence.
    const signature = shortHash('memory\nsequence\n');
    this.keep(run.n, { ...finding, facts: { ...finding.facts, operation: 'sequence', minimized: 'yes', signature } });
  }

  private findingOf(run: CampaignRun, operations: readonly Operation[], difference: Difference): Finding {
    const { seed, version, targets } = this.settings;
    const sequence: Sequence = { header: run.header, operations };
    const origin = originOf(this.settings, run.n, run.parents);
    return newFinding(sequence, difference, { seed, n: run.n, version, origin, targets: targets.join(',') });
  }

  private keep(n: number, finding: Finding): void {
    const slug = slugOf(finding.facts);
    const folder = this.isWorthStoring(slug) ? this.store.save(finding) : null;
    this.journal.write({ finding: n, slug, folder });
    // One that was stored is worth the wait for the disk.
    if (folder !== null) this.journal.flush();
  }

  /** The 1st, 2nd, 4th, 8th ... of a kind: a mistake that every tenth sequence hits must not fill the night. */
  private isWorthStoring(slug: string): boolean {
    const count = (this.offered.get(slug) ?? 0) + 1;
    this.offered.set(slug, count);
    return (count & (count - 1)) === 0;
  }
}

function seenOnce(difference: Difference): Difference {
  return { ...difference, detail: withNote(difference.detail, 'seen once: the sequence run alone did not fail') };
}
