/**
 * Finds the listings in a text of which they may be a part: a crash report, a mail, a file of several listings.
 *
 *     *** Error in `./p': …            around: passed over
 *     00400000-00401000 r-xp …         \
 *     0060                              | a listing; a line within it that cannot be read is a bad line,
 *     00800000-00801000 rw-p …         /  and if it is meant as a mapping, a lost one
 *     Aborted
 *     00400000-00401000 r-xp …         starts below the one before: another listing
 */
import type { ImportReport } from '../report';
import { attributeOf, type LineKind } from './kinds';
import type { Entry, Listed, Listing } from './listing';

const LOST = 'is missing';

/** A line after the last mapping: around the listing, unless the listing goes on. */
interface Between {
  readonly line: number;
  readonly text: string;
}

export class LineReader {
  readonly listings: { mappings: Listed[]; pid: null; heap: null }[] = [];
  /** Lines that are mappings or belong to them. */
  good = 0;
  private between: Between[] = [];

  constructor(
    private readonly kind: LineKind,
    private readonly report: ImportReport,
  ) {}

  private get last(): Listed | undefined {
    return this.listings.at(-1)?.mappings.at(-1);
  }

  take(text: string, line: number): void {
    const entry = this.kind.read(text);
    if (entry !== null) this.takeEntry(entry, text, line);
    else if (text.trim() !== '' && !this.takeAttribute(text)) this.between.push({ line, text });
  }

  private takeAttribute(text: string): boolean {
    if (!this.kind.belongs.test(text)) return false;
    this.good++;
    const attribute = attributeOf(text);
    const mappings = this.listings.at(-1)?.mappings;
    const last = mappings?.at(-1);
    if (attribute !== null && mappings !== undefined && last !== undefined) {
      mappings[mappings.length - 1] = { ...last, ...attribute };
    }
    return true;
  }

  private takeEntry(entry: Entry, text: string, line: number): void {
    const { last } = this;
    if (entry.first >= entry.end) {
      this.bad(line, text, 'it ends before it starts');
      return;
    }
    if (last !== undefined && entry.first >= last.first && entry.first < last.end) {
      this.bad(line, text, `it starts within the one of line ${last.line}`);
      return;
    }
    const isNew = last === undefined || entry.first < last.first;
    if (!isNew) for (const one of this.between) this.bad(one.line, one.text, 'its line is damaged');
    this.passOver(isNew);
    if (isNew) this.listings.push({ mappings: [], pid: null, heap: null });
    this.listings.at(-1)!.mappings.push({ ...entry, line });
    this.good++;
  }

  private passOver(isAround: boolean): void {
    if (isAround && this.between.length > 0) this.report.note('lines around the listing', this.between.length);
    this.between = [];
  }

  private bad(line: number, text: string, reason: string): void {
    this.report.badLine(line, text);
    if (this.kind.looks.test(text)) this.report.lose('mapping', reason, LOST, line);
  }

  end(): Listing[] {
    // A listing that is cut ends before the mapping that is cut.
    const cut = this.last === undefined ? undefined : this.between.find(({ text }) => this.kind.looks.test(text));
    if (cut !== undefined) this.report.badLine(cut.line, cut.text);
    this.passOver(true);
    return this.listings;
  }
}
