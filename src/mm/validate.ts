/**
 * Whether an address space is in order (validate_mm): the tree against its mappings, the counters against a recount.
 *
 * Rules that hold here:
 * - A message carries the place and both numbers. No messages: all is well.
 * - It reads everything, so it costs as much as there are mappings; nothing is changed.
 */
import type { Mm } from './mm';
import {
  isDataMapping,
  isExecMapping,
  isStackMapping,
  VM_ACCOUNT,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_SHARED,
  VM_UFFD_MISSING,
} from './vm-flags';
import { type AnonVma, describeVma, type Vma, vmaPages } from './vma';

class Recount {
  mapCount = 0;
  totalVm = 0;
  dataVm = 0;
  execVm = 0;
  stackVm = 0;
  lockedVm = 0;
  committed = 0;
  nameReferences = 0;
  readonly anon = new Map<AnonVma, number>();

  add(vma: Vma): void {
    const pages = vmaPages(vma);
    this.mapCount++;
    this.totalVm += pages;
    if (isExecMapping(vma.flags)) this.execVm += pages;
    else if (isStackMapping(vma.flags)) this.stackVm += pages;
    else if (isDataMapping(vma.flags)) this.dataVm += pages;
    if ((vma.flags & VM_LOCKED) !== 0) this.lockedVm += pages;
    if ((vma.flags & VM_ACCOUNT) !== 0) this.committed += pages;
    if (vma.name !== null) this.nameReferences++;
    if (vma.anonVma !== null) this.anon.set(vma.anonVma, (this.anon.get(vma.anonVma) ?? 0) + 1);
  }
}

function checkVma(vma: Vma, first: number, last: number, complain: (text: string) => void): void {
  const what = describeVma(vma);
  if (vma.start !== first || vma.end !== last + 1) complain(`${what} is stored over [${first}, ${last + 1})`);
  if (vma.start >= vma.end) complain(`${what} is empty`);
  if (vma.detached) complain(`${what} is in the tree and detached`);
  if (vma.pgoff < 0 && vma.file !== null) complain(`${what} has a negative page offset`);
  const shared = vma.flags & (VM_SHARED | VM_MAYSHARE);
  if (shared !== 0 && vma.file === null) complain(`${what} is shared and has no file`);
  if (shared !== 0 && vma.anonVma !== null) complain(`${what} is shared and has an anon_vma`);
  if ((vma.uffdCtx !== 0) !== ((vma.flags & VM_UFFD_MISSING) !== 0)) {
    complain(`${what} has userfaultfd context ${vma.uffdCtx}, and its flag disagrees`);
  }
}

/** All complaints about an address space. */
export function validateMm(mm: Mm): string[] {
  const problems: string[] = mm.tree.validate().map((problem) => `tree: ${problem}`);
  const complain = (text: string): void => {
    problems.push(text);
  };
  const recount = new Recount();
  let end = mm.start;
  for (const [first, last, vma] of mm.tree) {
    checkVma(vma, first, last, complain);
    if (first < end || last >= mm.end) complain(`${describeVma(vma)} leaves [${end}, ${mm.end})`);
    end = last + 1;
    recount.add(vma);
  }
  const counters = ['mapCount', 'totalVm', 'dataVm', 'execVm', 'stackVm', 'lockedVm', 'committed', 'nameReferences'];
  for (const name of counters as (keyof Omit<Recount, 'anon' | 'add'>)[]) {
    if (mm[name] !== recount[name]) complain(`${name} is ${mm[name]}, a recount gives ${recount[name]}`);
  }
  for (const [anonVma, users] of recount.anon) {
    if (anonVma.users !== users)
      complain(`anon_vma ${anonVma.id} has ${anonVma.users} users, a recount gives ${users}`);
  }
  return problems;
}
