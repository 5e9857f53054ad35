/**
 * All invariants, in the order in which they are asked after a step: the plain ones first, since the first broken one
 * names the difference.
 */
import type { Invariant, MmInvariant, TreeInvariant } from '../lockstep/types';
import { mmAnonChains } from './mm-anon-chains';
import { mmCounters } from './mm-counters';
import { mmErrorsChangeNothing } from './mm-errors-change-nothing';
import { mmHookBalance } from './mm-hook-balance';
import { mmMerged } from './mm-merged';
import { mmNeighbours } from './mm-neighbours';
import { mmNothingReserved } from './mm-nothing-reserved';
import { mmSpecialApart } from './mm-special-apart';
import { mmTreeAgrees } from './mm-tree-agrees';
import { mmTreeStructure } from './mm-tree-structure';
import { mmVmasInOrder } from './mm-vmas-in-order';
import { treeCursorBeforeWrite } from './tree-cursor-before-write';
import { treeEraseNeedsNothing } from './tree-erase-needs-nothing';
import { treeErrorsChangeNothing } from './tree-errors-change-nothing';
import { treeLargestGap } from './tree-largest-gap';
import { treeNeighbours } from './tree-neighbours';
import { treeNoOverlap } from './tree-no-overlap';
import { treeNodeBudget } from './tree-node-budget';
import { treeOccupancy } from './tree-occupancy';
import { treeRecordedGaps } from './tree-recorded-gaps';
import { treeSlotsTile } from './tree-slots-tile';
import { treeStoreNeeds } from './tree-store-needs';
import { treeStructure } from './tree-structure';

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

export const MM_INVARIANTS: readonly MmInvariant[] = [
  mmTreeStructure,
  mmVmasInOrder,
  mmTreeAgrees,
  mmNeighbours,
  mmSpecialApart,
  mmMerged,
  mmCounters,
  mmHookBalance,
  mmAnonChains,
  mmNothingReserved,
  mmErrorsChangeNothing,
];

export const INVARIANTS: readonly Invariant[] = [...TREE_INVARIANTS, ...MM_INVARIANTS];
