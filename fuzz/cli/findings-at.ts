/**
 * Findings by the path that a user gives: a campaign, its folder of findings, or one finding's own; and the targets
 * that they were found with.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { CampaignFolder, type CampaignSettings } from '../campaign/settings';
import { FindingsStore, listFindings, readFacts } from '../findings/store';
import { DEFAULT_TARGETS } from '../report/target-flags';
import type { TargetOptions } from './target-options';

export interface FindingsAt {
  readonly store: FindingsStore;
  readonly names: readonly string[];
}

/** Whether a path is one of those. An empty folder of findings counts if a campaign is around it. */
export function holdsFindings(place: string): boolean {
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return false;
  const has = (name: string): boolean => existsSync(path.join(place, name));
  if (has('finding.json') || has('campaign.json')) return true;
  return listFindings(place).length > 0 || (path.basename(path.resolve(place)) === 'findings' && isInCampaign(place));
}

function isInCampaign(place: string): boolean {
  return existsSync(path.join(place, '..', 'campaign.json'));
}

/** The findings of a folder. */
export function findingsAt(folder: string): FindingsAt {
  if (existsSync(path.join(folder, 'finding.json'))) {
    const full = path.resolve(folder);
    return { store: new FindingsStore(path.dirname(full)), names: [path.basename(full)] };
  }
  const inside = existsSync(path.join(folder, 'campaign.json')) ? path.join(folder, 'findings') : folder;
  return { store: new FindingsStore(inside), names: listFindings(inside) };
}

/** The flags with what was not given: what the campaign around the folder was run with, or its first finding was. */
export function targetOptionsFor(flags: Partial<TargetOptions>, folder: string | null): TargetOptions {
  const own = folder === null ? null : settingsAround(folder);
  const stepTimeout = flags.stepTimeout ?? (own === null ? undefined : `${own.stepTimeoutMs}ms`);
  const { declared } = flags;
  return {
    target: flags.target ?? own?.targets.join(',') ?? (folder === null ? DEFAULT_TARGETS : targetsOfFirst(folder)),
    ...(stepTimeout === undefined ? {} : { stepTimeout }),
    ...(declared === undefined ? {} : { declared }),
    ...(declared === undefined && own?.declared !== undefined ? { declaredRows: own.declared } : {}),
  };
}

/** Findings that were merged from campaigns have none around them. */
function targetsOfFirst(folder: string): string {
  const { store, names } = findingsAt(folder);
  const facts = names.length === 0 ? null : readFacts(path.join(store.folder, names[0]));
  return facts?.targets ?? DEFAULT_TARGETS;
}

/** Settings of the campaign that a folder is, or whose findings or finding it is; null if it belongs to none. */
function settingsAround(folder: string): CampaignSettings | null {
  const around = ['.', '..', '../..'].map((up) => new CampaignFolder(path.resolve(folder, up)));
  return around.find(({ exists }) => exists)?.readSettings() ?? null;
}
