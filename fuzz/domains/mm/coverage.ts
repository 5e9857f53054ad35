/**
 * What sequences of the domain mm can reach: the lists stand beside the code that they are about. Each event is a cell.
 */
import { MM_EVENT_BASE, mmEventName } from '../../../src/mm/events';
import { MM_CELLS, MM_MUST_REACH } from '../../../src/mm/must-reach';
import type { Coverage } from '../domain';

const nameOf = (event: number): string | null => (event < MM_EVENT_BASE ? null : mmEventName(event));

export const mmCoverage: Coverage = {
  eventName: nameOf,
  cellsOf(event) {
    const name = nameOf(event);
    return name === null ? [] : [name];
  },
  cells: MM_CELLS,
  mustReach: MM_MUST_REACH,
};
