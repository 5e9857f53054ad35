/** Each debug assertion of the VMA code is broken on purpose: internals get an iterator or a plan that is wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyVma } from './copy-vma';
import { MmFile, standardFile, type VmOperations } from './file';
import { vmaExpand, vmaMergeExistingRange, vmaMergeNewRange, vmaShrink } from './merge';
import { checkExistingGaveUp, checkMergeExisting, checkNewGaveUp } from './merge-checks';
import type { VmaMerge } from './merge-state';
import { PAGE_SIZE } from './mm';
import { MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from './mman';
import { vmaModifyFlagsUffd } from './modify';
import { vmsCompleteMunmapVmas, vmsGatherMunmapVmas } from './munmap';
import { vmaComplete, vmaPrep, vmaPrepare } from './prepare';
import { __splitVma } from './split';
import { map, rulesBrokenBy, space } from './testing/spaces';
import { VM_READ, VM_WRITE } from './vm-flags';
import { Vma } from './vma';

const P = PAGE_SIZE;

/** Three touching mappings of 4 pages each, different from each other: r--, ---, rw-. */
function three(): ReturnType<typeof space> {
  const mm = space(64);
  map(mm, 4, 8, 'r--');
  map(mm, 8, 12, '---');
  map(mm, 12, 16, 'rw-');
  return mm;
}

/** A description of a change of [start, end) of the mapping number k, with the iterator at `at`. */
function change(mm: ReturnType<typeof space>, k: number, start: number, end: number, at: number): VmaMerge {
  const vmas = mm.vmas();
  const { vmi } = mm.mm;
  vmi.set(at);
  vmi.load();
  const vmg = mm.mm.vmg.forVma(vmi, vmas[k - 1] ?? null, vmas[k], start, end);
  vmg.middle = vmas[k];
  return vmg;
}

/** A description of the new range [start, end), with the iterator at `at`. */
function added(mm: ReturnType<typeof space>, start: number, end: number, at: number): VmaMerge {
  const vmg = mm.mm.vmg.forRange(mm.mm.vmi.set(at), start, end, VM_READ, start);
  vmg.vmi.load();
  const vmas = mm.vmas();
  vmg.prev = vmas.filter((vma) => vma.end <= start).pop() ?? null;
  vmg.next = vmas.find((vma) => vma.start >= end) ?? null;
  return vmg;
}

describe('before a merge of an existing range', () => {
  const broken = (mm: ReturnType<typeof space>, vmg: VmaMerge): string[] =>
    rulesBrokenBy(() => vmaMergeExistingRange(mm.mm, vmg));

  it('nothing is said of a right description', () => {
    const mm = three();
    expect(broken(mm, change(mm, 1, 8, 12, 8))).toEqual([]);
  });

  it('the iterator is within the mapping', () => {
    const mm = three();
    expect(broken(mm, change(mm, 1, 8, 12, 12))).toContain('merge-iterator-not-in-middle');
  });

  it('next is not given', () => {
    const mm = three();
    const vmg = change(mm, 1, 9, 10, 8);
    vmg.prev = vmg.middle;
    vmg.next = mm.vmas()[2];
    expect(broken(mm, vmg)).toEqual(['merge-next-given']);
  });

  it('the range lies in the mapping, and prev below it', () => {
    const mm = three();
    expect(broken(mm, change(mm, 1, 9, 12, 8))).toContain('merge-range-not-in-middle');
    const vmg = change(mm, 1, 8, 12, 8);
    vmg.prev = mm.vmas()[2];
    expect(broken(mm, vmg)).toContain('merge-prev-not-before');
    const empty = change(mm, 1, 8, 8, 8);
    expect(broken(mm, empty)).toContain('merge-range-empty');
  });

  it('it is no copy', () => {
    const mm = three();
    const vmg = change(mm, 1, 8, 12, 8);
    vmg.copiedFrom = vmg.middle;
    expect(broken(mm, vmg)).toContain('merge-copy-of-existing');
  });

  it('a mapping is given', () => {
    const mm = three();
    const vmg = change(mm, 1, 8, 12, 8);
    vmg.middle = null;
    expect(rulesBrokenBy(() => checkMergeExisting(vmg))).toEqual(['merge-without-middle']);
  });

  it('given up, the iterator is where it was', () => {
    const mm = three();
    const vmg = change(mm, 1, 8, 12, 8);
    vmg.vmi.prev();
    expect(rulesBrokenBy(() => checkExistingGaveUp(vmg))).toEqual(['merge-gave-up-off-middle']);
  });
});

describe('before a merge of a new range', () => {
  const broken = (mm: ReturnType<typeof space>, vmg: VmaMerge): string[] =>
    rulesBrokenBy(() => vmaMergeNewRange(mm.mm, vmg));

  it('nothing is said of a right description', () => {
    const mm = three();
    expect(broken(mm, added(mm, 20, 24, 20))).toEqual([]);
  });

  it('the address of the iterator is not beyond its start', () => {
    const mm = three();
    const vmg = added(mm, 0, 2, 0);
    vmg.vmi.set(3);
    expect(broken(mm, vmg)).toEqual(['merge-new-iterator-beyond']);
  });

  it('what the iterator stands on ends at or before its start', () => {
    const mm = three();
    const vmg = added(mm, 10, 11, 8);
    vmg.next = mm.vmas()[2];
    expect(broken(mm, vmg)).toContain('merge-new-iterator-overlaps');
  });

  it('what lies in it is gathered', () => {
    const mm = three();
    const vmg = added(mm, 7, 9, 6);
    expect(broken(mm, vmg)).toContain('merge-new-range-occupied');
  });

  it('the walked next mapping starts at or after its end', () => {
    const mm = three();
    const vmg = added(mm, 2, 4, 0);
    vmg.end = 5;
    expect(broken(mm, vmg)).toContain('merge-new-next-overlaps');
    const wrong = added(mm, 2, 4, 0);
    wrong.next = mm.vmas()[1];
    expect(broken(mm, wrong)).toContain('merge-new-next-wrong');
  });

  it('neither middle nor target is given', () => {
    const mm = three();
    const vmg = added(mm, 20, 24, 20);
    vmg.middle = mm.vmas()[0];
    expect(broken(mm, vmg)).toContain('merge-new-middle-given');
    const other = added(mm, 20, 24, 20);
    other.flags = 0;
    other.target = mm.vmas()[2];
    expect(broken(mm, other)).toContain('merge-new-target-given');
  });

  it('given up, the iterator is stepped back', () => {
    const mm = three();
    const vmg = added(mm, 20, 24, 20);
    const { addr } = vmg.vmi;
    vmg.vmi.prev();
    expect(rulesBrokenBy(() => checkNewGaveUp(vmg, addr))).toEqual(['merge-new-gave-up-elsewhere']);
  });
});

describe('growing a mapping', () => {
  const plan = (mm: ReturnType<typeof space>, target: number, start: number, end: number): VmaMerge => {
    const vmas = mm.vmas();
    const vmg = mm.mm.vmg.forRange(mm.mm.vmi.set(start), start, end, vmas[target].flags, start);
    vmg.target = vmas[target];
    vmg.pgoff = vmas[target].pgoff;
    vmg.next = vmas[target + 1] ?? null;
    return vmg;
  };

  it('does not end within the next one', () => {
    const mm = three();
    expect(rulesBrokenBy(() => vmaExpand(mm.mm, plan(mm, 0, 4, 10)))).toContain('expand-overlaps-next');
  });

  it('does not shrink it', () => {
    const mm = three();
    expect(rulesBrokenBy(() => vmaExpand(mm.mm, plan(mm, 0, 5, 8)))).toContain('expand-shrinks');
  });

  it('does not swallow one with a close hook', () => {
    const mm = space(16);
    const file = standardFile('closer');
    map(mm, 0, 4, 'r--', file, 0);
    map(mm, 4, 8, 'rw-', file, 4);
    const rules = rulesBrokenBy(() => vmaExpand(mm.mm, plan(mm, 0, 0, 8)));
    expect(rules).toContain('expand-removes-closer');
    expect(rules).toContain('merge-removed-closer');
  });
});

describe('writing through an iterator', () => {
  it('begins where it stands', () => {
    const mm = three();
    const { vmi } = mm.mm;
    vmi.set(4).load();
    expect(rulesBrokenBy(() => vmi.config(8, 12))).toEqual(['iterator-not-at-write']);
    vmi.set(12).load();
    expect(rulesBrokenBy(() => vmi.config(8, 12))).toEqual(['iterator-not-at-write']);
    vmi.set(12).load();
    expect(rulesBrokenBy(() => vmi.config(12, 12))).toEqual(['write-range-empty']);
  });

  it('is over the range of the mapping, which is attached', () => {
    const mm = three();
    const { vmi } = mm.mm;
    const [first] = mm.vmas();
    vmi.set(8).load();
    vmi.config(8, 12);
    vmi.prealloc(first);
    expect(rulesBrokenBy(() => vmi.store(first))).toEqual(['store-not-over-vma']);
    const vma = new Vma();
    vma.start = 20;
    vma.end = 21;
    vma.detached = true;
    vmi.set(20);
    vmi.config(20, 21);
    vmi.prealloc(vma);
    expect(rulesBrokenBy(() => vmi.store(vma))).toEqual(['store-of-detached']);
  });
});

describe('splitting', () => {
  it('cuts inside', () => {
    const mm = three();
    const [first] = mm.vmas();
    const { vmi } = mm.mm;
    vmi.set(4).load();
    const rules = rulesBrokenBy(() => {
      try {
        __splitVma(mm.mm, vmi, first, 8, false);
      } catch {
        // A range that is empty is refused by the tree.
      }
    });
    expect(rules).toContain('split-outside');
  });

  it('ends with the iterator on the mapping that was there', () => {
    const mm = three();
    const first = mm.vmas()[0];
    const { vmi } = mm.mm;
    // The iterator is on another mapping than the one that is split: what it finds behind the new part is not that one.
    vmi.set(12).load();
    first.start = 12;
    first.end = 16;
    expect(rulesBrokenBy(() => __splitVma(mm.mm, vmi, first, 14, false))).toContain('split-iterator');
  });

  it('is not wanted where want of memory is to be passed over', () => {
    const mm = three();
    const [, middle] = mm.vmas();
    const { vmi } = mm.mm;
    vmi.set(8).load();
    const rules = rulesBrokenBy(() => vmaModifyFlagsUffd(mm.mm, vmi, middle, middle, 9, 10, 0, 0, true));
    expect(rules).toEqual(['modify-split-unwanted']);
  });
});

describe('swallowing and shrinking', () => {
  it('covers what it swallows', () => {
    const mm = three();
    const [first, second] = mm.vmas();
    const vp = vmaPrep.forVma(first);
    vp.remove = second;
    vmaPrepare(vp);
    expect(rulesBrokenBy(() => vmaComplete(mm.mm, vp, mm.mm.vmi))).toEqual(['swallowed-not-covered']);
  });

  it('shrinks at one end at a time', () => {
    const mm = three();
    const [first] = mm.vmas();
    expect(rulesBrokenBy(() => vmaShrink(mm.mm, mm.mm.vmi.set(4), first, 5, 7, 5))).toEqual(['shrink-both-ends']);
  });
});

describe('gathering', () => {
  it('finds in the tree what it has gathered', () => {
    const mm = three();
    const { vmi, vms } = mm.mm;
    const first = vmi.set(4).find(12)!;
    vms.init(vmi, first, 4, 12);
    // A mapping was moved without the tree: it is neither where it is gathered nor inside the range.
    mm.vmas()[1].end = 11;
    const stray = new Vma();
    vms.add(stray);
    const rules = rulesBrokenBy(() => vmsGatherMunmapVmas(mm.mm, vms));
    expect(rules).toContain('gather-mismatch');
    expect(rules).toContain('gather-lost');
  });

  it('gathers nothing outside', () => {
    const mm = three();
    const { vmi, vms } = mm.mm;
    const first = vmi.set(4).find(12)!;
    first.start = 3;
    vms.init(vmi, first, 4, 12);
    vms.start = 3;
    first.start = 2;
    const rules = rulesBrokenBy(() => {
      vms.start = 2;
      first.start = 1;
      // Below the start, but not split, for the split looks at the first mapping alone.
      vms.vma = mm.vmas()[1];
      vmsGatherMunmapVmas(mm.mm, vms);
    });
    expect(rules).toContain('gathered-outside');
  });

  it('does not take more from a counter than there is', () => {
    const mm = three();
    const { vms } = mm.mm;
    vms.init(mm.mm.vmi.set(4), mm.vmas()[0], 4, 8);
    vms.nrPages = 4;
    vms.execVm = vms.stackVm = vms.dataVm = 100;
    expect(rulesBrokenBy(() => vmsCompleteMunmapVmas(mm.mm, vms))).toEqual([
      'exec-vm-underflow',
      'stack-vm-underflow',
      'data-vm-underflow',
    ]);
  });
});

describe('copying', () => {
  it('does not swallow a source that was written', () => {
    const mm = space(64);
    map(mm, 8, 12);
    mm.touch(8 * P);
    const [source] = mm.vmas();
    // Offsets that run on between a written mapping and its copy cannot come about; here they are forged.
    map(mm, 16, 20, 'rw-');
    const other = mm.vmas()[1];
    other.anonVma = source.anonVma;
    source.start = 17;
    const rules = rulesBrokenBy(() => copyVma(mm.mm, source, 12, 4, 12, false));
    expect(rules).toContain('copy-swallowed-faulted');
  });
});

describe('the loops over a range', () => {
  it.each(['mprotect', 'mlock'])('%s goes on where the piece ends', (call) => {
    const mm = three();
    // The tree and the mapping disagree on its end.
    mm.vmas()[2].end = 17;
    const rules = rulesBrokenBy(() =>
      call === 'mlock' ? mm.munlock(12 * P, P) : mm.mprotect(12 * P, P, VM_WRITE | VM_READ),
    );
    expect(rules).toContain('range-iterator');
  });
});

describe('moving', () => {
  it('gives the charge back to what touches the hole', () => {
    const mm = space(64);
    const hooks: VmOperations = {
      close() {
        const [below, above] = mm.vmas();
        below.end = 1;
        above.start = 7;
      },
    };
    const file = new MmFile('x', {}, hooks);
    map(mm, 0, 8, 'rw-', file);
    const rules = rulesBrokenBy(() => mm.mremap(2 * P, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, 20 * P));
    expect(rules).toEqual(['account-below', 'account-above']);
  });

  it('keeps several mappings in step', () => {
    const mm = space(64);
    map(mm, 4, 6, 'rw-');
    map(mm, 6, 8, 'r--');
    // The tree and the second mapping disagree on its start; with the source left mapped the move goes on all the same.
    mm.vmas()[1].start = 2;
    const flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
    const rules = rulesBrokenBy(() => mm.mremap(4 * P, 4 * P, 4 * P, flags, 20 * P));
    expect(rules).toContain('move-not-in-step');
  });
});

it('every rule that the code can complain of is broken by a test of this file', () => {
  const here = readdirSync(__dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const rules = new Set<string>();
  for (const name of here) {
    const text = readFileSync(join(__dirname, name), 'utf8');
    for (const [, rule] of text.matchAll(/warn\(\s*'([a-z-]+)'/g)) rules.add(rule);
  }
  const tests = readFileSync(__filename, 'utf8');
  expect(rules.size).toBeGreaterThan(20);
  expect([...rules].filter((rule) => !tests.includes(`'${rule}'`))).toEqual([]);
});
