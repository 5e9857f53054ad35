/**
 * Statements of docs/format.md about `ret`, each as operations and the answer to the last, on both implementations.
 */
import { createAnswering } from './answering';

/** The header's fields beside the format, the operations, the answer. */
type Example = readonly [what: string, header: object, operations: readonly object[], ret: unknown];

const TREE = { domain: 'tree' };
const GAPS = { domain: 'tree', ranges: true };
const MM = { domain: 'mm', pages: 64 };
const P = 4096;

const store = (first: number | string, last: number | string, value: number | null = 1) => ({
  op: 'store_range',
  first,
  last,
  value,
});
const find = (index: number | string, max: number | string) => ({ op: 'find', index, max });
const alloc = (size: number, min: number, max: number | string) => ({ op: 'alloc_range', size, min, max, value: 5 });
const cyclic = (min: number | string, max: number | string, next: number) => ({
  op: 'alloc_cyclic',
  min,
  max,
  next,
  value: 5,
});
const area = (min: number, max: number, size: number) => ({ op: 'mas_empty_area', min, max, size });

const TREE_EXAMPLES: Example[] = [
  ['store_range backwards', TREE, [store(5, 4)], 'EINVAL'],
  [
    'insert_range at the end of an entry',
    TREE,
    [store(5, 9), { op: 'insert_range', first: 9, last: 12, value: 2 }],
    'EEXIST',
  ],
  [
    'insert_range backwards over an entry',
    TREE,
    [store(5, 9), { op: 'insert_range', first: 9, last: 5, value: 2 }],
    'EINVAL',
  ],
  ['erase of nothing', TREE, [{ op: 'erase', index: 3 }], null],
  ['find of what is there', TREE, [store(5, 9), find(3, 5)], [1, 10]],
  ['find of what holds index', TREE, [store(5, 9), find(7, 7)], [1, 10]],
  ['find behind all', TREE, [store(0, 1), find(2, 9)], [null, 2]],
  ['find above max', TREE, [store(0, 1), find(1, 0)], [null, 1]],
  ['find up to the top', TREE, [store(5, 'max'), find(3, 'max')], [1, 0]],
  ['next counts none that holds index', TREE, [store(5, 9), { op: 'next', index: 6, max: 'max' }], null],
  ['next to an entry beyond max', TREE, [store(5, 9), { op: 'next', index: 2, max: 5 }], 1],
  ['next with max at index', TREE, [store(5, 9), { op: 'next', index: 5, max: 5 }], null],
  ['prev to an entry below min', TREE, [store(5, 9), { op: 'prev', index: 12, min: 9 }], 1],
  ['prev with min above', TREE, [store(5, 9), { op: 'prev', index: 12, min: 10 }], null],
  ['prev of an entry in the root', TREE, [store(0, 0), { op: 'prev', index: 10, min: 5 }], 1],
  [
    'prev of the same in a node',
    TREE,
    [store(0, 0), store(1, 1), store(1, 1, null), { op: 'prev', index: 10, min: 5 }],
    null,
  ],
  ['alloc_range without ranges', TREE, [alloc(1, 0, 9)], 'EINVAL'],
  ['alloc_range', GAPS, [store(0, 3), alloc(2, 2, 9)], 4],
  ['alloc_range of size 0', GAPS, [alloc(0, 0, 9)], 'EINVAL'],
  ['alloc_range with min > max', GAPS, [alloc(1, 9, 8)], 'EINVAL'],
  ['alloc_range too long for min to max', GAPS, [alloc(11, 0, 9)], 'EINVAL'],
  ['alloc_range without room', GAPS, [store(5, 5), alloc(6, 0, 9)], 'EBUSY'],
  ['alloc_rrange', GAPS, [store(9, 9), { ...alloc(2, 0, 9), op: 'alloc_rrange' }], 7],
  ['alloc_cyclic', GAPS, [cyclic(2, 9, 4)], [4, 5, 0]],
  ['alloc_cyclic round', GAPS, [store(4, 9), cyclic(2, 9, 4)], [2, 3, 1]],
  ['alloc_cyclic with next above max', GAPS, [cyclic(2, 9, 20)], [2, 3, 1]],
  ['alloc_cyclic full', GAPS, [store(0, 9), cyclic(2, 9, 4)], 'EBUSY'],
  ['alloc_cyclic with min > max', GAPS, [cyclic(9, 2, 4)], 'EINVAL'],
  ['alloc_cyclic without ranges', TREE, [cyclic(2, 9, 4)], 'EINVAL'],
  ['alloc_cyclic at the top', GAPS, [cyclic('max', 'max', 0)], ['max', 0, 0]],
  ['alloc_cyclic after that', GAPS, [cyclic('max', 'max', 0), cyclic(2, 9, 0)], [2, 3, 1]],
  [
    'alloc_cyclic after that and destroy',
    GAPS,
    [cyclic('max', 'max', 0), { op: 'destroy' }, { op: 'dup' }, cyclic(2, 9, 0)],
    [2, 3, 1],
  ],
  ['alloc_cyclic once more', GAPS, [cyclic('max', 'max', 0), cyclic(2, 9, 0), cyclic(2, 9, 3)], [3, 4, 0]],
  ['mas_set_range backwards', TREE, [{ op: 'mas_set_range', first: 3, last: 2 }], 'EINVAL'],
  ['mas_config from start', TREE, [{ op: 'mas_config', first: 3, last: 4 }], 0],
  [
    'mas_config out of the slot',
    TREE,
    [store(5, 9), { op: 'mas_set', index: 6 }, { op: 'mas_walk' }, { op: 'mas_config', first: 10, last: 12 }],
    'EINVAL',
  ],
  ['mas_empty_area without ranges', TREE, [area(0, 9, 1)], 'EINVAL'],
  ['mas_empty_area without room', GAPS, [store(0, 9), area(0, 9, 1)], 'EBUSY'],
  ['mas_store after that', GAPS, [store(0, 9), area(0, 9, 1), { op: 'mas_store', value: 1 }], 'EINVAL'],
  [
    'mas_store_prealloc outside',
    TREE,
    [
      { op: 'mas_set_range', first: 3, last: 5 },
      { op: 'mas_store_prealloc', first: 6, last: 7, value: 1 },
    ],
    'EINVAL',
  ],
  [
    'insert_range over everything',
    TREE,
    [store(5, 9), { op: 'insert_range', first: 0, last: 'max', value: 2 }],
    'EEXIST',
  ],
  ['alloc_rrange up to the top', GAPS, [store(5, 'max'), { ...alloc(1, 0, 'max'), op: 'alloc_rrange' }], 4],
];

/** Three entries, a gap before the second and behind the last. */
const THREE = [store(5, 9, 1), store(20, 29, 2), store(30, 39, 3)];
const set = (index: number) => ({ op: 'mas_set', index });
const next = (max: number | string) => ({ op: 'mas_next', max });
const config = [set(33), { op: 'mas_walk' }, { op: 'mas_config', first: 33, last: 35 }];

/** What the format defines where the kernel's answer hangs on its nodes: the state afterwards. */
const STATE_EXAMPLES: Example[] = [
  ['a gap', GAPS, [store(0, 3), area(2, 20, 2)], [4, 5, 'active']],
  ['the highest gap', GAPS, [store(0, 3), { ...area(2, 20, 2), op: 'mas_empty_area_rev' }], [19, 20, 'active']],
  ['no gap', GAPS, [store(0, 9), area(0, 9, 1)], [0, 9, 'error']],
  ['no gap beside the entry of the root', GAPS, [store(0, 0), set(7), area(0, 0, 1)], [7, 7, 'root']],
  ['a step back from within a slot', TREE, [...THREE, ...config, { op: 'mas_prev', min: 0 }], [20, 29, 'active']],
  [
    'a step on from the first store',
    TREE,
    [
      { op: 'mas_set_range', first: 5, last: 10 },
      { op: 'mas_store', value: 1 },
      { op: 'mas_next_range', max: 'max' },
    ],
    [11, 'max', 'active'],
  ],
  ['a step on without a walk', TREE, [...THREE, set(25), next(10), next('max')], [30, 39, 'active']],
  [
    'a write through the tree',
    TREE,
    [...THREE, set(25), next('max'), { op: 'erase', index: 0 }, next('max')],
    [40, 'max', 'overflow'],
  ],
  [
    'the same, and the entry counts again',
    TREE,
    [...THREE, set(25), next('max'), { op: 'erase', index: 0 }, { op: 'mas_find', max: 'max' }],
    [30, 39, 'active'],
  ],
  [
    'a refused write',
    TREE,
    [...THREE, set(25), next('max'), store(2, 1), { op: 'mas_find', max: 'max' }],
    [40, 'max', 'active'],
  ],
];

type Range = readonly [first: number, pages: number];
const at = (op: string, [first, pages]: Range, more: object = {}) => ({ op, addr: first * P, len: pages * P, ...more });
const map = (range: Range, more: object = {}, ...flags: string[]) =>
  at('mmap', range, { prot: 'rw-', flags: ['private', 'fixed', ...flags], file: null, ...more });
const move = (addr: number, old: number, now: number, ...flags: string[]) => ({
  op: 'mremap',
  addr: addr * P,
  old_len: old * P,
  new_len: now * P,
  flags,
});
const moveTo = (addr: number, old: number, now: number, to: number, ...flags: string[]) => ({
  ...move(addr, old, now, ...flags),
  new_addr: to * P,
});
const advise = (range: Range, advice: string) => at('madvise', range, { advice });
const seal = (range: Range) => at('mseal', range);
const SHARED = { flags: ['shared', 'fixed'] };
const DEV = { file: 'dev', ...SHARED };
const FULL = map([0, 64]);
const TWO = map([4, 2]);

const MM_EXAMPLES: Example[] = [
  ['mmap', MM, [TWO], 4 * P],
  [
    'mmap of dev twice, and with a wrong addr',
    MM,
    [map([4, 4], DEV), map([9, 4], { ...DEV, addr: 9 * P + 1 })],
    'EBUSY',
  ],
  ['mmap with an odd offset', MM, [map([4, 2], { offset: 5 })], 'EINVAL'],
  ['mmap of nothing', MM, [map([4, 0])], 'EINVAL'],
  ['mmap at an odd addr', MM, [map([4, 1], { addr: 5 })], 'EINVAL'],
  ['mmap without room', MM, [FULL, map([4, 1], { flags: ['private'] })], 'ENOMEM'],
  ['mmap with a hint takes the top', MM, [TWO, map([4, 1], { flags: ['private'] })], 63 * P],
  ['mmap over something', MM, [TWO, map([5, 1], { flags: ['private', 'fixed_noreplace'] })], 'EEXIST'],
  ['mmap locked, not allowed', { ...MM, memlock: 0 }, [map([4, 1], {}, 'locked')], 'EPERM'],
  ['mmap locked, too much', { ...MM, memlock: 1 }, [map([4, 2], {}, 'locked')], 'EAGAIN'],
  [
    'mmap of a shared stack',
    MM,
    [map([4, 2], SHARED), map([4, 1], { flags: ['shared', 'fixed', 'growsdown'] })],
    'EINVAL',
  ],
  ['mmap over a seal', MM, [TWO, seal([4, 1]), map([4, 2])], 'EPERM'],
  ['munmap of nothing', MM, [at('munmap', [4, 2])], 0],
  ['munmap of no bytes', MM, [at('munmap', [4, 0])], 'EINVAL'],
  ['munmap of a seal', MM, [TWO, seal([5, 1]), at('munmap', [4, 2])], 'EPERM'],
  ['mprotect of no bytes', MM, [at('mprotect', [4, 0], { prot: 'r--' })], 0],
  ['mprotect of a hole', MM, [TWO, at('mprotect', [5, 2], { prot: 'r--' })], 'ENOMEM'],
  ['mprotect of a seal', MM, [TWO, seal([4, 2]), at('mprotect', [4, 2], { prot: 'rw-' })], 'EPERM'],
  ['mprotect of dev', MM, [map([4, 4], DEV), at('mprotect', [4, 4], { prot: 'r-x' })], 'EACCES'],
  ['mremap to nothing', MM, [TWO, move(4, 2, 0)], 'EINVAL'],
  ['mremap of nothing', MM, [move(4, 2, 3)], 'EFAULT'],
  ['mremap of a seal', MM, [TWO, seal([4, 2]), move(4, 2, 2)], 'EPERM'],
  ['mremap fixed without maymove', MM, [TWO, moveTo(4, 2, 2, 9, 'fixed')], 'EINVAL'],
  ['mremap onto itself', MM, [TWO, moveTo(4, 2, 2, 5, 'fixed', 'maymove')], 'EINVAL'],
  ['mremap dontunmap of another length', MM, [TWO, moveTo(4, 2, 1, 9, 'dontunmap', 'maymove')], 'EINVAL'],
  ['mremap of more than there is', MM, [TWO, move(4, 3, 4, 'maymove')], 'EFAULT'],
  ['mremap of private memory again', MM, [TWO, move(4, 0, 1, 'maymove')], 'EINVAL'],
  ['mremap of several', MM, [TWO, map([7, 1]), moveTo(4, 4, 4, 20, 'fixed', 'maymove')], 20 * P],
  ['mremap of a hole first', MM, [TWO, moveTo(3, 3, 3, 20, 'fixed', 'maymove')], 'EFAULT'],
  ['mremap to less, over holes', MM, [TWO, move(4, 9, 1)], 4 * P],
  ['mremap of dev to more', MM, [map([4, 4], DEV), move(4, 4, 5, 'maymove')], 'EFAULT'],
  ['mremap without room', MM, [TWO, map([6, 1], { prot: 'r--' }), move(4, 2, 3)], 'ENOMEM'],
  ['mremap locked, too much', { ...MM, memlock: 2 }, [map([4, 2], {}, 'locked'), move(4, 2, 3)], 'EAGAIN'],
  ['madvise of a hole', MM, [TWO, advise([3, 4], 'dontfork')], 'ENOMEM'],
  ['madvise of no bytes', MM, [advise([4, 0], 'dontfork')], 0],
  ['wipeonfork of a file', MM, [map([4, 2], { file: 'a' }), advise([4, 2], 'wipeonfork')], 'EINVAL'],
  ['dontneed of locked memory', MM, [map([4, 2], {}, 'locked'), advise([4, 2], 'dontneed')], 'EINVAL'],
  ['dontneed of a seal', MM, [map([4, 2], { prot: 'r--' }), seal([4, 2]), advise([4, 2], 'dontneed')], 'EPERM'],
  ['dontneed of a writable seal', MM, [TWO, seal([4, 2]), advise([4, 2], 'dontneed')], 0],
  ['free of a file', MM, [map([4, 2], { file: 'a' }), advise([4, 2], 'free')], 'EINVAL'],
  ['remove of memory', MM, [TWO, advise([4, 2], 'remove')], 'EINVAL'],
  ['remove of a private file', MM, [map([4, 2], { file: 'a' }), advise([4, 2], 'remove')], 'EACCES'],
  ['remove of dev', MM, [map([4, 4], DEV), advise([4, 4], 'remove')], 'ENODEV'],
  ['dodump of dev', MM, [map([4, 4], DEV), advise([4, 4], 'dodump')], 'EINVAL'],
  ['populate_read of a hole', MM, [advise([4, 1], 'populate_read')], 'ENOMEM'],
  [
    'populate_write of read-only memory',
    MM,
    [map([4, 2], { prot: 'r--' }), advise([4, 2], 'populate_write')],
    'EINVAL',
  ],
  [
    'populate_read beyond a file',
    MM,
    [map([4, 2], { file: 'a', offset: 63 * P }), advise([4, 2], 'populate_read')],
    'EFAULT',
  ],
  ['mlock of no bytes', MM, [at('mlock', [4, 0])], 0],
  ['mlock of a hole', MM, [TWO, at('mlock', [4, 3])], 'ENOMEM'],
  ['mlock inside a page', MM, [TWO, { op: 'mlock', addr: 4 * P + 7, len: 1 }], 0],
  ['mlock of inaccessible memory', MM, [map([4, 2], { prot: '---' }), at('mlock', [4, 2])], 'ENOMEM'],
  ['the same on fault', MM, [map([4, 2], { prot: '---' }), at('mlock', [4, 2], { onfault: true })], 0],
  ['mlock, not allowed', { ...MM, memlock: 0 }, [TWO, at('mlock', [4, 2])], 'EPERM'],
  ['mlock, too much', { ...MM, memlock: 1 }, [TWO, at('mlock', [4, 2])], 'ENOMEM'],
  ['mseal of a hole', MM, [TWO, seal([4, 3])], 'ENOMEM'],
  ['mseal of no bytes', MM, [seal([4, 0])], 0],
  ['brk', { ...MM, brk: 2 }, [{ op: 'brk', addr: 3 * P + 1 }], 3 * P + 1],
  ['brk that is refused', { ...MM, brk: 2 }, [{ op: 'brk', addr: P }], 2 * P],
  ['brk up to a page below', { ...MM, brk: 2 }, [TWO, { op: 'brk', addr: 3 * P }], 3 * P],
  ['brk up to a mapping', { ...MM, brk: 2 }, [TWO, { op: 'brk', addr: 4 * P }], 2 * P],
  ['remap_file_pages of private memory', MM, [TWO, at('remap_file_pages', [4, 1], { pgoff: 0 })], 'EINVAL'],
  [
    'remap_file_pages of less than a page',
    MM,
    [map([4, 2], SHARED), { op: 'remap_file_pages', addr: 4 * P, len: 9, pgoff: 0 }],
    'EINVAL',
  ],
  [
    'remap_file_pages beyond all offsets',
    MM,
    [map([4, 2], SHARED), at('remap_file_pages', [4, 1], { pgoff: 2 ** 52 })],
    'EOVERFLOW',
  ],
  ['brk up to the last page of the window', { ...MM, brk: 2 }, [{ op: 'brk', addr: 63 * P }], 63 * P],
  ['brk up to the end of the window', { ...MM, brk: 2 }, [{ op: 'brk', addr: 64 * P }], 2 * P],
  ['mmap of failing', MM, [map([4, 2], { file: 'failing' })], 'ENODEV'],
  ['munmap of a part of nosplit', MM, [map([4, 2], { file: 'nosplit' }), at('munmap', [4, 1])], 'EINVAL'],
  [
    'mprotect for one mapping too many',
    { ...MM, max_map_count: 1 },
    [TWO, at('mprotect', [4, 1], { prot: 'r--' })],
    'ENOMEM',
  ],
  ['madvise for one mapping too many', { ...MM, max_map_count: 1 }, [TWO, advise([4, 1], 'dontfork')], 'EAGAIN'],
  ['remap_file_pages', MM, [map([4, 2], SHARED), at('remap_file_pages', [4, 1], { pgoff: 1 })], 0],
  ['touch of nothing', MM, [{ op: 'touch', addr: 5 }], 'EFAULT'],
  ['touch below a stack', MM, [map([40, 2], {}, 'growsdown'), { op: 'touch', addr: 30 * P }], 0],
  ['touch beyond a file', MM, [map([4, 2], { file: 'a', offset: 63 * P }), { op: 'touch', addr: 5 * P }], 'EFAULT'],
  ['mbind of a hole', MM, [TWO, at('mbind', [4, 3], { policy: 1 })], 'EFAULT'],
  ['mbind with policy 0', MM, [TWO, at('mbind', [4, 3], { policy: 0 })], 0],
  ['uffd_register of nothing', MM, [at('uffd_register', [4, 2], { ctx: 1 })], 'EINVAL'],
  [
    'uffd_register twice',
    MM,
    [TWO, at('uffd_register', [4, 2], { ctx: 1 }), at('uffd_register', [4, 2], { ctx: 2 })],
    'EBUSY',
  ],
  ['set_vma_name of a file', MM, [map([4, 2], { file: 'a' }), at('set_vma_name', [4, 2], { name: 'x' })], 'EBADF'],
  ['set_vma_name of a hole', MM, [TWO, at('set_vma_name', [4, 3], { name: 'x' })], 'ENOMEM'],
  ['mlockall of nothing', MM, [{ op: 'mlockall', flags: ['onfault'] }], 'EINVAL'],
  ['mlockall, too much', { ...MM, memlock: 1 }, [TWO, { op: 'mlockall', flags: ['current'] }], 'ENOMEM'],
];

function lastAnswer(name: 'oracle' | 'src', header: object, operations: readonly object[]): unknown {
  const answer = createAnswering(name);
  answer(JSON.stringify({ format: 'maple-fuzz/1', ...header }));
  return operations.map((operation) => JSON.parse(answer(JSON.stringify(operation))) as unknown).at(-1);
}

describe.each(['oracle', 'src'] as const)('what %s answers', (name) => {
  it.each([...TREE_EXAMPLES, ...MM_EXAMPLES])('%s', (_what, header, operations, ret) => {
    expect(lastAnswer(name, header, operations)).toMatchObject({ ret });
  });

  it.each(STATE_EXAMPLES)('the state after %s', (_what, header, operations, mas) => {
    expect(lastAnswer(name, header, operations)).toMatchObject({ mas });
  });
});
