import { scene } from './testing/scene';

describe('joining neighbours', () => {
  it('merge-mmap: a new range joins both sides, whatever came first', () => {
    const s = scene();
    s.map(0, 1);
    s.map(2, 1);
    expect(s.show()).toEqual(['0-1 rd wr ac', '2-3 rd wr ac']);
    s.map(1, 1);
    expect(s.show()).toEqual(['0-3 rd wr ac']);
  });

  it('merge-overwrite: what was there is gone before the merge', () => {
    const s = scene();
    s.map(0, 3);
    s.map(1, 1, 'r--');
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd', '2-3 rd wr ac']);
    s.map(1, 1);
    expect(s.show()).toEqual(['0-3 rd wr ac']);
  });

  it('merge-file: the same file, and the offset runs on', () => {
    const s = scene();
    s.map(0, 1, 'r--', { file: 'a', pgoff: 4 });
    s.map(1, 1, 'r--', { file: 'a', pgoff: 5 });
    s.map(2, 1, 'r--', { file: 'a', pgoff: 7 });
    s.map(3, 1, 'r--', { file: 'b', pgoff: 8 });
    expect(s.show()).toEqual(['0-2 rd a@4', '2-3 rd a@7', '3-4 rd b@8']);
  });

  it('merge-shared-anon: every shared anonymous mapping is a file of its own, its pieces are not', () => {
    const s = scene();
    s.map(0, 2, 'rw-', { shared: true });
    s.map(2, 2, 'rw-', { shared: true });
    s.protect(0, 1, 'r--');
    s.protect(0, 1, 'rw-');
    expect(s.show()).toEqual(['0-2 rd wr sh ms shared', '2-4 rd wr sh ms shared']);
  });

  it('account-blocks-merge: every flag counts', () => {
    const s = scene();
    s.map(0, 1);
    s.map(1, 1, 'rw-', { flags: ['noreserve'] });
    s.map(2, 1, 'rw-', { flags: ['growsdown'] });
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd wr nr', '2-3 rd wr gd ac']);
  });

  it('dev: a special mapping does not merge with its own pieces either', () => {
    const s = scene();
    s.map(0, 4, 'rw-', { file: 'dev', shared: true });
    s.advise(1, 1, 'dontdump');
    s.map(8, 2, 'rw-', { file: 'mixed', shared: true });
    s.map(10, 2, 'rw-', { file: 'mixed', shared: true, pgoff: 2 });
    s.map(16, 2, 'rw-', { file: 'pfn', shared: true });
    s.map(18, 2, 'rw-', { file: 'pfn', shared: true, pgoff: 2 });
    s.protect(1, 1, 'r--');
    s.protect(1, 1, 'rw-');
    expect(s.show()).toEqual([
      '0-1 rd wr sh ms de dev@0',
      '1-2 rd wr sh ms de dd dev@1',
      '2-4 rd wr sh ms de dev@2',
      '8-10 rd wr sh ms mm mixed@0',
      '10-12 rd wr sh ms mm mixed@2',
      '16-18 rd wr sh ms pf io pfn@0',
      '18-20 rd wr sh ms pf io pfn@2',
    ]);
  });

  it('policy, userfaultfd context and name must agree', () => {
    const s = scene();
    s.map(0, 6);
    s.mm.mbind(0, 4096, 1);
    s.mm.uffdRegister(8192, 4096, 3);
    s.mm.setVmaName(16384, 4096, 'n');
    expect(s.show()).toEqual([
      '0-1 rd wr ac policy 1',
      '1-2 rd wr ac',
      '2-3 rd wr um ac uffd 3',
      '3-4 rd wr ac',
      '4-5 rd wr ac "n"',
      '5-6 rd wr ac',
    ]);
    s.mm.mbind(0, 4096, 0);
    s.mm.uffdUnregister(8192, 4096);
    s.mm.setVmaName(16384, 4096, null);
    expect(s.show()).toEqual(['0-6 rd wr ac']);
  });
});

describe('anon_vmas in a merge', () => {
  it('anon-unfaulted: a faulted range and an untouched one merge in both directions', () => {
    const s = scene();
    s.map(0, 1);
    s.touch(0);
    s.map(1, 1);
    expect(s.anons()).toBe('1');
    s.map(4, 2);
    s.protect(4, 1, 'r--');
    s.touch(5);
    s.protect(4, 1, 'rw-');
    expect(s.show()).toEqual(['0-2 rd wr ac', '4-6 rd wr ac']);
    expect(s.anons()).toBe('1 2');
  });

  it('6.12 does not let a faulted range join an untouched neighbour, but the other way round', () => {
    const s = scene({ kernel: '6.12' });
    s.map(0, 2);
    s.map(2, 2, 'r--');
    s.touch(1);
    s.protect(1, 1, 'r--');
    // The read-only piece keeps its charge, so it takes a mapping that is charged as well to compare flags.
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd ac', '2-4 rd']);

    const t = (kernel: string): string[] => {
      const u = scene({ kernel });
      u.map(0, 1, 'rw-', { flags: ['noreserve'] });
      u.map(1, 1, 'r--', { flags: ['noreserve'] });
      u.touch(0);
      u.protect(0, 1, 'r--');
      return u.show();
    };
    expect(t('6.18')).toEqual(['0-2 rd nr']);
    expect(t('6.12')).toEqual(['0-1 rd nr', '1-2 rd nr']);
  });

  it('anon-three: between two different anon_vmas a range joins the lower one', () => {
    const s = scene();
    s.map(0, 1);
    s.map(2, 1);
    s.touch(0);
    s.touch(2);
    s.map(1, 1);
    expect(s.show()).toEqual(['0-2 rd wr ac', '2-3 rd wr ac']);
    expect(s.anons()).toBe('1 2');
  });

  it('fork: an inherited anon_vma keeps untouched memory away, but growth in place may pass it', () => {
    const s = scene();
    s.map(0, 1);
    s.map(3, 1);
    s.touch(0);
    s.mm.fork();
    s.map(1, 1);
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd wr ac', '3-4 rd wr ac']);

    s.unmap(1, 1);
    expect(s.remap(0, 1, 3, '')).toBe(0);
    expect(s.show()).toEqual(['0-4 rd wr ac']);
    expect(s.anons()).toBe("1'");
  });
});

describe('a close hook', () => {
  it('lets a mapping be extended, but never removed, by a new range', () => {
    const s = scene();
    s.map(0, 1, 'rw-', { file: 'closer', shared: true });
    s.map(2, 1, 'rw-', { file: 'closer', shared: true, pgoff: 2 });
    s.map(1, 1, 'rw-', { file: 'closer', shared: true, pgoff: 1 });
    expect(s.show()).toEqual(['0-2 rd wr sh ms closer@0', '2-3 rd wr sh ms closer@2']);
    s.map(3, 1, 'rw-', { file: 'closer', shared: true, pgoff: 3 });
    expect(s.show()).toEqual(['0-2 rd wr sh ms closer@0', '2-4 rd wr sh ms closer@2']);
  });

  it('lets a part of a mapping move to a neighbour, but not all of it', () => {
    const s = scene();
    s.map(0, 4, 'rw-', { file: 'closer', shared: true });
    s.protect(2, 2, 'r--');
    s.protect(1, 1, 'r--');
    expect(s.show()).toEqual(['0-1 rd wr sh ms closer@0', '1-4 rd sh ms closer@1']);
    s.protect(0, 1, 'r--');
    expect(s.show()).toEqual(['0-1 rd sh ms closer@0', '1-4 rd sh ms closer@1']);
  });
});
