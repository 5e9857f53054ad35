import type { DriverVma } from './api';
import { MmFile, standardFile, type VmOperations } from './file';
import { PAGE_SIZE } from './mm';
import {
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_GROWSUP,
  MAP_LOCKED,
  MAP_PRIVATE,
  MAP_SHARED,
  MCL_CURRENT,
  MCL_FUTURE,
  MCL_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
} from './mman';
import { expectValid, map, prot, shape, share, space } from './testing/spaces';
import { VM_ACCOUNT, VM_DONTCOPY, VM_LOCKED, VM_SEALED } from './vm-flags';

const P = PAGE_SIZE;
const MOVE_TO = MREMAP_MAYMOVE | MREMAP_FIXED;

describe('mmap', () => {
  it('answers the errors of its arguments in order', () => {
    const mm = space(16);
    expect(mm.mmap(1, 0, 0, MAP_PRIVATE | MAP_FIXED, null, 1)).toBe('EINVAL');
    expect(mm.mmap(0, 0, 0, MAP_PRIVATE)).toBe('EINVAL');
    expect(mm.mmap(1, P, 0, MAP_PRIVATE | MAP_FIXED)).toBe('EINVAL');
    expect(mm.mmap(0, 17 * P, 0, MAP_PRIVATE)).toBe('ENOMEM');
    map(mm, 0, 1);
    expect(mm.mmap(0, P, 0, MAP_PRIVATE | MAP_FIXED_NOREPLACE)).toBe('EEXIST');
    expect(mm.mmap(0, P, 0, MAP_SHARED | MAP_FIXED | MAP_GROWSDOWN)).toBe('EINVAL');
    expect(() => mm.mmap(-1, P, 0, MAP_PRIVATE)).toThrow('addr is -1');
  });

  it('places from the top, and takes a free hint', () => {
    const mm = space(16);
    expect(mm.mmap(5 * P, P, prot('rw-'), MAP_PRIVATE)).toBe(5 * P);
    expect(mm.mmap(5 * P, P, prot('r--'), MAP_PRIVATE)).toBe(15 * P);
    expect(mm.mmap(null, P, prot('r--'), MAP_PRIVATE)).toBe(14 * P);
    expect(mm.mmap(null, 10 * P, prot('r--'), MAP_PRIVATE)).toBe('ENOMEM');
    expectValid(mm);
  });

  it('stops one mapping above the limit', () => {
    const mm = space(16, { maxMapCount: 1 });
    expect([map(mm, 0, 1), map(mm, 2, 3), map(mm, 4, 5)]).toEqual([0, 2 * P, 'ENOMEM']);
  });

  it('keeps to the limit of locked memory', () => {
    const mm = space(16, { memlockPages: 2 });
    expect(map(mm, 0, 3, 'rw-', null, 0, MAP_PRIVATE | MAP_LOCKED)).toBe('EAGAIN');
    expect(map(mm, 0, 2, 'rw-', null, 0, MAP_PRIVATE | MAP_LOCKED)).toBe(0);
    expect(mm.mlock(4 * P, P)).toBe('ENOMEM');
    expect(mm.mlock(0, 2 * P)).toBe(0);
    expect(map(space(4, { memlockPages: 0 }), 0, 1, 'rw-', null, 0, MAP_PRIVATE | MAP_LOCKED)).toBe('EPERM');
  });

  it('maps an exclusive file once', () => {
    const mm = space(16);
    const dev = standardFile('dev');
    expect([share(mm, 0, 4, dev), share(mm, 8, 12, dev)]).toEqual([0, 'EBUSY']);
    mm.munmap(0, 3 * P);
    expect(share(mm, 8, 12, dev)).toBe('EBUSY');
    mm.munmap(3 * P, P);
    expect(share(mm, 8, 12, dev)).toBe(8 * P);
    expect(mm.mprotect(8 * P, P, prot('r-x'))).toBe('EACCES');
  });

  it('tries once more to merge when the hook has set a flag, in 6.12 only', () => {
    for (const kernel of ['6.12', '6.18'] as const) {
      const mm = space(16, { kernel });
      const hooks: VmOperations = {
        mmap(vma) {
          vma.flags |= VM_DONTCOPY;
          return 0;
        },
      };
      const file = new MmFile('x', {}, hooks);
      map(mm, 0, 2, 'r--', file, 0);
      map(mm, 2, 4, 'r--', file, 2);
      expect(mm.count).toBe(kernel === '6.12' ? 1 : 2);
      expect(file.references).toBe(mm.count);
      expectValid(mm);
    }
  });
});

describe('placement', () => {
  it('keeps the guard gap below a stack, and skips gaps above it', () => {
    const mm = space(600);
    map(mm, 500, 510, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSDOWN);
    map(mm, 510, 600, '---');
    expect(mm.mmap(null, 10 * P, prot('r--'), MAP_PRIVATE)).toBe((500 - 256 - 10) * P);
    expect(mm.mmap(400 * P, P, prot('r--'), MAP_PRIVATE)).not.toBe(400 * P);
    expectValid(mm);
  });

  it('goes from the bottom if the space is so', () => {
    const mm = space(600, { topDown: false });
    map(mm, 2, 4);
    expect(mm.mmap(null, 2 * P, prot('r--'), MAP_PRIVATE)).toBe(0);
    expect(mm.mmap(null, 2 * P, prot('r--'), MAP_PRIVATE)).toBe(4 * P);
    map(mm, 20, 21, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSDOWN);
    expect(mm.mmap(null, 2 * P, prot('-w-'), MAP_PRIVATE)).toBe(21 * P);
    expectValid(mm);
  });

  it('keeps the guard gap above what grows up', () => {
    const mm = space(600);
    map(mm, 0, 2, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSUP);
    map(mm, 300, 600, '---');
    expect(mm.mmap(null, 42 * P, prot('r--'), MAP_PRIVATE)).toBe(258 * P);
    expect(mm.mmap(null, 2 * P, prot('r--'), MAP_PRIVATE)).toBe('ENOMEM');
  });

  it('searches a second time from the bottom where the space says so', () => {
    const mm = space(600, { unmappedBasePage: 0 });
    map(mm, 0, 2, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSUP);
    map(mm, 300, 600, '---');
    expect(mm.mmap(null, 43 * P, prot('r--'), MAP_PRIVATE)).toBe('ENOMEM');
    mm.munmap(599 * P, P);
    expect(mm.mmap(null, P, prot('r--'), MAP_PRIVATE)).toBe(599 * P);
  });

  it('aligns whole huge pages without a hint, and only those', () => {
    const mm = space(4096);
    map(mm, 4095, 4096, '---');
    expect(mm.mmap(null, 512 * P, prot('rw-'), MAP_PRIVATE)).toBe(3072 * P);
    expect(mm.mmap(null, 513 * P, prot('r--'), MAP_PRIVATE)).toBe((3072 - 513) * P);
  });
});

describe('munmap', () => {
  it('makes holes, and passes over them', () => {
    const mm = space(16);
    map(mm, 0, 8);
    expect(mm.munmap(2 * P, 2 * P)).toBe(0);
    expect(shape(mm)).toBe('0-2 rw-, 4-8 rw-');
    expect(mm.munmap(P, 4 * P)).toBe(0);
    expect(shape(mm)).toBe('0-1 rw-, 5-8 rw-');
    expect(mm.munmap(0, 16 * P)).toBe(0);
    expect(mm.count).toBe(0);
    expect([mm.munmap(1, P), mm.munmap(0, 0), mm.munmap(0, 17 * P)]).toEqual(['EINVAL', 'EINVAL', 'EINVAL']);
    expectValid(mm);
  });

  it('stops at a seal, with the split at the start', () => {
    const mm = space(16);
    map(mm, 0, 4);
    map(mm, 4, 8, 'r--');
    mm.mseal(4 * P, 4 * P);
    expect(mm.munmap(2 * P, 4 * P)).toBe('EPERM');
    expect(shape(mm)).toBe('0-2 rw-, 2-4 rw-, 4-8 r--');
    expectValid(mm);
  });

  it('needs room for a hole in one mapping only', () => {
    const mm = space(16, { maxMapCount: 2 });
    map(mm, 0, 4);
    map(mm, 8, 12);
    expect(mm.munmap(P, P)).toBe('ENOMEM');
    expect(mm.munmap(P, 9 * P)).toBe(0);
    expect(shape(mm)).toBe('0-1 rw-, 10-12 rw-');
  });

  it('leaves locked pages counted when a later split is refused', () => {
    const mm = space(16);
    map(mm, 0, 2, 'rw-', null, 0, MAP_PRIVATE | MAP_LOCKED);
    map(mm, 2, 6, 'rw-', standardFile('nosplit'));
    expect(mm.munmap(0, 4 * P)).toBe('EINVAL');
    expect(mm.mm.lockedVm).toBe(2);
    expectValid(mm);
  });

  it('closes what was there before the driver is told of what comes in its place', () => {
    const mm = space(16);
    const told: string[] = [];
    const logged = (name: string): MmFile => {
      const tell = (what: string, { addr, len }: DriverVma): 0 => {
        told.push(`${what} ${name} ${addr / P}-${(addr + len) / P}`);
        return 0;
      };
      return new MmFile(name, { ops: { mmap: (vma) => tell('mmap', vma), close: (vma) => void tell('close', vma) } });
    };
    map(mm, 0, 2, 'rw-', logged('x'));
    map(mm, 2, 4, 'rw-', logged('y'));
    map(mm, 0, 4, 'rw-', logged('z'));
    expect(told).toEqual(['mmap x 0-2', 'mmap y 2-4', 'close x 0-2', 'close y 2-4', 'mmap z 0-4']);
    expectValid(mm);
  });

  it('refuses to remove what reaches out of the space', () => {
    const mm = space(16);
    map(mm, 12, 16);
    expect([mm.munmap(12 * P, 5 * P), mm.munmap(20 * P, P), mm.munmap(16 * P, P)]).toEqual([
      'EINVAL',
      'EINVAL',
      'EINVAL',
    ]);
    expect(shape(mm)).toBe('12-16 rw-');
  });

  it('splits a file that may be split at some pages at those alone', () => {
    const mm = space(16);
    map(mm, 0, 8, 'rw-', new MmFile('x', { ops: { maySplit: (_vma, addr) => (addr % (4 * P) === 0 ? 0 : 'EINVAL') } }));
    expect(mm.munmap(6 * P, 2 * P)).toBe('EINVAL');
    expect(shape(mm)).toBe('0-8 rw- x@0');
    expect(mm.munmap(4 * P, 4 * P)).toBe(0);
    expect(shape(mm)).toBe('0-4 rw- x@0');
    expectValid(mm);
  });
});

describe('mprotect', () => {
  it('goes on after a piece that joined the next mapping', () => {
    const mm = space(16);
    map(mm, 0, 4, 'r--');
    map(mm, 4, 8, 'rw-');
    map(mm, 8, 12, '---');
    expect(mm.mprotect(2 * P, 8 * P, prot('rw-'))).toBe(0);
    expect(shape(mm)).toBe('0-2 r--, 2-10 rw-, 10-12 ---');
    expectValid(mm);
  });

  it('changes what comes before a hole', () => {
    const mm = space(16);
    map(mm, 0, 4, 'rw-');
    expect(mm.mprotect(2 * P, 4 * P, prot('r--'))).toBe('ENOMEM');
    expect(shape(mm)).toBe('0-2 rw-, 2-4 r--');
    expect(mm.mprotect(8 * P, P, prot('r--'))).toBe('ENOMEM');
    expectValid(mm);
  });

  it('charges what becomes writable, and gives it back unless it was written', () => {
    const mm = space(16);
    map(mm, 0, 4, 'r--');
    mm.mprotect(0, 4 * P, prot('rw-'));
    expect(mm.mm.committed).toBe(4);
    mm.mprotect(0, 4 * P, prot('r--'));
    expect(mm.mm.committed).toBe(0);
    mm.mprotect(0, 4 * P, prot('rw-'));
    mm.touch(0);
    mm.mprotect(0, 4 * P, prot('r--'));
    expect(mm.mm.committed).toBe(4);
    expectValid(mm);
  });
});

describe('mlock and its family', () => {
  it('widens to pages, and stops at a hole with the flags set', () => {
    const mm = space(16);
    map(mm, 0, 2);
    expect(mm.mlock(P + 1, 1)).toBe(0);
    expect(mm.mm.lockedVm).toBe(1);
    expect(mm.mlock(0, 4 * P)).toBe('ENOMEM');
    expect(mm.mm.lockedVm).toBe(2);
    expect(mm.munlock(0, 2 * P)).toBe(0);
    expect(mm.mm.lockedVm).toBe(0);
    expectValid(mm);
  });

  it('munlock over a locked and an unlocked mapping is one again', () => {
    const mm = space(16);
    map(mm, 0, 6);
    mm.mlock(P, 2 * P, true);
    expect(mm.munlock(0, 6 * P)).toBe(0);
    expect(shape(mm)).toBe('0-6 rw-');
    expectValid(mm);
  });

  it('mlockall locks what is there and what will be', () => {
    const mm = space(16, { brkPage: 8 });
    map(mm, 0, 2);
    expect([mm.mlockall(0), mm.mlockall(MCL_ONFAULT)]).toEqual(['EINVAL', 'EINVAL']);
    expect(mm.mlockall(MCL_CURRENT | MCL_FUTURE)).toBe(0);
    map(mm, 4, 6, 'r--');
    mm.brk(10 * P);
    expect(mm.vmas().every((vma) => (vma.flags & VM_LOCKED) !== 0)).toBe(true);
    expect(mm.mm.lockedVm).toBe(6);
    mm.munlockall();
    map(mm, 12, 14);
    expect(mm.mm.lockedVm).toBe(0);
    expectValid(mm);
  });
});

describe('madvise, mseal, names, policies, userfaultfd', () => {
  it('madvise skips holes and says so at the end', () => {
    const mm = space(16);
    map(mm, 0, 2);
    map(mm, 4, 6);
    expect(mm.madvise(0, 6 * P, 'dontdump')).toBe('ENOMEM');
    expect(mm.madvise(0, 6 * P, 'dodump')).toBe('ENOMEM');
    expect(mm.madvise(0, 8 * P, 'dontneed')).toBe('ENOMEM');
    expect([mm.madvise(1, P, 'normal'), mm.madvise(0, 0, 'normal')]).toEqual(['EINVAL', 0]);
    expectValid(mm);
  });

  it('a seal forbids to throw away what cannot be written', () => {
    const mm = space(16);
    map(mm, 0, 2, 'r--');
    map(mm, 2, 4, 'rw-');
    expect(mm.mseal(0, 5 * P)).toBe('ENOMEM');
    expect(mm.mseal(0, 4 * P)).toBe(0);
    expect([mm.madvise(0, P, 'dontneed'), mm.madvise(2 * P, P, 'dontneed')]).toEqual(['EPERM', 0]);
    expect([mm.mprotect(0, P, prot('r--')), mm.mremap(0, P, P, 0)]).toEqual(['EPERM', 'EPERM']);
  });

  it('sealing over a sealed mapping makes one of three', () => {
    const mm = space(16);
    map(mm, 0, 4, 'r--');
    mm.mseal(P, P);
    mm.mseal(0, 4 * P);
    expect(mm.count).toBe(1);
    expect(mm.vmas()[0].flags & VM_SEALED).not.toBe(0);
    expectValid(mm);
  });

  it('names only anonymous memory', () => {
    const mm = space(16);
    map(mm, 0, 2);
    map(mm, 2, 4, 'rw-', standardFile('a'));
    expect(mm.setVmaName(0, 4 * P, 'x')).toBe('EBADF');
    expect(mm.vmas()[0].name).toBe('x');
    expect([mm.setVmaName(0, P, 'a[b'), mm.setVmaName(1, P, 'a')]).toEqual(['EINVAL', 'EINVAL']);
    expect(mm.mm.nameReferences).toBe(1);
    mm.munmap(0, P);
    expect(mm.setVmaName(P, P, null)).toBe(0);
    expect(mm.mm.nameReferences).toBe(0);
  });

  it('binds a clipped part, and joins what is alike then', () => {
    const mm = space(16);
    map(mm, 0, 4);
    expect(mm.mbind(0, 2 * P, 1)).toBe(0);
    expect(mm.mbind(3 * P, P, 1)).toBe(0);
    expect(mm.mbind(2 * P, P, 1)).toBe(0);
    expect(mm.count).toBe(1);
    expect([mm.mbind(0, 8 * P, 2), mm.mbind(8 * P, P, 0), mm.mbind(0, 8 * P, 0)]).toEqual(['EFAULT', 'EFAULT', 0]);
    expectValid(mm);
  });

  it('one context owns a range', () => {
    const mm = space(16);
    map(mm, 0, 4);
    expect(mm.uffdRegister(P, P, 1)).toBe(0);
    expect([mm.uffdRegister(0, 4 * P, 2), mm.uffdRegister(0, 4 * P, 1)]).toEqual(['EBUSY', 0]);
    expect(mm.count).toBe(1);
    expect([mm.uffdUnregister(8 * P, P), mm.uffdUnregister(0, 4 * P)]).toEqual(['EINVAL', 0]);
    expectValid(mm);
  });

  it('gives back through one userfaultfd only what that one watches', () => {
    const mm = space(16);
    map(mm, 0, 4);
    expect([mm.uffdRegister(P, P, 1), mm.uffdRegister(2 * P, P, 2)]).toEqual([0, 0]);
    expect(mm.uffdUnregister(0, 4 * P)).toBe('EINVAL');
    expect(mm.vmas().map(({ uffdCtx }) => uffdCtx)).toEqual([0, 1, 2, 0]);
    expect([mm.uffdUnregister(0, 2 * P), mm.uffdUnregister(0, 4 * P)]).toEqual([0, 0]);
    expect(mm.count).toBe(1);
  });
});

describe('remap_file_pages', () => {
  it('maps other pages of the same object, over several pieces', () => {
    const mm = space(16);
    const a = standardFile('a');
    share(mm, 0, 4, a);
    expect(mm.remapFilePages(P, 2 * P, 20)).toBe(0);
    expect(shape(mm)).toBe('0-1 rw-s a@0, 1-3 rw-s a@20, 3-4 rw-s a@3');
    expect(mm.remapFilePages(0, 4 * P, 0)).toBe(0);
    expect(shape(mm)).toBe('0-4 rw-s a@0');
    expect(mm.remapFilePages(0, 5 * P, 0)).toBe('EINVAL');
    expect(mm.remapFilePages(0, P - 1, 0)).toBe('EINVAL');
    expect(mm.remapFilePages(0, P, 2 ** 51 - 1)).toBe('EOVERFLOW');
    expect(mm.remapFilePages(0, P, 2 ** 51 - 2)).toBe(0);
    expectValid(mm);
  });
});

describe('mremap', () => {
  it('shrinks over whatever is there, and grows in place', () => {
    const mm = space(16);
    map(mm, 0, 4);
    map(mm, 6, 8, 'r--');
    expect(mm.mremap(0, 7 * P, 2 * P, 0)).toBe(0);
    expect(shape(mm)).toBe('0-2 rw-, 7-8 r--');
    expect(mm.mremap(0, 2 * P, 7 * P, 0)).toBe(0);
    expect(mm.mremap(0, 7 * P, 8 * P, 0)).toBe('ENOMEM');
    expect(mm.mremap(0, 7 * P, 7 * P, 0)).toBe(0);
    expect(shape(mm)).toBe('0-7 rw-, 7-8 r--');
    expectValid(mm);
  });

  it('joins the next mapping when it grows up to it', () => {
    const mm = space(16);
    map(mm, 0, 2);
    map(mm, 4, 6);
    expect(mm.mremap(0, 2 * P, 4 * P, 0)).toBe(0);
    expect(shape(mm)).toBe('0-6 rw-');
    expectValid(mm);
  });

  it('keeps the charge of what is left of the source, also at page 0', () => {
    const mm = space(16);
    map(mm, 0, 6);
    expect(mm.mremap(2 * P, 2 * P, 2 * P, MOVE_TO, 10 * P)).toBe(10 * P);
    expect(mm.vmas().every((vma) => (vma.flags & VM_ACCOUNT) !== 0)).toBe(true);
    expect(mm.mm.committed).toBe(6);
    expectValid(mm);
  });

  it('moves several mappings and holes to the same distance', () => {
    const mm = space(32);
    map(mm, 0, 2);
    map(mm, 3, 5, 'r--');
    map(mm, 5, 6, '---');
    map(mm, 16, 24, 'r-x');
    expect(mm.mremap(0, 6 * P, 6 * P, MOVE_TO, 16 * P)).toBe(16 * P);
    expect(shape(mm)).toBe('16-18 rw-, 18-19 r-x, 19-21 r--, 21-22 ---, 22-24 r-x');
    expectValid(mm);
  });

  it('stops at an error with those before moved', () => {
    const mm = space(32);
    map(mm, 0, 2);
    map(mm, 2, 4, 'r--');
    mm.mseal(2 * P, 2 * P);
    expect(mm.mremap(0, 4 * P, 4 * P, MOVE_TO, 16 * P)).toBe('EPERM');
    expect(shape(mm)).toBe('2-4 r--, 16-18 rw-');
    expectValid(mm);
  });

  it('leaves the source with dontunmap, unwritten and unlocked', () => {
    const mm = space(32);
    map(mm, 0, 4);
    mm.mlock(0, 4 * P);
    expect(mm.mremap(0, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 16 * P)).toBe(16 * P);
    expect(shape(mm)).toBe('0-4 rw-, 16-20 rw- anon');
    expect(mm.mm.lockedVm).toBe(4);
    expectValid(mm);
  });

  it('moves unwritten memory beside itself into one', () => {
    const mm = space(32);
    map(mm, 4, 8);
    expect(mm.mremap(4 * P, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP | MREMAP_FIXED, 8 * P)).toBe(8 * P);
    expect(shape(mm)).toBe('4-12 rw-');
    expect(mm.mremap(4 * P, 2 * P, 2 * P, MOVE_TO, 12 * P)).toBe(12 * P);
    expect(shape(mm)).toBe('6-14 rw-');
    expectValid(mm);
  });

  it('copies shared memory with an old length of 0', () => {
    const mm = space(32);
    share(mm, 0, 2, null);
    expect(mm.mremap(0, 0, 2 * P, MREMAP_MAYMOVE)).toBe(30 * P);
    map(mm, 4, 5);
    expect(mm.mremap(4 * P, 0, P, MREMAP_MAYMOVE)).toBe('EINVAL');
    expect(mm.mremap(0, 0, 2 * P, MOVE_TO, 0)).toBe('EFAULT');
    expectValid(mm);
  });

  it('refuses in order', () => {
    const mm = space(32);
    map(mm, 0, 4);
    expect(mm.mremap(1, P, P, 0)).toBe('EINVAL');
    expect(mm.mremap(0, P, 0, 0)).toBe('EINVAL');
    expect(mm.mremap(0, P, P, MREMAP_FIXED, 8 * P)).toBe('EINVAL');
    expect(mm.mremap(0, P, P, MOVE_TO, 0)).toBe('EINVAL');
    expect(mm.mremap(0, P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 8 * P)).toBe('EINVAL');
    expect(mm.mremap(0, P, P, MOVE_TO, 32 * P)).toBe('EINVAL');
    expect(mm.mremap(8 * P, P, P, 0)).toBe('EFAULT');
    expect(mm.mremap(0, 6 * P, 8 * P, MREMAP_MAYMOVE)).toBe('EFAULT');
    expect(shape(mm)).toBe('0-4 rw-');
  });

  it('undoes a move that the file refuses', () => {
    const mm = space(32);
    const file = new MmFile('x', { ops: { mremap: () => 'EINVAL' } });
    map(mm, 0, 4, 'rw-', file);
    expect(mm.mremap(0, 4 * P, 4 * P, MOVE_TO, 8 * P)).toBe('EINVAL');
    expect(shape(mm)).toBe('0-4 rw- x@0');
    expectValid(mm);
  });

  it('in 6.12 moves one mapping only, and cuts a locked one out first', () => {
    const mm = space(32, { kernel: '6.12' });
    map(mm, 0, 4);
    map(mm, 4, 6, 'r--');
    expect(mm.mremap(0, 6 * P, 6 * P, MOVE_TO, 16 * P)).toBe('EFAULT');
    mm.mlock(0, 4 * P);
    expect(mm.mremap(P, P, P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 16 * P)).toBe(16 * P);
    expect(mm.mm.lockedVm).toBe(4);
    expect(shape(mm)).toBe('0-1 rw- anon, 1-2 rw-, 2-4 rw- anon, 4-6 r--, 16-17 rw- anon');
    expectValid(mm);
  });
});

describe('brk', () => {
  it('joins only what ends at the old end, and keeps a page free', () => {
    const mm = space(32, { brkPage: 8 });
    expect(mm.brk(10 * P + 1)).toBe(10 * P + 1);
    expect(shape(mm)).toBe('8-11 rw-');
    expect(mm.brk(12 * P)).toBe(12 * P);
    expect(shape(mm)).toBe('8-12 rw-');
    map(mm, 16, 17);
    expect(mm.brk(16 * P)).toBe(12 * P);
    expect(mm.brk(15 * P)).toBe(15 * P);
    mm.munmap(10 * P, 5 * P);
    expect(mm.brk(15 * P - 1)).toBe(15 * P - 1);
    expect(mm.brk(14 * P)).toBe(15 * P - 1);
    expect(mm.brk(9 * P)).toBe(9 * P);
    expect(mm.brk(7 * P)).toBe(9 * P);
    expect(shape(mm)).toBe('8-9 rw-, 16-17 rw-');
    expect(() => space(4).brk(0)).toThrow('no heap');
    expectValid(mm);
  });

  it('does not join what does not reach above the start of the heap', () => {
    const mm = space(32, { brkPage: 8 });
    map(mm, 6, 8);
    mm.brk(10 * P);
    expect(shape(mm)).toBe('6-8 rw-, 8-10 rw-');
    expectValid(mm);
  });
});

describe('touch', () => {
  it('grows a stack, but not into the guard gap of an accessible mapping', () => {
    const mm = space(600);
    map(mm, 590, 600, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSDOWN);
    map(mm, 10, 20, 'r--');
    expect(mm.touch(275 * P)).toBe('EFAULT');
    expect(mm.touch(276 * P)).toBe(0);
    expect(mm.mm.stackVm).toBe(324);
    mm.mprotect(10 * P, 10 * P, prot('---'));
    expect(mm.touch(20 * P)).toBe(0);
    expect(shape(mm)).toBe('10-20 ---, 20-600 rw- anon');
    expectValid(mm);
  });

  it('grows upwards where that is in use', () => {
    const mm = space(600);
    map(mm, 0, 2, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSUP);
    map(mm, 300, 301, 'r--');
    expect(mm.touch(44 * P)).toBe('EFAULT');
    expect(mm.touch(43 * P)).toBe(0);
    expect(shape(mm)).toBe('0-44 rw- anon, 300-301 r--');
    expectValid(mm);
  });

  it('leaves an anon_vma beyond the end of a file', () => {
    const mm = space(100);
    map(mm, 0, 2, 'rw-', standardFile('a'), 63);
    expect([mm.touch(P), mm.touch(0), mm.touch(50 * P)]).toEqual(['EFAULT', 0, 'EFAULT']);
    expect(shape(mm)).toBe('0-2 rw- a@63 anon');
  });

  it('asks the next neighbour first for its anon_vma', () => {
    const mm = space(16);
    map(mm, 0, 2, 'r--');
    map(mm, 2, 4, 'rw-');
    map(mm, 4, 6, 'rwx');
    mm.mprotect(0, 2 * P, prot('-w-'));
    mm.touch(0);
    mm.touch(4 * P);
    mm.touch(2 * P);
    const [below, middle, above] = mm.vmas();
    expect(middle.anonVma).toBe(above.anonVma);
    expect(middle.anonVma).not.toBe(below.anonVma);
  });
});

describe('fork', () => {
  it('copies a mapping of page 0 alone', () => {
    const parent = space(8);
    map(parent, 0, 1);
    const child = parent.fork();
    if (typeof child === 'string') throw new Error(child);
    expect(shape(child)).toBe('0-1 rw-');
    expect(child.vmas()[0]).not.toBe(parent.vmas()[0]);
    expectValid(child);
  });

  it('gives identities of its own, drops locks and what is not copied', () => {
    const parent = space(32);
    map(parent, 0, 4);
    parent.touch(0);
    parent.mprotect(2 * P, 2 * P, prot('r--'));
    map(parent, 8, 10);
    parent.madvise(8 * P, 2 * P, 'dontfork');
    share(parent, 12, 16, standardFile('dev'));
    map(parent, 20, 22);
    parent.madvise(20 * P, 2 * P, 'wipeonfork');
    parent.touch(20 * P);
    parent.mlock(0, P);
    const child = parent.fork();
    if (typeof child === 'string') throw new Error(child);
    expect(shape(child)).toBe('0-1 rw- anon, 1-2 rw- anon, 2-4 r-- anon, 20-22 rw-');
    const [a, b, c] = child.vmas();
    expect(new Set([a.anonVma, b.anonVma, c.anonVma]).size).toBe(3);
    expect(a.anonVma!.inherited).toBe(true);
    expect(child.mm.lockedVm).toBe(0);
    expectValid(child);
    parent.exit();
    expectValid(child);
  });
});
