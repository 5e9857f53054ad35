/**
 * What a campaign was asked to do: `campaign.json`, written once and read by every worker and by `--resume`.
 */

import fs from 'node:fs';
import path from 'node:path';
import { makeFolder, readObject, writeWhole } from '../base/files';
import type { DomainName } from '../format/types';

/** All that decides which sequences are made. A resumed campaign takes it from its folder. */
export interface CampaignSettings {
  readonly version: string;
  /** The commit of a checkout, or null. */
  readonly commit: string | null;
  readonly node: string;
  readonly seed: string;
  /** Null: both, in turn. */
  readonly domain: DomainName | null;
  readonly only: readonly string[] | null;
  readonly without: readonly string[];
  /** Implementations: the subject, then its judges. */
  readonly targets: readonly string[];
  /** Only what the kernel's own callers may do and what every target can answer. */
  readonly strict: boolean;
  /** Whether sequences that reach something new become parents of others. */
  readonly feedback: boolean;
  readonly stepTimeoutMs: number;
}

function areSettings(s: Record<string, unknown>): boolean {
  const isList = (list: unknown): boolean => Array.isArray(list) && list.every((word) => typeof word === 'string');
  return (
    typeof s.seed === 'string' &&
    [null, 'tree', 'mm'].includes(s.domain as string | null) &&
    (s.only === null || isList(s.only)) &&
    isList(s.without) &&
    isList(s.targets) &&
    typeof s.strict === 'boolean' &&
    typeof s.feedback === 'boolean' &&
    typeof s.stepTimeoutMs === 'number'
  );
}

/** Names of what lies in a campaign's folder. */
export class CampaignFolder {
  readonly settingsFile: string;
  readonly journalFile: string;
  readonly statsFile: string;
  readonly summaryFile: string;
  readonly featuresFile: string;
  readonly lockFile: string;
  readonly findings: string;
  readonly corpus: string;
  readonly workers: string;

  constructor(readonly folder: string) {
    this.settingsFile = path.join(folder, 'campaign.json');
    this.journalFile = path.join(folder, 'journal.ndjson');
    this.statsFile = path.join(folder, 'stats.ndjson');
    this.summaryFile = path.join(folder, 'SUMMARY.md');
    this.featuresFile = path.join(folder, 'features.json');
    this.lockFile = path.join(folder, 'lock');
    this.findings = path.join(folder, 'findings');
    this.corpus = path.join(folder, 'corpus');
    this.workers = path.join(folder, 'workers');
  }

  slotFile(worker: number): string {
    return path.join(this.workers, `${worker}.slot`);
  }

  /** Where a worker that runs carefully writes each operation before it applies it. */
  carefulFile(worker: number): string {
    return path.join(this.workers, `${worker}.careful.ndjson`);
  }

  keptFile(n: number): string {
    return path.join(this.corpus, `${n}.ndjson`);
  }

  create(settings: CampaignSettings): void {
    for (const folder of [this.folder, this.findings, this.corpus, this.workers]) makeFolder(folder);
    writeWhole(this.settingsFile, `${JSON.stringify(settings, null, 2)}\n`);
  }

  get exists(): boolean {
    return fs.existsSync(this.settingsFile);
  }

  /** @throws Damaged that names the file */
  readSettings(): CampaignSettings {
    return readObject(this.settingsFile, areSettings);
  }
}
