import { scene } from './testing/scene';

describe('dump', () => {
  it('shows what is set and hides what is anonymous', () => {
    const s = scene({ brk: 40 });
    s.map(3, 1);
    s.map(6, 1, 'r--', { shared: true });
    s.map(8, 1, 'r--', { file: 'b', pgoff: 9 });
    s.mm.mbind(3 * 4096, 4096, 2);
    s.mm.setVmaName(3 * 4096, 4096, 'n');
    s.mm.uffdRegister(6 * 4096, 4096, 3);
    expect(s.mm.dump()).toEqual({
      vmas: [
        { start: 12288, end: 16384, flags: 'rd wr mr mw me ac', file: null, pgoff: 0, policy: 2, name: 'n' },
        { start: 24576, end: 28672, flags: 'rd sh mr mw me ms um', file: null, pgoff: 0, uffd: 3 },
        { start: 32768, end: 36864, flags: 'rd mr mw me', file: 'b', pgoff: 9 },
      ],
      brk: 163840,
    });
  });

  it('shows the counters where they were asked for', () => {
    expect(scene().mm.dump()).toEqual({ vmas: [], brk: null });
    expect(scene({ counters: true }).mm.dump().counters?.map_count).toBe(0);
  });
});
