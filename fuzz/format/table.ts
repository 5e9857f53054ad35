/**
 * The table of operations: each operation of both domains once.
 *
 * The parser, the printer, the generator, the lockstep, the docs and the statistics read it; an operation that is added to
 * tree.ts or mm.ts is known everywhere.
 */

import { EXTENSION_FILES, FILES, PLAIN_FILES } from './kinds';
import { isPageAdvice, MM_OPERATIONS } from './mm-operations';
import type { MmSpec, OperationSpec, TreeSpec } from './spec';
import { TREE_OPERATIONS } from './tree-operations';
import type { DomainName } from './types';

export { EXTENSION_FILES, FILES, isPageAdvice, MM_OPERATIONS, PLAIN_FILES, TREE_OPERATIONS };

function byName<Spec extends OperationSpec>(specs: readonly Spec[]): ReadonlyMap<string, Spec> {
  return new Map(specs.map((spec) => [spec.op, spec]));
}

const TREE: ReadonlyMap<string, TreeSpec> = byName(TREE_OPERATIONS);
const MM: ReadonlyMap<string, MmSpec> = byName(MM_OPERATIONS);

/** The row of an operation, or undefined for one that the domain does not have. */
export function treeSpec(op: string): TreeSpec | undefined {
  return TREE.get(op);
}

export function mmSpec(op: string): MmSpec | undefined {
  return MM.get(op);
}

export function specOf(domain: DomainName, op: string): OperationSpec | undefined {
  return domain === 'tree' ? TREE.get(op) : MM.get(op);
}

/** The names of a domain's operations, in the table's order. */
export function operationNames(domain: DomainName): string[] {
  return (domain === 'tree' ? TREE_OPERATIONS : MM_OPERATIONS).map((spec) => spec.op);
}
