/**
 * The two implementations in this process, as subjects: src, the optimized one, and oracle, the naive one.
 *
 * They are loaded when they are first asked for, so that a command which needs only one starts without the other.
 */

import type { MmSubject, TreeSubject } from '../format/subject';
import type { Header, MmHeader, TreeHeader } from '../format/types';

export type InProcessName = 'src' | 'oracle';

/** An empty tree as the header wants it. */
export function makeTree(name: InProcessName, header: TreeHeader): TreeSubject {
  if (name === 'oracle') {
    const { OracleTree } = require('../../oracle/tree/tree') as typeof import('../../oracle/tree/tree');
    return new OracleTree(header.ranges);
  }
  const { SrcTree } = require('../domains/tree/src-tree') as typeof import('../domains/tree/src-tree');
  return new SrcTree(header);
}

/** An empty window as the header wants it. */
export function makeMm(name: InProcessName, header: MmHeader): MmSubject {
  if (name === 'oracle') {
    const { makeOracleMm } = require('../domains/mm/oracle-mm') as typeof import('../domains/mm/oracle-mm');
    return makeOracleMm(header);
  }
  const { SrcMm } = require('../domains/mm/src-mm') as typeof import('../domains/mm/src-mm');
  return new SrcMm(header);
}

/** A subject with its domain, so that the table's rows can be applied to it. */
export type Subject =
  | { readonly domain: 'tree'; readonly header: TreeHeader; readonly tree: TreeSubject }
  | { readonly domain: 'mm'; readonly header: MmHeader; readonly mm: MmSubject };

/** What makes the subjects of one implementation in this process: a value, so that another is one more. */
export interface Implementation {
  readonly name: string;
  /** An empty tree or window as the header wants it. */
  make(header: Header): Subject;
}

export function makeSubject(name: InProcessName, header: Header): Subject {
  return header.domain === 'tree'
    ? { domain: 'tree', header, tree: makeTree(name, header) }
    : { domain: 'mm', header, mm: makeMm(name, header) };
}
