/**
 * The flags that say what to fuzz, read and checked: for `fuzz` and `check`.
 */

import { randomBytes } from 'node:crypto';
import { formatDuration, parseDuration } from '../base/duration';
import { UsageError } from '../base/errors';
import { domainOf } from '../domains';
import { operationNames } from '../format/domain';
import type { DomainName } from '../format/types';
import { DEFAULT_TARGETS } from '../report/target-flags';
import { readStepTimeout } from './target-options';

/** As the command line has them. */
export interface FuzzFlags {
  readonly domain?: string;
  readonly for?: string;
  readonly runs?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly only?: string;
  readonly without?: string;
  readonly target?: string;
  readonly stepTimeout?: string;
  readonly json?: boolean;
}

export interface FuzzOptions {
  readonly domains: readonly DomainName[];
  /** Milliseconds of fuzzing; null without a limit in time. */
  readonly forMs: number | null;
  /** Sequences; null without a limit. */
  readonly runs: number | null;
  readonly seed: string;
  /** Folder for findings; made when there is one. */
  readonly out: string;
  /** Operations that may be generated; all if neither is given. */
  readonly only?: readonly string[] | undefined;
  readonly without?: readonly string[] | undefined;
  /** Implementations, the subject first, as --target has them. */
  readonly target: string;
  /** Milliseconds without an answer after which a target outside hangs. */
  readonly stepTimeoutMs: number;
  readonly json: boolean;
}

const DOMAINS: readonly DomainName[] = ['tree', 'mm'];
const DEFAULT_MS = 60_000;

/** @throws UsageError that names the flag */
export function readFuzzOptions(flags: FuzzFlags): FuzzOptions {
  const asked = readDomains(flags.domain);
  const only = flags.only === undefined ? undefined : readOperations('--only', flags.only, asked);
  const without = flags.without === undefined ? undefined : readOperations('--without', flags.without, asked);
  const domains = asked.filter((domain) => hasOperations(domain, only, without));
  if (domains.length === 0) throw new UsageError('--only and --without leave no operation to generate');
  const runs = flags.runs === undefined ? null : readRuns(flags.runs);
  const forMs = flags.for === undefined ? (runs === null ? DEFAULT_MS : null) : readTime(flags.for);
  return {
    domains,
    forMs,
    runs,
    seed: flags.seed ?? randomBytes(6).toString('hex'),
    out: flags.out ?? 'findings',
    only,
    without,
    target: flags.target ?? DEFAULT_TARGETS,
    stepTimeoutMs: readStepTimeout(flags.stepTimeout),
    json: flags.json === true,
  };
}

/** What the options come to, in words: "60s", "1000 sequences". */
export function limitText(options: FuzzOptions): string {
  const limits: string[] = [];
  if (options.forMs !== null) limits.push(formatDuration(options.forMs));
  if (options.runs !== null) limits.push(`${options.runs} sequences`);
  return limits.join(' or ');
}

function readDomains(text: string | undefined): readonly DomainName[] {
  if (text === undefined) return DOMAINS;
  const domain = DOMAINS.find((name) => name === text);
  if (domain === undefined) throw new UsageError(`--domain ${text}: tree or mm expected`);
  return [domain];
}

/** Whether anything of a domain may be generated: a dump alone is nothing. */
function hasOperations(domain: DomainName, only?: readonly string[], without?: readonly string[]): boolean {
  return operationNames(domainOf({ domain })).some(
    (name) => name !== 'dump' && only?.includes(name) !== false && without?.includes(name) !== true,
  );
}

function readRuns(text: string): number {
  const runs = Number(text);
  if (!/^\d+$/.test(text) || runs < 1) throw new UsageError(`--runs ${text}: a number of sequences from 1 expected`);
  return runs;
}

function readTime(text: string): number {
  const ms = parseDuration(text);
  // In no time nothing is run, and nothing found would say nothing.
  if (ms === null || ms === 0) throw new UsageError(`--for ${text}: a time such as 60s, 10m or 8h expected`);
  return ms;
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
