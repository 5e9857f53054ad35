/**
 * The naive address space with a header of the format: names of its options are camel case.
 */

import { OracleAddressSpace } from '../../../oracle/mm';
import type { MmHeader } from './header';

export function makeOracleMm(header: MmHeader): OracleAddressSpace {
  const { pages, brk, max_map_count: maxMapCount, memlock, counters, kernel, bottom_up: bottomUp } = header;
  return new OracleAddressSpace({ pages, brk, maxMapCount, memlock, counters, kernel, bottomUp });
}
