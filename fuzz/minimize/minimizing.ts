/**
 * What the minimizer needs of a domain. All of it may be left out: what goes by the kinds of fields alone works anyway.
 */
import type { DomainFormat } from '../format/domain';
import type { Header, Operation, Sequence } from '../format/types';
import type { Stream } from '../generate/stream';
import type { Trial } from './trial';

/** One way to make a sequence plainer that only this domain knows. */
export interface Pass {
  /** For the line that shows what is going on. */
  readonly phase: string;
  /** Whether it changed anything. */
  run(trial: Trial): Promise<boolean>;
  /** Where it changed something, chunks of operations may go that could not before. */
  readonly freesOperations: boolean;
}

/** Makes short sequences from nothing: see rebuild.ts. */
export interface ShortSequences {
  /** A sequence of at most so many operations. */
  make(most: number): Sequence;
  /** As many operations as there are, of which one or two are others. */
  vary(operations: readonly Operation[]): Operation[];
}

/** How a header becomes plainer. */
export interface HeaderSimplification {
  /** Fields to try without, in this order. */
  readonly drops?: readonly string[];
  /** Numbers to try lower values for, in this order. */
  readonly lowers?: readonly string[];
  /** Of those, limits that operations count against: one operation less may need a limit that is lower by one. */
  readonly limits?: readonly string[];
  /** Fields that are left out at the very end, when nothing else can go. */
  readonly dropsLast?: readonly string[];
  /** Other headers that are plainer. */
  plainer?(header: Header): readonly Header[];
  /** Headers under which a failure may need fewer operations (smaller nodes, say), the first to try first. */
  smaller?(header: Header): readonly Header[];
  /** How wide the space is that content lies in, and a header with less of it; null where it would be too small. */
  width?(header: Header): number;
  narrower?(header: Header, by: number): Header | null;
}

export interface MinimizingPasses {
  readonly header?: HeaderSimplification;
  /** Done once, before all else. */
  readonly first?: readonly Pass[];
  /** Part of every round. */
  readonly round?: readonly Pass[];
  /** The two fields that are the range of an operation. */
  readonly range?: readonly [begin: string, end: string];
  /** The range from where either operation begins to where either ends, as fields; null if one has no range. */
  union?(a: Operation, b: Operation): Partial<Operation> | null;
  /** More places that an operation makes worth trying for others, beside those that it names. */
  placesOf?(operation: Operation): readonly number[];
  /** The operation at places that it does not name itself; `places` are those that the sequence names. */
  placed?(operation: Operation, header: Header, places: readonly number[]): readonly Operation[];
  shortSequences?(stream: Stream, trial: Trial, failing: Operation): ShortSequences;
}

export interface MinimizableDomain extends DomainFormat {
  readonly minimizing: MinimizingPasses;
}
