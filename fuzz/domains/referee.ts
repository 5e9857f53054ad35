/**
 * What comparing several targets needs to know of a kind of content: which sequences may be put to a target at all,
 * what a dump is made of, and what two dumps have in common where a target does not model all of it.
 */
import type { Answer, Sequence } from '../format/types';

/** How the dumps of a target differ from the format's, by what it says in its answer to a header. */
export interface Dialect {
  /** Names of fields and flags that its dumps do not model. */
  readonly hides: readonly string[];
  /** Whether it joins equal neighbours. */
  readonly joins: boolean;
}

export interface RefereeFacts {
  /** Whether each operation has an answer that every right implementation gives: none of the corners of the format. */
  isLegal(sequence: Sequence): boolean;
  /** The parts of a dump, each as text; null for an answer that is no dump. */
  piecesOf(answer: Answer): readonly string[] | null;
  /** Header fields, and files, that a target can do which does not say what it can. */
  readonly usualHeaders: readonly string[];
  readonly usualFiles: readonly string[];
  /** Whether two answers to the same operation say the same, as far as both say anything. */
  isSame(a: Answer, b: Answer): boolean;
  /** A dump without what the dialect hides, equal neighbours joined if it joins them; other answers as they are. */
  inDialect(answer: Answer, dialect: Dialect): Answer;
}
