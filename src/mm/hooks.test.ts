/** Hooks of files that call into an address space: whichever, whatever, they are refused, and nothing else is hurt. */
import vm from 'node:vm';
import { AddressSpace } from './address-space';
import type { FileOperations } from './api';
import { MmFile } from './file';
import { MAP_PRIVATE, MCL_CURRENT, MREMAP_FIXED, MREMAP_MAYMOVE, PROT_READ } from './mman';
import { PAGE_SIZE as P } from './page';
import { expectValid, map, shape, space } from './testing/spaces';

const REFUSED = 'a hook of a file called into an address space: no operation may begin while another one is under way';

/** Every way into an address space. */
const CALLS: readonly [string, (mm: AddressSpace) => unknown][] = [
  ['mmap', (mm) => mm.mmap(null, P, PROT_READ, MAP_PRIVATE)],
  ['munmap', (mm) => mm.munmap(0, P)],
  ['mprotect', (mm) => mm.mprotect(0, P, PROT_READ)],
  ['mremap', (mm) => mm.mremap(0, P, 2 * P, MREMAP_MAYMOVE)],
  ['madvise', (mm) => mm.madvise(0, P, 'dontdump')],
  ['mlock', (mm) => mm.mlock(0, P)],
  ['munlock', (mm) => mm.munlock(0, P)],
  ['mlockall', (mm) => mm.mlockall(MCL_CURRENT)],
  ['munlockall', (mm) => mm.munlockall()],
  ['mseal', (mm) => mm.mseal(0, P)],
  ['brk', (mm) => mm.brk(33 * P)],
  ['remapFilePages', (mm) => mm.remapFilePages(0, P, 0)],
  ['touch', (mm) => mm.touch(0)],
  ['mbind', (mm) => mm.mbind(0, P, 1)],
  ['uffdRegister', (mm) => mm.uffdRegister(0, P, 1)],
  ['uffdUnregister', (mm) => mm.uffdUnregister(0, P)],
  ['setVmaName', (mm) => mm.setVmaName(0, P, 'a')],
  ['fork', (mm) => mm.fork()],
  ['exit', (mm) => mm.exit()],
  ['find', (mm) => mm.find(0)],
  ['vmas', (mm) => mm.vmas()],
];

it.each(CALLS)('a mmap hook cannot call %s of a second address space', (_name, call) => {
  const first = space(64, { brkPage: 32 });
  const second = space(64, { brkPage: 32 });
  map(second, 0, 4);
  const file = new MmFile('x', {
    ops: {
      mmap() {
        call(second);
        return 0;
      },
    },
  });
  expect(() => map(first, 8, 12, 'rw-', file)).toThrow(REFUSED);
  // The hook has left with its exception: the second space does what it is asked, and has all it had.
  expect(shape(second)).toBe('0-4 rw-');
  expectValid(second);
  expect(() => call(second)).not.toThrow();
});

it('knows all ways into an address space', () => {
  const reads = ['constructor', 'count', 'heapEnd', 'counters', 'validate', 'firstVma', 'nextVma', 'tryFork'];
  const methods = Object.getOwnPropertyNames(AddressSpace.prototype).filter((name) => !reads.includes(name));
  expect(CALLS.map(([name]) => name).sort()).toEqual(methods.sort());
});

const HOOKS: readonly [keyof FileOperations, (mm: AddressSpace) => unknown][] = [
  ['mmap', (mm) => map(mm, 8, 12, 'rw-', new MmFile('x', { ops: { mmap: () => mm.touch(0) } }))],
  ['open', (mm) => mm.munmap(5 * P, P)],
  ['close', (mm) => mm.munmap(4 * P, 4 * P)],
  ['maySplit', (mm) => mm.munmap(5 * P, P)],
  ['mremap', (mm) => mm.mremap(4 * P, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, 20 * P)],
];

it.each(HOOKS)('a %s hook cannot call into its own space', (name, cause) => {
  const mm = space(32);
  const ops = {
    [name]: (): 0 => {
      mm.touch(0);
      return 0;
    },
  };
  if (name !== 'mmap') map(mm, 4, 8, 'rw-', new MmFile('x', { ops }));
  expect(() => cause(mm)).toThrow(REFUSED);
});

it('hooks get addresses, are called on their object, and answer names of errors', () => {
  const mm = space(32);
  const ops = {
    cuts: [] as number[],
    maySplit(_vma: unknown, addr: number): 0 | 'EINVAL' {
      this.cuts.push(addr);
      return addr === 6 * P ? 0 : 'EINVAL';
    },
  };
  map(mm, 4, 8, 'rw-', new MmFile('x', { ops }));
  expect([mm.munmap(5 * P, 3 * P), mm.munmap(6 * P, 2 * P)]).toEqual(['EINVAL', 0]);
  expect(ops.cuts).toEqual([5 * P, 6 * P]);
  const wrong = new MmFile('y', { ops: { mmap: () => -22 as unknown as 0 } });
  expect(() => map(mm, 10, 12, 'rw-', wrong)).toThrow('a hook answers 0 or the name of an error, and not -22');
});

it('a mmap hook puts flags on its mapping', () => {
  const mm = space(32);
  const file = new MmFile('x', {
    ops: {
      mmap(vma) {
        vma.addFlags('io', 'dontexpand');
        return 0;
      },
    },
  });
  map(mm, 4, 8, 'r--', file, 2);
  const [vma] = mm.vmas();
  expect(vma).toMatchObject({ addr: 4 * P, len: 4 * P, offset: 2 * P, prot: PROT_READ, name: null, policy: 0 });
  expect(vma.vmFlags).toBe('rd mr mw me io de');
});

it('a hook that is ended from outside is over when it is said', () => {
  const endless = new MmFile('x', {
    ops: {
      mmap() {
        for (;;);
      },
    },
  });
  const context = vm.createContext({ call: () => map(space(16), 0, 4, 'rw-', endless) });
  expect(() => vm.runInContext('call()', context, { timeout: 20 })).toThrow('timed out');
  const later = space(16);
  expect(() => map(later, 0, 4)).toThrow(REFUSED);
  AddressSpace.resetAfterInterruption();
  expect(map(later, 0, 4)).toBe(0);
  expectValid(later);
});
