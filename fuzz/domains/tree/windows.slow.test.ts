/**
 * What is looked at in windows comes to the same as looking at the whole: a mistake where the operation was at work is
 * noticed at that very step, one elsewhere within a few steps, and in any case at the end; and while all is well
 * nothing is said.
 */

import { FORMAT, type Operation } from '../../format/types';
import { WALK_SIZE } from '../../lockstep/amortize';
import type { Difference } from '../../lockstep/types';
import { TreeLockstep } from './compare';
import type { TreeInvariant } from './context';
import { TREE_INVARIANTS } from './invariants';
import { treeNeighbours } from './invariants/neighbours';
import { treeNoOverlap } from './invariants/no-overlap';
import { treeSlotsTile } from './invariants/slots-tile';

const ENTRIES = 1000;
const WALKING = [treeSlotsTile, treeNoOverlap, treeNeighbours];

function store(i: number): Operation {
  return { op: 'store_range', first: i * 8, last: i * 8 + 2, value: i + 1 };
}

/** A lockstep with many entries, checked by the invariants that walk, alone or all. */
function filled(thorough: boolean, invariants: readonly TreeInvariant[] = WALKING): TreeLockstep {
  const lockstep = new TreeLockstep(invariants, thorough);
  lockstep.begin({ format: FORMAT, domain: 'tree', ranges: true });
  const entries = Array.from({ length: ENTRIES }, (_, i): [number, number, number] => [i * 8, i * 8 + 2, i + 1]);
  lockstep.step({ op: 'bulk', entries });
  return lockstep;
}

/** Empties the entry number i behind the back of all: two empty slots side by side. */
function damage(lockstep: TreeLockstep, i: number): void {
  const { tree, states } = lockstep.sides.src;
  states[3].set(i * 8);
  states[3].walk();
  tree.pool.leafValues[states[3].leaf * tree.pool.leafSlots + states[3].offset] = null;
  states[3].set(0);
}

/** The first difference in steps at entry `at`, and after how many steps it came. */
function stepUntilFound(lockstep: TreeLockstep, at: number, most: number): { found: Difference | null; steps: number } {
  for (let steps = 1; steps <= most; steps++) {
    const found = lockstep.step({ op: 'store_range', first: at * 8, last: at * 8 + 2, value: steps });
    if (found !== null) return { found, steps };
  }
  return { found: null, steps: most };
}

describe.each([WALKING, [treeSlotsTile], [treeNeighbours], TREE_INVARIANTS])('with %#', (...invariants) => {
  it('a mistake beside the operation is noticed at that step, in windows as in whole', () => {
    for (const thorough of [false, true]) {
      const lockstep = filled(thorough, invariants);
      damage(lockstep, 501);
      expect(stepUntilFound(lockstep, 500, 1).found).not.toBeNull();
    }
  });

  it('one far away is noticed when it is the turn of the whole, and at once in a thorough run', () => {
    const lockstep = filled(false, invariants);
    damage(lockstep, 900);
    const { found, steps } = stepUntilFound(lockstep, 100, 200);
    expect(found).not.toBeNull();
    // Each step saves up for a walk over all of it.
    expect(steps).toBeLessThanOrEqual(Math.ceil(ENTRIES / WALK_SIZE) + 1);
    const thorough = filled(true, invariants);
    damage(thorough, 900);
    expect(stepUntilFound(thorough, 100, 1).found).not.toBeNull();
  });

  it('one far away is noticed at the end', () => {
    const lockstep = filled(false, invariants);
    damage(lockstep, 900);
    expect(lockstep.end()).not.toBeNull();
  });
});

describe.each([treeSlotsTile, treeNeighbours])('$name by itself', (invariant) => {
  const says = (at: number, damaged: number, whole: boolean): string | null => {
    const lockstep = filled(false, []);
    damage(lockstep, damaged);
    invariant.begin!(lockstep.sides);
    return invariant.check(Object.assign(lockstep.sides, { operation: store(at), whole }));
  };

  it('sees what is near without looking at the whole', () => {
    for (const near of [497, 500, 503]) expect(says(500, near, false)).not.toBeNull();
    expect(says(0, 0, false)).not.toBeNull();
    expect(says(999, 999, false)).not.toBeNull();
  });

  it('sees what is far when it looks at the whole', () => {
    expect(says(100, 900, false)).toBeNull();
    expect(says(100, 900, true)).not.toBeNull();
  });
});

it('nothing is said while all is well, wherever operations are: at both ends, in the middle, on gaps', () => {
  const lockstep = filled(false, TREE_INVARIANTS);
  for (const i of [0, 1, 2, 499, 500, 997, 998, 999, 1000, 1001]) {
    expect(lockstep.step(store(i))).toBeNull();
    expect(lockstep.step({ op: 'erase', index: i * 8 + 1 })).toBeNull();
    expect(lockstep.step({ op: 'store_range', first: i * 8, last: i * 8 + 20, value: null })).toBeNull();
    expect(lockstep.step(store(i))).toBeNull();
  }
  expect(lockstep.end()).toBeNull();
});
