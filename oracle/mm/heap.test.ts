import { scene } from './testing/scene';

describe('brk', () => {
  it('brk: to the byte, in full pages, never below its start', () => {
    const s = scene({ brk: 8 });
    expect(s.mm.heapEnd).toBe(8 * 4096);
    expect(s.mm.brk(8 * 4096 + 1)).toBe(8 * 4096 + 1);
    expect(s.show()).toEqual(['8-9 rd wr ac']);
    expect(s.mm.brk(9 * 4096)).toBe(9 * 4096);
    expect(s.mm.brk(7 * 4096)).toBe(9 * 4096);
    expect(s.brk(12)).toBe(12);
    expect(s.brk(10)).toBe(10);
    expect(s.show()).toEqual(['8-10 rd wr ac']);
    expect(s.brk(8)).toBe(8);
    expect(s.show()).toEqual([]);
    expect(scene().mm.heapEnd).toBeNull();
  });

  it('brk-gap, brk-occupied: one page stays free, below a stack 256 more; the end of the window counts', () => {
    const s = scene({ brk: 8 });
    s.map(12, 1);
    expect([12, 13, 11].map((page) => s.brk(page))).toEqual([8, 8, 11]);
    expect(s.brk(63)).toBe(11);
    s.unmap(12, 1);
    expect(s.brk(64)).toBe(11);
    expect(s.brk(63)).toBe(63);
    const t = scene({ brk: 8, pages: 400 });
    t.map(300, 1, 'rw-', { flags: ['growsdown'] });
    expect(t.brk(44)).toBe(8);
    expect(t.brk(43)).toBe(43);
  });

  it('brk-merge: joins what ends there, even the user’s, never what lies above, and only above the start', () => {
    const s = scene({ brk: 8 });
    s.map(6, 2);
    s.brk(9);
    expect(s.show()).toEqual(['6-8 rd wr ac', '8-9 rd wr ac']);
    s.unmap(8, 1);
    s.map(8, 1);
    s.brk(10);
    expect(s.show()).toEqual(['6-10 rd wr ac']);
    const t = scene({ brk: 8 });
    t.brk(9);
    t.advise(8, 1, 'random');
    t.map(11, 1);
    t.brk(10);
    expect(t.show()).toEqual(['8-9 rd wr rr ac', '9-10 rd wr ac', '11-12 rd wr ac']);
  });

  it('brk-fork: an inherited anon_vma ends the mapping that grows', () => {
    const s = scene({ brk: 8 });
    s.brk(9);
    s.touch(8);
    s.mm.fork();
    s.brk(10);
    s.brk(11);
    expect(s.show()).toEqual(['8-9 rd wr ac', '9-11 rd wr ac']);
  });

  it('brk-seal: shrinking removes as munmap does, and is refused where nothing is left or a seal is met', () => {
    const s = scene({ brk: 8 });
    s.brk(14);
    s.seal(12, 1);
    expect(s.brk(10)).toBe(14);
    expect(s.show()).toEqual(['8-10 rd wr ac', '10-12 rd wr ac', '12-13 rd wr ac sl', '13-14 rd wr ac']);
    expect(s.brk(13)).toBe(13);
    const t = scene({ brk: 8 });
    t.brk(14);
    t.unmap(10, 4);
    expect(t.brk(11)).toBe(14);
    expect(t.brk(9)).toBe(9);
  });

  it('obeys the limit of mappings, and stays where it is without memory', () => {
    const s = scene({ brk: 8, maxMapCount: 1 });
    s.map(0, 1);
    s.map(2, 1);
    expect(s.brk(9)).toBe(8);
    const t = scene({ brk: 8 });
    t.brk(9);
    expect(t.failed((u) => u.brk(10))).toEqual(['9: 8-9 rd wr ac']);
    t.brk(8);
    expect(t.failed((u) => u.brk(10))).toEqual(['8: ']);
  });
});
