/**
 * What an import made of its input: which calls became operations, which were left out and why, what had to be assumed.
 *
 * Nothing is dropped in silence: each call of a log is either kept or skipped with a reason, and counted.
 */

/** The input is damaged or not what it is said to be. The text names the line. */
export class ImportError extends Error {
  override readonly name = 'ImportError';

  constructor(
    /** Counted from 1. */
    readonly line: number,
    what: string,
  ) {
    super(`line ${line}: ${what}`);
  }
}

/** Shortens a piece of input for a message. */
export function clip(text: string, length = 80): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function countIn(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const plain = (counts: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(counts);

export interface ImportCounts {
  readonly lines: number;
  readonly sequences: number;
  readonly kept: Readonly<Record<string, number>>;
  /** Per call, how many for which reason. */
  readonly skipped: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What was changed or assumed, and how often. */
  readonly notes: Readonly<Record<string, number>>;
}

export class ImportReport {
  lines = 0;
  sequences = 0;
  private readonly kept = new Map<string, number>();
  private readonly skipped = new Map<string, Map<string, number>>();
  private readonly notes = new Map<string, number>();

  /** A call became an operation. */
  keep(name: string): void {
    countIn(this.kept, name);
  }

  /** A call was left out. */
  skip(name: string, reason: string): void {
    let reasons = this.skipped.get(name);
    if (reasons === undefined) this.skipped.set(name, (reasons = new Map()));
    countIn(reasons, reason);
  }

  /** Something was changed or assumed. */
  note(what: string): void {
    countIn(this.notes, what);
  }

  counts(): ImportCounts {
    return {
      lines: this.lines,
      sequences: this.sequences,
      kept: plain(this.kept),
      skipped: Object.fromEntries([...this.skipped].map(([name, reasons]) => [name, plain(reasons)])),
      notes: plain(this.notes),
    };
  }

  /** For people: one line a fact. */
  toText(): string {
    const kept = [...this.kept.values()].reduce((sum, count) => sum + count, 0);
    const lines = [`${this.lines} lines: ${this.sequences} sequences, ${kept} calls kept`];
    for (const [name, reasons] of this.skipped) {
      for (const [reason, count] of reasons) lines.push(`  skipped ${count} ${name}: ${reason}`);
    }
    for (const [what, count] of this.notes) lines.push(`  ${what}: ${count}`);
    return `${lines.join('\n')}\n`;
  }
}
