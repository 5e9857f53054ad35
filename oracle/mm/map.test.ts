import { scene } from './testing/scene';

describe('mmap', () => {
  it('mmap-args: the order of the errors', () => {
    const s = scene({ pages: 16 });
    const mmap = (addr: number, len: number, flags: string, offset = 0, file: string | null = null): number | string =>
      s.mm.mmap(addr, len, 'rw-', flags.split(' '), file, offset);
    expect(mmap(1, 0, 'private fixed', 1)).toBe('EINVAL');
    expect(mmap(0, 0, 'private')).toBe('EINVAL');
    expect(mmap(1, 4096, 'private fixed')).toBe('EINVAL');
    expect(mmap(1, 4096, 'private fixed_noreplace')).toBe('EINVAL');
    expect(mmap(0, 17 * 4096, 'shared growsdown')).toBe('ENOMEM');
    expect(mmap(0, 4096, 'shared growsdown')).toBe('EINVAL');
    expect(mmap(0, 4096, 'private growsdown', 0, 'a')).toBe('EINVAL');
    s.map(4, 1);
    expect(mmap(4 * 4096, 4096, 'shared fixed_noreplace growsdown')).toBe('EEXIST');
    expect(s.show()).toEqual(['4-5 rd wr ac']);
  });

  it('noreplace: wins over fixed, and takes only what is free', () => {
    const s = scene();
    s.map(4, 1);
    expect(s.map(4, 1, 'r--', { flags: ['fixed_noreplace'] })).toBe('EEXIST');
    expect(s.map(5, 1, 'r--', { place: true, flags: ['fixed_noreplace'] })).toBe(5);
  });

  it('account: private, writable and reserved memory is charged, of files too', () => {
    const s = scene();
    s.map(0, 1, 'r--');
    s.map(1, 1, '-w-');
    s.map(2, 1, 'rw-', { flags: ['noreserve'] });
    s.map(3, 1, 'rw-', { shared: true, flags: ['noreserve'] });
    s.map(4, 1, 'rw-', { file: 'a' });
    s.map(5, 1, 'rw-', { file: 'a', shared: true });
    expect(s.show()).toEqual([
      '0-1 rd',
      '1-2 wr ac',
      '2-3 rd wr nr',
      '3-4 rd wr sh ms nr shared',
      '4-5 rd wr ac a@0',
      '5-6 rd wr sh ms a@0',
    ]);
  });

  it('dev: cannot be executed, is busy while any piece is mapped, before every other error', () => {
    const s = scene();
    s.map(0, 4, 'rw-', { file: 'dev', shared: true });
    expect(s.mm.dump().vmas[0].flags).toBe('rd wr sh mr mw ms de');
    s.unmap(0, 3);
    expect(s.mm.mmap(1, 16384, 'rw-', ['shared', 'fixed'], 'dev', 0)).toBe('EBUSY');
    s.unmap(3, 1);
    expect(s.map(8, 4, 'rw-', { file: 'dev', shared: true })).toBe(8);
  });

  it('seal: what is in the way is removed as by munmap', () => {
    const s = scene();
    s.map(0, 4);
    s.map(4, 1, 'r--');
    s.seal(4, 1);
    expect(s.map(2, 4)).toBe('EPERM');
    expect(s.show()).toEqual(['0-2 rd wr ac', '2-4 rd wr ac', '4-5 rd sl']);
  });

  it('populate: with populate or locked, writable private memory gets an anon_vma, read-only memory does not', () => {
    const s = scene();
    s.map(0, 1, 'rw-', { flags: ['populate'] });
    s.map(2, 1, 'r--', { flags: ['populate'] });
    s.map(4, 1, 'rw-', { flags: ['locked'] });
    s.map(6, 1, 'rw-', { shared: true, flags: ['populate'] });
    expect(s.anons()).toBe('1 - 2 -');
  });

  it('failing: its mmap hook fails when what was in the way is already gone; the cuts around it stay', () => {
    const s = scene();
    s.map(0, 6);
    expect(s.map(2, 2, 'rw-', { file: 'failing', shared: true })).toBe('ENODEV');
    expect(s.show()).toEqual(['0-2 rd wr ac', '4-6 rd wr ac']);
    expect(s.map(10, 1, 'rw-', { file: 'failing', shared: true })).toBe('ENODEV');
    expect(s.map(0, 1, 'rw-', { file: 'failing', shared: true, flags: ['fixed_noreplace'] })).toBe('EEXIST');
  });

  it('may pass the limit of mappings by one: it is asked whether there are more already', () => {
    const s = scene({ maxMapCount: 1 });
    expect(s.map(0, 1)).toBe(0);
    expect(s.map(2, 1)).toBe(2);
    expect(s.map(1, 1)).toBe('ENOMEM');
    expect(s.map(0, 0)).toBe('EINVAL');
  });

  it('leaves, out of memory, a hole where something was in the way; a failed merge only means no merge', () => {
    const s = scene();
    s.map(0, 6);
    expect(s.failed((t) => t.map(2, 2, 'r--'))).toEqual([
      'ENOMEM: 0-6 rd wr ac',
      'ENOMEM: 0-2 rd wr ac, 2-6 rd wr ac',
      'ENOMEM: 0-2 rd wr ac, 2-4 rd wr ac, 4-6 rd wr ac',
      'ENOMEM: 0-2 rd wr ac, 4-6 rd wr ac',
    ]);
    expect(s.failed((t) => t.map(6, 2))).toEqual(['6: 0-6 rd wr ac, 6-8 rd wr ac']);
    expect(s.failed((t) => t.map(7, 2))).toEqual(['ENOMEM: 0-6 rd wr ac']);
  });
});

describe('remap_file_pages', () => {
  const rfp = (s: ReturnType<typeof scene>, page: number, count: number, pgoff: number): number | string =>
    s.mm.remapFilePages(page * 4096, count * 4096, pgoff);

  it('rfp: other pages of the same file; all flags but the protection and the lock are lost', () => {
    const s = scene();
    s.map(0, 4, 'r--', { file: 'a', shared: true });
    s.lock(0, 4, true);
    s.advise(0, 4, 'random');
    expect(rfp(s, 1, 2, 10)).toBe(0);
    expect(s.show()).toEqual(['0-1 rd sh ms lo rr lf a@0', '1-3 rd sh ms lo a@10', '3-4 rd sh ms lo rr lf a@3']);
  });

  it('rfp-many: over several mappings of one file with the same flags, without holes', () => {
    const s = scene();
    s.map(0, 2, 'r--', { file: 'a', shared: true });
    s.map(2, 2, 'r--', { file: 'a', shared: true, pgoff: 7 });
    s.map(4, 2, '---', { file: 'a', shared: true });
    expect(rfp(s, 1, 2, 20)).toBe(0);
    expect(s.show()[1]).toBe('1-3 rd sh ms a@20');
    expect(rfp(s, 1, 4, 20)).toBe('EINVAL');
    s.unmap(2, 1);
    expect(rfp(s, 1, 3, 20)).toBe('EINVAL');
  });

  it('rounds start and length down, and refuses what is not shared', () => {
    const s = scene();
    s.map(0, 2, 'rw-', { file: 'a' });
    s.map(2, 2, 'rw-', { shared: true });
    expect(rfp(s, 0, 1, 3)).toBe('EINVAL');
    expect(s.mm.remapFilePages(8192, 4095, 0)).toBe('EINVAL');
    expect(s.mm.remapFilePages(8192 + 5, 8191, 1)).toBe(0);
    expect(s.show()).toEqual(['0-2 rd wr ac a@0', '2-3 rd wr sh ms shared', '3-4 rd wr sh ms shared']);
  });

  it('overflows at the end of a signed file offset; devices have one bit more', () => {
    const s = scene();
    s.map(0, 2, 'rw-', { file: 'a', shared: true });
    s.map(8, 4, 'rw-', { file: 'dev', shared: true });
    expect(rfp(s, 0, 2, 2 ** 51 - 2)).toBe('EOVERFLOW');
    expect(rfp(s, 0, 2, 2 ** 51 - 3)).toBe(0);
    expect(rfp(s, 8, 1, 2 ** 51)).toBe(0);
    expect(rfp(s, 8, 1, 2 ** 52 - 1)).toBe('EOVERFLOW');
  });
});
