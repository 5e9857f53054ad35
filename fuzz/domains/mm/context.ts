/**
 * What an invariant of the domain mm sees.
 */
import type { OracleAddressSpace } from '../../../oracle/mm';
import type { InvariantOf, StepContext } from '../../lockstep/types';
import type { MmHeader } from './header';
import type { SrcMm } from './src-mm';

export type MmContext = StepContext<MmHeader, SrcMm, OracleAddressSpace>;
export type MmInvariant = InvariantOf<MmContext>;
