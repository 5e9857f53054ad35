/**
 * What a search for a planted bug is told, and what it says: the two ends of a pipe.
 */

import type { DomainName, Sequence } from '../format/types';
import type { FoundBy } from '../lockstep/types';

export interface SearchOrder {
  readonly seed: string;
  readonly domain: DomainName;
  /** Processor time for the search, milliseconds. */
  readonly forMs: number;
  /** Processor time for minimizing what was found, milliseconds; 0: it is not minimized. */
  readonly minimizeMs: number;
  /** Run this instead of searching. */
  readonly known?: Sequence;
}

export type SearchReport =
  | { readonly n: number }
  | { readonly found: Found }
  | { readonly minimal: { readonly complete: boolean; readonly sequence: Sequence } }
  | { readonly nothing: { readonly steps: number; readonly seconds: number } };

export interface Found {
  readonly by: FoundBy;
  readonly rule: string;
  readonly detail: string;
  /** The sequence in which it was found; the steps, and the seconds of processor time, until then. */
  readonly n: number;
  readonly steps: number;
  readonly seconds: number;
}
