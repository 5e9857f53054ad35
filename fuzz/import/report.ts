/**
 * What an import made of its input: which calls became operations, which were left out and why, what had to be assumed.
 *
 * Nothing is dropped in silence. What is left out is of three kinds, told apart because only the first makes a layout
 * wrong:
 *
 *     lost       it changed mappings and was not understood: the layout that is made is not the real one
 *     skipped    it changed no mapping, or failed
 *     bad line   not a line of the kind of input at all
 *
 * Pieces of input are shown escaped and cut, so that a report never sends raw bytes to a terminal.
 */
import { printable } from '../base/printable';

/** The input is damaged or not what it is said to be. The text names the line. */
export class ImportError extends Error {
  override readonly name = 'ImportError';

  constructor(
    /** Counted from 1; 0 for what belongs to no line. */
    readonly line: number,
    what: string,
  ) {
    super(line === 0 ? what : `line ${line}: ${what}`);
  }
}

/** How many bad lines a report shows. */
const SHOWN_LINES = 3;

/** A piece of input for a message: cut, and printable. */
export function clip(text: string, length = 80): string {
  const cut = text.length <= length ? text : `${text.slice(0, length - 1)}…`;
  return printable(cut).replaceAll('\n', '\\x0a').replaceAll('\t', '\\x09');
}

function countIn(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const plain = (counts: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(counts);

export interface Lost {
  readonly name: string;
  readonly reason: string;
  /** What such a call does to the layout. */
  readonly effect: string;
  readonly count: number;
  /** Where the first of them stands. */
  readonly firstLine: number;
}

export interface BadLine {
  readonly line: number;
  /** Escaped and cut. */
  readonly text: string;
}

export interface ImportCounts {
  readonly lines: number;
  readonly sequences: number;
  readonly kept: Readonly<Record<string, number>>;
  /** Calls that changed mappings and did not become operations. */
  readonly lost: readonly Lost[];
  /** Per call that changes no mapping, or failed: how many for which reason. */
  readonly skipped: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly badLines: { readonly count: number; readonly first: readonly BadLine[] };
  /** What was changed or assumed, and how often. */
  readonly notes: Readonly<Record<string, number>>;
  /** Results that the input tells, of all operations; null for input that has none. */
  readonly comparable: { readonly results: number; readonly operations: number } | null;
}

export class ImportReport {
  lines = 0;
  sequences = 0;
  comparable: { results: number; operations: number } | null = null;
  private readonly kept = new Map<string, number>();
  private readonly lost = new Map<string, { -readonly [field in keyof Lost]: Lost[field] }>();
  private readonly skipped = new Map<string, Map<string, number>>();
  private readonly firstBad: BadLine[] = [];
  private bad = 0;
  private readonly notes = new Map<string, number>();

  /** A call became an operation. */
  keep(name: string): void {
    countIn(this.kept, name);
  }

  /** A call that changed mappings is missing from the layout. */
  lose(name: string, reason: string, effect: string, line: number): void {
    const key = `${name} ${reason}`;
    const known = this.lost.get(key);
    if (known !== undefined) known.count++;
    else this.lost.set(key, { name, reason, effect, count: 1, firstLine: line });
  }

  /** A call that changes no mapping was left out. */
  skip(name: string, reason: string): void {
    let reasons = this.skipped.get(name);
    if (reasons === undefined) this.skipped.set(name, (reasons = new Map()));
    countIn(reasons, reason);
  }

  /** A line is not of the kind of the input. */
  badLine(line: number, text: string): void {
    this.bad++;
    if (this.firstBad.length < SHOWN_LINES) this.firstBad.push({ line, text: clip(text) });
  }

  /** Something was changed or assumed. */
  note(what: string, times = 1): void {
    this.notes.set(what, (this.notes.get(what) ?? 0) + times);
  }

  /** Whether the layout is not the real one. */
  get isWrong(): boolean {
    return this.lost.size > 0;
  }

  get lostCalls(): number {
    return [...this.lost.values()].reduce((sum, { count }) => sum + count, 0);
  }

  get badLines(): number {
    return this.bad;
  }

  get firstBadLine(): BadLine | undefined {
    return this.firstBad[0];
  }

  counts(): ImportCounts {
    return {
      lines: this.lines,
      sequences: this.sequences,
      kept: plain(this.kept),
      lost: [...this.lost.values()].map((one) => ({ ...one })),
      skipped: Object.fromEntries([...this.skipped].map(([name, reasons]) => [name, plain(reasons)])),
      badLines: { count: this.bad, first: this.firstBad },
      notes: plain(this.notes),
      comparable: this.comparable,
    };
  }

  /** For people: one line a fact, what makes the layout wrong first. */
  toText(): string {
    const kept = [...this.kept.values()].reduce((sum, count) => sum + count, 0);
    const lines = [`${this.lines} lines: ${this.sequences} sequences, ${kept} calls kept`];
    for (const { name, reason, effect, count, firstLine } of this.lost.values()) {
      lines.push(`  LOST ${count} ${name}, which ${effect}: ${reason} (first: line ${firstLine})`);
    }
    if (this.bad > 0) lines.push(`  not understood and passed over: ${this.bad} lines`);
    for (const { line, text } of this.firstBad) lines.push(`    line ${line}: ${text}`);
    for (const [name, reasons] of this.skipped) {
      for (const [reason, count] of reasons) lines.push(`  skipped ${count} ${name}: ${reason}`);
    }
    for (const [what, count] of this.notes) lines.push(`  ${what}: ${count}`);
    if (this.comparable !== null) {
      const { results, operations } = this.comparable;
      lines.push(`  results in the log that a replay can be compared with: ${results} of ${operations}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
