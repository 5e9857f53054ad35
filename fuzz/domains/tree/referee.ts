/**
 * What comparing several targets needs to know of trees.
 */
import { kernelCorner, OracleTree } from '../../../oracle/tree';
import type { Answer, Operation, Sequence } from '../../format/types';
import { sameRet } from '../../lockstep/same';
import type { RefereeFacts } from '../referee';
import type { TreeHeader } from './header';
import { treeSpec } from './operations';

/** Applies an operation to the oracle's tree, unless the format has something against it. */
function apply(tree: OracleTree, header: TreeHeader, operation: Operation): void {
  const spec = treeSpec(operation.op);
  if (spec === undefined || (spec.refuse?.(operation, header, tree) ?? null) !== null) return;
  spec.apply(tree, operation);
}

/** Whether no operation comes into a corner of the kernel's tree, as the oracle has it by then. */
function isLegal({ header, operations }: Sequence): boolean {
  const tree = new OracleTree((header as TreeHeader).ranges);
  for (const operation of operations) {
    if (kernelCorner(tree, operation) !== null) return false;
    apply(tree, header as TreeHeader, operation);
  }
  return true;
}

function piecesOf(answer: Answer): readonly string[] | null {
  if (!('ret' in answer)) return null;
  const { ret } = answer;
  // A list has an `entries` too, its own method.
  if (ret === null || typeof ret !== 'object' || !('entries' in ret) || typeof ret.entries === 'function') return null;
  return ret.entries.map((entry) => JSON.stringify(entry));
}

export const treeReferee: RefereeFacts = {
  isLegal,
  piecesOf,
  usualHeaders: ['ranges'],
  usualFiles: [],
  isSame: sameRet,
};
