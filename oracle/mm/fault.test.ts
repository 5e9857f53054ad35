import { scene } from './testing/scene';

describe('touch', () => {
  it('needs the right to write, nothing else', () => {
    const s = scene();
    s.map(0, 1, '-w-');
    s.map(2, 1, 'r-x');
    expect([0, 2, 4].map((page) => s.touch(page))).toEqual([0, 'EFAULT', 'EFAULT']);
    expect(s.anons()).toBe('1 -');
  });

  it('eof: files end, shared anonymous memory at its first length, the device after 4 pages', () => {
    const s = scene();
    s.map(0, 2, 'rw-', { file: 'a', shared: true, pgoff: 63 });
    s.map(4, 2, 'rw-', { shared: true });
    s.remap(4, 2, 3, '');
    s.map(8, 4, 'rw-', { file: 'dev', shared: true });
    s.map(16, 1, 'rw-', { file: 'pfn', shared: true, pgoff: 1000 });
    expect([0, 1, 5, 6, 11, 16].map((page) => s.touch(page))).toEqual([0, 'EFAULT', 0, 'EFAULT', 0, 0]);
  });

  it('anon-sigbus: a page beyond the end of the file leaves an anon_vma', () => {
    const s = scene();
    s.map(0, 1, 'rw-', { file: 'a', pgoff: 64 });
    expect(s.touch(0)).toBe('EFAULT');
    expect(s.anons()).toBe('1');
  });

  it('anon-reuse, anon-next-first: shares with the next neighbour, else the previous, if they look like one', () => {
    const s = scene();
    s.map(0, 6);
    s.protect(2, 2, 'r--');
    s.protect(2, 2, '-w-');
    s.touch(0);
    s.touch(4);
    expect(s.anons()).toBe('1 - 2');
    s.touch(2);
    expect(s.anons()).toBe('1 2 2');

    const t = scene();
    t.map(0, 2);
    t.protect(1, 1, '-w-');
    t.touch(0);
    t.map(2, 1, 'rw-', { flags: ['noreserve'] });
    t.touch(2);
    t.touch(1);
    expect(t.anons()).toBe('1 1 2');
  });

  it('does not share over a policy, nor what came over a fork', () => {
    const s = scene();
    s.map(0, 2);
    s.mm.mbind(4096, 4096, 1);
    s.touch(0);
    s.touch(1);
    expect(s.anons()).toBe('1 2');
    const t = scene();
    t.map(0, 2);
    t.protect(1, 1, '-w-');
    t.touch(0);
    t.mm.fork();
    t.touch(1);
    expect(t.anons()).toBe("1' 2");
  });
});

describe('stacks', () => {
  it('grow: any distance, merging nothing; a failing touch leaves the growth and an anon_vma', () => {
    const s = scene();
    s.map(0, 1);
    s.map(40, 2, 'rw-', { flags: ['growsdown'] });
    s.protect(40, 1, 'r--');
    expect(s.touch(30)).toBe('EFAULT');
    expect(s.touch(31)).toBe('EFAULT');
    expect(s.show()).toEqual(['0-1 rd wr ac', '40-41 rd gd', '41-42 rd wr gd ac']);
    s.protect(0, 1, '---');
    expect(s.touch(30)).toBe('EFAULT');
    expect(s.show()).toEqual(['0-1', '30-41 rd gd', '41-42 rd wr gd ac']);
    expect(s.anons()).toBe('- 1 -');
  });

  it('grow-guard: 256 pages from what is accessible and no stack', () => {
    const s = scene({ pages: 400 });
    s.map(0, 1);
    s.map(300, 1, 'rw-', { flags: ['growsdown'] });
    expect(s.touch(256)).toBe('EFAULT');
    expect(s.touch(257)).toBe(0);
    s.map(1, 1, 'rw-', { flags: ['growsdown'] });
    expect(s.touch(2)).toBe(0);
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd wr gd ac', '2-301 rd wr gd ac']);
  });

  it('grow to 8 MiB; a refused growth leaves the anon_vma', () => {
    const s = scene({ pages: 4000 });
    s.map(3000, 1, 'rw-', { flags: ['growsdown'] });
    expect(s.touch(952)).toBe('EFAULT');
    expect(s.show()).toEqual(['3000-3001 rd wr gd ac']);
    expect(s.anons()).toBe('1');
    expect(s.touch(953)).toBe(0);
    expect(s.show()).toEqual(['953-3001 rd wr gd ac']);
  });

  it('do not merge when they grow, and their page offset goes along', () => {
    const s = scene();
    s.map(10, 2, 'rw-', { flags: ['growsdown'] });
    s.map(20, 2, 'rw-', { flags: ['growsdown'] });
    s.touch(12);
    expect(s.show()).toEqual(['10-12 rd wr gd ac', '12-22 rd wr gd ac']);
    s.advise(12, 2, 'random');
    s.advise(12, 2, 'normal');
    expect(s.show()).toEqual(['10-22 rd wr gd ac']);
  });

  it('leave nothing behind when memory runs out', () => {
    const s = scene();
    s.map(20, 1, 'rw-', { flags: ['growsdown'] });
    expect(s.failed((t) => t.touch(10))).toEqual(Array(2).fill('EFAULT: 20-21 rd wr gd ac'));
    expect(s.failed((t) => t.touch(20))).toEqual(['ENOMEM: 20-21 rd wr gd ac']);
  });
});
