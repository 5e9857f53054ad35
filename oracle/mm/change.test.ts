import { scene } from './testing/scene';

describe('changing a part of a mapping', () => {
  it('cuts out what joins nothing', () => {
    const s = scene();
    s.map(0, 6, 'r--');
    s.advise(2, 2, 'random');
    expect(s.show()).toEqual(['0-2 rd', '2-4 rd rr', '4-6 rd']);
  });

  it('moves an edge where one side is alike, and removes what is wholly taken over', () => {
    const s = scene();
    s.map(0, 3, 'r--');
    s.map(3, 3, 'rw-', { flags: ['noreserve'] });
    s.map(6, 3, 'r--');
    s.protect(2, 1, '--x');
    s.protect(6, 1, '--x');
    s.protect(0, 1, '--x');
    expect(s.show()).toEqual(['0-1 ex', '1-2 rd', '2-3 ex', '3-6 rd wr nr', '6-7 ex', '7-9 rd']);
    s.protect(1, 1, '--x');
    expect(s.show()).toEqual(['0-3 ex', '3-6 rd wr nr', '6-7 ex', '7-9 rd']);
    s.protect(8, 1, '--x');
    s.protect(7, 1, '--x');
    expect(s.show()).toEqual(['0-3 ex', '3-6 rd wr nr', '6-9 ex']);
  });

  it('goes on behind a neighbour that it has swallowed', () => {
    const s = scene();
    s.map(0, 2, 'r--');
    s.map(2, 2, '---');
    s.map(4, 2, 'r--');
    expect(s.protect(0, 6, '---')).toBe(0);
    expect(s.show()).toEqual(['0-6']);
  });

  it('does nothing at all where nothing would change: neighbours that became equal otherwise stay two', () => {
    const s = scene();
    s.map(0, 1);
    s.map(1, 1, 'rw-', { flags: ['locked'] });
    s.mm.fork();
    s.protect(0, 2, 'rw-');
    expect(s.show()).toEqual(['0-1 rd wr ac', '1-2 rd wr ac']);
  });

  it('needs no split where it can join: neither the limit of mappings nor a refusing file is in the way', () => {
    const s = scene({ maxMapCount: 2 });
    s.map(0, 2, 'r--', { file: 'nosplit' });
    s.map(2, 2, '---', { file: 'nosplit', pgoff: 2 });
    expect(s.protect(1, 1, '---')).toBe(0);
    expect(s.show()).toEqual(['0-1 rd nosplit@0', '1-4 nosplit@1']);
    expect(s.protect(2, 1, 'r--')).toBe('ENOMEM');
    const t = scene();
    t.map(0, 2, 'r--', { file: 'nosplit' });
    expect(t.protect(1, 1, '---')).toBe('EINVAL');
    expect(t.show()).toEqual(['0-2 rd nosplit@0']);
  });

  it('keeps the cut at the start if the one at the end fails', () => {
    const s = scene({ maxMapCount: 2 });
    s.map(0, 6, 'r--');
    expect(s.protect(2, 2, '---')).toBe('ENOMEM');
    expect(s.show()).toEqual(['0-2 rd', '2-6 rd']);
  });

  it('leaves, out of memory, what was done so far', () => {
    const s = scene();
    s.map(0, 6, 'r--');
    expect(s.failed((t) => t.protect(2, 2, '---'))).toEqual(['ENOMEM: 0-6 rd', 'ENOMEM: 0-2 rd, 2-6 rd']);
    s.map(6, 2, '---');
    // Here it joins, so there is only one step.
    expect(s.failed((t) => t.protect(4, 2, '---'))).toEqual(['ENOMEM: 0-6 rd, 6-8']);
  });
});
