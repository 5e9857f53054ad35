/**
 * mprotect: a new protection, mapping by mapping. What came before an error stays changed.
 *
 * Private memory that becomes writable is charged (`ac`); it is given back only by anonymous memory that has no
 * anon_vma, because only there it is certain that no page was written. Sources: FACTS.md "mprotect", section 2
 * [account-mprotect, mprotect-hole, mprotect-lock]; do_mprotect_pkey, mprotect_fixup.
 */
import { changePart } from './change';
import { populatePart } from './fault';
import { ACCESS, ACCOUNT, accessBits, EXEC, LOCKED, MAY_EXEC, NO_RESERVE, SEALED, SHARED, WRITE } from './flags';
import type { AddressOr, Outcome, Space } from './space';
import { PAGE, pageUp, type Vma } from './vma';

export function mprotect(space: Space, addr: number, len: number, prot: string): Outcome {
  if (addr % PAGE !== 0) return 'EINVAL';
  const end = addr + pageUp(len);
  const access = accessBits(prot);
  for (let at = addr; at < end; ) {
    const index = space.indexAt(at);
    const vma = space.vmas.at(index);
    if (vma === undefined || vma.start > at) return 'ENOMEM';
    if ((access & EXEC) !== 0 && !vma.has(MAY_EXEC)) return 'EACCES';
    if (vma.has(SEALED)) return 'EPERM';
    const next = protectPart(space, index, at, Math.min(end, vma.end), access);
    if (typeof next === 'string') return next;
    at = next;
  }
  return 0;
}

function protectPart(space: Space, index: number, start: number, end: number, access: number): AddressOr {
  const vma = space.vmas.at(index);
  const before = vma.flags;
  let flags = (before & ~ACCESS) | access;
  if (flags === before) return vma.end;
  flags = charge(vma, flags);

  const { policy, uffd, name } = vma;
  const next = changePart(space, index, start, end, { flags, policy, uffd, name });
  if (typeof next === 'string') return next;
  // Locked private memory that becomes writable gets its own pages at once.
  if ((before & (WRITE | SHARED | LOCKED)) === LOCKED && (flags & WRITE) !== 0) {
    populatePart(space, space.lookup(start) as Vma, start, end);
  }
  return next;
}

function charge(vma: Vma, flags: number): number {
  if ((flags & WRITE) !== 0) return vma.has(ACCOUNT | WRITE | SHARED | NO_RESERVE) ? flags : flags | ACCOUNT;
  return vma.file === null && vma.anon === 0 ? flags & ~ACCOUNT : flags;
}
