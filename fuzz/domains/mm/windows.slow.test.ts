/**
 * What is looked at in windows of a big address space comes to the same as looking at the whole: a mistake where the
 * operation was at work is noticed at that very step, one elsewhere within a few steps, and in any case at the end; and
 * while all is well nothing is said.
 */
import { OracleAddressSpace } from '../../../oracle/mm';
import type { Vma } from '../../../src/mm/vma';
import { FORMAT, type Operation, PAGE } from '../../format/types';
import { Stream } from '../../generate/stream';
import { WALK_SIZE } from '../../lockstep/amortize';
import type { Difference } from '../../lockstep/types';
import { MmLockstep } from './compare';
import type { MmInvariant } from './context';
import { MM_INVARIANTS } from './invariants';
import { mmCounters } from './invariants/counters';
import { mmNeighbours } from './invariants/neighbours';
import { listBefore } from './lists';
import { MmWindow } from './window';

const COUNT = 300;
const ROOM = 16;
const PROTS = ['r--', 'rw-'];

function map(i: number, prot = PROTS[i % 2]!): Operation {
  const flags = ['private', 'fixed'];
  return { op: 'mmap', addr: i * ROOM * PAGE, len: 8 * PAGE, prot, flags, file: null, offset: 0 };
}

function filled(thorough: boolean, invariants: readonly MmInvariant[] = MM_INVARIANTS): MmLockstep {
  const lockstep = new MmLockstep(invariants, thorough);
  lockstep.begin({ format: FORMAT, domain: 'mm', pages: COUNT * ROOM });
  for (let i = 0; i < COUNT; i++) expect(lockstep.step(map(i))).toBeNull();
  return lockstep;
}

function vmaOf(lockstep: MmLockstep, i: number): Vma {
  return lockstep.sides.src.mm.tree.load(i * ROOM)!;
}

/** Mistakes at mapping i behind the back of all, that no operation repairs. */
const DAMAGES: readonly [string, (lockstep: MmLockstep, i: number) => void][] = [
  ['other flags', (lockstep, i) => (vmaOf(lockstep, i).flags ^= 1 << 2)],
  ['a mapping that ends too early', (lockstep, i) => vmaOf(lockstep, i).end--],
  ['a mapping lost', (lockstep, i) => lockstep.sides.src.mm.tree.storeRange(i * ROOM, i * ROOM + 7, null)],
  [
    'a mapping too many',
    (lockstep, i) => lockstep.sides.src.mm.tree.storeRange(i * ROOM + 9, i * ROOM + 9, vmaOf(lockstep, i)),
  ],
];

/** The first difference in operations on mapping `at`, and after how many steps it came. */
function stepUntilFound(lockstep: MmLockstep, at: number, most: number): { found: Difference | null; steps: number } {
  for (let steps = 1; steps <= most; steps++) {
    const advice = steps % 2 === 0 ? 'dofork' : 'dontfork';
    const found = lockstep.step({ op: 'madvise', addr: at * ROOM * PAGE, len: 8 * PAGE, advice });
    if (found !== null) return { found, steps };
  }
  return { found: null, steps: most };
}

describe.each(DAMAGES)('%s', (_name, damage) => {
  it('is noticed at that step beside the operation', () => {
    for (const thorough of [false, true]) {
      for (const [at, damaged] of [
        [150, 149],
        [150, 151],
        [0, 1],
        [COUNT - 1, COUNT - 2],
      ] as const) {
        const lockstep = filled(thorough);
        damage(lockstep, damaged);
        expect(stepUntilFound(lockstep, at, 1).found).not.toBeNull();
      }
    }
  });

  it('is noticed far away when it is the turn of the whole, and at once in a thorough run', () => {
    const lockstep = filled(false);
    damage(lockstep, 250);
    const { found, steps } = stepUntilFound(lockstep, 20, 100);
    expect(found).not.toBeNull();
    // Each step saves up for a look at all of them.
    expect(steps).toBeLessThanOrEqual(Math.ceil(COUNT / WALK_SIZE) + 1);
    const thorough = filled(true);
    damage(thorough, 250);
    expect(stepUntilFound(thorough, 20, 1).found).not.toBeNull();
  });

  it('is noticed far away at the end', () => {
    const lockstep = filled(false);
    damage(lockstep, 250);
    expect(lockstep.end()).not.toBeNull();
  });
});

describe('counters in a window', () => {
  /** What is said of an operation in which src's counters change as `damage` has it. */
  function says(operation: Operation, damage: (lockstep: MmLockstep) => void): string | null {
    const lockstep = filled(false, []);
    const context = Object.assign(lockstep.sides, { operation, whole: false, step: 1000, ret: 0 });
    mmCounters.begin!(context);
    mmCounters.before!(context);
    damage(lockstep);
    return mmCounters.check(context);
  }

  const inside: Operation = { op: 'madvise', addr: 20 * ROOM * PAGE, len: 8 * PAGE, advice: 'dofork' };

  it.each(['mapCount', 'totalVm', 'dataVm', 'execVm', 'stackVm', 'lockedVm', 'committed', 'nameReferences'] as const)(
    '%s must change with the mappings',
    (name) => {
      expect(says(inside, () => {})).toBeNull();
      expect(says(inside, (lockstep) => lockstep.sides.src.mm[name]++)).toMatch(new RegExp(`^${name}: `));
    },
  );

  it('nothing is said of an operation without a window', () => {
    const moved: Operation = { op: 'mremap', addr: 20 * ROOM * PAGE, old_len: PAGE, new_len: PAGE, flags: [] };
    expect(says(moved, (lockstep) => lockstep.sides.src.mm.totalVm++)).toBeNull();
  });
});

it('a thorough run has all that was mapped before, also after an operation that the format refused', () => {
  for (const thorough of [false, true]) {
    const lockstep = filled(thorough);
    lockstep.step({ op: 'munmap', addr: COUNT * ROOM * PAGE, len: PAGE });
    expect(lockstep.sides.refused).toBe(true);
    lockstep.step({ op: 'munmap', addr: 20 * ROOM * PAGE, len: PAGE });
    expect(listBefore().whole).toBe(thorough);
  }
});

it('the iterator is walked in the window alone', () => {
  const lockstep = filled(false, [mmNeighbours]);
  expect(stepUntilFound(lockstep, 100, 40).found).toBeNull();
});

it('nothing is said while all is well, whatever is done where', () => {
  const lockstep = filled(false);
  const stream = new Stream();
  stream.startText('windows');
  const page = () => stream.below(COUNT * ROOM - 64);
  const draw = (): Operation => {
    const addr = page() * PAGE;
    const len = stream.between(1, 40) * PAGE;
    switch (stream.below(9)) {
      case 0:
        return { op: 'mmap', addr, len, prot: PROTS[stream.below(2)]!, flags: ['private'], file: null, offset: 0 };
      case 1:
        return map(stream.below(COUNT), PROTS[stream.below(2)]);
      case 2:
        return { op: 'munmap', addr, len };
      case 3:
        return { op: 'mprotect', addr, len, prot: ['---', 'r--', 'rw-'][stream.below(3)]! };
      case 4:
        return { op: 'mremap', addr, old_len: len, new_len: 8 * PAGE, flags: ['maymove'] };
      case 5:
        return { op: 'touch', addr };
      case 6:
        return { op: 'mlock', addr, len, onfault: false };
      case 7:
        return { op: 'set_vma_name', addr, len, name: ['x', null][stream.below(2)]! };
      default:
        return { op: 'madvise', addr, len, advice: ['dontfork', 'dofork'][stream.below(2)]! };
    }
  };
  for (let i = 0; i < 3000; i++) expect(lockstep.step(draw())).toBeNull();
  expect(lockstep.step({ op: 'fork' })).toBeNull();
  for (let i = 0; i < 300; i++) expect(lockstep.step(draw())).toBeNull();
  expect(lockstep.end()).toBeNull();
});

describe('a window', () => {
  const oracle = new OracleAddressSpace({ pages: 1000, brk: 900 });
  for (let i = 0; i < 10; i++) oracle.mmap(100 * i * PAGE, 10 * PAGE, 'r--', ['private', 'fixed'], null, 0);
  const window = new MmWindow();
  const of = (operation: Operation) => (window.before(oracle, operation) ? [window.low, window.high] : null);

  it('takes in two mappings more on either side', () => {
    expect(of({ op: 'munmap', addr: 405 * PAGE, len: PAGE })).toEqual([200, 610]);
    expect(of({ op: 'munmap', addr: 450 * PAGE, len: 100 * PAGE })).toEqual([300, 810]);
    expect(of({ op: 'touch', addr: 5 * PAGE })).toEqual([0, 210]);
  });

  it('goes on to the top where there are no more', () => {
    expect(of({ op: 'touch', addr: 905 * PAGE })![1]).toBeGreaterThan(1000);
  });

  it('of the heap lies between the two breaks', () => {
    expect(of({ op: 'brk', addr: 950 * PAGE })![0]).toBe(700);
  });

  it('is not known of what is placed or moved', () => {
    expect(of({ op: 'mremap', addr: 0, old_len: PAGE, new_len: PAGE, flags: [] })).toBeNull();
    expect(of({ op: 'mmap', addr: 0, len: PAGE, prot: 'r--', flags: ['private'], file: null, offset: 0 })).toBeNull();
    window.after(oracle, { op: 'mmap', addr: 0, len: PAGE }, 500 * PAGE);
    expect([window.low, window.high]).toEqual([300, 710]);
  });
});
