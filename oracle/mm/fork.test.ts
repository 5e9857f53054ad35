import { scene } from './testing/scene';

describe('fork', () => {
  it('fork-flags: locks and what is not to be inherited are gone, nothing merges', () => {
    const s = scene();
    s.map(0, 1);
    s.map(1, 1, 'rw-', { flags: ['locked'] });
    s.map(4, 1, 'r--');
    s.advise(4, 1, 'dontfork');
    s.map(8, 4, 'rw-', { file: 'dev', shared: true });
    s.map(20, 1, 'rw-', { file: 'pfn', shared: true });
    s.seal(0, 1);
    expect(s.mm.fork()).toBe(0);
    expect(s.show()).toEqual(['0-1 rd wr ac sl', '1-2 rd wr ac', '20-21 rd wr sh ms pf io pfn@0']);
    expect(s.map(8, 4, 'rw-', { file: 'dev', shared: true })).toBe(8);
  });

  it('fork: pieces that shared an anon_vma do not any more; later pieces do', () => {
    const s = scene();
    s.map(0, 4);
    s.touch(0);
    s.protect(2, 2, 'r--');
    s.mm.fork();
    expect(s.anons()).toBe("1' 2'");
    s.protect(2, 2, 'rw-');
    expect(s.show()).toEqual(['0-2 rd wr ac', '2-4 rd wr ac']);
    s.protect(1, 1, 'r--');
    s.protect(1, 1, 'rw-');
    expect(s.show()).toEqual(['0-2 rd wr ac', '2-4 rd wr ac']);
  });

  it('wiped memory has no anon_vma, untouched memory stays without; policies and names stay, userfaultfd goes', () => {
    const s = scene();
    s.map(0, 1);
    s.map(2, 1);
    s.map(4, 1);
    s.touch(0);
    s.touch(2);
    s.advise(0, 1, 'wipeonfork');
    s.mm.mbind(0, 4096, 2);
    s.mm.setVmaName(8192, 4096, 'x');
    s.mm.uffdRegister(16384, 4096, 1);
    s.mm.fork();
    expect(s.show()).toEqual(['0-1 rd wr ac wf policy 2', '2-3 rd wr ac "x"', '4-5 rd wr ac']);
    expect(s.anons()).toBe("- 1' -");
  });

  it('without memory there is no child', () => {
    const s = scene();
    s.map(0, 1, 'rw-', { flags: ['locked'] });
    expect(s.failed((t) => t.mm.fork())).toEqual(['ENOMEM: 0-1 rd wr lo ac']);
  });
});
