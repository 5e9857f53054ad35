/**
 * The flags that say what to fuzz and how a campaign ends, read and checked: for `fuzz` and `check`.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { formatDuration, parseDuration } from '../base/duration';
import { CouldNotRun, UsageError } from '../base/errors';
import { splitList } from '../base/shell-words';
import { readVersion } from '../base/version';
import type { RunFlags } from '../campaign/coordinator';
import { CampaignFolder, type CampaignSettings, type RunWords } from '../campaign/settings';
import { presentCommit, type StartOptions } from '../campaign/start';
import { clockText, parseStopOn, parseUntil, type StopFlags } from '../campaign/stopping';
import { allDomains, domainOf } from '../domains';
import { MINIMIZE_SHARE } from '../findings/limits';
import { listFindings, readMarks } from '../findings/store';
import { operationNames } from '../format/domain';
import type { DomainName } from '../format/types';
import type { GenerateOptions } from '../generate/weights';
import type { DeclaredRow } from '../referee/declared';
import { generationFor } from '../referee/generation';
import { DEFAULT_TARGETS } from '../report/target-flags';
import { makeTargetRuns, readDeclared, readPercent, readRequired, readStepTimeout } from './target-options';

/** Those that `fuzz` and `check` share, as the command line has them. */
export interface SearchFlags {
  readonly domain?: string;
  readonly for?: string;
  readonly runs?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly only?: string;
  readonly without?: string;
  readonly target?: string;
  readonly stepTimeout?: string;
  readonly declared?: string;
  readonly requireCompared?: string;
  readonly json?: boolean;
}

export interface CampaignFlags extends SearchFlags {
  readonly until?: string;
  readonly workers?: string;
  readonly stopOn?: string;
  readonly minimizeShare?: string;
  readonly known?: string;
  readonly resume?: string;
  readonly memory?: string;
  readonly onFinding?: string;
  readonly feedback?: boolean;
}

const DEFAULT_MS = 60_000;
const DEFAULT_MEMORY_MB = 2048;

/** What decides the sequences; a resumed campaign has them in its folder. */
const FIXED: readonly (keyof CampaignFlags)[] = [
  ...(['seed', 'domain', 'only', 'without', 'out', 'target', 'stepTimeout', 'declared'] as const),
];

/** @throws UsageError that names the flag, CouldNotRun for a folder that is not there */
export function readCampaignFlags(flags: CampaignFlags, now: Date): StartOptions {
  return flags.resume === undefined ? readNew(flags, now) : readResumed(flags, flags.resume, now);
}

function readNew(flags: CampaignFlags, now: Date): StartOptions {
  const generated = readGenerated(flags);
  const words = wordsOf(flags, now);
  // The flags first: what is wrong with them is said before targets are started.
  const options = readRun(words, now, flags.json === true);
  return {
    ...options,
    folder: flags.out ?? defaultFolder(now, generated.seed),
    settings: { ...settingsOf(generated, flags.feedback !== false), run: words },
  };
}

/** A campaign that goes on has its own flags; those that are given beside --resume take their place. */
function readResumed(flags: CampaignFlags, folder: string, now: Date): StartOptions {
  refuseFixed(flags);
  const place = new CampaignFolder(folder);
  const own = place.exists ? (place.readSettings().run ?? {}) : {};
  const given = wordsOf(flags, now);
  const words = { ...(hasEnd(given) ? withoutEnd(own) : own), ...given };
  return { ...readRun(words, now, flags.json === true), folder, settings: null };
}

/** Whether a time, a time of day or a number is given: each of them takes the place of all three. */
function hasEnd(words: RunWords): boolean {
  return words.for !== undefined || words.until !== undefined || words.runs !== undefined;
}

function withoutEnd({ for: _for, until: _until, runs: _runs, ...rest }: RunWords): RunWords {
  return rest;
}

/** What is kept of the flags. A time of day and a path mean what they mean here and now. */
function wordsOf(flags: CampaignFlags, now: Date): RunWords {
  const { runs, stopOn, workers, memory, minimizeShare, onFinding, requireCompared } = flags;
  const kept = {
    ...{ for: flags.for, runs, stopOn, workers, memory, minimizeShare, onFinding, requireCompared },
    until: flags.until === undefined ? undefined : new Date(readUntil(flags.until, now)).toISOString(),
    known: flags.known === undefined ? undefined : path.resolve(flags.known),
  };
  return Object.fromEntries(Object.entries(kept).filter(([, word]) => word !== undefined)) as RunWords;
}

function readRun(
  words: RunWords,
  now: Date,
  json: boolean,
): Pick<StartOptions, 'flags' | 'words' | 'onFinding' | 'json'> {
  const ends = readStop(words, now);
  const flags: Omit<RunFlags, 'onFinding'> = {
    workers: readWorkers(words.workers, ends.stop.runs),
    ...ends,
    memoryMb: readWhole('--memory', words.memory?.replace(/M$/i, ''), DEFAULT_MEMORY_MB),
    minimizeShare:
      words.minimizeShare === undefined ? MINIMIZE_SHARE : readPercent('--minimize-share', words.minimizeShare),
    known: readKnown(words.known),
    requiredShare: readRequired(words.requireCompared),
  };
  return { flags, words, onFinding: words.onFinding ?? null, json };
}

/** So many workers a core are the most: more only wait for each other, and fill the memory. */
const MOST_WORKERS_A_CORE = 4;

/** All cores without the flag; never more workers than sequences. A number that is cut is said. */
function readWorkers(text: string | undefined, runs: number | undefined): number {
  const cores = availableParallelism();
  const asked = readWhole('--workers', text, cores);
  const most = Math.min(MOST_WORKERS_A_CORE * cores, runs ?? Number.POSITIVE_INFINITY);
  if (text !== undefined && asked > most) {
    const why = most === runs ? `for ${runs} sequences` : `on ${cores} cores`;
    process.stderr.write(`maple-fuzz: --workers ${text}: ${most} ${why} are the most, and are started\n`);
  }
  return Math.min(asked, most);
}

/** What to generate, and for which targets. */
interface Generated {
  readonly domains: readonly DomainName[];
  readonly seed: string;
  /** Operations that may be generated; all if neither is given. */
  readonly only: readonly string[] | undefined;
  readonly without: readonly string[] | undefined;
  /** Implementations, the subject first, as --target has them. */
  readonly target: string;
  readonly stepTimeoutMs: number;
  readonly declared: readonly DeclaredRow[];
}

/**
 * The settings that the flags come to. @throws UsageError that names the flag, TargetStartError if a target cannot
 * start
 */
export function readSettings(flags: SearchFlags, feedback: boolean): CampaignSettings {
  return settingsOf(readGenerated(flags), feedback);
}

function readGenerated(flags: SearchFlags): Generated {
  const asked = readDomains(flags.domain);
  const only = flags.only === undefined ? undefined : readOperations('--only', flags.only, asked);
  const without = flags.without === undefined ? undefined : readOperations('--without', flags.without, asked);
  const domains = asked.filter((domain) => hasOperations(domain, only, without));
  if (domains.length === 0) throw new UsageError('--only and --without leave no operation to generate');
  return {
    domains,
    seed: flags.seed ?? randomBytes(6).toString('hex'),
    only,
    without,
    target: flags.target ?? DEFAULT_TARGETS,
    stepTimeoutMs: readStepTimeout(flags.stepTimeout),
    declared: readDeclared(flags.declared),
  };
}

/** With what the targets allow; they are started to be asked. */
function settingsOf(generated: Generated, feedback: boolean): CampaignSettings {
  const { domains, seed, only, target, stepTimeoutMs, declared } = generated;
  const allowed = allowedBy(generated);
  return {
    version: readVersion(),
    commit: presentCommit(),
    node: process.version,
    seed,
    domain: domains.length === 1 ? domains[0] : null,
    only: only ?? null,
    without: allowed.without ?? [],
    targets: splitList(target),
    strict: allowed.strict === true,
    can: allowed.can ?? null,
    feedback,
    stepTimeoutMs,
    ...(declared.length === 0 ? {} : { declared }),
  };
}

function allowedBy({ target, domains, only, without }: Generated): GenerateOptions {
  const runs = makeTargetRuns({ target });
  try {
    return generationFor(runs, domains, { only, without });
  } finally {
    runs.close();
  }
}

function readDomains(text: string | undefined): readonly DomainName[] {
  const names = allDomains().map(({ name }) => name);
  if (text === undefined) return names;
  if (!names.includes(text)) throw new UsageError(`--domain ${text}: ${names.join(' or ')} expected`);
  return [text];
}

/** Whether anything of a domain may be generated: a dump alone is nothing. */
function hasOperations(domain: DomainName, only?: readonly string[], without?: readonly string[]): boolean {
  return operationNames(domainOf({ domain })).some(
    (name) => name !== 'dump' && only?.includes(name) !== false && without?.includes(name) !== true,
  );
}

/** Names of operations with commas between; each is one of the domains'. */
function readOperations(flag: string, text: string, domains: readonly DomainName[]): string[] {
  const known = new Set(domains.flatMap((domain) => operationNames(domainOf({ domain }))));
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!known.has(name))
      throw new UsageError(`${flag} ${name}: no such operation; there are ${[...known].join(', ')}`);
  }
  return names;
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

/** When a campaign ends, and the same in words. */
export function readStop(flags: RunWords, now: Date): { stop: StopFlags; limit: string } {
  const stop: { -readonly [K in keyof StopFlags]: StopFlags[K] } = {};
  const limits: string[] = [];
  if (flags.for !== undefined) {
    stop.forMs = readTime('--for', flags.for);
    limits.push(formatDuration(stop.forMs));
  }
  if (flags.until !== undefined) {
    stop.untilMs = readUntil(flags.until, now);
    limits.push(`until ${clockText(stop.untilMs)}`);
  }
  if (flags.runs !== undefined) {
    stop.runs = readRuns(flags.runs);
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

/** A time of day, or the moment that a campaign has kept of one. */
function readUntil(text: string, now: Date): number {
  const until = /^\d{4}-/.test(text) ? Date.parse(text) : parseUntil(text, now);
  if (until === null || Number.isNaN(until))
    throw new UsageError(`--until ${text}: a time of day such as 07:00 expected`);
  return until;
}

function readRuns(text: string): number {
  const runs = Number(text);
  if (!/^\d+$/.test(text) || runs < 1) throw new UsageError(`--runs ${text}: a number of sequences from 1 expected`);
  return runs;
}

function readTime(flag: string, text: string): number {
  const ms = parseDuration(text);
  // In no time nothing is run, and nothing found would say nothing.
  if (ms === null || ms === 0)
    throw new UsageError(`${flag} ${text}: a time such as 60s, 10m or 8h expected, at most 1000 days`);
  return ms;
}

function readWhole(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`${flag} ${text}: a whole number from 1 expected`);
  return Number(text);
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
  return new Set([...readMarks(folder), ...readMarks(inside)]);
}
