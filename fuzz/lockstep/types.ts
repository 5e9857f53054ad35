/**
 * What running implementations side by side comes to: nothing, or the first difference; and what an invariant is.
 *
 * A step goes like this, and stops at the first complaint:
 *
 *     invariants.before -> src and oracle apply the operation -> answers, cursor -> content -> invariants.check
 *
 * Invariants live one to a file in the folder invariants of a domain. They see both sides through a context that is one object for the
 * whole life of a lockstep: read it, never keep parts of it over a sequence (`begin` tells of a new one).
 */

import type { OracleAddressSpace } from '../../oracle/mm';
import type { OracleTree } from '../../oracle/tree';
import type { MmHeader } from '../domains/mm/header';
import type { SrcMm } from '../domains/mm/src-mm';
import type { TreeHeader } from '../domains/tree/header';
import type { SrcTree } from '../domains/tree/src-tree';
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
  /** What the judge answered, and what the subject did; absent where the rule is about one side alone. */
  readonly expected?: Answer;
  readonly actual?: Answer;
  /** One line or a few, with the place and both numbers. */
  readonly detail: string;
  /** With three or more implementations: the one that stands alone. */
  readonly alone?: string;
}

/** What an invariant sees of a tree run. `ret` and `step` are those of the last operation applied. */
export interface TreeContext {
  readonly header: TreeHeader;
  readonly src: SrcTree;
  readonly oracle: OracleTree;
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
   * Whether it is this step's turn to look at everything. Otherwise an invariant that is `local` looks at what lies around the
   * operation's place, at a cost that does not grow with the content.
   */
  readonly whole: boolean;
}

/** The same of an address-space run. */
export interface MmContext {
  readonly header: MmHeader;
  readonly src: SrcMm;
  readonly oracle: OracleAddressSpace;
  readonly operation: Operation | null;
  readonly writes: boolean;
  readonly fail: number;
  readonly ret: Ret;
  readonly step: number;
  readonly whole: boolean;
  /** Whether everything is looked at after every step, at whatever cost. */
  readonly thorough: boolean;
}

interface InvariantOf<DomainName, Context> {
  /** Stable short name, in kebab-case: the `rule` of the differences that it finds. */
  readonly name: string;
  readonly domain: DomainName;
  /** One sentence for the docs: what must hold. */
  readonly about: string;
  /** "structure" where it looks inside src alone, "invariant" otherwise. Default "invariant". */
  readonly foundBy?: 'structure' | 'invariant';
  /** After which steps `check` runs: each, the writing ones, or only at a sequence's end. `end` is part of all three. */
  readonly moment: 'step' | 'write' | 'end';
  /** Its `check` costs the same at any size, but for the steps whose turn it is (`whole`): it runs after every step. */
  readonly local?: true;
  /** A sequence begins: forget what was remembered. */
  begin?(this: void, context: Context): void;
  /** Before each operation is applied: what must hold now, or what to remember. Null: fine. */
  before?(this: void, context: Context): string | null;
  /** After an operation. Null: holds; otherwise one line, with the place and both numbers. */
  check(this: void, context: Context): string | null;
}

export type TreeInvariant = InvariantOf<'tree', TreeContext>;
export type MmInvariant = InvariantOf<'mm', MmContext>;
export type Invariant = TreeInvariant | MmInvariant;

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
