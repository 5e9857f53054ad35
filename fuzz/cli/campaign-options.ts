/**
 * The flags of a campaign, read and checked; those that say what to fuzz are read by fuzz/cli/fuzz-options.ts.
 */
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { formatDuration, parseDuration } from '../base/duration';
import { CouldNotRun, UsageError } from '../base/errors';
import { splitList } from '../base/shell-words';
import { readVersion } from '../base/version';
import type { RunFlags } from '../campaign/coordinator';
import type { CampaignSettings } from '../campaign/settings';
import { presentCommit, type StartOptions } from '../campaign/start';
import { parseStopOn, parseUntil, type StopFlags } from '../campaign/stopping';
import { listFindings, readSignatures } from '../findings/store';
import type { GenerateOptions } from '../generate/weights';
import { generationFor } from '../referee/generation';
import { DEFAULT_TARGETS } from '../report/target-flags';
import { type FuzzFlags, type FuzzOptions, readFuzzOptions } from './fuzz-options';
import { makeJudging } from './target-options';

/** As the command line has them. */
export interface CampaignFlags extends FuzzFlags {
  readonly until?: string;
  readonly workers?: string;
  readonly stopOn?: string;
  readonly minimizeShare?: string;
  readonly known?: string;
  readonly resume?: string;
  readonly memory?: string;
  readonly stepTimeout?: string;
  readonly onFinding?: string;
  readonly feedback?: boolean;
}

const DEFAULT_MS = 60_000;
const DEFAULT_MEMORY_MB = 2048;
const DEFAULT_STEP_TIMEOUT_MS = 10_000;
/** How long minimizing goes on after the end, for findings that still wait. */
const AFTER_MS = 30_000;

/** What decides the sequences; a resumed campaign has them in its folder. */
const FIXED: readonly (keyof CampaignFlags)[] = ['seed', 'domain', 'only', 'without', 'out', 'target', 'stepTimeout'];

/** @throws UsageError that names the flag, CouldNotRun for a folder that is not there */
export function readCampaignFlags(flags: CampaignFlags, now: Date): StartOptions {
  const options = readFuzzOptions(flags);
  if (flags.resume !== undefined) refuseFixed(flags);
  const { stop, limit } = readStop(flags, now);
  const workers = readWhole('--workers', flags.workers, availableParallelism());
  const run: Omit<RunFlags, 'onFinding'> = {
    workers,
    stop,
    limit,
    memoryMb: readWhole('--memory', flags.memory?.replace(/M$/i, ''), DEFAULT_MEMORY_MB),
    minimizeShare: readShare(flags.minimizeShare),
    minimizeAfterMs: AFTER_MS,
    known: readKnown(flags.known),
  };
  const generation = flags.resume === undefined ? readGeneration(options) : {};
  const settings: CampaignSettings = {
    version: readVersion(),
    commit: presentCommit(),
    node: process.version,
    seed: options.seed,
    domain: options.domains.length === 1 ? options.domains[0]! : null,
    only: options.only ?? null,
    without: generation.without ?? [],
    targets: splitList(options.target),
    strict: generation.strict === true,
    feedback: flags.feedback !== false,
    stepTimeoutMs: readStepTimeout(flags.stepTimeout),
  };
  return {
    folder: flags.resume ?? flags.out ?? defaultFolder(now, options.seed),
    settings: flags.resume === undefined ? settings : null,
    flags: run,
    onFinding: flags.onFinding ?? null,
    json: flags.json === true,
  };
}

/** What the targets allow; they are started to be asked. @throws TargetStartError if one cannot start. */
function readGeneration(options: FuzzOptions): GenerateOptions {
  const judging = makeJudging({ target: options.target });
  try {
    return generationFor(judging, options.domains, options);
  } finally {
    judging.close();
  }
}

function refuseFixed(flags: CampaignFlags): void {
  if (flags.feedback === false)
    throw new UsageError('--no-feedback does not go with --resume: the campaign has its own');
  for (const name of FIXED) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    // The default of --target is there whether it was given or not.
    if (flags[name] !== undefined && !(name === 'target' && flags[name] === DEFAULT_TARGETS))
      throw new UsageError(`--${flag} does not go with --resume: the campaign has its own`);
  }
}

/** `campaigns/20260131-220000-SEED`: when it began, so that they stand in order. */
function defaultFolder(now: Date, seed: string): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return path.join('campaigns', `${stamp}-${seed.replace(/[^\w.-]+/g, '_').slice(0, 16)}`);
}

function readStop(flags: CampaignFlags, now: Date): { stop: StopFlags; limit: string } {
  const stop: { -readonly [K in keyof StopFlags]: StopFlags[K] } = {};
  const limits: string[] = [];
  if (flags.for !== undefined) {
    stop.forMs = readTime('--for', flags.for);
    limits.push(formatDuration(stop.forMs));
  }
  if (flags.until !== undefined) {
    const until = parseUntil(flags.until, now);
    if (until === null) throw new UsageError(`--until ${flags.until}: a time of day such as 07:00 expected`);
    stop.untilMs = until;
    limits.push(`until ${flags.until}`);
  }
  if (flags.runs !== undefined) {
    stop.runs = Number(flags.runs);
    limits.push(`${stop.runs} sequences`);
  }
  if (flags.stopOn !== undefined) {
    const parsed = parseStopOn(flags.stopOn);
    if (parsed === null)
      throw new UsageError(`--stop-on ${flags.stopOn}: first, a number of findings, or idle:30m expected`);
    Object.assign(stop, parsed);
    limits.push(flags.stopOn);
  }
  const hasEnd = stop.forMs !== undefined || stop.untilMs !== undefined || stop.runs !== undefined;
  if (!hasEnd && stop.idleMs === undefined) {
    stop.forMs = DEFAULT_MS;
    limits.unshift(formatDuration(DEFAULT_MS));
  }
  return { stop, limit: limits.join(' or ') };
}

function readTime(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw new UsageError(`${flag} ${text}: a time such as 60s, 10m or 8h expected`);
  return ms;
}

function readStepTimeout(text: string | undefined): number {
  return text === undefined ? DEFAULT_STEP_TIMEOUT_MS : readTime('--step-timeout', text);
}

function readWhole(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`${flag} ${text}: a whole number from 1 expected`);
  return Number(text);
}

function readShare(text: string | undefined): number {
  if (text === undefined) return 0.15;
  const percent = Number(text.replace(/%$/, ''));
  if (text.trim() === '' || !(percent >= 0 && percent <= 100)) {
    throw new UsageError(`--minimize-share ${text}: a share from 0% to 100% expected`);
  }
  return percent / 100;
}

/** The first night of a script has nothing to know yet; a folder of something else is a slip of the pen. */
function mayKnowNothing(folder: string): boolean {
  const names = fs.readdirSync(folder);
  return names.includes('campaign.json') || names.every((name) => name.startsWith('.') || name === 'findings');
}

/** Signatures of a folder of findings, or of a campaign's. */
function readKnown(folder: string | undefined): ReadonlySet<string> {
  if (folder === undefined) return new Set();
  if (!fs.existsSync(folder)) throw new CouldNotRun(`--known ${folder}: no such folder`);
  const inside = path.join(folder, 'findings');
  if (listFindings(folder).length === 0 && listFindings(inside).length === 0 && !mayKnowNothing(folder)) {
    throw new CouldNotRun(`--known ${folder}: no findings there, and it is neither empty nor a campaign`);
  }
  return new Set([...readSignatures(folder), ...readSignatures(inside)]);
}
