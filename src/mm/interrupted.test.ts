/** An operation that is ended in the middle breaks its own address space, and no other. */
import { NodePool } from '../maple-tree/pool';
import { interruptAt } from '../testing/interrupt';
import { Allocations } from './allocations';
import { standardFile } from './file';
import { MAP_LOCKED, MAP_PRIVATE, MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from './mman';
import { VmaMunmap } from './munmap-state';
import { PAGE_SIZE as P } from './page';
import { expectValid, map, prot, shape, share, space } from './testing/spaces';
import { VmaIterator } from './vma-iterator';

/** Every system call, with what they have in their scratch objects set to something. */
function work(kernel: '6.12' | '6.18'): unknown[] {
  const mm = space(64, { brkPage: 40, memlockPages: 50, kernel });
  // The first is charged for nothing, and fails: what an earlier one was charged would be given back.
  const first = share(mm, 20, 24, standardFile('failing'));
  map(mm, 0, 8);
  share(mm, 8, 16, standardFile('a'), 3);
  const answers: unknown[] = [
    first,
    map(mm, 2, 4, 'r--', null, 0, MAP_PRIVATE | MAP_LOCKED),
    map(mm, 20, 24, 'rw-', standardFile('failing')),
    mm.touch(5 * P),
    mm.mprotect(5 * P, 2 * P, prot('r--')),
    mm.mremap(0, 2 * P, 3 * P, MREMAP_MAYMOVE),
    mm.mremap(9 * P, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, 30 * P),
    mm.mremap(4 * P, P, P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP | MREMAP_FIXED, 34 * P),
    mm.madvise(4 * P, 8 * P, 'dontdump'),
    mm.setVmaName(4 * P, P, 'heap'),
    mm.mlock(6 * P, 2 * P),
    mm.munlock(7 * P, P),
    mm.mbind(4 * P, 2 * P, 3),
    mm.uffdRegister(4 * P, P, 1),
    mm.brk(42 * P),
    mm.remapFilePages(12 * P, 2 * P, 9),
    mm.munmap(13 * P, P),
    mm.mseal(14 * P, P),
    mm.munmap(14 * P, P),
  ];
  const child = mm.fork();
  expectValid(mm);
  expectValid(child);
  return [...answers, shape(child)];
}

const ANSWERS = [
  ...['ENODEV', 2 * P, 'ENODEV', 0, 0, 61 * P, 30 * P, 34 * P, 'ENOMEM', 0, 0, 0, 0, 0, 42 * P, 0, 0, 0, 'EPERM'],
  [
    '2-4 r--, 4-5 rw-, 5-6 r-- anon, 6-7 r-- anon, 7-8 rw- anon, 8-9 rw-s a@3, 11-12 rw-s a@6, 12-13 rw-s a@9',
    '14-15 rw-s a@9, 15-16 rw-s a@10, 30-32 rw-s a@4, 34-35 rw- anon, 40-42 rw-, 61-64 rw-',
  ].join(', '),
];

const CLASSES = [NodePool.prototype, Allocations.prototype, VmaIterator.prototype, VmaMunmap.prototype];

it.each(['6.18', '6.12'] as const)('leaves later spaces alone, wherever it was, by the rules of %s', (kernel) => {
  expect(work('6.18')).toEqual(ANSWERS);
  let ended = 0;
  for (let k = 1; interruptAt(k, CLASSES, () => void work(kernel)); k += 3) {
    ended++;
    expect(work('6.18')).toEqual(ANSWERS);
  }
  expect(ended).toBeGreaterThan(100);
});
