import { MERGE_CASE_1, MERGE_NEW_BOTH } from './events';
import { MmFile, standardFile } from './file';
import {
  canMergeRemoveVma,
  canVmaMergeAfter,
  canVmaMergeBefore,
  vmaMergeExistingRange,
  vmaMergeNewRange,
  vmaShrink,
} from './merge';
import { PAGE_SIZE } from './mm';
import { eventsOf, expectValid, map, prot, shape, space } from './testing/spaces';
import { VM_DONTDUMP } from './vm-flags';

const P = PAGE_SIZE;

/** prev, middle, next: three mappings of 4 pages that differ in protection. */
function three(before: string, middle: string, after: string): ReturnType<typeof space> {
  const mm = space(16);
  if (before !== '') map(mm, 0, 4, before);
  map(mm, 4, 8, middle);
  if (after !== '') map(mm, 8, 12, after);
  return mm;
}

describe('a change within an existing mapping', () => {
  it('joins both sides when all of it becomes like them', () => {
    const mm = three('r--', '---', 'r--');
    const events = eventsOf(() => expect(mm.mprotect(4 * P, 4 * P, prot('r--'))).toBe(0));
    expect(shape(mm)).toBe('0-12 r--');
    expect(events.has(MERGE_CASE_1)).toBe(true);
    expectValid(mm);
  });

  it('joins the left side, and is gone', () => {
    const mm = three('r--', '---', '');
    mm.mprotect(4 * P, 4 * P, prot('r--'));
    expect(shape(mm)).toBe('0-8 r--');
    expectValid(mm);
  });

  it('joins the left side with its front, and shrinks', () => {
    const mm = three('r--', '---', '');
    mm.mprotect(4 * P, 2 * P, prot('r--'));
    expect(shape(mm)).toBe('0-6 r--, 6-8 ---');
    expectValid(mm);
  });

  it('joins the right side, and is gone', () => {
    const mm = three('', '---', 'r--');
    mm.mprotect(4 * P, 4 * P, prot('r--'));
    expect(shape(mm)).toBe('4-12 r--');
    expectValid(mm);
  });

  it('joins the right side with its rear, and shrinks', () => {
    const mm = three('', '---', 'r--');
    mm.mprotect(6 * P, 2 * P, prot('r--'));
    expect(shape(mm)).toBe('4-6 ---, 6-12 r--');
    expectValid(mm);
  });

  it('is cut out when neither side is like it', () => {
    const mm = three('rw-', '---', 'rw-');
    mm.mprotect(5 * P, 2 * P, prot('r--'));
    expect(shape(mm)).toBe('0-4 rw-, 4-5 ---, 5-7 r--, 7-8 ---, 8-12 rw-');
    expectValid(mm);
  });

  it('carries the offset in the file over each of the cases', () => {
    const mm = space(16);
    const a = standardFile('a');
    map(mm, 2, 10, 'r--', a, 20);
    mm.mprotect(4 * P, 2 * P, prot('rw-'));
    mm.mprotect(2 * P, 2 * P, prot('rw-'));
    expect(shape(mm)).toBe('2-6 rw- a@20, 6-10 r-- a@24');
    mm.mprotect(5 * P, P, prot('r--'));
    expect(shape(mm)).toBe('2-5 rw- a@20, 5-6 r-- a@23, 6-10 r-- a@24');
    expectValid(mm);
  });

  it('takes the anon_vma of the part that joins', () => {
    const mm = three('r--', 'rw-', '');
    mm.touch(4 * P);
    mm.madvise(0, 4 * P, 'mergeable');
    mm.madvise(4 * P, 4 * P, 'mergeable');
    // The written one keeps its charge, and so does not join what was never charged.
    mm.mprotect(4 * P, 4 * P, prot('r--'));
    expect(shape(mm)).toBe('0-4 r--, 4-8 r-- anon');
    mm.mprotect(0, 4 * P, prot('rw-'));
    mm.mprotect(4 * P, 4 * P, prot('rw-'));
    expect(shape(mm)).toBe('0-8 rw- anon');
    expectValid(mm);
  });
});

describe('a mapping with a close hook', () => {
  const closer = (): MmFile => standardFile('closer');

  it('is never removed by a change: not as the middle', () => {
    const mm = space(16);
    const file = closer();
    map(mm, 0, 3, 'r--', file);
    mm.mprotect(P, P, prot('---'));
    mm.mprotect(0, P, prot('rw-'));
    mm.mprotect(P, P, prot('rw-'));
    expect(shape(mm)).toBe('0-1 rw- closer@0, 1-2 rw- closer@1, 2-3 r-- closer@2');
    expect(file.opened).toBe(3);
    expect(file.references).toBe(3);
    expectValid(mm);
  });

  it('may give a part away', () => {
    const mm = space(16);
    map(mm, 0, 4, 'r--', closer());
    mm.mprotect(0, 2 * P, prot('rw-'));
    mm.mprotect(2 * P, P, prot('rw-'));
    expect(shape(mm)).toBe('0-3 rw- closer@0, 3-4 r-- closer@3');
    expectValid(mm);
  });

  it('stays beside a new range that could join both sides', () => {
    const mm = space(16);
    const file = closer();
    map(mm, 0, 2, 'r--', file, 0);
    map(mm, 4, 6, 'r--', file, 4);
    map(mm, 2, 4, 'r--', file, 2);
    expect(shape(mm)).toBe('0-4 r-- closer@0, 4-6 r-- closer@4');
    expect(file.opened).toBe(2);
    expectValid(mm);
  });

  it('is what canMergeRemoveVma asks for', () => {
    const mm = space(16);
    map(mm, 0, 1, 'r--', closer());
    map(mm, 1, 2, 'r--', standardFile('a'));
    expect(mm.vmas().map(canMergeRemoveVma)).toEqual([false, true]);
  });
});

describe('a new range', () => {
  it('joins the left, the right, or both', () => {
    const mm = space(16);
    map(mm, 0, 2);
    map(mm, 2, 4);
    expect(shape(mm)).toBe('0-4 rw-');
    map(mm, 6, 8);
    map(mm, 5, 6);
    expect(shape(mm)).toBe('0-4 rw-, 5-8 rw-');
    const events = eventsOf(() => map(mm, 4, 5));
    expect(shape(mm)).toBe('0-8 rw-');
    expect(events.has(MERGE_NEW_BOTH)).toBe(true);
    expect(mm.count).toBe(1);
    expectValid(mm);
  });

  it('joins the lower side alone if the two have different anon_vmas', () => {
    const mm = space(16);
    map(mm, 0, 2);
    map(mm, 4, 6);
    mm.touch(0);
    mm.touch(4 * P);
    map(mm, 2, 4);
    expect(shape(mm)).toBe('0-4 rw- anon, 4-6 rw- anon');
    expectValid(mm);
  });

  it('does not join what came over a fork', () => {
    const parent = space(16);
    map(parent, 0, 2);
    parent.touch(0);
    const child = parent.fork();
    if (typeof child === 'string') throw new Error(child);
    map(child, 2, 4);
    expect(shape(child)).toBe('0-2 rw- anon, 2-4 rw-');
    map(parent, 2, 4);
    expect(shape(parent)).toBe('0-4 rw- anon');
    expectValid(child);
    expectValid(parent);
  });

  it.each(['dev', 'pfn', 'mixed'])('of %s joins nothing', (name) => {
    const mm = space(16);
    const file = new MmFile(name, {}, standardFile(name).ops);
    map(mm, 0, 2, 'rw-', file, 0);
    map(mm, 2, 4, 'rw-', file, 2);
    expect(mm.count).toBe(2);
    mm.madvise(0, 2 * P, 'dontdump');
    mm.madvise(2 * P, 2 * P, 'dontdump');
    expect(mm.count).toBe(2);
    expectValid(mm);
  });
});

describe('what keeps a range from joining', () => {
  const cases: [string, (mm: ReturnType<typeof space>) => unknown][] = [
    ['flags', (mm) => mm.madvise(0, 2 * P, 'dontdump')],
    ['policy', (mm) => mm.mbind(0, 2 * P, 1)],
    ['a userfaultfd context', (mm) => mm.uffdRegister(0, 2 * P, 1)],
    ['a name', (mm) => mm.setVmaName(0, 2 * P, 'heap')],
    ['a lock', (mm) => mm.mlock(0, 2 * P, true)],
  ];
  it.each(cases)('%s', (_what, change) => {
    const mm = space(16);
    map(mm, 0, 2);
    expect(change(mm)).toBe(0);
    map(mm, 2, 4);
    expect(mm.count).toBe(2);
    expectValid(mm);
  });

  it('an offset that does not run on', () => {
    const mm = space(16);
    const a = standardFile('a');
    map(mm, 0, 2, 'r--', a, 0);
    map(mm, 2, 4, 'r--', a, 3);
    expect(shape(mm)).toBe('0-2 r-- a@0, 2-4 r-- a@3');
    map(mm, 2, 4, 'r--', standardFile('b'), 2);
    expect(mm.count).toBe(2);
  });

  it('is asked by canVmaMergeAfter and canVmaMergeBefore alone', () => {
    const { mm } = space(16);
    const vmg = mm.vmg.forRange(mm.vmi, 2, 4, VM_DONTDUMP, 2);
    vmg.prev = vmg.next = null;
    const owner = space(16);
    map(owner, 0, 2);
    map(owner, 4, 6);
    const [below, above] = owner.vmas();
    vmg.prev = below;
    vmg.next = above;
    expect(canVmaMergeAfter(mm, vmg)).toBe(false);
    vmg.flags = below.flags;
    expect(canVmaMergeAfter(mm, vmg)).toBe(true);
    expect(canVmaMergeBefore(mm, vmg)).toBe(true);
    vmg.pgoff = 3;
    expect(canVmaMergeAfter(mm, vmg)).toBe(false);
    expect(canVmaMergeBefore(mm, vmg)).toBe(false);
  });
});

describe('6.12', () => {
  it('does not join a written range to an unwritten neighbour, 6.18 does', () => {
    for (const kernel of ['6.12', '6.18'] as const) {
      const mm = space(16, { kernel });
      map(mm, 0, 2, 'rw-');
      map(mm, 2, 4, 'rwx');
      mm.touch(2 * P);
      mm.mprotect(2 * P, 2 * P, prot('rw-'));
      expect(shape(mm)).toBe(kernel === '6.18' ? '0-4 rw- anon' : '0-2 rw-, 2-4 rw- anon');
      expectValid(mm);
    }
  });
});

describe('want of memory in a merge', () => {
  it('puts the iterator and the anon_vma of an existing range back', () => {
    const mm = space(16);
    map(mm, 0, 2, 'rw-');
    map(mm, 2, 4, 'rwx');
    mm.touch(2 * P);
    const [prev, middle] = mm.vmas();
    const { vmi } = mm.mm;
    vmi.set(2);
    vmi.load();
    const vmg = mm.mm.vmg.forVma(vmi, prev, middle, 2, 4);
    vmg.middle = middle;
    vmg.flags = prev.flags;
    mm.mm.allocations.failAt(2);
    expect(vmaMergeExistingRange(mm.mm, vmg)).toBeNull();
    expect(vmg.nomem).toBe(true);
    expect(prev.anonVma).toBeNull();
    expect(middle.anonVma!.users).toBe(1);
    expect(vmi.addr).toBe(2);
    expectValid(mm);
  });

  it('leaves a new range as it was, for another attempt', () => {
    const mm = space(16);
    map(mm, 0, 2, 'rw-');
    const [prev] = mm.vmas();
    const { vmi } = mm.mm;
    vmi.set(2);
    const vmg = mm.mm.vmg.forRange(vmi, 2, 4, prev.flags, 2);
    vmg.next = vmi.nextRewind();
    vmg.prev = vmi.rewoundPrev;
    mm.mm.allocations.failAt(1);
    expect(vmaMergeNewRange(mm.mm, vmg)).toBeNull();
    expect([vmg.start, vmg.end, vmg.pgoff, vmg.target, vmg.nomem]).toEqual([2, 4, 2, null, true]);
    expect(vmaMergeNewRange(mm.mm, vmg)).toBe(prev);
    expect(prev.end).toBe(4);
  });
});

describe('vmaShrink', () => {
  it('takes pages from either end', () => {
    const mm = space(16);
    map(mm, 2, 10);
    const [vma] = mm.vmas();
    expect(vmaShrink(mm.mm, mm.mm.vmi.set(2), vma, 2, 8, 2)).toBe(0);
    expect(shape(mm)).toBe('2-8 rw-');
    expect(vmaShrink(mm.mm, mm.mm.vmi.set(2), vma, 4, 8, 4)).toBe(0);
    expect(shape(mm)).toBe('4-8 rw-');
    expect(vma.pgoff).toBe(4);
    mm.mm.allocations.failAt(1);
    expect(vmaShrink(mm.mm, mm.mm.vmi.set(4), vma, 5, 8, 5)).toBe(-12);
    expect(shape(mm)).toBe('4-8 rw-');
  });
});
