/**
 * What of a tree a trace follows: the nodes of src's, the four maple states, how many entries there are.
 */

import { STATES } from '../../format/kinds';
import { showIndex } from '../../format/spelling';
import type { Put, TraceFacts } from '../domain';
import { putNodes } from '../maple-nodes';
import type { SrcTree } from './src-tree';
import type { TreeSubject } from './subject';

function putStates(subject: TreeSubject, put: Put): void {
  for (let r = 0; r < STATES; r++) {
    const { index, last, status } = subject.mas(r);
    put(`mas(${r}).index`, showIndex(index));
    put(`mas(${r}).last`, showIndex(last));
    put(`mas(${r}).status`, status);
  }
}

export const treeTrace: TraceFacts = {
  views: [
    { kind: 'nodes', title: 'Maple tree of src', cursors: 'mas' },
    { kind: 'table', title: 'Maple states', part: 'mas', columns: ['index', 'last', 'status'] },
    { kind: 'values', title: 'Counters', keys: ['count', 'height', 'nodes'] },
  ],

  readSrc(subject, put) {
    const src = subject as SrcTree;
    putStates(src, put);
    put('count', String(src.entries().length));
    put('nodes', String(src.tree.pool.used));
    putNodes(src.tree, String, put);
  },

  readOracle(subject, put) {
    const oracle = subject as TreeSubject;
    putStates(oracle, put);
    put('count', String(oracle.entries().length));
  },

  tickOf(event) {
    if (/wrSplitStore|came out as|root grown/.test(event)) return 'split';
    return /wrRebalance|wrSpanningStore|pulled in|pushed to|root shrunk/.test(event) ? 'merge' : null;
  },
};
