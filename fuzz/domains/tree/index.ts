/**
 * The domain tree: ranges of an index space, in a maple tree.
 */
import { TREE_OPERATIONS, treeSpec } from '../../format/table';
import type { Domain } from '../domain';
import { treeComparison } from './compare';
import { treeCoverage } from './coverage';
import { treeGeneration } from './generation';
import { TREE_INVARIANTS } from './invariants';
import { treeMinimizing } from './minimizing';
import { treePicture } from './picture';

export const tree: Domain = {
  name: 'tree',
  operations: TREE_OPERATIONS,
  spec: treeSpec,
  generation: treeGeneration,
  comparison: treeComparison,
  invariants: TREE_INVARIANTS,
  minimizing: treeMinimizing,
  coverage: treeCoverage,
  picture: treePicture,
};
