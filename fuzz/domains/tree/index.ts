/**
 * The domain tree: ranges of an index space, in a maple tree.
 */
import { TREE_OPERATIONS, treeSpec } from '../../format/table';
import type { Domain } from '../domain';
import { treeReferee } from './referee';

export const tree: Domain = {
  name: 'tree',
  operations: TREE_OPERATIONS,
  spec: treeSpec,
  referee: treeReferee,
};
