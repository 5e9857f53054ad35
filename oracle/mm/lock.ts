/**
 * Locking memory: mlock, munlock, mlockall, munlockall.
 *
 * First the flags `lo` and `lf`, mapping by mapping up to the first hole or error, which ends the call; then the pages
 * are faulted in, and an error there leaves the flags. Special mappings are passed over. Sources: FACTS.md "mlock,
 * munlock" [mlock, mlock-align, mlock-eof]; do_mlock, apply_vma_lock_flags, mlock_fixup, apply_mlockall_flags,
 * __mlock_posix_error_return.
 */
import { changePart } from './change';
import { populate } from './fault';
import { LOCK, LOCK_ON_FAULT, LOCKED, SPECIAL } from './flags';
import { lockedPages, mayLock, recount } from './limits';
import type { AddressOr, Outcome, Space } from './space';
import { PAGE, pageDown, pageUp } from './vma';

export function mlock(space: Space, addr: number, len: number, onfault: boolean): Outcome {
  if (!mayLock(space)) return 'EPERM';
  const start = pageDown(addr);
  const end = pageUp(addr + len);
  if (!fitsLimit(space, start, end)) return 'ENOMEM';
  const error = setLocks(space, start, end, onfault ? LOCK : LOCKED);
  if (error !== 0) return error;

  const failed = populate(space, start, end, false);
  if (failed === 'EFAULT') return 'ENOMEM';
  return failed === 'ENOMEM' ? 'EAGAIN' : failed;
}

export function munlock(space: Space, addr: number, len: number): Outcome {
  return setLocks(space, pageDown(addr), pageUp(addr + len), 0);
}

/** Locks everything that is mapped, what will be, or both. EINVAL without one of the two; ENOMEM over the limit. */
export function mlockall(space: Space, flags: readonly string[]): Outcome {
  const current = flags.includes('current');
  const future = flags.includes('future');
  if (!current && !future) return 'EINVAL';
  if (!mayLock(space)) return 'EPERM';
  if (current && space.memlock !== null && totalPages(space) > space.memlock) return 'ENOMEM';
  const lock = flags.includes('onfault') ? LOCK : LOCKED;
  space.defaultFlags = future ? lock : 0;
  if (!current) return 0;
  setAllLocks(space, lock);
  populate(space, 0, space.end, true);
  return 0;
}

export function munlockall(space: Space): Outcome {
  space.defaultFlags = 0;
  setAllLocks(space, 0);
  return 0;
}

/** Pages that are locked already do not count twice. */
function fitsLimit(space: Space, start: number, end: number): boolean {
  if (space.memlock === null) return true;
  const locked = lockedPages(space, 0, space.end) + (end - start) / PAGE;
  return locked <= space.memlock || locked - lockedPages(space, start, end) <= space.memlock;
}

function totalPages(space: Space): number {
  return recount(space).total_vm;
}

function setLocks(space: Space, start: number, end: number, lock: number): Outcome {
  for (let at = start; at < end; ) {
    const index = space.indexAt(at);
    const vma = space.vmas.at(index);
    if (vma === undefined || vma.start > at) return 'ENOMEM';
    const next = lockPart(space, index, at, Math.min(end, vma.end), lock);
    if (typeof next === 'string') return next;
    at = next;
  }
  return 0;
}

/** Every mapping, whatever errors there are on the way. */
function setAllLocks(space: Space, lock: number): void {
  for (let at = 0; ; ) {
    const index = space.indexAt(at);
    const vma = space.vmas.at(index);
    if (vma === undefined) return;
    const next = lockPart(space, index, vma.start, vma.end, lock);
    at = typeof next === 'string' ? vma.end : next;
  }
}

function lockPart(space: Space, index: number, start: number, end: number, lock: number): AddressOr {
  const vma = space.vmas.at(index);
  const flags = (vma.flags & ~(LOCKED | LOCK_ON_FAULT)) | lock;
  if (flags === vma.flags || vma.has(SPECIAL)) return vma.end;
  const { policy, uffd, name } = vma;
  return changePart(space, index, start, end, { flags, policy, uffd, name });
}
