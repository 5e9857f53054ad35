/**
 * What a campaign was asked to do: `campaign.json`, written once and read by every worker and by `--resume`.
 */

import fs from 'node:fs';
import path from 'node:path';
import { makeFolder, readObject, writeWhole } from '../base/files';
import { domainNamed } from '../domains';
import type { DomainName } from '../format/types';
import type { Capabilities } from '../generate/weights';
import type { DeclaredRow } from '../referee/declared';

/** All that decides which sequences are made. A resumed campaign takes it from its folder. */
export interface CampaignSettings {
  readonly version: string;
  /** The commit of a checkout, or null. */
  readonly commit: string | null;
  readonly node: string;
  readonly seed: string;
  /** Null: all, in turn. */
  readonly domain: DomainName | null;
  readonly only: readonly string[] | null;
  readonly without: readonly string[];
  /** Implementations, the subject first. */
  readonly targets: readonly string[];
  /** Only what the kernel's own callers may do and what every target can answer. */
  readonly strict: boolean;
  /** What all targets can do beside operations, where `strict` holds. */
  readonly can?: Capabilities | null;
  /** Whether sequences that reach something new become parents of others. */
  readonly feedback: boolean;
  readonly stepTimeoutMs: number;
  /** Differences of targets that are right. */
  readonly declared?: readonly DeclaredRow[];
  /** The flags that say how it runs; campaigns of earlier versions have none. */
  readonly run?: RunWords;
}

/**
 * How a campaign is run, as its flags had it: what `--resume` takes up again, each unless it is given anew. Words and
 * not what they come to, so that a person can read and change them.
 */
export interface RunWords {
  readonly for?: string;
  /** A moment, not a time of day: the next morning is another one. */
  readonly until?: string;
  readonly runs?: string;
  readonly stopOn?: string;
  readonly workers?: string;
  readonly memory?: string;
  readonly minimizeShare?: string;
  /** From anywhere: an absolute path. */
  readonly known?: string;
  readonly onFinding?: string;
  readonly requireCompared?: string;
}

function areRunWords(words: unknown): boolean {
  if (words === undefined) return true;
  if (typeof words !== 'object' || words === null || Array.isArray(words)) return false;
  return Object.values(words).every((word) => typeof word === 'string');
}

function areSettings(s: Record<string, unknown>): boolean {
  const isList = (list: unknown): boolean => Array.isArray(list) && list.every((word) => typeof word === 'string');
  return (
    typeof s.seed === 'string' &&
    (s.domain === null || (typeof s.domain === 'string' && domainNamed(s.domain) !== undefined)) &&
    (s.only === null || isList(s.only)) &&
    isList(s.without) &&
    isList(s.targets) &&
    typeof s.strict === 'boolean' &&
    typeof s.feedback === 'boolean' &&
    typeof s.stepTimeoutMs === 'number' &&
    areRunWords(s.run)
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

  /** @param findings  where findings are kept, if not with all the rest */
  constructor(
    readonly folder: string,
    findings: string | null = null,
  ) {
    this.settingsFile = path.join(folder, 'campaign.json');
    this.journalFile = path.join(folder, 'journal.ndjson');
    this.statsFile = path.join(folder, 'stats.ndjson');
    this.summaryFile = path.join(folder, 'SUMMARY.md');
    this.featuresFile = path.join(folder, 'features.json');
    this.lockFile = path.join(folder, 'lock');
    this.findings = findings ?? path.join(folder, 'findings');
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
    for (const folder of [this.folder, this.corpus, this.workers]) makeFolder(folder);
    // Findings of check have a folder only once there are some.
    if (path.dirname(this.findings) === this.folder) makeFolder(this.findings);
    this.saveSettings(settings);
  }

  get exists(): boolean {
    return fs.existsSync(this.settingsFile);
  }

  /** What it is run with from now on. */
  saveSettings(settings: CampaignSettings): void {
    writeWhole(this.settingsFile, `${JSON.stringify(settings, null, 2)}\n`);
  }

  /** @throws Damaged that names the file */
  readSettings(): CampaignSettings {
    return readObject(this.settingsFile, areSettings);
  }
}
