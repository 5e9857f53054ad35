import { scene } from './testing/scene';

const P = 4096;

describe('mbind', () => {
  it('refuses holes before it changes anything; the default policy spans them', () => {
    const s = scene();
    s.map(1, 1, 'r--');
    s.map(3, 1, 'r--');
    expect(s.mm.mbind(P, 3 * P, 1)).toBe('EFAULT');
    expect(s.mm.mbind(0, 2 * P, 1)).toBe('EFAULT');
    expect(s.mm.mbind(3 * P, 2 * P, 1)).toBe('EFAULT');
    expect(s.mm.mbind(8 * P, P, 0)).toBe('EFAULT');
    expect(s.mm.mbind(1, P, 1)).toBe('EINVAL');
    expect(s.mm.mbind(8 * P, 0, 1)).toBe(0);
    expect(s.show()).toEqual(['1-2 rd', '3-4 rd']);
    s.mm.mbind(P, P, 1);
    s.mm.mbind(3 * P, P, 2);
    expect(s.show()).toEqual(['1-2 rd policy 1', '3-4 rd policy 2']);
    expect(s.mm.mbind(0, 8 * P, 0)).toBe(0);
    expect(s.show()).toEqual(['1-2 rd', '3-4 rd']);
  });

  it('cuts and joins, and can run into the limit of mappings', () => {
    const s = scene({ maxMapCount: 3 });
    s.map(0, 4, 'r--');
    expect(s.mm.mbind(P, 2 * P, 3)).toBe(0);
    expect(s.mm.mbind(0, P, 3)).toBe(0);
    expect(s.show()).toEqual(['0-3 rd policy 3', '3-4 rd']);
    s.map(8, 1, 'r--');
    expect(s.mm.mbind(P, P, 1)).toBe('ENOMEM');
  });
});

describe('userfaultfd', () => {
  it('wants full pages, something mapped, nothing special, and no other context', () => {
    const s = scene();
    s.map(0, 2);
    s.map(4, 4, 'rw-', { file: 'dev', shared: true });
    expect(s.mm.uffdRegister(1, P, 1)).toBe('EINVAL');
    expect(s.mm.uffdRegister(0, 1, 1)).toBe('EINVAL');
    expect(s.mm.uffdRegister(0, 0, 1)).toBe('EINVAL');
    expect(s.mm.uffdRegister(20 * P, P, 1)).toBe('EINVAL');
    expect(s.mm.uffdUnregister(20 * P, P)).toBe('EINVAL');
    expect(s.mm.uffdRegister(0, 8 * P, 1)).toBe('EINVAL');
    expect(s.mm.uffdRegister(P, 2 * P, 1)).toBe(0);
    expect(s.mm.uffdRegister(0, 2 * P, 2)).toBe('EBUSY');
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd wr um ac uffd 1', '4-8 rd wr sh ms de dev@0']);
    expect(s.mm.uffdUnregister(0, 8 * P)).toBe('EINVAL');
    expect(s.mm.uffdRegister(0, P, 2)).toBe(0);
    expect(s.mm.uffdUnregister(0, 3 * P)).toBe('EINVAL');
    expect(s.show().slice(0, 2)).toEqual(['0-1 rd wr um ac uffd 2', '1-2 rd wr um ac uffd 1']);
    expect([s.mm.uffdUnregister(0, P), s.mm.uffdUnregister(0, 3 * P)]).toEqual([0, 0]);
    expect(s.show()[0]).toBe('0-2 rd wr ac');
  });

  it('gives a whole mapping back even if there is no memory to merge it', () => {
    const s = scene();
    s.map(0, 3);
    s.mm.uffdRegister(P, P, 1);
    expect(s.failed((t) => t.mm.uffdUnregister(P, P))).toEqual(['0: 0-1 rd wr ac, 1-2 rd wr ac, 2-3 rd wr ac']);
    expect(s.failed((t) => t.mm.uffdRegister(0, P, 1))).toEqual([
      'ENOMEM: 0-1 rd wr ac, 1-2 rd wr um ac uffd 1, 2-3 rd wr ac',
    ]);
  });
});

describe('names', () => {
  it('are for anonymous memory only; holes are told at the end', () => {
    const s = scene();
    s.map(0, 2);
    s.map(3, 1, 'rw-', { shared: true });
    s.map(5, 1, 'r--', { file: 'a' });
    s.map(6, 1);
    expect(s.mm.setVmaName(P, 3 * P, 'heap')).toBe('ENOMEM');
    expect(s.mm.setVmaName(5 * P, 2 * P, 'heap')).toBe('EBADF');
    expect(s.mm.setVmaName(1, P, 'heap')).toBe('EINVAL');
    expect(s.mm.setVmaName(20 * P, 0, 'heap')).toBe(0);
    expect(s.show()).toEqual([
      '0-1 rd wr ac',
      '1-2 rd wr ac "heap"',
      '3-4 rd wr sh ms shared "heap"',
      '5-6 rd a@0',
      '6-7 rd wr ac',
    ]);
  });

  it('must be short and plain', () => {
    const s = scene();
    s.map(0, 1);
    expect(s.mm.setVmaName(0, P, 'x'.repeat(80))).toBe('EINVAL');
    expect(s.mm.setVmaName(0, P, 'a[0]')).toBe('EINVAL');
    expect(s.mm.setVmaName(0, P, '\n')).toBe('EINVAL');
    expect(s.mm.setVmaName(0, P, 'x'.repeat(79))).toBe(0);
    expect(s.mm.setVmaName(0, P, '')).toBe(0);
    expect(s.show()).toEqual(['0-1 rd wr ac ""']);
  });
});
