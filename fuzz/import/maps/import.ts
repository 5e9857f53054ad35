/**
 * Turns listings of mappings into sequences: what an address space of a real process looks like.
 *
 *     text -> kind (read.ts) -> listings (lines.ts, perf.ts, criu.ts) -> a tree (tree.ts) or an address space (mm.ts)
 */
import { Imported, type ImportOptions } from '../imported';
import type { Content } from '../input';
import { ImportReport } from '../report';
import { mmOf } from './mm';
import { readListings } from './read';
import { treeOf } from './tree';

export interface MapsOptions extends ImportOptions {
  readonly domain: 'tree' | 'mm';
  /** One of FORMATS; default: what most lines are. */
  readonly format?: string;
}

/** A sequence for each listing of the text. @throws ImportError for a text without mappings, or mostly of other lines */
export function importMaps(content: Content, options: MapsOptions): Imported {
  const report = new ImportReport();
  const listings = readListings(content, options.format ?? 'auto', report).filter(
    ({ mappings }) => mappings.length > 0,
  );
  const make = options.domain === 'mm' ? mmOf : treeOf;
  const sequences = listings.map((listing) => make(listing, options, report));
  report.sequences = sequences.length;
  return new Imported(
    report,
    sequences.map((sequence) => () => ({ sequence, answers: sequence.operations.map(() => null) })),
  );
}
