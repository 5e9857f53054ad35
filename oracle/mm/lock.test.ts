import { scene } from './testing/scene';

describe('mlock and munlock', () => {
  it('mlock: flags up to the first hole stay, and nothing is populated then', () => {
    const s = scene();
    s.map(0, 2);
    s.map(3, 1);
    expect(s.lock(1, 3)).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd wr lo ac', '3-4 rd wr ac']);
    expect(s.anons()).toBe('- - -');
    expect(s.lock(2, 2)).toBe('ENOMEM');
    expect(s.show()[2]).toBe('3-4 rd wr ac');
  });

  it('mlock: populates writable private memory, and what it cannot populate is an error at the end', () => {
    const s = scene();
    s.map(0, 1);
    s.map(1, 1, '---');
    s.map(2, 1);
    expect(s.lock(0, 3)).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-1 rd wr lo ac', '1-2 lo', '2-3 rd wr lo ac']);
    expect(s.anons()).toBe('1 - -');
    expect(s.lock(0, 3, true)).toBe(0);
    expect(s.show()).toEqual(['0-1 rd wr lo lf ac', '1-2 lo lf', '2-3 rd wr lo lf ac']);
    expect(s.lock(2, 1)).toBe(0);
    expect(s.unlock(0, 3)).toBe(0);
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2', '2-3 rd wr ac']);
  });

  it('mlock-eof: a page beyond the end of the file is ENOMEM, the flags stay', () => {
    const s = scene();
    s.map(0, 4, 'rw-', { file: 'a', pgoff: 62 });
    s.map(4, 1);
    expect(s.lock(0, 5)).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-4 rd wr lo ac a@62', '4-5 rd wr lo ac']);
    expect(s.anons()).toBe('1 -');
    expect(s.lock(2, 2, true)).toBe(0);
  });

  it('mlock-align: start down, end up; no length is nothing, or the page of an odd address', () => {
    const s = scene();
    s.map(0, 4);
    expect(s.mm.mlock(4096, 0, false)).toBe(0);
    expect(s.show()).toEqual(['0-4 rd wr ac']);
    expect(s.mm.mlock(4097, 0, false)).toBe(0);
    expect(s.mm.mlock(3 * 4096 - 1, 2, false)).toBe(0);
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-4 rd wr lo ac']);
  });

  it('passes special mappings over', () => {
    const s = scene();
    s.map(0, 4, 'rw-', { file: 'dev', shared: true });
    s.map(4, 1, 'rw-', { file: 'mixed', shared: true, flags: ['locked'] });
    expect(s.lock(0, 5)).toBe(0);
    expect(s.show()).toEqual(['0-4 rd wr sh ms de dev@0', '4-5 rd wr sh ms mm mixed@0']);
  });
});

describe('mlockall and munlockall', () => {
  it('locks what is there, what will be, or both; the heap and fixed mappings too', () => {
    const s = scene({ brk: 16 });
    s.map(0, 1);
    s.map(2, 1, '---');
    expect(s.mm.mlockall(['current'])).toBe(0);
    s.map(4, 1, 'r--');
    expect(s.show()).toEqual(['0-1 rd wr lo ac', '2-3 lo', '4-5 rd']);
    expect(s.anons()).toBe('1 - -');
    expect(s.mm.mlockall(['future', 'onfault'])).toBe(0);
    s.map(6, 1, 'r--');
    s.brk(17);
    expect(s.show()).toEqual(['0-1 rd wr lo ac', '2-3 lo', '4-5 rd', '6-7 rd lo lf', '16-17 rd wr lo lf ac']);
    expect(s.mm.munlockall()).toBe(0);
    s.map(8, 1, 'r--');
    expect(s.show()).toEqual(['0-1 rd wr ac', '2-3', '4-5 rd', '6-7 rd', '8-9 rd', '16-17 rd wr ac']);
  });

  it('needs current or future, and forgets future without it; a fork forgets it too', () => {
    const s = scene();
    expect(s.mm.mlockall([])).toBe('EINVAL');
    expect(s.mm.mlockall(['onfault'])).toBe('EINVAL');
    s.mm.mlockall(['future']);
    s.mm.mlockall(['current']);
    s.map(0, 1, 'r--');
    s.mm.mlockall(['future']);
    s.mm.fork();
    s.map(2, 1, 'r--');
    expect(s.show()).toEqual(['0-1 rd', '2-3 rd']);
  });

  it('goes on over a mapping that it has no memory for', () => {
    const s = scene();
    s.map(0, 1, 'r--', { flags: ['locked'] });
    s.map(1, 1, 'r--');
    s.map(4, 1, 'r--');
    // Only the merge needs memory; a whole mapping changes its flags without.
    const outcomes = s.failed((t) => t.mm.mlockall(['current']));
    expect(outcomes).toEqual(['0: 0-1 rd lo, 1-2 rd, 4-5 rd lo']);
  });
});

describe('the limit of locked memory', () => {
  it('0 forbids every lock, but not munlock', () => {
    const s = scene({ memlock: 0 });
    s.map(0, 1, 'r--');
    expect(s.lock(0, 0)).toBe('EPERM');
    expect(s.mm.mlockall(['future'])).toBe('EPERM');
    expect(s.mm.mlockall([])).toBe('EINVAL');
    expect(s.map(2, 1, 'r--', { flags: ['locked'] })).toBe('EPERM');
    expect(s.map(0, 1, 'r--', { flags: ['locked', 'fixed_noreplace'] })).toBe('EEXIST');
    expect(s.unlock(0, 1)).toBe(0);
  });

  it('is ENOMEM for mlock, which counts pages that are locked already once; EAGAIN for new mappings', () => {
    const s = scene({ memlock: 4 });
    s.map(0, 8, 'r--');
    expect(s.lock(0, 5)).toBe('ENOMEM');
    expect(s.lock(0, 3)).toBe(0);
    expect(s.lock(1, 3)).toBe(0);
    expect(s.lock(1, 4)).toBe('ENOMEM');
    expect(s.map(20, 1, 'r--', { flags: ['locked'] })).toBe('EAGAIN');
    expect(s.map(0, 1, 'r--', { flags: ['locked'] })).toBe('EAGAIN');
    expect(s.show()).toEqual(['0-4 rd lo', '4-8 rd']);
    expect(s.mm.mlockall(['current'])).toBe('ENOMEM');
  });

  it('stops growth: mremap with EAGAIN, the heap and stacks without a word', () => {
    const s = scene({ memlock: 3, brk: 16 });
    s.map(0, 2, 'r--', { flags: ['locked'] });
    expect(s.remap(0, 2, 4, 'maymove')).toBe('EAGAIN');
    expect(s.remap(0, 2, 3, '')).toBe(0);
    s.mm.mlockall(['future']);
    expect(s.brk(17)).toBe(16);
    s.unmap(0, 1);
    expect(s.brk(17)).toBe(17);
    s.mm.munlockall();
    s.map(40, 1, 'rw-', { flags: ['growsdown'] });
    s.lock(40, 3);
    expect(s.touch(30)).toBe('EFAULT');
    expect(s.show().at(-1)).toBe('40-41 rd wr gd lo ac');
  });
});
