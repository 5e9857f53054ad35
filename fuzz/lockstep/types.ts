/**
 * What running implementations side by side comes to: nothing, or the first difference.
 */
import type { Answer, Header, Operation, Sequence } from '../sequence/types';

/** How a difference was seen; the score of the self-test counts by it. */
export type FoundBy = 'answer' | 'invariant' | 'structure' | 'assertion' | 'crash' | 'hang' | 'protocol';

/** The first wrong step of a sequence. */
export interface Difference {
  /** Index of the operation in the sequence; -1 for the header. */
  readonly step: number;
  readonly operation: Operation | null;
  /** Stable short name of what broke: "answer", "cursor", "content", an invariant's or assertion's name, "crash", … */
  readonly rule: string;
  readonly foundBy: FoundBy;
  /** What the judge answered, and what the subject did; absent where the rule is about one side alone. */
  readonly expected?: Answer;
  readonly actual?: Answer;
  /** One line or a few, with the place and both numbers. */
  readonly detail: string;
  /** With three or more implementations: the one that stands alone. */
  readonly alone?: string;
}

/** Runs operations on all in-process implementations in step, comparing after each. One is reused for many sequences. */
export interface Lockstep {
  /** Starts a sequence: an empty tree or window. */
  begin(header: Header): Difference | null;
  /** Applies one operation everywhere, compares answers and contents, checks the invariants. */
  step(operation: Operation): Difference | null;
  /** The full checks at the end of a sequence. */
  end(): Difference | null;
}

/** Runs a whole sequence; the minimizer and replay need no more. */
export type RunSequence = (sequence: Sequence) => Difference | null;
