/**
 * What an invariant of the domain tree sees.
 */
import type { OracleTree } from '../../../oracle/tree';
import type { InvariantOf, StepContext } from '../../lockstep/types';
import type { TreeHeader } from './header';
import type { SrcTree } from './src-tree';

export type TreeContext = StepContext<TreeHeader, SrcTree, OracleTree>;
export type TreeInvariant = InvariantOf<TreeContext>;
