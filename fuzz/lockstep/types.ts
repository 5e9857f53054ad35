/**
 * What running two implementations side by side comes to: nothing, or the first difference; and what an invariant is.
 *
 * A step goes like this, and stops at the first complaint:
 *
 *     invariants.before -> src and oracle apply the operation -> answers, cursor -> content -> invariants.check
 *
 * Invariants live one to a file in the folder invariants of a domain. They see both sides through a context that is one
 * object for the whole life of a lockstep: read it, never keep parts of it over a sequence (`begin` tells of a new
 * one).
 */

import type { Answer, Header, Operation, Ret, Sequence } from '../format/types';

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
  /** What the oracle answered, and what src did; absent where the rule is about one side alone. */
  readonly expected?: Answer;
  readonly actual?: Answer;
  /** One line or a few, with the place and both numbers. */
  readonly detail: string;
  /** With three or more implementations: the one that stands alone. */
  readonly alone?: string;
}

/** What an invariant sees of a run: a domain says what its header, its src and its oracle are. */
export interface StepContext<H, Src, Oracle> {
  readonly header: H;
  readonly src: Src;
  readonly oracle: Oracle;
  /** The operation about to be applied (in `before`) or just applied (in `check`); null at the end of a sequence. */
  readonly operation: Operation | null;
  /** Whether that operation may change the content: the table's `writes`. */
  readonly writes: boolean;
  /** Which allocation of the operation fails, counted from 1; 0 if none. */
  readonly fail: number;
  /** What src answered; meaningless in `before`. */
  readonly ret: Ret;
  /** Index of the operation in the sequence. */
  readonly step: number;
  /**
   * Whether it is this step's turn to look at everything. Otherwise an invariant that is `local` looks at what lies
   * around the operation's place, at a cost that does not grow with the content.
   */
  readonly whole: boolean;
  /** Whether everything is looked at after every step, at whatever cost. */
  readonly thorough: boolean;
}

export interface InvariantOf<Context> {
  /** Stable short name, in kebab-case: the `rule` of the differences that it finds. */
  readonly name: string;
  /** The name of its domain. */
  readonly domain: string;
  /** One sentence for the docs: what must hold. */
  readonly about: string;
  /** "structure" where it looks inside src alone, "invariant" otherwise. Default "invariant". */
  readonly foundBy?: 'structure' | 'invariant';
  /** The rule of a lower layer that it asks here: what breaks it is that layer's mistake. */
  readonly retells?: string;
  /**
   * After which steps `check` runs: each, the writing ones, or only at a sequence's end. `end` is part of all three.
   */
  readonly moment: 'step' | 'write' | 'end';
  /** Its `check` costs the same at any size, but for the steps whose turn it is (`whole`): it runs after every step. */
  readonly local?: true;
  /**
   * A sequence begins: forget what was remembered. A step may be interrupted for good, so nothing else can be relied
   * on.
   */
  begin?(this: void, context: Context): void;
  /** Before each operation is applied: what must hold now, or what to remember. Null: fine. */
  before?(this: void, context: Context): string | null;
  /** After an operation. Null: holds; otherwise one line, with the place and both numbers. */
  check(this: void, context: Context): string | null;
}

/** An invariant of any domain: only a lockstep of its domain can call it. */
export type Invariant = InvariantOf<never>;

/** What the generator sees of the oracle's content, read in place; each domain adds its own. */
export interface View {
  /** How many entries or mappings there are. */
  count(): number;
}

/** What came of the last step. */
export interface Answered {
  /** What src answered. */
  readonly ret: Ret;
  /** Whether the format itself refused the operation, so that neither side was asked. */
  readonly refused: boolean;
}

/** Runs operations on src and oracle in step, comparing after each. One is reused for many sequences. */
export interface Lockstep {
  /** Starts a sequence: an empty tree or window. Whatever happened before, it begins anew. */
  begin(header: Header): Difference | null;
  /** Applies one operation everywhere, compares answers and contents, checks the invariants. */
  step(operation: Operation): Difference | null;
  /** The full checks at the end of a sequence. */
  end(): Difference | null;
  /** The oracle's content in the sequence that began last, for the generator. */
  view(): View;
  readonly sides: Answered;
}

/** How a domain compares src and oracle. */
export interface Comparison {
  /** A lockstep for sequences of this domain; invariants of other domains are left out. */
  createLockstep(invariants: readonly Invariant[], thorough: boolean): Lockstep;
}

/** Runs a whole sequence; the minimizer and replay need no more. */
export type RunSequence = (sequence: Sequence) => Difference | null;
