/**
 * What an import gives: sequences that are made one after the other when they are asked for, and the report.
 *
 * A log of many forks has sequences that are large together, although each is small: who writes them holds one at a
 * time.
 */
import type { Sequence } from '../format/types';
import { type BadLine, ImportError, type ImportReport } from './report';

/** 0, an address, or the name of an error; null where the input does not tell. */
export type RecordedAnswer = number | string | null;

export interface Made {
  readonly sequence: Sequence;
  /** What the operations answered when they were recorded, one each, as far as the log can tell. */
  readonly answers: readonly RecordedAnswer[];
}

export interface ImportOptions {
  /** For the headers: where the input comes from. */
  readonly origin?: string;
  /** What the input is of; each sequence adds which process it is. */
  readonly note?: string;
}

export class Imported implements Iterable<Made> {
  constructor(
    readonly report: ImportReport,
    private readonly makers: readonly (() => Made)[],
  ) {}

  get count(): number {
    return this.makers.length;
  }

  make(index: number): Made {
    return this.makers[index]();
  }

  *[Symbol.iterator](): Iterator<Made> {
    for (const make of this.makers) yield make();
  }
}

/** The `note` and `origin` of a header. */
export function noteOf(options: ImportOptions, what: string): { note: string; origin?: string } {
  const note = options.note === undefined ? what : `${options.note}: ${what}`;
  return options.origin === undefined ? { note } : { note, origin: options.origin };
}

/**
 * Refuses input that is mostly not of its kind, in one line that names the first bad line.
 * @throws ImportError
 */
export function refuseIfMostlyBad(first: BadLine | undefined, bad: number, good: number, kind: string): void {
  if (first === undefined || bad <= good) return;
  const others = bad === 1 ? '' : ` (and ${bad - 1} more, against ${good} that are)`;
  throw new ImportError(first.line, `not a line of ${kind}: ${first.text}${others}`);
}
