/**
 * The domain tree: ranges of an index space, in a maple tree.
 */
import { OracleTree } from '../../../oracle/tree';
import type { Domain } from '../domain';
import { treeComparison } from './compare';
import { treeCoverage } from './coverage';
import { treeGeneration } from './generation';
import { TREE_HEADER, type TreeHeader } from './header';
import { TREE_INVARIANTS } from './invariants';
import { treeMinimizing } from './minimizing';
import { asTree, TREE_OPERATIONS, treeSpec } from './operations';
import { treePicture } from './picture';
import { treeReferee } from './referee';
import { SrcTree } from './src-tree';
import type { TreeSubject } from './subject';

export const tree: Domain = {
  name: 'tree',
  about: 'ranges of an index space, in a maple tree',
  header: TREE_HEADER,
  operations: TREE_OPERATIONS,
  spec: treeSpec,
  cursor: (subject, operation) => (subject as TreeSubject).mas(asTree(operation).r ?? 0),
  greeting: { headers: ['ranges'] },
  subjects: {
    src: (header) => new SrcTree(header as TreeHeader),
    oracle: (header) => new OracleTree((header as TreeHeader).ranges),
  },
  generation: treeGeneration,
  comparison: treeComparison,
  invariants: TREE_INVARIANTS,
  minimizing: treeMinimizing,
  coverage: treeCoverage,
  picture: treePicture,
  referee: treeReferee,
};
