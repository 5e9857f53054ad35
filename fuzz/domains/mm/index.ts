/**
 * The domain mm: the mappings of an address space, seen through a window.
 */
import { MM_OPERATIONS, mmSpec } from '../../format/table';
import type { Domain } from '../domain';
import { mmComparison } from './compare';
import { mmCoverage } from './coverage';
import { mmGeneration } from './generation';
import { MM_INVARIANTS } from './invariants';
import { mmMinimizing } from './minimizing';
import { mmPicture } from './picture';

export const mm: Domain = {
  name: 'mm',
  operations: MM_OPERATIONS,
  spec: mmSpec,
  generation: mmGeneration,
  comparison: mmComparison,
  invariants: MM_INVARIANTS,
  minimizing: mmMinimizing,
  coverage: mmCoverage,
  picture: mmPicture,
};
