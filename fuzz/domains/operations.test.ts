/**
 * The tables of both domains: what their columns must agree in, and the types that their fields give.
 */
import { variantOf } from '../format/domain';
import type { Operation } from '../format/types';
import { allDomains } from '.';
import { mm } from './mm';
import type { MmOperation, MmOperationOf } from './mm/operations';
import { tree } from './tree';
import type { TreeFields, TreeOperationOf } from './tree/operations';

describe.each(allDomains().map((domain) => [domain.name, domain] as const))('the table of %s', (_name, domain) => {
  const { operations, spec } = domain;

  it('has rows of one shape, so that the loop reads each column at the same place', () => {
    const shape = Object.keys(operations[0]).join();
    for (const row of operations) expect(Object.keys(row).join()).toBe(shape);
  });

  it('has each operation once, and finds it', () => {
    expect(new Set(operations.map(({ op }) => op)).size).toBe(operations.length);
    for (const row of operations) expect(spec(row.op)).toBe(row);
    expect(spec('no_such')).toBeUndefined();
  });

  it('draws every operation, and asks kernels for all of the base format', () => {
    for (const row of operations) expect(row.weight).toBeGreaterThan(0);
    expect(operations.filter((row) => !row.extension && !row.inKernel)).toEqual([]);
  });
});

it('has cursors in the tree alone, for the operations on maple states', () => {
  expect(tree.operations.filter(({ cursor }) => cursor).map(({ op }) => op)).toEqual(
    tree.operations.filter(({ op }) => op.startsWith('mas_')).map(({ op }) => op),
  );
  expect(mm.operations.some(({ cursor }) => cursor)).toBe(false);
});

describe('the kind of an operation that a target may lack', () => {
  const map = { op: 'mmap', addr: 0, len: 4096, prot: 'rw-', flags: ['private'], file: null, offset: 0 };
  const move = { op: 'mremap', addr: 0, old_len: 4096, new_len: 4096, flags: ['maymove'] };
  const cases: readonly (readonly [string, Operation])[] = [
    ['mmap', map],
    ['mmap dev', { ...map, file: 'dev', flags: ['shared', 'locked'] }],
    ['mmap locked', { ...map, flags: ['private', 'locked'] }],
    ['fail', { ...map, file: 'dev', fail: 1 }],
    ['mremap', move],
    ['mremap dontunmap', { ...move, flags: ['maymove', 'dontunmap'] }],
    ['madvise free', { op: 'madvise', addr: 0, len: 4096, advice: 'free' }],
    ['munmap', { op: 'munmap', addr: 0, len: 4096 }],
  ];
  it.each(cases)('%s', (variant, operation) => {
    expect(variantOf(mm, operation)).toBe(variant);
  });
});

// What follows is checked by the compiler alone: each line that must not compile is marked.
it('gives each operation the type of its fields', () => {
  const munmap: MmOperationOf<'munmap'> = { op: 'munmap', addr: 0, len: 1 };
  const mremap: MmOperationOf<'mremap'> = { op: 'mremap', addr: 0, old_len: 1, new_len: 1, flags: [], fail: 2 };
  const newAddr: number | undefined = mremap.new_addr;
  // @ts-expect-error a field that must be given
  const short: MmOperationOf<'munmap'> = { op: 'munmap', addr: 0 };
  // @ts-expect-error a field of another kind
  const odd: TreeOperationOf<'load'> = { op: 'load', index: '3' };
  const store: TreeOperationOf<'store_range'> = { op: 'store_range', first: 1, last: 2, value: null };
  const narrowed = (o: MmOperation): number => (o.op === 'mmap' ? o.offset : o.op === 'touch' ? o.addr : 0);
  const any: TreeFields = store;
  const open: Operation = munmap;
  expect([narrowed(munmap), newAddr, short.op, odd.op, any.first, open.addr]).toEqual([
    0,
    undefined,
    'munmap',
    'load',
    1,
    0,
  ]);
});
