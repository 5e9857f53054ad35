/**
 * What a campaign knows of itself, for people and machines: the figures of the screen and of stats.ndjson, the findings
 * as they stand, and which are told of.
 */
import { LineFile } from '../base/files';
import { countReached } from '../coverage/reach';
import { domainsNamed } from '../domains';
import type { FindingsStore } from '../findings/store';
import type { Clock } from './clock';
import { type FindingNames, NO_FINDINGS, type Records } from './records';
import type { StatusOutput } from './screen';
import { domainsOf } from './sequences';
import type { CampaignFolder, CampaignSettings } from './settings';
import type { StatusView } from './status';
import type { StopState } from './stopping';
import { Totals } from './totals';

export interface OverviewOptions {
  readonly workers: number;
  /** In words: "8h", "10000 sequences". */
  readonly limit: string;
  /** Signatures of findings that are known already. */
  readonly known: ReadonlySet<string>;
  /** Called with a finding's name when it is minimized, new, and the first of its group. */
  readonly onFinding: (name: string) => void;
}

export class Overview {
  readonly totals = new Totals();
  findings: FindingNames = NO_FINDINGS;
  private readonly stats: LineFile;
  private readonly startMs: number;
  private announced = 0;

  constructor(
    private readonly folder: CampaignFolder,
    private readonly settings: CampaignSettings,
    private readonly records: Records,
    private readonly store: FindingsStore,
    private readonly options: OverviewOptions,
    private readonly output: StatusOutput,
    private readonly clock: Clock,
  ) {
    this.stats = new LineFile(folder.statsFile);
    this.startMs = clock.now();
  }

  /** Takes up the counts of an earlier run of the campaign; what is wrong with them, or null. */
  restore(): string | null {
    return this.totals.restore(this.folder.featuresFile);
  }

  /** Time that this and earlier runs of the campaign have taken. */
  get ranMs(): number {
    return this.records.earlierMs + this.presentMs;
  }

  /** Time of this run. */
  get presentMs(): number {
    return this.clock.now() - this.startMs;
  }

  /** Whether findings wait, and minimizing has had less than its share of the workers' time. */
  isMinimizingDue(share: number): boolean {
    return this.findings.waiting > 0 && this.totals.minimizeMs < this.ranMs * this.options.workers * share;
  }

  /** Whether a finding was settled that was not told of yet. */
  get hasNews(): boolean {
    return this.records.settled.length > this.announced;
  }

  /** Looks at the findings and tells of new ones. */
  look(): void {
    this.findings = this.records.findings(this.store, this.options.known);
    const { settled } = this.records;
    const untold = new Set(settled.slice(this.announced));
    for (const name of [...untold]) {
      untold.delete(name);
      if (this.isFirstOfGroup(name, untold)) this.options.onFinding(name);
    }
    this.announced = settled.length;
  }

  /** Whether a finding is new, and none of its group was told of: neither now nor in an earlier run. */
  private isFirstOfGroup(name: string, untold: ReadonlySet<string>): boolean {
    const group = this.findings.groups.find((one) => one.some((member) => member.name === name));
    return group?.every((one) => one.name === name || one.facts.minimized === 'no' || untold.has(one.name)) ?? false;
  }

  draw(usedMb: number): void {
    this.output.show(this.view(usedMb));
  }

  /** What decides whether the campaign ends. */
  stopState(): StopState {
    const { ledger, lastNewMs } = this.records;
    const newFindings = this.newFindings();
    return { nowMs: this.clock.now(), ranMs: this.ranMs, sequences: ledger.count, newFindings, lastNewMs };
  }

  /** Groups. Where some are known, one that is not minimized yet may be among them. */
  private newFindings(): number {
    const { groups } = this.findings;
    if (this.options.known.size === 0) return groups.length;
    return groups.filter((group) => group.some(({ facts }) => facts.minimized !== 'no')).length;
  }

  /** A row of figures; what was written so far is flushed with it. */
  save(usedMb: number): void {
    this.stats.append({ at: new Date(this.clock.now()).toISOString(), ...this.view(usedMb) });
    this.totals.save(this.folder.featuresFile);
    this.records.journal.flush();
  }

  /** The last look. */
  finish(usedMb: number): StatusView {
    this.look();
    const view = this.view(usedMb);
    this.output.finish(view);
    this.save(usedMb);
    this.stats.flush();
    return view;
  }

  private view(memoryMb: number): StatusView {
    const { totals, records, settings, options } = this;
    const now = this.clock.now();
    const rates = totals.rates(now);
    const { groups, knownGroups, waiting } = this.findings;
    return {
      seed: settings.seed,
      ranMs: this.ranMs,
      limit: options.limit,
      workers: options.workers,
      findingsNew: groups.length,
      findingsKnown: knownGroups.length,
      findingsWaiting: waiting,
      failing: records.failing,
      steps: totals.steps,
      sequences: records.ledger.count,
      stepsPerSecond: rates.steps,
      sequencesPerSecond: rates.sequences,
      split: totals.shares(),
      features: totals.features.size,
      sinceNewMs: now - records.lastNewMs,
      mustReach: countReached(totals.features.keys(), domainsNamed(domainsOf(settings))),
      rejects: totals.rejects,
      kept: records.epochs.storedCount,
      parents: records.epochs.keptCount,
      deaths: records.deaths.length,
      memoryMb,
      operations: totals.operationRows(),
    };
  }
}
