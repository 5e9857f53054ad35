/**
 * Which blocks of src ran between two moments: V8's own block coverage, asked in this process.
 *
 * V8 gives ranges that lie in each other, and only those whose count differs from what is around them; so the ranges of
 * a function are not the same in two runs. `segments` cuts each function at all borders that any run had.
 */
import fs from 'node:fs';
import inspector from 'node:inspector';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = path.join(__dirname, '..', '..', 'src');

type FunctionCoverage = inspector.Profiler.FunctionCoverage;

/** What ran: of each function its ranges. */
export type Counted = ReadonlyMap<string, FunctionCoverage>;

/** A part of a function that always ran as a whole, or not at all. */
export interface Segment {
  readonly name: string;
  readonly url: string;
  readonly start: number;
  /** For each run whether it ran in it. */
  readonly ran: readonly boolean[];
}

export class BlockCounts {
  private readonly session = new inspector.Session();

  constructor() {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What ran since the last call. */
  take(): Counted {
    const counted = new Map<string, FunctionCoverage>();
    this.session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error !== null) throw error;
      for (const { url, functions } of taken.result) {
        if (!url.startsWith('file:') || !isInside(fileURLToPath(url))) continue;
        for (const one of functions) if (one.ranges[0].count > 0) counted.set(keyOf(url, one), one);
      }
    });
    return counted;
  }
}

function isInside(file: string): boolean {
  return file.startsWith(SRC + path.sep);
}

function keyOf(url: string, { ranges, functionName }: FunctionCoverage): string {
  return `${url}\n${ranges[0].startOffset}\n${ranges[0].endOffset}\n${functionName}`;
}

/** The functions that ran in any of the runs, in parts. */
export function segmentsOf(runs: readonly Counted[]): Segment[] {
  const keys = new Set(runs.flatMap((run) => [...run.keys()]));
  return [...keys].sort().flatMap((key) => segmentsOfFunction(key, runs));
}

function segmentsOfFunction(key: string, runs: readonly Counted[]): Segment[] {
  const [url, start, , name] = key.split('\n');
  const borders = new Set<number>();
  for (const run of runs) {
    for (const { startOffset, endOffset } of run.get(key)?.ranges ?? []) borders.add(startOffset).add(endOffset);
  }
  const sorted = [...borders].sort((a, b) => a - b).slice(0, -1);
  if (name === '' && Number(start) === 0) return [];
  return sorted.map((at) => ({ name, url, start: at, ran: runs.map((run) => countAt(run.get(key), at) > 0) }));
}

/** Ranges stand in the order of their beginnings, outer before inner: the last that holds a place is the innermost. */
function countAt(one: FunctionCoverage | undefined, at: number): number {
  return one?.ranges.findLast(({ startOffset, endOffset }) => startOffset <= at && at < endOffset)?.count ?? 0;
}

/** Finds the lines of places, through the source maps that the checkout's compiler leaves in what it compiled. */
export class Lines {
  private readonly files = new Map<string, { readonly text: string; readonly map: SourceMap | null }>();

  constructor(private readonly textOf: (file: string) => string = (file) => fs.readFileSync(file, 'utf8')) {}

  /** The source from the project's root, and the line in it. */
  placeOf(url: string, offset: number): { file: string; line: number } {
    const file = fileURLToPath(url);
    const { text, map } = this.read(file);
    const before = text.slice(0, firstWord(text, offset)).split('\n');
    const line = before.length - 1;
    const entry = map?.findEntry(line, before[line].length);
    const inside = path.join('src', path.relative(SRC, file));
    if (entry === undefined || !('originalLine' in entry)) return { file: inside, line: line + 1 };
    return { file: inside.replace(/\.js$/, '.ts'), line: entry.originalLine + 1 };
  }

  private read(file: string): { text: string; map: SourceMap | null } {
    let known = this.files.get(file);
    if (known === undefined) {
      const text = this.textOf(file);
      const inline = /\/\/# sourceMappingURL=data:[^,]*;base64,([A-Za-z0-9+/=]+)/.exec(text);
      const payload = inline === null ? null : Buffer.from(inline[1], 'base64').toString('utf8');
      known = { text, map: payload === null ? null : new SourceMap(JSON.parse(payload)) };
      this.files.set(file, known);
    }
    return known;
  }
}

/** A block begins with its brace, and what stands behind that is what it is about. */
function firstWord(text: string, offset: number): number {
  const word = /[^\s{}]/.exec(text.slice(offset, offset + 200));
  return offset + (word?.index ?? 0);
}
