import { sharedMemory } from './files';
import { ACCOUNT, READ } from './flags';
import { Space } from './space';
import { PAGE, Vma } from './vma';

function spaceWith(...ranges: [number, number][]): Space {
  const space = new Space({ pages: 32 });
  for (const [start, end] of ranges) space.insert(new Vma(start * PAGE, end * PAGE, READ, null, start));
  return space;
}

describe('the sorted array', () => {
  it('finds the lowest mapping that ends above an address', () => {
    const space = spaceWith([8, 10], [2, 4], [4, 6]);
    expect([0, 1, 2, 3, 4, 5, 6, 7, 9, 10].map((page) => space.indexAt(page * PAGE))).toEqual([
      0, 0, 0, 0, 1, 1, 2, 2, 2, 3,
    ]);
    expect(space.lookup(4 * PAGE)?.start).toBe(4 * PAGE);
    expect(space.lookup(6 * PAGE)).toBeNull();
    expect(space.lookup(10 * PAGE)).toBeNull();
  });

  it('counts what lies outside the window as occupied', () => {
    const space = spaceWith([2, 4]);
    expect(space.occupied(0, 2 * PAGE)).toBe(false);
    expect(space.occupied(0, 2 * PAGE + 1)).toBe(true);
    expect(space.occupied(4 * PAGE, 32 * PAGE)).toBe(false);
    expect(space.occupied(4 * PAGE, 33 * PAGE)).toBe(true);
    expect(space.occupied(-PAGE, PAGE)).toBe(true);
  });

  it('cuts: the upper piece takes everything along, its page offset advanced', () => {
    const space = spaceWith([2, 6]);
    Object.assign(space.vmas.at(0), { anon: 7, inherited: true, policy: 2, uffd: 1, name: 'n', flags: READ | ACCOUNT });
    expect(space.cut(0, 3 * PAGE)).toBe(0);
    const [lower, upper] = space.vmas;
    expect([lower.start, lower.end, lower.pgoff]).toEqual([2 * PAGE, 3 * PAGE, 2]);
    expect([upper.start, upper.end, upper.pgoff]).toEqual([3 * PAGE, 6 * PAGE, 3]);
    expect({ ...upper, start: 0, end: 0, pgoff: 0 }).toEqual({ ...lower, start: 0, end: 0, pgoff: 0 });
  });

  it('does not cut what refuses it, nor without memory, nor beyond the limit where that counts', () => {
    const space = new Space({ pages: 32, maxMapCount: 1 });
    space.insert(new Vma(0, 4 * PAGE, READ, { ...sharedMemory(4), refusesSplit: true }, 0));
    expect(space.cut(0, PAGE)).toBe('EINVAL');
    space.vmas.at(0).file = null;
    expect(space.cutCounted(0, PAGE)).toBe('ENOMEM');
    space.failAllocation(1);
    expect(space.cut(0, PAGE)).toBe('ENOMEM');
    expect(space.count).toBe(1);
    expect(space.cut(0, PAGE)).toBe(0);
    expect(space.count).toBe(2);
  });

  it('fails just the allocation that is asked for', () => {
    const space = spaceWith();
    space.failAllocation(3);
    expect([1, 2, 3, 4].map(() => space.allocate())).toEqual([true, true, false, true]);
    expect(space.failurePending).toBe(false);
  });

  it('clones into something independent', () => {
    const space = spaceWith([2, 4]);
    const copy = space.clone();
    copy.vmas.at(0).end = 3 * PAGE;
    copy.newAnon();
    expect(space.vmas.at(0).end).toBe(4 * PAGE);
    expect(space.newAnon()).toBe(1);
  });
});
