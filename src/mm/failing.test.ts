/**
 * Every operation with its n-th allocation failing, for each n: the space stays in order, the answer is an error or the
 * result, and the same call succeeds afterwards.
 */
import type { AddressSpace } from './address-space';
import { standardFile } from './file';
import { PAGE_SIZE } from './mm';
import {
  MAP_FIXED,
  MAP_GROWSDOWN,
  MAP_PRIVATE,
  MAP_SHARED,
  MCL_CURRENT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
} from './mman';
import { expectValid, map, prot, shape, space } from './testing/spaces';

const P = PAGE_SIZE;

type Work = (mm: AddressSpace) => number | string | AddressSpace;

/** Two written mappings, a file, a stack above an inaccessible mapping, a heap at page 200. */
function world(): AddressSpace {
  const mm = space(300, { brkPage: 200 });
  map(mm, 4, 8, 'rw-');
  map(mm, 8, 12, 'r--');
  map(mm, 16, 20, 'rw-', standardFile('a'), 3, MAP_SHARED);
  map(mm, 24, 25, '---');
  map(mm, 190, 192, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSDOWN);
  mm.touch(9 * P);
  mm.touch(5 * P);
  mm.brk(202 * P);
  return mm;
}

const CASES: [string, Work][] = [
  ['mmap', (mm) => mm.mmap(30 * P, 2 * P, prot('rw-'), MAP_PRIVATE | MAP_FIXED)],
  ['mmap that merges', (mm) => mm.mmap(2 * P, 2 * P, prot('rw-'), MAP_PRIVATE | MAP_FIXED)],
  ['mmap over several', (mm) => mm.mmap(6 * P, 12 * P, prot('---'), MAP_PRIVATE | MAP_FIXED)],
  ['mmap of shared memory', (mm) => mm.mmap(6 * P, 12 * P, prot('rw-'), MAP_SHARED | MAP_FIXED)],
  ['munmap in one', (mm) => mm.munmap(5 * P, P)],
  ['munmap over several', (mm) => mm.munmap(5 * P, 13 * P)],
  ['mprotect that splits', (mm) => mm.mprotect(5 * P, 2 * P, prot('r-x'))],
  ['mprotect that merges', (mm) => mm.mprotect(8 * P, 2 * P, prot('rw-'))],
  ['mprotect over several', (mm) => mm.mprotect(5 * P, 5 * P, prot('r-x'))],
  ['mremap that moves', (mm) => mm.mremap(5 * P, 2 * P, 3 * P, MREMAP_MAYMOVE)],
  ['mremap that grows', (mm) => mm.mremap(8 * P, 4 * P, 6 * P, 0)],
  ['mremap fixed', (mm) => mm.mremap(4 * P, 8 * P, 8 * P, MREMAP_MAYMOVE | MREMAP_FIXED, 14 * P)],
  ['mremap dontunmap', (mm) => mm.mremap(4 * P, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 40 * P)],
  ['mremap that shrinks', (mm) => mm.mremap(4 * P, 8 * P, 2 * P, 0)],
  ['brk that grows', (mm) => mm.brk(204 * P)],
  ['brk that shrinks', (mm) => mm.brk(201 * P)],
  ['mlock', (mm) => mm.mlock(5 * P, 5 * P)],
  ['mlockall', (mm) => mm.mlockall(MCL_CURRENT)],
  ['madvise', (mm) => mm.madvise(5 * P, 5 * P, 'dontdump')],
  ['mseal', (mm) => mm.mseal(5 * P, 5 * P)],
  ['remap_file_pages', (mm) => mm.remapFilePages(17 * P, 2 * P, 9)],
  ['touch of a stack', (mm) => mm.touch(150 * P)],
  ['touch', (mm) => mm.touch(191 * P)],
  ['mbind', (mm) => mm.mbind(5 * P, 5 * P, 2)],
  ['userfaultfd', (mm) => mm.uffdRegister(5 * P, 5 * P, 1)],
  ['names', (mm) => mm.setVmaName(5 * P, 5 * P, 'x')],
  ['fork', (mm) => mm.tryFork()],
];

/** How many allocations the operation makes when none fails. */
function allocationsOf(work: Work): number {
  const mm = world();
  mm.mm.allocations.failAt(0);
  work(mm);
  return mm.mm.allocations.made;
}

describe.each(CASES)('%s', (_name, work) => {
  const made = allocationsOf(work);

  it('makes allocations', () => {
    expect(made).toBeGreaterThan(0);
  });

  it('leaves the space in order whichever allocation fails', () => {
    for (let n = 1; n <= made; n++) {
      const mm = world();
      mm.mm.allocations.failAt(n);
      work(mm);
      expect(mm.mm.allocations.failed).toBe(true);
      expectValid(mm);
      for (const vma of mm.vmas()) expect(vma.file === null || vma.file.linked === vma.file.references).toBe(true);
      work(mm);
      expectValid(mm);
    }
  });
});

describe('what is left behind', () => {
  it('a split at the start of a munmap stays', () => {
    const mm = world();
    // Copy, nodes and anon_vma of the first split; the fourth is the copy of the second.
    mm.mm.allocations.failAt(4);
    expect(mm.munmap(5 * P, P)).toBe('ENOMEM');
    expect(shape(mm)).toContain('4-5 rw- anon, 5-8 rw- anon');
    expect(mm.vmas().every((vma) => !vma.detached)).toBe(true);
  });

  it('a munmap that cannot write the tree leaves everything', () => {
    const mm = world();
    const before = shape(mm);
    mm.mm.allocations.failAt(1);
    expect(mm.munmap(8 * P, 4 * P)).toBe('ENOMEM');
    expect(shape(mm)).toBe(before);
  });

  it('an mmap over existing mappings that fails late leaves a hole', () => {
    const mm = world();
    mm.mm.allocations.failAt(1);
    expect(mm.mmap(8 * P, 4 * P, prot('rw-'), MAP_SHARED | MAP_FIXED)).toBe('ENOMEM');
    expect(shape(mm)).toContain('4-8 rw- anon, 16-20');
    expectValid(mm);
  });

  it('an mmap that cannot merge is a mapping of its own', () => {
    const mm = world();
    mm.mm.allocations.failAt(1);
    expect(mm.mmap(2 * P, 2 * P, prot('rw-'), MAP_PRIVATE | MAP_FIXED)).toBe(2 * P);
    expect(shape(mm)).toContain('2-4 rw-, 4-8 rw- anon');
  });

  it.each([
    ['for the anon_vma', 1],
    ['for the tree', 2],
  ])(
    'an mmap that would join both sides is a mapping of its own without memory %s, and the lower stays unfaulted',
    (_what, n) => {
      const mm = space(16);
      map(mm, 0, 4);
      map(mm, 8, 12);
      mm.touch(8 * P);
      mm.mm.allocations.failAt(n);
      expect(mm.mmap(4 * P, 4 * P, prot('rw-'), MAP_PRIVATE | MAP_FIXED)).toBe(4 * P);
      expect(mm.mm.allocations.failed).toBe(true);
      expect(shape(mm)).toBe('0-4 rw-, 4-8 rw-, 8-12 rw- anon');
      expectValid(mm);
    },
  );

  it('a move whose source cannot be removed leaves both, and the source without its charge', () => {
    const mm = world();
    const flags = MREMAP_MAYMOVE | MREMAP_FIXED;
    const made = allocationsOf((other) => other.mremap(5 * P, P, P, flags, 40 * P));
    mm.mm.allocations.failAt(made);
    expect(mm.mremap(5 * P, P, P, flags, 40 * P)).toBe(40 * P);
    expect(shape(mm)).toContain('5-6 rw- anon');
    expect(shape(mm)).toContain('40-41 rw- anon');
    expectValid(mm);
  });

  it('madvise says EAGAIN, brk the old break', () => {
    const mm = world();
    mm.mm.allocations.failAt(1);
    expect(mm.madvise(5 * P, P, 'dontdump')).toBe('EAGAIN');
    mm.mm.allocations.failAt(1);
    expect(mm.brk(204 * P)).toBe(202 * P);
    expectValid(mm);
  });

  it('a userfaultfd context is taken from a whole mapping even without memory for the merge', () => {
    const mm = space(16);
    map(mm, 0, 4);
    mm.uffdRegister(2 * P, 2 * P, 1);
    mm.mm.allocations.failAt(1);
    expect(mm.uffdUnregister(2 * P, 2 * P)).toBe(0);
    expect(mm.count).toBe(2);
    expectValid(mm);
  });
});

describe('a file whose mmap hook fails', () => {
  it('leaves a hole where there was something, and no mapping holds the file', () => {
    const mm = space(16);
    const file = standardFile('failing');
    const closer = standardFile('closer');
    map(mm, 0, 8, 'rw-', closer);
    expect(map(mm, 2, 4, 'rw-', file)).toBe('ENODEV');
    expect(shape(mm)).toBe('0-2 rw- closer@0, 4-8 rw- closer@4');
    expect([file.references, file.linked, closer.opened, closer.references]).toEqual([0, 0, 2, 2]);
    expectValid(mm);
  });

  it('changes nothing in a free place', () => {
    const mm = space(16);
    map(mm, 0, 2);
    expect(map(mm, 4, 6, 'rw-', standardFile('failing'))).toBe('ENODEV');
    expect(shape(mm)).toBe('0-2 rw-');
    expectValid(mm);
  });
});
