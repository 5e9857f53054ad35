/**
 * The invariants of the domain tree, in the order in which they are asked after a step: the plain ones first, since the
 * first broken one names the difference.
 */
import type { TreeInvariant } from '../context';
import { treeCursorBeforeWrite } from './cursor-before-write';
import { treeEraseNeedsNothing } from './erase-needs-nothing';
import { treeErrorsChangeNothing } from './errors-change-nothing';
import { treeLargestGap } from './largest-gap';
import { treeNeighbours } from './neighbours';
import { treeNoOverlap } from './no-overlap';
import { treeNodeBudget } from './node-budget';
import { treeOccupancy } from './occupancy';
import { treeRecordedGaps } from './recorded-gaps';
import { treeSlotsTile } from './slots-tile';
import { treeStoreNeeds } from './store-needs';
import { treeStructure } from './structure';

export const TREE_INVARIANTS: readonly TreeInvariant[] = [
  treeStructure,
  treeOccupancy,
  treeSlotsTile,
  treeNoOverlap,
  treeNeighbours,
  treeRecordedGaps,
  treeLargestGap,
  treeNodeBudget,
  treeErrorsChangeNothing,
  treeEraseNeedsNothing,
  treeStoreNeeds,
  treeCursorBeforeWrite,
];
