/**
 * The domain mm: the mappings of an address space, seen through a window.
 */
import { MM_OPERATIONS, mmSpec } from '../../format/table';
import type { Domain } from '../domain';
import { mmReferee } from './referee';

export const mm: Domain = {
  name: 'mm',
  operations: MM_OPERATIONS,
  spec: mmSpec,
  referee: mmReferee,
};
