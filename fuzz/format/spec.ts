/**
 * What the table says of an operation. See table.ts for the rows.
 */

import type { FieldKind } from './kinds';
import type { MmSubject, TreeSubject } from './subject';
import type { DomainName, FieldValue, Header, Operation, Ret } from './types';

export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  /** What the field is when it is left out; without one it must be given (but see `optional`). */
  readonly fallback?: FieldValue;
  /** May be left out, and is then absent from the record. */
  readonly optional?: true;
}

/** How `ret` is spelled and compared: only trees have indexes in it. */
export type RetShape = 'plain' | 'index' | 'find' | 'cyclic' | 'entries';

/** Rows are all of one shape, each field present, because the loop reads them at every step. */
interface SpecOf<D extends DomainName, Subject, H> {
  readonly op: string;
  readonly domain: D;
  /** Without `fail`, which every writing operation may have. */
  readonly fields: readonly FieldSpec[];
  /** Whether it may change the content (whatever it answers): such an operation may have `fail`. */
  readonly writes: boolean;
  /** Not part of the base format: a target may lack it. */
  readonly extension: boolean;
  /** Works on one of the four maple states, so that `mas` is part of the answer. */
  readonly cursor: boolean;
  readonly ret: RetShape;
  /** One line for the docs. */
  readonly about: string;
  apply(subject: Subject, operation: Operation): Ret;
  /** A complaint of the format, not of an implementation: it depends on the header, or on more than one field. */
  readonly refuse: ((operation: Operation, header: H, subject: Subject) => string | null) | undefined;
}

export type TreeSpec = SpecOf<'tree', TreeSubject, Extract<Header, { domain: 'tree' }>>;
export type MmSpec = SpecOf<'mm', MmSubject, Extract<Header, { domain: 'mm' }>>;
export type OperationSpec = TreeSpec | MmSpec;

/** The field that a writing operation may have beside its own. */
export const FAIL_FIELD: FieldSpec = { name: 'fail', kind: 'count', optional: true };
