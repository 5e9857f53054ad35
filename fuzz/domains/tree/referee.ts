/**
 * What comparing several targets needs to know of trees.
 */
import { kernelCorner, OracleTree } from '../../../oracle/tree';
import {
  type Answer,
  type AnsweredEntry,
  type AnyIndex,
  MAX_INDEX,
  type Operation,
  type Sequence,
} from '../../format/types';
import { sameRet } from '../../lockstep/same';
import type { Dialect, RefereeFacts } from '../referee';
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

function entriesOf(answer: Answer): readonly AnsweredEntry[] | null {
  if (!('ret' in answer)) return null;
  const { ret } = answer;
  // A list has an `entries` too, its own method.
  if (ret === null || typeof ret !== 'object' || !('entries' in ret) || typeof ret.entries === 'function') return null;
  return ret.entries;
}

function piecesOf(answer: Answer): readonly string[] | null {
  return entriesOf(answer)?.map((entry) => JSON.stringify(entry)) ?? null;
}

/**
 * Whether one index comes right before another. Those that only a tree of 64 bits has are texts, counted from the top.
 */
function isBefore(a: AnyIndex, b: AnyIndex): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a + 1 === b;
  const fromTop = (index: AnyIndex): bigint =>
    typeof index === 'number' ? BigInt(MAX_INDEX) - BigInt(index) : BigInt(index.slice('max-'.length));
  return fromTop(a) === fromTop(b) + 1n;
}

function join(entries: readonly AnsweredEntry[]): AnsweredEntry[] {
  const joined: AnsweredEntry[] = [];
  for (const entry of entries) {
    const before = joined.at(-1);
    if (before !== undefined && before[2] === entry[2] && isBefore(before[1], entry[0])) {
      joined[joined.length - 1] = [before[0], entry[1], entry[2]];
    } else joined.push(entry);
  }
  return joined;
}

/** A tree hides nothing but `value`: what is stored; then only where something is stored is compared. */
function inDialect(answer: Answer, { hides, joins }: Dialect): Answer {
  const entries = entriesOf(answer);
  if (entries === null) return answer;
  const shown = hides.includes('value') ? entries.map(([first, last]): AnsweredEntry => [first, last, 1]) : entries;
  return { ret: { entries: joins ? join(shown) : shown } };
}

export const treeReferee: RefereeFacts = {
  isLegal,
  piecesOf,
  usualHeaders: ['ranges'],
  usualFiles: [],
  isSame: sameRet,
  inDialect,
};
