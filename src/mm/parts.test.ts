/** The small parts: flags, errors, events, the allocation counter, the iterator, the checks of a whole space. */
import { Allocations } from './allocations';
import { errnoName } from './errno';
import { few, MM_EVENT_BASE, MM_EVENT_COUNT, mmEventName, some } from './events';
import { MmFile, STANDARD_FILES, standardFile } from './file';
import { PAGE_SIZE } from './mm';
import { map, shape, share, space } from './testing/spaces';
import { validateMm } from './validate';
import {
  accountableMapping,
  flagCodes,
  isDataMapping,
  isExecMapping,
  isStackMapping,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_IO,
  VM_NORESERVE,
  VM_PFNMAP,
  VM_READ,
  VM_SEALED,
  VM_SHARED,
  VM_WRITE,
} from './vm-flags';

const P = PAGE_SIZE;

describe('flags', () => {
  it('are printed in the order of the kernel', () => {
    expect(flagCodes(VM_SEALED | VM_READ | VM_IO | VM_PFNMAP)).toBe('rd pf io sl');
    expect(flagCodes(0)).toBe('');
  });

  it('say what a mapping is counted as', () => {
    expect([isExecMapping(VM_EXEC), isExecMapping(VM_EXEC | VM_WRITE)]).toEqual([true, false]);
    expect([isStackMapping(VM_GROWSDOWN), isDataMapping(VM_WRITE | VM_GROWSDOWN)]).toEqual([true, false]);
    expect([isDataMapping(VM_WRITE), isDataMapping(VM_WRITE | VM_SHARED)]).toEqual([true, false]);
    expect([accountableMapping(VM_WRITE), accountableMapping(VM_WRITE | VM_NORESERVE)]).toEqual([true, false]);
  });
});

describe('names', () => {
  it('of errors are those of the kernel, and nothing else', () => {
    expect([errnoName(-12), errnoName(-75)]).toEqual(['ENOMEM', 'EOVERFLOW']);
    expect(() => errnoName(-1000)).toThrow('-1000');
  });

  it('of events are all different, and begin at the base', () => {
    const names = Array.from({ length: MM_EVENT_COUNT }, (_, i) => mmEventName(MM_EVENT_BASE + i));
    expect(names).not.toContain(null);
    expect(new Set(names).size).toBe(names.length);
    expect([mmEventName(MM_EVENT_BASE - 1), mmEventName(MM_EVENT_BASE + MM_EVENT_COUNT)]).toEqual([null, null]);
    expect([few(0), few(2), few(3), few(99)]).toEqual([0, 2, 3, 3]);
    expect([some(1), some(2), some(3), some(99)]).toEqual([0, 1, 2, 2]);
  });

  it('of files are known or refused', () => {
    expect(STANDARD_FILES.map((name) => standardFile(name).name)).toEqual(STANDARD_FILES);
    expect(() => standardFile('z')).toThrow('z is none of');
  });
});

describe('the allocation counter', () => {
  it('lets the n-th fail, once', () => {
    const allocations = new Allocations();
    allocations.failAt(2);
    expect([allocations.take(), allocations.take(), allocations.take()]).toEqual([true, false, true]);
    expect([allocations.made, allocations.failed]).toEqual([3, true]);
    allocations.failAt(1);
    allocations.callOff();
    expect([allocations.take(), allocations.failed]).toEqual([true, false]);
  });
});

describe('the iterator', () => {
  it('rewinds to the gap before the next mapping', () => {
    const mm = space(16);
    map(mm, 2, 4);
    map(mm, 8, 10, 'r--');
    const [first, second] = mm.vmas();
    const { vmi } = mm.mm;
    vmi.set(5);
    expect(vmi.nextRewind()).toBe(second);
    expect([vmi.rewoundPrev, vmi.addr, vmi.end]).toEqual([first, 4, 8]);
    vmi.set(0);
    expect(vmi.nextRewind()).toBe(first);
    expect([vmi.rewoundPrev, vmi.addr]).toEqual([null, 0]);
  });

  it('goes on at its page below the lowest mapping', () => {
    const mm = space(16);
    map(mm, 0, 4);
    const { vmi } = mm.mm;
    expect(vmi.set(0).find(1)).not.toBeNull();
    expect(vmi.prev()).toBeNull();
    expect(vmi.find(1)).toBe(mm.vmas()[0]);
  });

  it('steps over gaps or into them', () => {
    const mm = space(16);
    map(mm, 2, 4);
    map(mm, 8, 10, 'r--');
    const [first, second] = mm.vmas();
    const { vmi } = mm.mm;
    expect(vmi.set(2).load()).toBe(first);
    expect([vmi.nextRange(), vmi.addr, vmi.end]).toEqual([null, 4, 8]);
    expect([vmi.nextRange(), vmi.prevLimit(3), vmi.prev()]).toEqual([second, first, null]);
    expect(vmi.set(8).prevLimit(4)).toBeNull();
  });
});

describe('a walk over all mappings', () => {
  it('gives them in order, without a list', () => {
    const mm = space(16);
    map(mm, 0, 2);
    map(mm, 4, 6, 'r--');
    const starts: number[] = [];
    for (let vma = mm.firstVma(); vma !== null; vma = mm.nextVma()) starts.push(vma.start);
    expect(starts).toEqual([0, 4]);
    expect(mm.find(3 * P)).toBe(mm.vmas()[1]);
    expect(mm.find(7 * P)).toBeNull();
  });
});

describe('validateMm', () => {
  const broken = (spoil: (mm: ReturnType<typeof space>) => void): string => {
    const mm = space(16);
    map(mm, 0, 4);
    mm.touch(0);
    share(mm, 8, 12, new MmFile('x'));
    expect(validateMm(mm.mm)).toEqual([]);
    spoil(mm);
    return validateMm(mm.mm).join('; ');
  };

  it('tells what is wrong, with both numbers', () => {
    expect(broken((mm) => mm.mm.totalVm++)).toBe('totalVm is 9, a recount gives 8');
    expect(broken((mm) => mm.mm.mapCount--)).toBe('mapCount is 1, a recount gives 2');
    expect(broken((mm) => mm.vmas()[0].end++)).toContain('[0, 5) anon@0 is stored over [0, 4)');
    expect(
      broken((mm) => {
        mm.vmas()[0].detached = true;
      }),
    ).toContain('is in the tree and detached');
    expect(broken((mm) => mm.vmas()[0].anonVma!.users++)).toContain('anon_vma 1 has 2 users, a recount gives 1');
    expect(
      broken((mm) => {
        mm.vmas()[1].anonVma = mm.vmas()[0].anonVma;
      }),
    ).toContain('is shared and has an anon_vma');
    expect(
      broken((mm) => {
        mm.vmas()[0].uffdCtx = 1;
      }),
    ).toContain('its flag disagrees');
    expect(broken((mm) => mm.mm.tree.storeRange(14, 20, mm.vmas()[1]))).toContain('leaves');
    expect(
      broken((mm) => {
        mm.vmas()[1].file = null;
      }),
    ).toContain('has no file');
    expect(broken((mm) => (mm.vmas()[1].pgoff = -1))).toContain('negative page offset');
  });
});

describe('small nodes', () => {
  it('hold the same mappings', () => {
    const small = space(64, { leafSlots: 4, innerSlots: 4 });
    const normal = space(64);
    for (const mm of [small, normal]) {
      for (let page = 0; page < 60; page += 3) map(mm, page, page + 2, page % 2 === 0 ? 'rw-' : 'r--');
      mm.munmap(7 * P, 20 * P);
      mm.mprotect(30 * P, 2 * P, VM_READ);
      expect(validateMm(mm.mm)).toEqual([]);
    }
    expect(shape(small)).toBe(shape(normal));
  });
});
