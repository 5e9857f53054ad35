/**
 * What the format says of one kind of content: its name in the header, and its operations.
 *
 * Code on the floors below `fuzz/domains` gets this as an argument and never asks for a name.
 */
import type { OperationSpec } from './spec';

export interface DomainFormat {
  /** What stands in the header's field `domain`. */
  readonly name: string;
  /** The table of operations, in the order of the docs. */
  readonly operations: readonly OperationSpec[];
  /** The row of an operation; undefined for one that the domain does not have. */
  spec(op: string): OperationSpec | undefined;
}
