/**
 * fork: the child's address space.
 *
 *     the tree is duplicated as it is, then each mapping in it is replaced by the child's own, or removed
 *
 * Rules that hold here:
 * - Mappings with VM_DONTCOPY, and those of files that do not survive a fork, are removed. Locks and userfaultfd
 *   contexts go. Nothing merges.
 * - Every anon_vma becomes a new identity, which is inherited; memory that is wiped on fork starts without.
 * - If memory runs out the child is taken down again, and the parent is as it was.
 */
import { debug, hit } from '../debug';
import { anonVmaFork, unlinkAnonVmas } from './anon-vma';
import { ENOMEM } from './errno';
import { FORK, FORK_ABORTED, FORK_DROPPED, few } from './events';
import { fput, getFile, type Mm, vmAreaDup, vmAreaFree, vmStatAccount } from './mm';
import { VM_ACCOUNT, VM_DONTCOPY, VM_LOCKED_MASK, VM_UFFD_MISSING, VM_WIPEONFORK } from './vm-flags';
import { type Vma, vmaPages } from './vma';

/** The child's own mapping, or null if memory is short. */
function forkVma(child: Mm, vma: Vma): Vma | null {
  const copy = vmAreaDup(child, vma);
  if (copy === null) return null;
  if ((vma.flags & VM_WIPEONFORK) === 0 && anonVmaFork(child, copy, vma) !== 0) {
    vmAreaFree(child, copy);
    return null;
  }
  copy.uffdCtx = 0;
  copy.flags &= ~(VM_LOCKED_MASK | VM_UFFD_MISSING);
  const { file } = copy;
  if (file !== null) {
    getFile(file);
    file.linked++;
    file.ops.open?.(copy);
  }
  return copy;
}

/** Replaces the parent's mappings in the child's tree. 0 or -ENOMEM, with as many replaced as `child.mapCount` says. */
function copyMappings(child: Mm): number {
  const { vmi } = child;
  vmi.set(child.start);
  for (let vma = vmi.next(); vma !== null; vma = vmi.next()) {
    if ((vma.flags & VM_DONTCOPY) !== 0 || vma.file?.dropAtFork === true) {
      if (debug.on) hit(FORK_DROPPED);
      if (vmi.clearGfp(vma.start, vma.end) !== 0) return -ENOMEM;
      continue;
    }
    const copy = forkVma(child, vma);
    if (copy === null) return -ENOMEM;
    vmi.bulkStore(copy);
    child.mapCount++;
    vmStatAccount(child, copy.flags, vmaPages(copy));
    if ((copy.flags & VM_ACCOUNT) !== 0) child.committed += vmaPages(copy);
  }
  return 0;
}

function closeMapping(mm: Mm, vma: Vma): void {
  unlinkAnonVmas(vma);
  const { file } = vma;
  if (file !== null) {
    file.linked--;
    file.ops.close?.(vma);
    fput(file);
  }
  vmAreaFree(mm, vma);
}

/** Closes the first `count` mappings, and drops the tree (exit_mmap). The space is of no use any more. */
export function exitMmap(mm: Mm, count = mm.mapCount): void {
  const vmi = mm.vmi.set(mm.start);
  let left = count;
  for (let vma = vmi.next(); vma !== null && left > 0; vma = vmi.next()) {
    closeMapping(mm, vma);
    left--;
  }
  mm.tree.destroy();
  mm.mapCount = 0;
}

/**
 * Makes `child`, which is empty, a copy-on-write copy (dup_mmap). 0, or -ENOMEM with nothing left in it. Allocations
 * are counted in the parent's counter, which `child` shares.
 */
export function dupMmap(parent: Mm, child: Mm): number {
  if (!child.allocations.take()) return -ENOMEM;
  child.adoptTree(parent.tree.dup());
  child.brkAddr = parent.brkAddr;
  child.nextAnonId = parent.nextAnonId;
  const error = copyMappings(child);
  parent.nextAnonId = child.nextAnonId;
  if (error !== 0) {
    if (debug.on) hit(FORK_ABORTED);
    exitMmap(child);
    return error;
  }
  if (debug.on) hit(FORK + few(child.mapCount));
  return 0;
}
