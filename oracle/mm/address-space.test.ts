import { inPages, scene } from './testing/scene';

describe('running out of memory', () => {
  it('lists what may be left without changing anything, and goes on with one of them', () => {
    const s = scene();
    s.map(0, 4);
    const before = s.show();
    const outcomes = s.mm.failedOutcomes((mm) => mm.munmap(4096, 8192));
    expect(outcomes.map(({ ret, space }) => [ret, space.count])).toEqual([
      ['ENOMEM', 1],
      ['ENOMEM', 2],
      ['ENOMEM', 3],
    ]);
    expect(s.show()).toEqual(before);
    s.mm.adopt(outcomes[1].space);
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-4 rd wr ac']);
    expect(s.unmap(1, 2)).toBe(0);
    expect(outcomes[1].space.count).toBe(2);
  });

  it('fails for one operation only, whether or not that got so far', () => {
    const s = scene();
    s.mm.failAllocation(5);
    expect(s.map(0, 1)).toBe(0);
    expect(s.map(2, 1)).toBe(2);
    s.mm.failAllocation(1);
    expect(s.map(4, 1)).toBe('ENOMEM');
    expect(s.map(4, 1)).toBe(4);
    s.mm.failAllocation(1);
    s.mm.failAllocation(0);
    expect(s.map(6, 1)).toBe(6);
  });

  it('is the same in a copy as in the original', () => {
    const s = scene({ brk: 32, kernel: '6.12' });
    s.map(0, 4);
    s.touch(1);
    s.mm.mlockall(['future']);
    const copy = s.mm.clone();
    s.map(8, 1);
    expect(inPages(copy.brk(33 * 4096))).toBe(33);
    expect(copy.dump().vmas.map((vma) => vma.flags)).toEqual(['rd wr mr mw me ac', 'rd wr mr mw me lo ac']);
    expect(s.mm.dump().vmas.length).toBe(2);
  });
});
