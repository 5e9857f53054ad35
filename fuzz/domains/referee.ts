/**
 * What comparing several targets needs to know of a kind of content: which sequences may be put to a target at all, and
 * what a dump is made of.
 */
import type { Answer, Sequence } from '../format/types';

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
}
