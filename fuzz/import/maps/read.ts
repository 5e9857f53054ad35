/**
 * From a text to its listings: which kind it is, and what it lists.
 */
import { refuseIfMostlyBad } from '../imported';
import { type Content, linesOf } from '../input';
import { clip, ImportError, type ImportReport } from '../report';
import { LOOKS_LIKE_JSON, readCriu } from './criu';
import { LINE_KINDS, type LineKind } from './kinds';
import { LineReader } from './lines';
import type { Listing } from './listing';
import { LOOKS_LIKE_PERF, PerfReader } from './perf';

const PERF = 'perf';
const CRIU = 'criu';

/** What `--format` takes. `smaps` is `maps` with more below each line. */
export const FORMATS: readonly string[] = [...LINE_KINDS.map(({ name }) => name), 'smaps', PERF, CRIU];

/** The kind with the most lines; of equals the first. Null if no line is of any. */
function detect(lines: readonly string[]): string | null {
  if (LOOKS_LIKE_JSON.test(lines.find((line) => line.trim() !== '') ?? '')) return CRIU;
  let best: { readonly name: string; readonly count: number } | null = null;
  const candidates = [
    ...LINE_KINDS.map((kind) => ({ name: kind.name, isOne: (line: string) => kind.read(line) !== null })),
    { name: PERF, isOne: (line: string) => LOOKS_LIKE_PERF.test(line) },
  ];
  for (const { name, isOne } of candidates) {
    const count = lines.reduce((sum, line) => sum + (isOne(line) ? 1 : 0), 0);
    if (count > 0 && (best === null || count > best.count)) best = { name, count };
  }
  return best?.name ?? null;
}

const isStrace = (line: string): boolean => /\b(?:mmap|munmap|brk|execve)\(.*\)\s+= /.test(line);

function refuse(lines: readonly string[], format: string): never {
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first < 0) throw new ImportError(lines.length, 'no mapping found');
  const hint = lines.some(isStrace) ? '; it looks like a log of strace (import strace)' : '';
  const what = format === 'auto' ? '/proc/PID/maps, or of another listing of mappings' : format;
  throw new ImportError(first + 1, `not a line of ${what}: ${clip(lines[first])}${hint}`);
}

function readLines(kind: LineKind, lines: readonly string[], report: ImportReport): Listing[] {
  const reader = new LineReader(kind, report);
  lines.forEach((line, i) => {
    reader.take(line, i + 1);
  });
  const listings = reader.end();
  refuseIfMostlyBad(report.firstBadLine, report.badLines, reader.good, `a listing of mappings (${kind.name})`);
  return listings;
}

function readPerf(lines: readonly string[], report: ImportReport): Listing[] {
  const reader = new PerfReader(report);
  lines.forEach((line, i) => {
    reader.take(line, i + 1);
  });
  refuseIfMostlyBad(report.firstBadLine, report.badLines, reader.good, 'perf script');
  return reader.end();
}

/** @throws ImportError for a text without mappings, or that is mostly not of its kind */
export function readListings(content: Content, format: string, report: ImportReport): Listing[] {
  const lines = [...linesOf(content)].map((line) => line.trimEnd());
  report.lines += lines.length;
  const name = format === 'auto' ? detect(lines) : format === 'smaps' ? 'maps' : format;
  if (name === CRIU) return readCriu(lines.join('\n'), report);
  const kind = LINE_KINDS.find((one) => one.name === name);
  let listings: Listing[] = [];
  if (name === PERF) listings = readPerf(lines, report);
  else if (kind !== undefined) listings = readLines(kind, lines, report);
  if (listings.every(({ mappings }) => mappings.length === 0)) refuse(lines, format);
  if (listings.some(({ mappings }) => mappings.some(({ path }) => path === '[rollup]'))) {
    throw new ImportError(1, 'a sum of mappings (smaps_rollup), no listing of them');
  }
  return listings;
}
