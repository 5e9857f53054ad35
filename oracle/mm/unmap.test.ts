import { scene } from './testing/scene';

describe('munmap', () => {
  it('munmap: holes, nothing at all, pieces of several mappings', () => {
    const s = scene();
    expect(s.unmap(0, 64)).toBe(0);
    s.map(0, 4);
    s.map(6, 4);
    expect(s.unmap(2, 6)).toBe(0);
    expect(s.show()).toEqual(['0-2 rd wr ac', '8-10 rd wr ac']);
    expect(s.mm.munmap(1, 4096)).toBe('EINVAL');
    expect(s.mm.munmap(0, 0)).toBe('EINVAL');
    expect(s.mm.munmap(0, 1)).toBe(0);
    expect(s.show()).toEqual(['1-2 rd wr ac', '8-10 rd wr ac']);
  });

  it('seal-partial: a seal further up stops it, and the cut at the start stays', () => {
    const s = scene();
    s.map(0, 4);
    s.map(4, 4, 'r--');
    s.seal(4, 4);
    expect(s.unmap(2, 4)).toBe('EPERM');
    expect(s.show()).toEqual(['0-2 rd wr ac', '2-4 rd wr ac', '4-8 rd sl']);
    expect(s.unmap(5, 1)).toBe('EPERM');
    expect(s.unmap(6, 8)).toBe('EPERM');
    expect(s.show()).toEqual(['0-2 rd wr ac', '2-4 rd wr ac', '4-8 rd sl']);
  });

  it('refuses, with the cut at the start kept, what would split a file that cannot be split', () => {
    const s = scene();
    s.map(0, 4);
    s.map(4, 4, 'r--', { file: 'nosplit' });
    expect(s.unmap(2, 4)).toBe('EINVAL');
    expect(s.show()).toEqual(['0-2 rd wr ac', '2-4 rd wr ac', '4-8 rd nosplit@0']);
    expect(s.unmap(2, 6)).toBe(0);
    expect(s.show()).toEqual(['0-2 rd wr ac']);
  });

  it('is limited only where one mapping becomes three', () => {
    const s = scene({ maxMapCount: 2 });
    s.map(0, 4);
    s.map(8, 4);
    expect(s.unmap(1, 1)).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-4 rd wr ac', '8-12 rd wr ac']);
    expect(s.unmap(2, 7)).toBe(0);
    expect(s.show()).toEqual(['0-2 rd wr ac', '9-12 rd wr ac']);
  });

  it('leaves, out of memory, its cuts and everything mapped', () => {
    const s = scene();
    s.map(0, 4);
    s.map(4, 4, 'r--');
    const cutOnce = 'ENOMEM: 0-1 rd wr ac, 1-4 rd wr ac, 4-8 rd';
    expect(s.failed((t) => t.unmap(1, 6))).toEqual([
      'ENOMEM: 0-4 rd wr ac, 4-8 rd',
      cutOnce,
      cutOnce,
      'ENOMEM: 0-1 rd wr ac, 1-4 rd wr ac, 4-7 rd, 7-8 rd',
    ]);
    expect(s.failed((t) => t.unmap(20, 6))).toEqual([]);
    // Memory may run out before the seal is met.
    s.seal(4, 4);
    expect(s.failed((t) => t.unmap(0, 6))).toEqual(['ENOMEM: 0-4 rd wr ac, 4-8 rd sl']);
  });
});
