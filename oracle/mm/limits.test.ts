import { scene } from './testing/scene';

describe('counters', () => {
  it('add up pages by what the flags make of them', () => {
    const s = scene();
    s.map(0, 1, 'r-x');
    s.map(2, 2, 'rwx');
    s.map(6, 3, 'rw-', { shared: true });
    s.map(10, 4, 'rw-', { flags: ['growsdown', 'locked'] });
    s.map(20, 5, 'r--', { file: 'a' });
    s.map(30, 6, 'rw-', { flags: ['noreserve'] });
    expect(s.mm.counters).toEqual({
      map_count: 6,
      total_vm: 21,
      data_vm: 8,
      exec_vm: 1,
      stack_vm: 4,
      locked_vm: 4,
      committed: 6,
      open: { a: 1 },
    });
  });

  it('count each piece and copy of a file as one opening, and remember files that are closed', () => {
    const s = scene();
    s.map(0, 4, 'r--', { file: 'closer', shared: true });
    s.protect(1, 1, '---');
    s.remap(3, 0, 1, 'maymove fixed', 10);
    s.map(20, 1, 'r--', { file: 'b' });
    s.unmap(20, 1);
    s.map(20, 1, 'r--', { file: 'failing' });
    expect(s.mm.counters.open).toEqual({ b: 0, closer: 4 });
    s.mm.fork();
    expect(s.mm.counters.open).toEqual({ b: 0, closer: 4 });
  });
});
