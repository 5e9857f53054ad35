/**
 * Turns listings of mappings into sequences: what an address space of a real process looks like.
 *
 *     text -> kind (read.ts) -> listings (lines.ts, perf.ts, criu.ts) -> a tree (tree.ts) or an address space (mm.ts)
 */
import type { Domain } from '../../domains/domain';
import { mm } from '../../domains/mm';
import { tree } from '../../domains/tree';
import type { Sequence } from '../../format/types';
import { Imported, type ImportOptions } from '../imported';
import type { Content } from '../input';
import { ImportReport } from '../report';
import type { Listing } from './listing';
import { mmSequenceOf } from './mm';
import { readListings } from './read';
import { treeSequenceOf } from './tree';

type Maker = (listing: Listing, options: ImportOptions, report: ImportReport) => Sequence;

/** The domains that a listing says something about, and how. */
const MAKERS: ReadonlyMap<Domain, Maker> = new Map([
  [tree, treeSequenceOf],
  [mm, mmSequenceOf],
]);

/** The domains that a listing can become sequences of; the first one unless told otherwise. */
export const LISTING_DOMAINS: readonly Domain[] = [...MAKERS.keys()];

export interface MapsOptions extends ImportOptions {
  /** One of LISTING_DOMAINS. */
  readonly domain: Domain;
  /** One of FORMATS; default: what most lines are. */
  readonly format?: string;
}

/**
 * A sequence for each listing of the text. @throws ImportError for a text without mappings, or mostly of other lines
 */
export function importMaps(content: Content, options: MapsOptions): Imported {
  const report = new ImportReport();
  const listings = readListings(content, options.format ?? 'auto', report).filter(
    ({ mappings }) => mappings.length > 0,
  );
  const make = MAKERS.get(options.domain);
  if (make === undefined) throw new TypeError(`a listing says nothing about the domain ${options.domain.name}`);
  const sequences = listings.map((listing) => make(listing, options, report));
  report.sequences = sequences.length;
  return new Imported(
    report,
    sequences.map((sequence) => () => ({ sequence, answers: sequence.operations.map(() => null) })),
  );
}
