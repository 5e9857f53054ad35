/**
 * Each invariant of the mm domain notices what it is there for: mappings are made by ordinary operations, damaged on
 * purpose, and checked. Before the damage all of them hold.
 */

import { VM_DONTEXPAND, VM_LOCKED, VM_WRITE } from '../../../../src/mm/vm-flags';
import type { Vma } from '../../../../src/mm/vma';
import { VmaIterator } from '../../../../src/mm/vma-iterator';
import { FORMAT, type Operation, PAGE } from '../../../format/types';
import { MmLockstep } from '../compare';
import type { MmContext, MmInvariant } from '../context';
import { MM_INVARIANTS } from '.';
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

type Changeable = { -readonly [K in keyof MmContext]: MmContext[K] };

function mmap(page: number, pages: number, prot: string, file: string | null = null, shared = false): Operation {
  const flags = [shared ? 'shared' : 'private', 'fixed'];
  return { op: 'mmap', addr: page * PAGE, len: pages * PAGE, prot, flags, file, offset: 0 };
}

/** Pages 2-5 rw-, 6-7 r--, 10-12 of a file with a close hook, 20-23 of the device; the first was written to. */
function build(): Changeable {
  const lockstep = new MmLockstep([]);
  lockstep.begin({ format: FORMAT, domain: 'mm', pages: 64 });
  lockstep.step(mmap(2, 4, 'rw-'));
  lockstep.step({ op: 'touch', addr: 2 * PAGE });
  lockstep.step(mmap(6, 2, 'r--'));
  lockstep.step(mmap(10, 3, 'r--', 'closer'));
  lockstep.step(mmap(20, 4, 'rw-', 'dev', true));
  return lockstep.sides as Changeable;
}

function vmaAt(context: MmContext, page: number): Vma {
  return context.src.mm.tree.load(page)!;
}

/** A step in which `damage` is what the operation did. */
function broken(invariant: MmInvariant, context: Changeable, operation: Operation, damage: () => void): string | null {
  invariant.begin?.(context);
  context.step++;
  context.operation = operation;
  invariant.before?.(context);
  damage();
  return invariant.check(context);
}

const REMAP: Operation = { op: 'munmap', addr: 0, len: PAGE };

it('all hold for mappings that nobody damaged', () => {
  const context = build();
  for (const invariant of MM_INVARIANTS) {
    expect([invariant.name, broken(invariant, context, REMAP, () => {})]).toEqual([invariant.name, null]);
  }
});

it('mm-tree-structure: a damaged node', () => {
  const context = build();
  const { pool, root } = context.src.mm.tree;
  pool.leafPivots[root * pool.leafSlots] += 1000;
  expect(broken(mmTreeStructure, context, REMAP, () => {})).not.toBeNull();
});

describe('vmas-in-order', () => {
  it('overlapping mappings', () => {
    const context = build();
    const said = broken(mmVmasInOrder, context, REMAP, () => {
      vmaAt(context, 2).end = 7;
    });
    expect(said).toBe('mapping 1, pages [6, 8): begins below 7, where the one before it ends');
  });

  it('an empty one', () => {
    const context = build();
    const said = broken(mmVmasInOrder, context, REMAP, () => {
      vmaAt(context, 10).start = 13;
    });
    expect(said).toBe('mapping 2, pages [13, 13): empty');
  });

  it('one beyond the window', () => {
    const context = build();
    const said = broken(mmVmasInOrder, context, REMAP, () => {
      vmaAt(context, 20).end = 65;
    });
    expect(said).toBe('pages up to 65 are mapped in a window of 64');
  });
});

describe('tree-agrees-with-vmas', () => {
  it('limits that the tree does not know of', () => {
    const context = build();
    const said = broken(mmTreeAgrees, context, REMAP, () => {
      vmaAt(context, 10).end = 12;
    });
    expect(said).toBe('the tree has mapping 2 at [10, 13), the mapping says [10, 12)');
  });

  it('a mapping that was let go', () => {
    const context = build();
    const said = broken(mmTreeAgrees, context, REMAP, () => {
      vmaAt(context, 10).detached = true;
    });
    expect(said).toBe('mapping 2 at [10, 13) is detached, and still in the tree');
  });
});

it('vma-neighbours: a mapping more than the oracle has', () => {
  const context = build();
  const said = broken(mmNeighbours, context, REMAP, () => {
    context.src.mm.tree.storeRange(40, 41, vmaAt(context, 2));
  });
  expect(said).toBe('5 mappings, expected 4');
});

describe('counters', () => {
  it.each([
    ['mapCount', 5, 4],
    ['totalVm', 14, 13],
    ['dataVm', 5, 4],
    ['execVm', 1, 0],
    ['stackVm', 1, 0],
    ['lockedVm', 1, 0],
    ['committed', 5, 4],
    ['nameReferences', 1, 0],
  ] as const)('%s', (name, wrong, right) => {
    const context = build();
    const said = broken(mmCounters, context, REMAP, () => {
      context.src.mm[name]++;
    });
    expect(said).toBe(`${name}: ${wrong}, recounted ${right}`);
  });

  it('a flag that nobody counted', () => {
    const context = build();
    const said = broken(mmCounters, context, REMAP, () => {
      vmaAt(context, 6).flags |= VM_LOCKED;
    });
    expect(said).toBe('lockedVm: 0, recounted 2');
  });
});

describe('close-hook-balance', () => {
  it('a mapping that was removed and not closed', () => {
    const context = build();
    broken(mmHookBalance, context, REMAP, () => {});
    const file = vmaAt(context, 10).file!;
    context.src.mm.tree.erase(10);
    file.references--;
    file.linked--;
    context.step++;
    expect(mmHookBalance.check(context)).toBe('closer: open 1 times, 0 mappings');
  });

  it('a file that no mapping has, closed by a mapping that was refused', () => {
    const context = build();
    const refused = mmap(30, 1, 'rw-', 'failing');
    const said = broken(mmHookBalance, context, refused, () => {
      context.src.mmap(30 * PAGE, PAGE, 'rw-', ['private', 'fixed'], 'failing', 0);
      for (const file of context.src.knownFiles) if (file.name === 'failing') file.opened--;
    });
    expect(said).toBe('failing: open -1 times, 0 mappings');
  });

  it('a file that is held once too often', () => {
    const context = build();
    const said = broken(mmHookBalance, context, REMAP, () => {
      vmaAt(context, 20).file!.references++;
    });
    expect(said).toBe('dev: held 2 times, 1 mappings');
  });
});

it('nothing-reserved: nodes that were reserved and not given back', () => {
  const lockstep = new MmLockstep([]);
  // Nodes so small that two mappings fill one, and a third needs another.
  lockstep.begin({ format: FORMAT, domain: 'mm', pages: 64, slots: [4, 4] });
  lockstep.step(mmap(2, 4, 'rw-'));
  lockstep.step(mmap(10, 4, 'rw-'));
  const context = lockstep.sides as Changeable;
  const said = broken(mmNothingReserved, context, REMAP, () => {
    const { vmi } = context.src.mm;
    vmi.set(30);
    vmi.config(30, 40);
    vmi.prealloc(vmaAt(context, 2));
  });
  expect(said).toMatch(/^\d+ leaves and \d+ internal nodes are still reserved$/);
});

it('anon-vma-chains: a user that is not counted', () => {
  const context = build();
  const said = broken(mmAnonChains, context, REMAP, () => {
    vmaAt(context, 6).anonVma = vmaAt(context, 2).anonVma;
  });
  expect(said).toBe('anon_vma 1: 1 users, 2 mappings have it');
});

it('no-merge-across-special: a device that swallowed its neighbour', () => {
  const context = build();
  const said = broken(mmSpecialApart, context, { op: 'mprotect', addr: 20 * PAGE, len: PAGE, prot: 'r--' }, () => {
    const device = vmaAt(context, 20);
    context.src.mm.tree.storeRange(20, 25, device);
    device.end = 26;
  });
  expect(said).toBe('the special mapping [20, 26) was not in one piece before mprotect');
  expect(vmaAt(context, 20).flags & VM_DONTEXPAND).not.toBe(0);
});

describe('vma-neighbours in a window of many mappings', () => {
  const COUNT = 100;

  function many(): Changeable {
    const lockstep = new MmLockstep([]);
    lockstep.begin({ format: FORMAT, domain: 'mm', pages: 4 * COUNT });
    for (let i = 0; i < COUNT; i++) lockstep.step(mmap(4 * i, 2, 'rw-'));
    return lockstep.sides as Changeable;
  }

  /** What is said of an operation at mapping `at`, while steps of the iterator that come to mapping `lost` miss it. */
  function says(move: 'next' | 'prev', at: number, lost: number, whole: boolean): string | null {
    const context = many();
    context.whole = whole;
    context.ret = 0;
    const { [move]: step } = VmaIterator.prototype;
    const spy = jest.spyOn(VmaIterator.prototype, move).mockImplementation(function (this: VmaIterator) {
      const vma = step.call(this);
      return vma?.start === 4 * lost ? step.call(this) : vma;
    });
    try {
      return broken(mmNeighbours, context, { op: 'munmap', addr: 4 * at * PAGE, len: PAGE }, () => {});
    } finally {
      spy.mockRestore();
    }
  }

  it.each(['next', 'prev'] as const)('%s: sees what is near the operation, at the ends too', (move) => {
    for (const [at, lost] of [
      [50, 50],
      [50, 48],
      [50, 52],
      [0, 0],
      [99, 99],
    ] as const) {
      expect(says(move, at, lost, false)).toMatch(move === 'next' ? /^up: / : /^down: /);
    }
    expect(says(move, 50, -1, false)).toBeNull();
  });

  it.each(['next', 'prev'] as const)('%s: sees what is far when it is the turn of the whole', (move) => {
    expect(says(move, 10, 80, false)).toBeNull();
    expect(says(move, 10, 80, true)).not.toBeNull();
  });
});

it('unmerged-neighbours: two that mprotect made alike', () => {
  const context = build();
  context.ret = 0;
  const said = broken(mmMerged, context, { op: 'mprotect', addr: 6 * PAGE, len: 2 * PAGE, prot: 'rw-' }, () => {
    vmaAt(context, 6).flags = vmaAt(context, 2).flags;
  });
  expect(said).toBe('[2, 6) and [6, 8) are alike, and mprotect left them apart');
  expect(vmaAt(context, 6).flags & VM_WRITE).not.toBe(0);
});

describe('error-changes-nothing', () => {
  it('a refused mmap that split a mapping', () => {
    const context = build();
    context.ret = 'EEXIST';
    const said = broken(mmErrorsChangeNothing, context, mmap(2, 1, 'rw-'), () => {
      vmaAt(context, 2).end = 5;
    });
    expect(said).toBe('mmap answers EEXIST, but mapping 0 was [2, 6), and is [2, 5)');
  });

  it('an mprotect that lost pages on its way', () => {
    const context = build();
    context.ret = 'ENOMEM';
    const said = broken(mmErrorsChangeNothing, context, { op: 'mprotect', addr: 0, len: PAGE, prot: 'r--' }, () => {
      context.src.mm.tree.erase(10);
    });
    expect(said).toBe('mprotect answers ENOMEM, but 13 pages were mapped, and 10 are');
  });
});
