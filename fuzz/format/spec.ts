/**
 * The table of operations: what a row says, and which types follow from it.
 *
 * A domain has one row for each of its operations (`operations.ts` in its folder). The fields of a row give the type of
 * the operation's record, so that `apply` and `refuse` read fields without a cast:
 *
 *     fields: [field('addr', 'address'), field('len', 'length')]     ->     { op: 'munmap', addr: number, len: number }
 *
 * Code that knows no domain reads rows as `OperationSpec`, and operations as `Operation`, the open record.
 */
import type { AnswerShape } from './answer-shape';
import type { FieldKind, ValueOf } from './kinds';
import type { Subject } from './subject';
import type { FieldValue, Header, Operation, Ret } from './types';

export interface FieldSpec<Name extends string = string, Kind extends FieldKind = FieldKind> {
  readonly name: Name;
  readonly kind: Kind;
  /** What the field is when it is left out; without one it must be given (but see `optional`). */
  readonly fallback?: FieldValue;
  /** May be left out, and is then absent from the record. */
  readonly optional?: true;
  /** Means something only beside one of these words in the field `flags`. */
  readonly onlyWith?: readonly string[];
}

/** A field that must be given. */
export function field<const Name extends string, Kind extends FieldKind>(name: Name, kind: Kind) {
  return { name, kind } as const;
}

/** The rows of a domain are all of one shape, each column present, because the loop reads them at every step. */
export interface OperationSpec {
  readonly op: string;
  /** Without `fail`, which every writing operation may have. */
  readonly fields: readonly FieldSpec[];
  /** Whether it may change the content (whatever it answers): such an operation may have `fail`. */
  readonly writes: boolean;
  /** Not part of the base format: a target may lack it. */
  readonly extension: boolean;
  /** Kernels have it, so that targets outside of this process are asked for it. */
  readonly inKernel: boolean;
  /** Works on a cursor, whose position is part of the answer. */
  readonly cursor: boolean;
  /** Concerns all of the content, so that all is compared after it. */
  readonly concernsAll: boolean;
  /** How often the generator draws it when no theme pulls, in proportion to the others. */
  readonly weight: number;
  readonly answer: AnswerShape;
  /** One line for the docs. */
  readonly about: string;
  /**
   * What it answers, for the docs. Errno names stand in the order in which they are checked: the first that applies is
   * the answer, and targets are compared by it.
   */
  readonly answers: string;
  apply(subject: Subject, operation: Operation): Ret;
  /** A complaint of the format, not of an implementation: it depends on the header, or on more than one field. */
  readonly refuse: Refusal<Subject, Header, Operation> | undefined;
  /** Whether the format answers "unsupported" for every target. */
  readonly unsupported: ((operation: Operation) => boolean) | undefined;
  /**
   * The kind of this operation that a target may lack while it has others: "mmap dev", say. Null: none in particular.
   */
  readonly variant: ((operation: Operation) => string | null) | undefined;
}

/**
 * Declared as a method, so that a row with narrower types is a row all the same: a row only meets what its domain made.
 */
type Refusal<S, H, O> = { of(operation: O, header: H, subject: S): string | null }['of'];

/** The field that a writing operation may have beside its own. */
export const FAIL_FIELD = { name: 'fail', kind: 'count', optional: true } as const satisfies FieldSpec;

/** The record of an operation with this name and these fields. */
export type RecordOf<Op extends string, Field extends FieldSpec> = { readonly op: Op; readonly fail?: number } & {
  readonly [F in Field as F extends { optional: true } ? never : F['name']]: ValueOf[F['kind']];
} & { readonly [F in Field as F extends { optional: true } ? F['name'] : never]?: ValueOf[F['kind']] };

/** The record of a row's operation; of several rows, the union of their records. */
export type OperationOf<Row extends OperationSpec> = Row extends OperationSpec
  ? RecordOf<Row['op'], Row['fields'][number]>
  : never;

type EachField<Row extends OperationSpec> = Row extends OperationSpec ? Row['fields'][number] : never;

/** Any operation of a domain, seen without asking which: each field that one of them has, or undefined. */
export type FieldsOf<Row extends OperationSpec> = { readonly op: Row['op']; readonly fail?: number } & {
  readonly [F in EachField<Row> as F['name']]?: ValueOf[F['kind']] | undefined;
};

/** What a row is written down as: columns that are false or absent mostly are left out. */
export interface RowOf<Op extends string, Field extends FieldSpec, S extends Subject, H extends Header> {
  readonly op: Op;
  readonly fields: readonly Field[];
  readonly writes?: boolean;
  readonly extension?: true;
  readonly inKernel?: boolean;
  readonly concernsAll?: true;
  readonly weight: number;
  readonly about: string;
  readonly answers: string;
  readonly apply: (subject: S, operation: RecordOf<Op, Field>) => Ret;
  readonly refuse?: (operation: RecordOf<Op, Field>, header: H, subject: S) => string | null;
  readonly unsupported?: (operation: RecordOf<Op, Field>) => boolean;
  readonly variant?: (operation: RecordOf<Op, Field>) => string | null;
}
