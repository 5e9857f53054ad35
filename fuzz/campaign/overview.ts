/**
 * What a campaign knows of itself, for people and machines: the figures of the screen and of stats.ndjson, the findings
 * as they stand, and which are told of.
 */
import fs from 'node:fs';
import path from 'node:path';
import { LineFile } from '../base/files';
import { countReached } from '../coverage/reach';
import { domainsNamed } from '../domains';
import type { FindingsStore } from '../findings/store';
import { findingSentence } from '../findings/texts';
import type { Clock } from './clock';
import { type FindingNames, NO_FINDINGS, type Records } from './records';
import type { StatusOutput } from './screen';
import { domainsOf } from './sequences';
import type { CampaignFolder, CampaignSettings } from './settings';
import type { LatestFinding, StatusView } from './status';
import type { StopFlags, StopState } from './stopping';
import { Totals } from './totals';

/** So many findings the screen names. */
const LATEST = 3;

export interface OverviewOptions {
  readonly stop: StopFlags;
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
  /** When the first worker was ready to run something; null before. */
  private startMs: number | null = null;
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
  }

  /** Takes up the counts of an earlier run of the campaign; what is wrong with them, or null. */
  restore(): string | null {
    return this.totals.restore(this.folder.featuresFile);
  }

  /** Time that this and earlier runs of the campaign have taken. */
  get ranMs(): number {
    return this.records.earlierMs + this.presentMs;
  }

  /** The time counts from the first step on: what it takes to start processes is no fuzzing. */
  begin(): void {
    this.startMs ??= this.clock.now();
  }

  /** Time of this run. */
  get presentMs(): number {
    return this.startMs === null ? 0 : this.clock.now() - this.startMs;
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

  draw(usedMb: number, isEnding: boolean): void {
    this.output.show(this.view(usedMb, isEnding));
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

  /** The findings that were seen last, the last first. */
  private latest(nowMs: number): LatestFinding[] {
    const { fresh, facts } = this.findings;
    const seen = fresh.flatMap((name) => {
      const file = path.join(this.store.folder, name, 'original.ndjson');
      // Written once, when it was seen; gone if it was settled since the last look.
      const at = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      const its = facts.get(name);
      return at === undefined || its === undefined ? [] : [{ at, sentence: findingSentence(its) }];
    });
    const last = seen.sort((a, b) => b.at - a.at).slice(0, LATEST);
    return last.map(({ at, sentence }) => ({ sentence, ageMs: Math.max(0, nowMs - at) }));
  }

  private view(memoryMb: number, isEnding = false): StatusView {
    const { totals, records, settings, options } = this;
    const now = this.clock.now();
    const rates = totals.rates(now);
    const { groups, knownGroups, waiting } = this.findings;
    return {
      seed: settings.seed,
      ranMs: this.ranMs,
      limit: options.limit,
      limitMs: options.stop.forMs ?? null,
      isEnding,
      workers: options.workers,
      findingsNew: groups.length,
      findingsKnown: knownGroups.length,
      findingsWaiting: waiting,
      findingsFolded: records.folded,
      latest: this.latest(now),
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
