import { scene } from './testing/scene';

const TOO_LONG = 2 ** 47 / 4096;

describe('mremap: arguments', () => {
  it('mremap-args: the order of the errors', () => {
    const s = scene();
    s.map(0, 4);
    expect(s.mm.mremap(1, 4096, 4096, [], 0)).toBe('EINVAL');
    expect(s.remap(0, 1, 0, '')).toBe('EINVAL');
    expect(s.remap(0, 1, TOO_LONG, 'maymove')).toBe('EINVAL');
    expect(s.remap(0, 1, TOO_LONG - 1, 'maymove')).toBe('ENOMEM');
    expect(s.mm.mremap(0, 4096, 4096, ['maymove', 'fixed'], 1)).toBe('EINVAL');
    expect(s.remap(0, 1, 1, 'fixed', 8)).toBe('EINVAL');
    expect(s.remap(0, 1, 2, 'maymove dontunmap', 8)).toBe('EINVAL');
    expect(s.remap(0, 2, 2, 'maymove fixed', 1)).toBe('EINVAL');
    expect(s.remap(10, 2, 2, '')).toBe('EFAULT');
    expect(s.remap(0, 0, 2, 'maymove')).toBe('EINVAL');
    s.seal(0, 4);
    expect(s.remap(0, 4, 4, '')).toBe('EPERM');
    expect(s.show()).toEqual(['0-4 rd wr ac sl']);
  });

  it('errors of the source come before the target is removed; in 6.12 after it', () => {
    for (const kernel of ['6.18', '6.12']) {
      const s = scene({ kernel });
      s.map(0, 1);
      s.map(8, 8);
      expect(s.remap(0, 2, 3, 'maymove fixed', 8)).toBe('EFAULT');
      expect(s.show()).toEqual(
        kernel === '6.18' ? ['0-1 rd wr ac', '8-16 rd wr ac'] : ['0-1 rd wr ac', '11-16 rd wr ac'],
      );
    }
  });

  it('a source of no length at its own target is gone when it is to be copied', () => {
    const s = scene();
    s.map(0, 2, 'rw-', { shared: true });
    expect(s.remap(0, 0, 2, 'maymove fixed', 0)).toBe('EFAULT');
    expect(s.show()).toEqual([]);
  });

  it('stays four mappings below the limit, six where it has to remove something first', () => {
    const s = scene({ maxMapCount: 6 });
    s.map(0, 2);
    s.map(2, 2, 'r--');
    s.map(8, 2, 'r--');
    expect(s.remap(0, 2, 4, 'maymove')).toBe('ENOMEM');
    s.unmap(8, 2);
    expect(s.remap(0, 2, 4, 'maymove')).toBe(60);
    expect(s.remap(60, 4, 4, 'maymove fixed', 0)).toBe('ENOMEM');
    expect(s.remap(30, 4, 4, 'maymove fixed', 0)).toBe('ENOMEM');
    const old = scene({ maxMapCount: 6, kernel: '6.12' });
    expect(old.remap(30, 4, 4, 'maymove fixed', 0)).toBe('EFAULT');
  });
});

describe('mremap: in place', () => {
  it('mremap-expand: joins its own mapping, and the next one if that fits', () => {
    const s = scene();
    s.map(0, 2);
    s.map(4, 2);
    expect(s.remap(0, 2, 3, '')).toBe(0);
    expect(s.remap(1, 2, 3, '')).toBe(1);
    expect(s.show()).toEqual(['0-6 rd wr ac']);
    expect(s.remap(0, 2, 3, '')).toBe('ENOMEM');
    expect(s.remap(0, 6, 65, '')).toBe('ENOMEM');
  });

  it('mremap-shrink: removes the tail, over any mappings and holes', () => {
    const s = scene();
    s.map(0, 2);
    s.map(3, 1, 'r--');
    s.map(8, 1, 'r--');
    expect(s.remap(0, 6, 1, '')).toBe(0);
    expect(s.show()).toEqual(['0-1 rd wr ac', '8-9 rd']);
  });

  it('mremap-lock: the added part of a locked mapping is populated', () => {
    const s = scene();
    s.map(0, 1);
    s.lock(0, 1, true);
    s.remap(0, 1, 2, '');
    expect(s.anons()).toBe('-');
    s.map(8, 1, '---', { flags: ['locked'] });
    s.protect(8, 1, 'rw-');
    expect(s.anons()).toBe('- 1');
  });

  it('does not grow what may not: dev EFAULT, a device that merges with nothing ENOMEM', () => {
    const s = scene();
    s.map(0, 4, 'rw-', { file: 'dev', shared: true });
    s.map(8, 2, 'rw-', { file: 'pfn', shared: true });
    s.map(16, 2, 'rw-', { file: 'mixed', shared: true });
    expect(s.remap(0, 4, 5, 'maymove')).toBe('EFAULT');
    expect(s.remap(8, 2, 3, 'maymove')).toBe('EFAULT');
    expect(s.remap(16, 2, 3, 'maymove')).toBe('ENOMEM');
  });
});

describe('mremap: moves', () => {
  it('mremap-move-pgoff, mremap-back: untouched memory takes its new offset, touched memory keeps it', () => {
    const s = scene();
    s.map(0, 2);
    s.map(8, 1);
    expect(s.remap(0, 1, 1, 'maymove fixed', 9)).toBe(9);
    expect(s.show()).toEqual(['1-2 rd wr ac', '8-10 rd wr ac']);
    s.touch(1);
    s.map(20, 1);
    s.remap(1, 1, 1, 'maymove fixed', 21);
    expect(s.show()).toEqual(['8-10 rd wr ac', '20-21 rd wr ac', '21-22 rd wr ac']);
    s.map(0, 1);
    s.remap(21, 1, 1, 'maymove fixed', 1);
    expect(s.show()).toEqual(['0-2 rd wr ac', '8-10 rd wr ac', '20-21 rd wr ac']);
  });

  it('mremap-dup: no length doubles shared memory', () => {
    const s = scene();
    s.map(0, 2, 'rw-', { file: 'a', shared: true });
    expect(s.remap(1, 0, 2, 'maymove fixed', 8)).toBe(8);
    expect(s.show()).toEqual(['0-2 rd wr sh ms a@0', '8-10 rd wr sh ms a@1']);
  });

  it('mremap-multi: the same length moves several mappings and the holes between them', () => {
    const s = scene();
    s.map(0, 1);
    s.map(2, 2, 'r--');
    s.map(11, 1, '---');
    s.map(13, 2, '---');
    expect(s.remap(0, 3, 3, 'maymove fixed', 10)).toBe(10);
    expect(s.show()).toEqual(['3-4 rd', '10-11 rd wr ac', '11-12', '12-13 rd', '13-15']);
    expect(s.remap(4, 10, 10, 'maymove fixed', 20)).toBe('EFAULT');
    expect(scene({ kernel: '6.12' }).remap(0, 3, 3, 'maymove fixed', 10)).toBe('EFAULT');
  });

  it('mremap-multi-seal: an error stops it, with those before moved', () => {
    const s = scene();
    s.map(0, 1);
    s.map(1, 1, 'r--');
    s.map(2, 1, '---');
    s.seal(1, 1);
    expect(s.remap(0, 3, 3, 'maymove fixed', 10)).toBe('EPERM');
    expect(s.show()).toEqual(['1-2 rd sl', '2-3', '10-11 rd wr ac']);
  });

  it('mremap-dontunmap: the old mapping stays, without lock; of a whole one the anon_vma goes', () => {
    const s = scene();
    s.map(0, 2);
    s.touch(0);
    s.lock(0, 2);
    expect(s.remap(0, 2, 2, 'maymove dontunmap fixed', 8)).toBe(8);
    expect(s.show()).toEqual(['0-2 rd wr ac', '8-10 rd wr lo ac']);
    expect(s.anons()).toBe('- 1');
    expect(s.remap(8, 1, 1, 'maymove dontunmap', 20)).toBe(20);
    expect(s.show()).toEqual(['0-2 rd wr ac', '8-10 rd wr ac', '20-21 rd wr lo ac']);
    expect(s.anons()).toBe('- 1 1');
  });

  it('dontunmap in 6.12: only the part that moves loses its lock, and an emptied mapping its offset', () => {
    const s = scene({ kernel: '6.12' });
    s.map(0, 4, 'rw-', { flags: ['locked'] });
    expect(s.remap(1, 2, 2, 'maymove dontunmap fixed', 8)).toBe(8);
    expect(s.show()).toEqual(['0-1 rd wr lo ac', '1-3 rd wr ac', '3-4 rd wr lo ac', '8-10 rd wr lo ac']);
    const t = (kernel: string): string[] => {
      const u = scene({ kernel });
      u.map(0, 1);
      u.touch(0);
      u.remap(0, 1, 1, 'maymove fixed', 10);
      u.remap(10, 1, 1, 'maymove fixed dontunmap', 20);
      u.map(11, 1);
      return u.show();
    };
    expect(t('6.12')).toEqual(['10-12 rd wr ac', '20-21 rd wr ac']);
    expect(t('6.18')).toEqual(['10-11 rd wr ac', '11-12 rd wr ac', '20-21 rd wr ac']);
  });

  it('a copy beside its source joins it, and dontunmap then takes the lock off both', () => {
    const s = scene();
    s.map(4, 2);
    s.lock(4, 2, true);
    expect(s.remap(4, 2, 2, 'maymove dontunmap fixed', 6)).toBe(6);
    expect(s.show()).toEqual(['4-8 rd wr ac']);
    const old = scene({ kernel: '6.12' });
    old.map(4, 2);
    old.lock(4, 2, true);
    expect(old.remap(4, 2, 2, 'maymove dontunmap fixed', 6)).toBe(6);
    expect(old.show()).toEqual(['4-6 rd wr ac', '6-8 rd wr lo lf ac']);
  });

  it('a file that refuses splits moves only whole', () => {
    const s = scene();
    s.map(0, 2, 'rw-', { file: 'nosplit', shared: true });
    expect(s.remap(0, 1, 1, 'maymove fixed', 8)).toBe('EINVAL');
    expect(s.remap(0, 2, 1, 'maymove fixed', 8)).toBe('EINVAL');
    expect(s.remap(0, 0, 1, 'maymove fixed', 8)).toBe('EINVAL');
    expect(s.remap(0, 2, 2, 'maymove fixed', 8)).toBe(8);
    expect(s.show()).toEqual(['8-10 rd wr sh ms nosplit@0']);
  });

  it('userfaultfd does not follow; nor does it stay on what the copy merged with; several do not move', () => {
    const s = scene();
    s.map(0, 4);
    s.mm.uffdRegister(0, 4 * 4096, 1);
    s.remap(3, 1, 1, 'maymove fixed', 10);
    expect(s.show()).toEqual(['0-3 rd wr um ac uffd 1', '10-11 rd wr ac']);
    s.map(20, 1);
    s.mm.uffdRegister(20 * 4096, 4096, 1);
    s.remap(2, 1, 1, 'maymove fixed', 21);
    expect(s.show()).toEqual(['0-2 rd wr um ac uffd 1', '10-11 rd wr ac', '20-22 rd wr ac']);
    s.map(2, 1, 'r--');
    expect(s.remap(0, 3, 3, 'maymove fixed', 40)).toBe('EFAULT');
    expect(s.remap(1, 1, 1, 'maymove fixed', 40)).toBe(40);
  });

  it('leaves, out of memory, the source beside the copy, uncharged; or nothing at the target', () => {
    const s = scene();
    s.map(0, 3);
    s.map(8, 1, 'r--');
    expect(s.failed((t) => t.remap(1, 1, 1, 'maymove fixed', 8))).toEqual([
      'ENOMEM: 0-3 rd wr ac, 8-9 rd',
      'ENOMEM: 0-3 rd wr ac',
      '8: 0-3 rd wr, 8-9 rd wr ac',
      '8: 0-1 rd wr, 1-3 rd wr, 8-9 rd wr ac',
      '8: 0-1 rd wr, 1-2 rd wr, 2-3 rd wr, 8-9 rd wr ac',
    ]);
  });
});
