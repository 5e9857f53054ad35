/**
 * Each invariant of the tree domain notices what it is there for: a tree is built by ordinary operations, damaged on
 * purpose, and checked. Before the damage all of them hold.
 */

import { FORMAT, type Operation, type Ret } from '../../../format/types';
import { INVARIANTS } from '../../invariants';
import { TreeLockstep } from '../compare';
import type { TreeContext, TreeInvariant } from '../context';
import { TREE_INVARIANTS } from '.';
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

type Changeable = { -readonly [K in keyof TreeContext]: TreeContext[K] };

/** Thirty entries of two indexes, five apart, in nodes of four slots: a tree of several levels. */
function build(): Changeable {
  const lockstep = new TreeLockstep([]);
  lockstep.begin({ format: FORMAT, domain: 'tree', ranges: true, slots: [4, 4] });
  for (let i = 0; i < 30; i++) {
    lockstep.step({ op: 'store_range', first: i * 7, last: i * 7 + 1, value: i + 1 });
  }
  return lockstep.sides as Changeable;
}

/** As a lockstep puts an operation into the context before it runs. */
function about(context: Changeable, operation: Operation): void {
  context.operation = operation;
  context.fail = (operation.fail as number | undefined) ?? 0;
}

/** The place in the pool's arrays of the slot that holds an index. */
function slotOf(context: TreeContext, index: number): number {
  const state = context.src.states[3];
  state.set(index);
  state.walk();
  return state.leaf * context.src.tree.pool.leafSlots + state.offset;
}

function check(invariant: TreeInvariant, context: Changeable): string | null {
  // Damage is done behind the back of whoever remembers a walk.
  invariant.begin?.(context);
  context.step++;
  context.whole = true;
  return invariant.check(context);
}

it('all hold for a tree that nobody damaged', () => {
  const context = build();
  expect(context.src.tree.height).toBeGreaterThanOrEqual(3);
  for (const invariant of TREE_INVARIANTS) {
    expect([invariant.name, invariant.before?.(context) ?? null]).toEqual([invariant.name, null]);
    expect([invariant.name, check(invariant, context)]).toEqual([invariant.name, null]);
  }
});

it('each has a name of its own in its domain, in kebab-case', () => {
  for (const domain of ['tree', 'mm']) {
    const names = INVARIANTS.filter((invariant) => invariant.domain === domain).map((invariant) => invariant.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  }
});

it('structure: a pivot above the limit of its node', () => {
  const context = build();
  context.src.tree.pool.leafPivots[slotOf(context, 14)] += 100;
  expect(check(treeStructure, context)).not.toBeNull();
});

it('occupancy: a leaf with one slot of four', () => {
  const context = build();
  const { pool } = context.src.tree;
  const leaf = Math.floor(slotOf(context, 14) / pool.leafSlots);
  pool.leafEnds[leaf] = 0;
  expect(check(treeOccupancy, context)).toBe(`leaf ${leaf}: 1 of 4 slots in use`);
});

it('slots-tile: two empty slots side by side', () => {
  const context = build();
  context.src.tree.pool.leafValues[slotOf(context, 14)] = null;
  expect(check(treeSlotsTile, context)).toMatch(/are both empty: 9-13 and 14-15/);
});

it('no-overlap: an entry that ends before it begins', () => {
  const context = build();
  context.src.tree.pool.leafPivots[slotOf(context, 14)] = 12;
  expect(check(treeNoOverlap, context)).toMatch(/entry 14-12: it ends before it begins/);
});

describe('neighbours', () => {
  it('a value in the wrong slot', () => {
    const context = build();
    context.src.tree.pool.leafValues[slotOf(context, 14)] = 77;
    expect(check(treeNeighbours, context)).toBe('up, entry 2: met 14-15: 77, expected 14-15: 3');
  });

  it('an entry too few', () => {
    const context = build();
    context.src.tree.erase(29 * 7);
    expect(check(treeNeighbours, context)).toBe('up: 29 entries, expected 30');
  });
});

it('recorded-gaps: one that is too long', () => {
  const context = build();
  const { pool, root } = context.src.tree;
  const real = pool.innerGaps[root * pool.innerSlots];
  pool.innerGaps[root * pool.innerSlots] = real + 1;
  expect(check(treeRecordedGaps, context)).toMatch(`gap[0] of the node at depth 0, 0-`);
  expect(check(treeRecordedGaps, context)).toMatch(`stored ${real + 1}, real ${real}`);
});

it('largest-gap: one that a search does not see', () => {
  const context = build();
  const { pool, root } = context.src.tree;
  for (let slot = 0; slot <= pool.innerEnds[root]; slot++) pool.innerGaps[root * pool.innerSlots + slot] = 0;
  expect(check(treeLargestGap, context)).toMatch(/a gap of \d+ at \d+ is not found/);
});

describe('node-budget', () => {
  it('a node that nobody gave back', () => {
    const context = build();
    const { pool } = context.src.tree;
    pool.reserveAnyway(1, 0);
    pool.takeLeaf();
    const real = pool.usedLeaves - 1;
    expect(check(treeNodeBudget, context)).toBe(`leaves: ${real + 1} in use, ${real} in the tree`);
  });

  it('a reservation that nobody holds', () => {
    const context = build();
    context.src.tree.pool.reserveAnyway(2, 1);
    expect(check(treeNodeBudget, context)).toBe('nodes reserved: 3, held by states: 0');
  });
});

it('error-changes-nothing: a store that fails and still takes a node', () => {
  const context = build();
  context.operation = { op: 'store_range', first: 3, last: 3, value: 1 };
  treeErrorsChangeNothing.before!(context);
  context.src.tree.pool.reserveAnyway(1, 0);
  context.ret = 'ENOMEM' as Ret;
  expect(check(treeErrorsChangeNothing, context)).toBe('store_range answers ENOMEM; reserved: before 0, after 1');
  context.ret = 0;
  expect(check(treeErrorsChangeNothing, context)).toBeNull();
});

it('erase-needs-nothing: an erase within a leaf for which memory was short', () => {
  const context = build();
  // The last entry of a leaf is left out; one of two neighbours is not the last.
  const messages = [14, 21].map((index) => {
    about(context, { op: 'erase', index, fail: 1 });
    treeEraseNeedsNothing.before!(context);
    context.ret = 'ENOMEM' as Ret;
    return check(treeEraseNeedsNothing, context);
  });
  expect(messages).toContain('erase with allocation 1 failing: ENOMEM, expected that it needs no node');
  about(context, { op: 'erase', index: 14 });
  treeEraseNeedsNothing.before!(context);
  expect(check(treeEraseNeedsNothing, context)).toBeNull();
});

describe('store-needs: a store that fails by an allocation that it could not need', () => {
  const failing = (context: Changeable, operation: Operation): string | null => {
    about(context, operation);
    treeStoreNeeds.before!(context);
    context.ret = 'ENOMEM' as Ret;
    return check(treeStoreNeeds, context);
  };
  const emptyTree = (): Changeable => {
    const lockstep = new TreeLockstep([]);
    lockstep.begin({ format: FORMAT, domain: 'tree', ranges: true, slots: [4, 4] });
    return lockstep.sides as Changeable;
  };

  it.each([
    [{ op: 'store_range', first: 0, last: 0, value: 1, fail: 1 }, 0],
    [{ op: 'store_range', first: 3, last: 9, value: null, fail: 1 }, 0],
    [{ op: 'store_range', first: 0, last: 1, value: 1, fail: 2 }, 1],
  ] as [Operation, number][])('in an empty tree: %j', (operation, most) => {
    const context = emptyTree();
    expect(failing(context, operation)).toMatch(new RegExp(`at most ${most} nodes$`));
    // Without it, or with an allocation that may be needed, it is right.
    expect(failing(context, { ...operation, fail: most })).toBeNull();
    expect(failing(context, { ...operation, fail: undefined } as unknown as Operation)).toBeNull();
  });

  it('in a high tree: through a state as well', () => {
    const context = build();
    const { height } = context.src.tree;
    context.src.states[0].setRange(3, 4);
    const store: Operation = { op: 'mas_store', r: 0, value: 5, fail: height + 3 };
    expect(failing(context, store)).toMatch(
      /^mas_store with allocation \d failing: ENOMEM, expected .* at most \d nodes$/,
    );
    expect(failing(context, { op: 'store_range', first: 0, last: 190, value: 5, fail: height + 3 })).not.toBeNull();
    expect(failing(context, { op: 'mas_erase', r: 0, fail: 9 })).toBeNull();
  });
});

describe('cursor-before-write', () => {
  const store: Operation = { op: 'mas_store', r: 0, value: 5 };
  const standing = (index: number): Changeable => {
    const context = build();
    treeCursorBeforeWrite.begin!(context);
    context.operation = { op: 'mas_walk', r: 0 };
    // The first step seen after the beginning.
    context.step = 0;
    treeCursorBeforeWrite.before!(context);
    context.src.states[0].set(index);
    context.src.states[0].walk();
    context.operation = store;
    context.step++;
    return context;
  };

  it('a state that was left behind', () => {
    const context = standing(14);
    context.src.states[0].index = 100;
    context.src.states[0].last = 120;
    expect(treeCursorBeforeWrite.before!(context)).toBe('state 0: it stands on 14-15, the write begins at 100');
  });

  it('a state that went too far, also after its range was set anew', () => {
    const context = standing(14);
    context.operation = { op: 'mas_config', r: 0, first: 14, last: 14 };
    expect(treeCursorBeforeWrite.before!(context)).toBeNull();
    context.operation = store;
    context.step++;
    context.src.states[0].index = 12;
    expect(treeCursorBeforeWrite.before!(context)).toBe('state 0: it stands on 14-15, the write begins at 12');
  });

  it('a place that is of an older tree', () => {
    const context = standing(14);
    context.src.tree.version++;
    expect(treeCursorBeforeWrite.before!(context)).toMatch(/older tree/);
  });
});
