/**
 * The domain mm: the mappings of an address space, seen through a window.
 */
import { FILES } from '../../format/kinds';
import type { Domain } from '../domain';
import { mmComparison } from './compare';
import { mmCoverage } from './coverage';
import { mmGeneration } from './generation';
import { MM_HEADER, type MmHeader } from './header';
import { MM_INVARIANTS } from './invariants';
import { mmMinimizing } from './minimizing';
import { MM_OPERATIONS, mmSpec } from './operations';
import { makeOracleMm } from './oracle-mm';
import { mmPicture } from './picture';
import { mmReferee } from './referee';
import { SrcMm } from './src-mm';

export const mm: Domain = {
  name: 'mm',
  about: 'the mappings of an address space, seen through a window',
  header: MM_HEADER,
  operations: MM_OPERATIONS,
  spec: mmSpec,
  greeting: {
    files: FILES,
    headers: ['pages', 'brk', 'max_map_count', 'memlock', 'counters', 'kernel', 'bottom_up'],
  },
  subjects: {
    src: (header) => new SrcMm(header as MmHeader),
    oracle: (header) => makeOracleMm(header as MmHeader),
  },
  generation: mmGeneration,
  comparison: mmComparison,
  invariants: MM_INVARIANTS,
  minimizing: mmMinimizing,
  coverage: mmCoverage,
  picture: mmPicture,
  referee: mmReferee,
};
