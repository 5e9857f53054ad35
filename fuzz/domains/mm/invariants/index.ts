/**
 * The invariants of the domain mm, in the order in which they are asked after a step: the plain ones first, since the
 * first broken one names the difference.
 */
import type { MmInvariant } from '../context';
import { mmAnonChains } from './anon-chains';
import { mmCounters } from './counters';
import { mmErrorsChangeNothing } from './errors-change-nothing';
import { mmHookBalance } from './hook-balance';
import { mmMerged } from './merged';
import { mmNeighbours } from './neighbours';
import { mmNothingReserved } from './nothing-reserved';
import { mmSpecialApart } from './special-apart';
import { mmTreeAgrees } from './tree-agrees';
import { mmTreeStructure } from './tree-structure';
import { mmVmasInOrder } from './vmas-in-order';

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
