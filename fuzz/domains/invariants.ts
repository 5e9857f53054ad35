/**
 * All invariants, in the order in which they are asked after a step: the plain ones first, since the first broken one
 * names the difference.
 */
import type { Invariant, MmInvariant, TreeInvariant } from '../lockstep/types';
import { mmAnonChains } from './mm/invariants/anon-chains';
import { mmCounters } from './mm/invariants/counters';
import { mmErrorsChangeNothing } from './mm/invariants/errors-change-nothing';
import { mmHookBalance } from './mm/invariants/hook-balance';
import { mmMerged } from './mm/invariants/merged';
import { mmNeighbours } from './mm/invariants/neighbours';
import { mmNothingReserved } from './mm/invariants/nothing-reserved';
import { mmSpecialApart } from './mm/invariants/special-apart';
import { mmTreeAgrees } from './mm/invariants/tree-agrees';
import { mmTreeStructure } from './mm/invariants/tree-structure';
import { mmVmasInOrder } from './mm/invariants/vmas-in-order';
import { treeCursorBeforeWrite } from './tree/invariants/cursor-before-write';
import { treeEraseNeedsNothing } from './tree/invariants/erase-needs-nothing';
import { treeErrorsChangeNothing } from './tree/invariants/errors-change-nothing';
import { treeLargestGap } from './tree/invariants/largest-gap';
import { treeNeighbours } from './tree/invariants/neighbours';
import { treeNoOverlap } from './tree/invariants/no-overlap';
import { treeNodeBudget } from './tree/invariants/node-budget';
import { treeOccupancy } from './tree/invariants/occupancy';
import { treeRecordedGaps } from './tree/invariants/recorded-gaps';
import { treeSlotsTile } from './tree/invariants/slots-tile';
import { treeStoreNeeds } from './tree/invariants/store-needs';
import { treeStructure } from './tree/invariants/structure';

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
