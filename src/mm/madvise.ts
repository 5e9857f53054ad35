/**
 * madvise: advice about a range, some of which becomes a flag.
 *
 *     |--A--|  hole  |--B--|--C--|       A, B, C are advised; the hole makes the answer ENOMEM at the end
 *
 * Rules that hold here:
 * - Holes are skipped. Any other error stops at once, with what came before done.
 * - Want of memory (and of room below the limit of mappings) is EAGAIN here.
 * - On a sealed mapping that is private, anonymous and not writable, advice that throws its contents away is refused,
 *   and before anything else is looked at.
 * - The loop goes on behind the mapping that has the piece now, which a merge may have made longer.
 */
import { debug, hit } from '../debug';
import type { Advice } from './api';
import { EACCES, EAGAIN, EINVAL, ENODEV, ENOMEM, EPERM } from './errno';
import { few, MADVISE, RANGE_HOLE, RANGE_SEALED } from './events';
import { madvisePopulate } from './fault';
import { findVma, type Mm, PAGE_SIZE } from './mm';
import { vmaModifyFlags } from './modify';
import {
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_HUGEPAGE,
  VM_IO,
  VM_LOCKED,
  VM_MERGEABLE,
  VM_NOHUGEPAGE,
  VM_PFNMAP,
  VM_RAND_READ,
  VM_SEQ_READ,
  VM_SHARED,
  VM_SPECIAL,
  VM_WIPEONFORK,
  VM_WRITE,
} from './vm-flags';
import { type Vma, vmaIsAnonymous, vmaIsSealed, vmaIsSharedMaywrite } from './vma';

/** Whether the advice may throw contents away (is_discard). */
function isDiscard(advice: Advice): boolean {
  switch (advice) {
    case 'free':
    case 'dontneed':
    case 'dontneed_locked':
    case 'remove':
    case 'dontfork':
    case 'wipeonfork':
      return true;
    default:
      return false;
  }
}

/** Whether a seal forbids the advice (can_madvise_modify). */
function sealForbids(vma: Vma, advice: Advice): boolean {
  return vmaIsSealed(vma) && isDiscard(advice) && vmaIsAnonymous(vma) && (vma.flags & VM_WRITE) === 0;
}

/** The errors of advice about pages, which changes no flag. 0 or a negative errno. */
function advisePages(vma: Vma, advice: Advice): number {
  const { flags } = vma;
  switch (advice) {
    case 'willneed':
      return 0;
    case 'remove':
      if ((flags & VM_LOCKED) !== 0 || vma.file === null) return -EINVAL;
      if (!vmaIsSharedMaywrite(vma)) return -EACCES;
      return vma.file.device ? -ENODEV : 0;
    case 'dontneed_locked':
      return (flags & VM_PFNMAP) !== 0 ? -EINVAL : 0;
    case 'free':
      return (flags & (VM_LOCKED | VM_PFNMAP)) !== 0 || !vmaIsAnonymous(vma) ? -EINVAL : 0;
    default:
      return (flags & (VM_LOCKED | VM_PFNMAP)) !== 0 ? -EINVAL : 0;
  }
}

/** The flags with the advice, or a negative errno. */
function adviseFlags(vma: Vma, advice: Advice): number {
  const { flags } = vma;
  switch (advice) {
    case 'normal':
      return flags & ~(VM_RAND_READ | VM_SEQ_READ);
    case 'sequential':
      return (flags & ~VM_RAND_READ) | VM_SEQ_READ;
    case 'random':
      return (flags & ~VM_SEQ_READ) | VM_RAND_READ;
    case 'dontfork':
      return flags | VM_DONTCOPY;
    case 'dofork':
      return (flags & VM_IO) !== 0 ? -EINVAL : flags & ~VM_DONTCOPY;
    case 'dontdump':
      return flags | VM_DONTDUMP;
    case 'dodump':
      return (flags & VM_SPECIAL) !== 0 ? -EINVAL : flags & ~VM_DONTDUMP;
    case 'wipeonfork':
      return vma.file !== null ? -EINVAL : flags | VM_WIPEONFORK;
    case 'keeponfork':
      return flags & ~VM_WIPEONFORK;
    case 'hugepage':
      return (flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE;
    case 'nohugepage':
      return (flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE;
    case 'mergeable':
      return (flags & (VM_SHARED | VM_SPECIAL)) !== 0 ? flags : flags | VM_MERGEABLE;
    default:
      return flags & ~VM_MERGEABLE;
  }
}

function isAboutPages(advice: Advice): boolean {
  switch (advice) {
    case 'willneed':
    case 'dontneed':
    case 'dontneed_locked':
    case 'free':
    case 'remove':
    case 'cold':
    case 'pageout':
      return true;
    default:
      return false;
  }
}

/**
 * Advises [start, end) of one mapping (madvise_vma_behavior). 0 or a negative errno; the mapping that has it then is in
 * `walk.vma`.
 */
function madviseVma(mm: Mm, start: number, end: number, advice: Advice): number {
  const vma = walk.vma!;
  if (sealForbids(vma, advice)) {
    if (debug.on) hit(RANGE_SEALED);
    return -EPERM;
  }
  if (isAboutPages(advice)) return advisePages(vma, advice);
  const flags = adviseFlags(vma, advice);
  if (flags < 0) return flags;
  if (flags === vma.flags) return 0;
  const changed = vmaModifyFlags(mm, mm.vmi.set(start), walk.prev, vma, start, end, flags);
  if (changed === null) return mm.modifyError === -ENOMEM ? -EAGAIN : mm.modifyError;
  changed.flags = flags;
  walk.vma = changed;
  return 0;
}

/** Where a walk over a range is. */
class MadviseWalk {
  prev: Vma | null = null;
  /** The mapping at hand; a visit puts there the mapping that has the piece afterwards. */
  vma: Vma | null = null;
}

/** One object serves all walks, for they do not nest. */
export const walk = new MadviseWalk();

/** What is done with [start, end) of `walk.vma`: 0 or a negative errno. */
export type Visit<T> = (mm: Mm, start: number, end: number, argument: T) => number;

/** Visits each mapping in [start, end), skipping holes (madvise_walk_vmas). 0 or a negative errno. */
export function madviseWalkVmas<T>(mm: Mm, start: number, end: number, visit: Visit<T>, argument: T): number {
  let at = start;
  let result = 0;
  let count = 0;
  let vma = findVma(mm, start);
  walk.prev = vma !== null && start > vma.start ? vma : mm.lookup.set(start).prev();
  while (vma !== null && at < end) {
    if (at < vma.start) {
      result = -ENOMEM;
      if (debug.on) hit(RANGE_HOLE);
      at = vma.start;
      if (at >= end) break;
    }
    walk.vma = vma;
    const error = visit(mm, at, vma.end < end ? vma.end : end, argument);
    if (error !== 0) return error;
    walk.prev = walk.vma;
    at = walk.prev!.end;
    count++;
    if (at >= end) break;
    vma = findVma(mm, at);
  }
  if (debug.on) hit(MADVISE + few(count));
  walk.prev = walk.vma = null;
  return at < end ? -ENOMEM : result;
}

/** The system call. Bytes. 0 or a negative errno. */
export function madvise(mm: Mm, addr: number, len: number, advice: Advice): number {
  if (addr % PAGE_SIZE !== 0) return -EINVAL;
  if (len === 0) return 0;
  const start = addr / PAGE_SIZE;
  const end = start + Math.ceil(len / PAGE_SIZE);
  if (advice === 'populate_read') return madvisePopulate(mm, start, end, false);
  if (advice === 'populate_write') return madvisePopulate(mm, start, end, true);
  return madviseWalkVmas(mm, start, end, madviseVma, advice);
}
