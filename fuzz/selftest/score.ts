/**
 * The self-test's table and score, for people and for machines.
 */
import pc from 'picocolors';
import { short } from '../campaign/status';
import { columns } from '../report/columns';
import { isFailure, type MutantResult, median } from './selftest';

/** What is printed for one mutant with `--json`, and what the table shows. */
export interface ScoreRow {
  readonly name: string;
  readonly domain: string;
  readonly verdict: string;
  /** By what it was found, the most frequent of the seeds; null if it was not. */
  readonly by: string | null;
  readonly rule: string | null;
  /** Medians over the seeds; null where nothing was found. */
  readonly steps: number | null;
  readonly seconds: number | null;
  /** Shortest minimal length of the seeds. */
  readonly length: number | null;
  readonly shortest: number | null;
  /** Each search by itself, in the order of the seeds. */
  readonly searches: readonly SearchRow[];
}

export interface SearchRow {
  readonly seed: string;
  /** Null if nothing was found. */
  readonly seconds: number | null;
  /** Length of the minimal form; null if there is none. */
  readonly length: number | null;
}

export function scoreRow({ mutant, searches, verdict }: MutantResult): ScoreRow {
  const hits = searches.filter((s) => s.found !== null);
  const lengths = hits.flatMap((s) => (s.minimal === null ? [] : [s.minimal.operations.length]));
  const middle = (pick: (s: (typeof hits)[number]) => number): number | null =>
    hits.length === 0 ? null : median(hits.map(pick));
  return {
    name: mutant.name,
    domain: mutant.domain,
    verdict,
    by: mostFrequent(hits.map((s) => s.found!.by)),
    rule: mostFrequent(hits.map((s) => s.found!.rule)),
    steps: middle((s) => s.found!.steps),
    seconds: middle((s) => s.found!.seconds),
    length: lengths.length === 0 ? null : Math.min(...lengths),
    shortest: mutant.known?.operations.length ?? null,
    searches: searches.map(({ seed, found, minimal }) => ({
      seed,
      seconds: found?.seconds ?? null,
      length: minimal?.operations.length ?? null,
    })),
  };
}

function mostFrequent(words: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null;
}

export function scoreTable(results: readonly MutantResult[]): string {
  const head = ['mutant', 'verdict', 'found by', 'steps', 'seconds', 'length', 'known'];
  const number = (n: number | null, digits = 0): string =>
    n === null ? '-' : digits > 0 ? n.toFixed(digits) : short(n);
  const rows = results.map((result) => {
    const row = scoreRow(result);
    return [
      row.name,
      isFailure(result) ? pc.red(row.verdict) : row.verdict,
      row.by ?? '-',
      number(row.steps),
      number(row.seconds, 1),
      number(row.length),
      number(row.shortest),
    ];
  });
  return columns([head, ...rows], { words: 3 });
}

export interface Score {
  readonly findable: number;
  readonly found: number;
  readonly medianSeconds: number;
  readonly slowest: number;
  /** Controls, and those that were reported though nothing is wrong with them. */
  readonly controls: number;
  readonly falseAlarms: number;
  /** Mutants whose shortest minimal form is longer by more than one operation than the shortest known. */
  readonly long: number;
  /** The same of single searches, and single searches for what should be found that found nothing. */
  readonly longSearches: number;
  readonly emptySearches: number;
  readonly knownMisses: number;
}

export function score(results: readonly MutantResult[]): Score {
  const rows = results.map(scoreRow);
  const findable = results.filter((r) => r.mutant.expect === 'found');
  const times = rows.filter((r) => r.verdict === 'found' && r.seconds !== null).map((r) => r.seconds!);
  return {
    findable: findable.length,
    found: findable.filter((r) => r.verdict === 'found').length,
    medianSeconds: median(times),
    slowest: Math.max(0, ...times),
    controls: results.filter((r) => r.mutant.expect === 'equivalent').length,
    falseAlarms: results.filter((r) => r.verdict === 'reported').length,
    long: rows.filter((r) => isLong(r.length, r.shortest)).length,
    longSearches: rows.flatMap((r) => r.searches.filter((s) => isLong(s.length, r.shortest))).length,
    emptySearches: findable.flatMap((r) => r.searches.filter((s) => s.found === null)).length,
    knownMisses: results.filter((r) => r.mutant.expect === 'not-found').length,
  };
}

function isLong(length: number | null, shortest: number | null): boolean {
  return length !== null && shortest !== null && length > shortest + 1;
}

export function scoreText(s: Score): string {
  return (
    `score: ${s.found} of ${s.findable} planted bugs found, median ${s.medianSeconds.toFixed(1)} s, ` +
    `slowest ${s.slowest.toFixed(1)} s; ` +
    `${s.emptySearches} searches without a find; ${s.falseAlarms} of ${s.controls} controls reported; ` +
    `${s.long} minimal cases longer than known (of single searches ${s.longSearches}); ` +
    `${s.knownMisses} known to escape`
  );
}
