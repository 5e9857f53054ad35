import { scene } from './testing/scene';

describe('madvise', () => {
  it('madvise-flags: what each advice sets and clears', () => {
    const s = scene();
    s.map(0, 1, 'r--');
    const flagsAfter = (...advices: string[]): string => {
      for (const advice of advices) expect(s.advise(0, 1, advice)).toBe(0);
      return s.show()[0];
    };
    expect(flagsAfter('sequential')).toBe('0-1 rd sr');
    expect(flagsAfter('random')).toBe('0-1 rd rr');
    expect(flagsAfter('normal')).toBe('0-1 rd');
    expect(flagsAfter('dontfork', 'dontdump', 'wipeonfork', 'mergeable', 'hugepage')).toBe('0-1 rd dc wf dd hg mg');
    expect(flagsAfter('nohugepage')).toBe('0-1 rd dc wf dd nh mg');
    expect(flagsAfter('dofork', 'dodump', 'keeponfork', 'unmergeable')).toBe('0-1 rd nh');
  });

  it('madvise-flags: what some mappings refuse or pass over', () => {
    const s = scene();
    s.map(0, 1, 'r--', { file: 'a' });
    s.map(1, 1, 'r--', { shared: true });
    s.map(4, 4, 'rw-', { file: 'dev', shared: true });
    s.map(8, 1, 'r--', { file: 'pfn' });
    s.map(9, 1, 'r--', { file: 'mixed' });
    expect([0, 1, 4, 8].map((page) => s.advise(page, 1, 'wipeonfork'))).toEqual(Array(4).fill('EINVAL'));
    expect([0, 4, 8, 9].map((page) => s.advise(page, 1, 'dodump'))).toEqual([0, 'EINVAL', 'EINVAL', 'EINVAL']);
    expect([0, 4, 8, 9].map((page) => s.advise(page, 1, 'dofork'))).toEqual([0, 0, 'EINVAL', 0]);
    expect([0, 1, 4, 8].map((page) => s.advise(page, 1, 'mergeable'))).toEqual([0, 0, 0, 0]);
    expect(s.show().filter((line) => line.includes('mg'))).toEqual(['0-1 rd mg a@0']);
  });

  it('madvise-hole: holes are skipped and told at the end, other errors stop', () => {
    const s = scene();
    s.map(1, 1, 'r--');
    s.map(3, 1, 'r--');
    s.map(4, 1, 'r--', { file: 'a' });
    s.map(5, 1, 'r--');
    expect(s.advise(0, 4, 'wipeonfork')).toBe('ENOMEM');
    expect(s.advise(2, 4, 'keeponfork')).toBe('ENOMEM');
    expect(s.advise(0, 6, 'wipeonfork')).toBe('EINVAL');
    expect(s.show()).toEqual(['1-2 rd wf', '3-4 rd wf', '4-5 rd a@0', '5-6 rd']);
    expect(s.advise(20, 1, 'normal')).toBe('ENOMEM');
    expect(s.mm.madvise(1, 4096, 'normal')).toBe('EINVAL');
    expect(s.mm.madvise(20 * 4096, 0, 'normal')).toBe(0);
  });

  it('madvise-pages: what each mapping allows', () => {
    const s = scene();
    s.map(0, 1);
    s.map(1, 1, 'rw-', { flags: ['locked'] });
    s.map(2, 1, 'rw-', { file: 'a' });
    s.map(3, 1, 'r--', { file: 'a', shared: true });
    s.map(4, 4, 'rw-', { file: 'dev', shared: true });
    s.map(8, 1, 'rw-', { file: 'pfn', shared: true });
    const answers = (advice: string): (number | string)[] =>
      [0, 1, 2, 3, 4, 8].map((page) => s.advise(page, 1, advice));
    expect(answers('willneed')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(answers('dontneed')).toEqual([0, 'EINVAL', 0, 0, 0, 'EINVAL']);
    expect(answers('dontneed_locked')).toEqual([0, 0, 0, 0, 0, 'EINVAL']);
    expect(answers('cold')).toEqual([0, 'EINVAL', 0, 0, 0, 'EINVAL']);
    expect(answers('free')).toEqual([0, 'EINVAL', 'EINVAL', 'EINVAL', 'EINVAL', 'EINVAL']);
    expect(answers('remove')).toEqual(['EINVAL', 'EINVAL', 'EACCES', 0, 'ENODEV', 'ENODEV']);
  });

  it('madvise-populate: page by page, up to the first that does not do', () => {
    const s = scene();
    s.map(0, 2);
    s.map(2, 1, 'r--');
    s.map(4, 2, 'rw-', { file: 'a', pgoff: 63 });
    s.map(8, 1, '-w-');
    s.map(10, 1, 'rw-', { file: 'pfn', shared: true });
    expect(s.advise(0, 3, 'populate_write')).toBe('EINVAL');
    expect(s.anons()).toBe('1 - - - -');
    expect(s.advise(1, 3, 'populate_read')).toBe('ENOMEM');
    expect(s.advise(4, 1, 'populate_write')).toBe(0);
    expect(s.advise(4, 2, 'populate_read')).toBe('EFAULT');
    expect(s.advise(8, 1, 'populate_read')).toBe('EINVAL');
    expect(s.advise(10, 1, 'populate_read')).toBe('EINVAL');
    expect(s.anons()).toBe('1 - 2 - -');
  });

  it('seal-discard: a seal keeps the data of private anonymous memory that is not writable', () => {
    const s = scene();
    s.map(0, 1, 'r--');
    s.map(1, 1, 'rw-');
    s.map(2, 1, 'r--', { file: 'a' });
    s.map(3, 1, 'r--', { shared: true });
    s.seal(0, 4);
    const answers = (advice: string): (number | string)[] => [0, 1, 2, 3].map((page) => s.advise(page, 1, advice));
    expect(answers('dontneed')).toEqual(['EPERM', 0, 0, 0]);
    expect(answers('dontneed_locked')).toEqual(['EPERM', 0, 0, 0]);
    expect(answers('free')).toEqual(['EPERM', 0, 'EINVAL', 'EINVAL']);
    expect(answers('remove')).toEqual(['EPERM', 'EINVAL', 'EACCES', 0]);
    expect(answers('wipeonfork')).toEqual(['EPERM', 0, 'EINVAL', 'EINVAL']);
    expect(answers('dontfork')).toEqual(['EPERM', 0, 0, 0]);
    expect(answers('random')).toEqual([0, 0, 0, 0]);
  });

  it('says EAGAIN when memory or the number of mappings runs out', () => {
    const s = scene({ maxMapCount: 1 });
    s.map(0, 4, 'r--');
    expect(s.advise(1, 1, 'random')).toBe('EAGAIN');
    const t = scene();
    t.map(0, 4, 'r--');
    expect(t.failed((u) => u.advise(0, 1, 'random'))).toEqual(['EAGAIN: 0-4 rd']);
  });
});
