/**
 * Which pages an mm operation is about, so that a big content need not be looked at as a whole after each step.
 *
 *      mappings    [ a ][ b ]  [ c ]   [ d ][ e ]  [ f ]   [ g ]
 *      operation                 |--------|                          mprotect, say
 *      window           |------------------------------|             two mappings more on either side
 *
 * Rules that hold here:
 * - A window begins and ends at edges of the oracle's mappings, so that what merges or splits there lies within.
 * - Some operations have none: where a mapping will be placed, or moved to, is known only afterwards.
 */
import type { OracleAddressSpace } from '../../../oracle/mm';
import { type Operation, PAGE, type Ret } from '../../format/types';
import { asMm, isFixed, mmSpec } from './operations';

/** Mappings on either side of the operation's range that are looked at. */
const AROUND = 2;

const NO_FLAGS: readonly string[] = [];

/** In pages; `high` exclusive. */
export class MmWindow {
  low = 0;
  high = 0;

  /** Takes the pages that the operation is going to work on; false if that cannot be said. */
  before(oracle: OracleAddressSpace, operation: Operation): boolean {
    const { addr = 0, len = 0, flags = NO_FLAGS } = asMm(operation);
    const place = mmSpec(operation.op)?.place;
    if (place === 'heap') {
      const heap = oracle.heapEnd ?? addr;
      this.around(oracle, Math.min(addr, heap), Math.max(addr, heap));
      return true;
    }
    if (place !== 'range' && !(place === 'given-or-chosen' && isFixed(flags))) return false;
    this.around(oracle, addr, addr + len);
    return true;
  }

  /** Where there was none before: the pages at the address that was answered, or else that was asked for. */
  after(oracle: OracleAddressSpace, operation: Operation, ret: Ret): void {
    const addr = typeof ret === 'number' && ret > 0 ? ret : (asMm(operation).addr ?? 0);
    this.around(oracle, addr, addr);
  }

  /** Bytes, both inclusive: an operation of no length is about its address. */
  private around(oracle: OracleAddressSpace, first: number, last: number): void {
    const { count } = oracle;
    const below = oracle.indexAt(first) - AROUND;
    const above = oracle.indexAt(last) + AROUND;
    this.low = Math.floor((below < 0 ? 0 : Math.min(first, oracle.at(below).start)) / PAGE);
    this.high = Math.ceil((above >= count ? Number.MAX_SAFE_INTEGER : Math.max(last, oracle.at(above).end)) / PAGE);
  }
}
