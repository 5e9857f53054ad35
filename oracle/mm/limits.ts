/**
 * The counters of an address space, recomputed from its mappings at each question, and the limit of locked memory.
 *
 * Counters count pages in the window. Where the kernel's own running counters are known to drift from its mappings, the
 * recount is the rule here:
 * - a stack without `ac` that grows is charged for the growth and never pays it back (acct_stack_growth);
 * - Linux 6.18 forgets to lower locked_vm when mremap with dontunmap takes the lock off pages that did not move.
 * "Committed" is what carries `ac`. A file's open count is the number of its mappings: every mapping, piece and copy
 * opens it once and closes it when it goes. Sources: vm_stat_account, is_exec_mapping, is_stack_mapping,
 * is_data_mapping, mlock_future_ok, can_do_mlock.
 */
import { ACCOUNT, EXEC, GROWS_DOWN, LOCKED, SHARED, WRITE } from './flags';
import type { Space } from './space';
import { PAGE } from './vma';

export interface Counters {
  readonly map_count: number;
  readonly total_vm: number;
  readonly data_vm: number;
  readonly exec_vm: number;
  readonly stack_vm: number;
  readonly locked_vm: number;
  readonly committed: number;
  readonly open: Readonly<Record<string, number>>;
}

export function recount(space: Space): Counters {
  const sum = { total_vm: 0, data_vm: 0, exec_vm: 0, stack_vm: 0, locked_vm: 0, committed: 0 };
  const open: Record<string, number> = {};
  for (const name of [...space.everMapped].sort()) open[name] = 0;
  for (const vma of space.vmas) {
    const pages = vma.pages;
    sum.total_vm += pages;
    if ((vma.flags & (EXEC | WRITE | GROWS_DOWN)) === EXEC) sum.exec_vm += pages;
    else if (vma.has(GROWS_DOWN)) sum.stack_vm += pages;
    else if ((vma.flags & (WRITE | SHARED)) === WRITE) sum.data_vm += pages;
    if (vma.has(LOCKED)) sum.locked_vm += pages;
    if (vma.has(ACCOUNT)) sum.committed += pages;
    if (vma.file?.name != null) open[vma.file.name]++;
  }
  return { map_count: space.count, ...sum, open };
}

/** Pages of locked mappings in [start, end). */
export function lockedPages(space: Space, start: number, end: number): number {
  let pages = 0;
  for (let i = space.indexAt(start); i < space.count && space.vmas.at(i).start < end; i++) {
    const vma = space.vmas.at(i);
    if (!vma.has(LOCKED)) continue;
    pages += Math.max(0, Math.min(end, vma.end) - Math.max(start, vma.start)) / PAGE;
  }
  return pages;
}

/** Whether the caller may lock anything at all (can_do_mlock). */
export function mayLock(space: Space): boolean {
  return space.memlock !== 0;
}

/** Whether so many more bytes with these flags stay below the limit of locked memory (mlock_future_ok). */
export function lockFits(space: Space, flags: number, bytes: number): boolean {
  if (space.memlock === null || (flags & LOCKED) === 0) return true;
  return lockedPages(space, 0, space.end) + bytes / PAGE <= space.memlock;
}
