/**
 * What makes short sequences of one domain, for rebuild.ts.
 */
import type { Operation, Sequence } from '../format/types';

export interface Maker {
  /** A sequence of at most so many operations. */
  make(most: number): Sequence;
  /** As many operations as there are, of which one or two are others. */
  vary(operations: readonly Operation[]): Operation[];
}
