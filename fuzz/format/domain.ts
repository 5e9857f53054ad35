/**
 * What the format says of one kind of content: its name in the header, the header's fields, and its operations.
 *
 * Code on the floors below `fuzz/domains` gets this as an argument and never asks for a name.
 */
import type { HeaderFormat } from './header';
import type { OperationSpec } from './spec';
import type { CursorView, Subject } from './subject';
import type { Operation } from './types';

export interface DomainFormat {
  /** What stands in the header's field `domain`. */
  readonly name: string;
  /** One line for the docs and --help. */
  readonly about: string;
  readonly header: HeaderFormat;
  /** The table of operations, in the order of the docs. */
  readonly operations: readonly OperationSpec[];
  /** The row of an operation; undefined for one that the domain does not have. */
  spec(op: string): OperationSpec | undefined;
  /** The cursor that an operation worked on; absent in a domain that has no cursors. */
  cursor?(subject: Subject, operation: Operation): CursorView;
  /** What the answer to a header says beside the names of the operations, for a target that can do everything. */
  readonly greeting: Readonly<Record<string, unknown>>;
}

/** `spec` for a table. Rows keep their own type. */
export function findRows<Row extends OperationSpec>(rows: readonly Row[]): (op: string) => Row | undefined {
  const byName: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row.op, row]));
  return (op) => byName.get(op);
}

/** The names of a domain's operations, in the table's order. */
export function operationNames({ operations }: DomainFormat): string[] {
  return operations.map(({ op }) => op);
}

/** What a target may lack when it does not support this operation: a kind of it ("mmap dev", "fail"), or all of it. */
export function variantOf(format: DomainFormat, operation: Operation): string {
  if (operation.fail !== undefined) return 'fail';
  return format.spec(operation.op)?.variant?.(operation) ?? operation.op;
}
