/**
 * What sequences of the domain tree can reach: the lists stand beside the code that they are about.
 */
import { TREE_CELLS, treeCells } from '../../../src/maple-tree/cells';
import { MUST_REACH, treeEventName } from '../../../src/maple-tree/events';
import { MM_EVENT_BASE } from '../../../src/mm/events';
import type { Coverage } from '../domain';

export const treeCoverage: Coverage = {
  eventName: treeEventName,
  cellsOf: (event) => (event < MM_EVENT_BASE ? treeCells(event) : []),
  cells: TREE_CELLS,
  mustReach: MUST_REACH,
};
