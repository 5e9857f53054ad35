import { scene } from './testing/scene';

describe('mprotect', () => {
  it('mprotect-hole: what came before the hole stays changed', () => {
    const s = scene();
    s.map(0, 2);
    s.map(3, 1);
    expect(s.protect(1, 3, 'r--')).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd', '3-4 rd wr ac']);
    expect(s.protect(2, 2, 'r--')).toBe('ENOMEM');
    expect(s.mm.mprotect(1, 4096, 'r--')).toBe('EINVAL');
    expect(s.mm.mprotect(10 * 4096, 0, 'r--')).toBe(0);
  });

  it('account-mprotect: the charge comes with writing, and goes only from untouched anonymous memory', () => {
    const s = scene();
    s.map(0, 3, 'r--');
    s.map(4, 1, 'r--', { file: 'a' });
    s.map(6, 1, 'r--', { flags: ['noreserve'] });
    s.protect(0, 1, 'rw-');
    s.protect(2, 1, 'rw-');
    s.protect(4, 1, 'rw-');
    s.protect(6, 1, 'rw-');
    s.touch(2);
    s.protect(0, 7, 'r--');
    s.protect(4, 3, 'r--');
    s.protect(6, 1, 'r--');
    expect(s.show()).toEqual(['0-2 rd', '2-3 rd ac', '4-5 rd ac a@0', '6-7 rd nr']);
  });

  it('dev-seal: what a mapping may not have comes before the seal, the seal before "nothing to do"', () => {
    const s = scene();
    s.map(0, 4, 'rw-', { file: 'dev', shared: true });
    s.map(4, 1, 'r--');
    s.seal(0, 5);
    expect(s.protect(0, 1, 'r-x')).toBe('EACCES');
    expect(s.protect(0, 1, 'rw-')).toBe('EPERM');
    expect(s.protect(4, 1, 'r--')).toBe('EPERM');
  });

  it('mprotect-lock: locked private memory that becomes writable gets its pages', () => {
    const s = scene();
    s.map(0, 1, 'r--');
    s.map(2, 1, 'r--');
    s.map(4, 1, 'r--');
    s.lock(0, 1);
    s.lock(2, 1, true);
    for (const page of [0, 2, 4]) s.protect(page, 1, 'rw-');
    expect(s.anons()).toBe('1 - -');
  });
});
