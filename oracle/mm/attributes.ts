/**
 * What else can be said about a range and must be the same for a merge: memory policy, userfaultfd context, name.
 *
 * - mbind: a hole is EFAULT before anything is changed; the default policy (0) may span holes, if anything is mapped at
 *   all.
 * - userfaultfd: start and length must be full pages, something must be mapped, all of it must be such that faults can
 *   be handed over (no special mappings) and not watched by another context; holes do not matter. A watched mapping has
 *   `um`. Unregistering goes through the context of the lowest watched mapping; another one in the range is EINVAL.
 * - names: only anonymous memory, shared or not, can have one; holes are skipped and make the answer ENOMEM at the end,
 *   a file stops it with EBADF; out of memory is EAGAIN, as with madvise.
 * Sources: do_mbind, queue_pages_test_walk, mbind_range; userfaultfd_register, userfaultfd_unregister,
 * vma_can_userfault; madvise_set_anon_name, prctl_set_vma.
 */
import { changePart } from './change';
import { SPECIAL, UFFD } from './flags';
import type { Outcome, Space } from './space';
import { PAGE, pageUp } from './vma';

export function mbind(space: Space, addr: number, len: number, policy: number): Outcome {
  if (addr % PAGE !== 0) return 'EINVAL';
  const end = addr + pageUp(len);
  if (end === addr) return 0;
  if (!space.occupied(addr, end) || (policy !== 0 && space.hasHole(addr, end))) return 'EFAULT';
  for (let at = addr; at < end; ) {
    const index = space.indexAt(at);
    const vma = space.vmas.at(index);
    if (vma === undefined || vma.start >= end) break;
    if (vma.policy === policy) {
      at = vma.end;
      continue;
    }
    const to = { flags: vma.flags, policy, uffd: vma.uffd, name: vma.name };
    const next = changePart(space, index, Math.max(at, vma.start), Math.min(end, vma.end), to);
    if (typeof next === 'string') return next;
    at = next;
  }
  return 0;
}

export function uffdRegister(space: Space, addr: number, len: number, ctx: number): Outcome {
  return watchable(space, addr, len, ctx) || watch(space, addr, addr + len, ctx);
}

export function uffdUnregister(space: Space, addr: number, len: number): Outcome {
  return watchable(space, addr, len, 0) || watch(space, addr, addr + len, 0);
}

/**
 * EINVAL for bad arguments, nothing mapped, a special mapping, or (giving back, ctx 0) two contexts in the range; EBUSY
 * for one that another context watches.
 */
function watchable(space: Space, addr: number, len: number, ctx: number): Outcome {
  if (addr % PAGE !== 0 || len % PAGE !== 0 || len === 0) return 'EINVAL';
  if (!space.occupied(addr, addr + len)) return 'EINVAL';
  const found = new Set<number>();
  for (let i = space.indexAt(addr); i < space.count && space.vmas.at(i).start < addr + len; i++) {
    const vma = space.vmas.at(i);
    if (vma.has(SPECIAL)) return 'EINVAL';
    if (vma.uffd !== 0) found.add(vma.uffd);
    if (ctx !== 0 && vma.uffd !== 0 && vma.uffd !== ctx) return 'EBUSY';
  }
  return ctx === 0 && found.size > 1 ? 'EINVAL' : 0;
}

/** A mapping that is wholly given back does not insist on a merge that there is no memory for. */
function watch(space: Space, start: number, end: number, ctx: number): Outcome {
  for (let at = start; at < end; ) {
    const index = space.indexAt(at);
    const vma = space.vmas.at(index);
    if (vma === undefined || vma.start >= end) break;
    if (vma.uffd === ctx) {
      at = vma.end;
      continue;
    }
    const from = Math.max(at, vma.start);
    const to = Math.min(end, vma.end);
    const flags = ctx === 0 ? vma.flags & ~UFFD : vma.flags | UFFD;
    const giveUp = ctx === 0 && from === vma.start && to === vma.end;
    const { policy, name } = vma;
    const next = changePart(space, index, from, to, { flags, policy, uffd: ctx, name }, giveUp);
    if (typeof next === 'string') return next;
    at = next;
  }
  return 0;
}

/** What a name may not be: longer than 79 bytes, or with a character that would spoil /proc/PID/maps. */
function badName(name: string): boolean {
  return name.length > 79 || !/^[\x20-\x7e]*$/.test(name) || /[\\`$[\]]/.test(name);
}

export function setVmaName(space: Space, addr: number, len: number, name: string | null): Outcome {
  if ((name !== null && badName(name)) || addr % PAGE !== 0) return 'EINVAL';
  const end = addr + pageUp(len);
  let hole = false;
  for (let at = addr; at < end; ) {
    const index = space.indexAt(at);
    const vma = space.vmas.at(index);
    if (vma === undefined || vma.start > at) hole = true;
    if (vma === undefined || vma.start >= end) break;
    if (vma.file !== null && vma.file.name !== null) return 'EBADF';
    if (vma.name === name) {
      at = vma.end;
      continue;
    }
    const to = { flags: vma.flags, policy: vma.policy, uffd: vma.uffd, name };
    const next = changePart(space, index, Math.max(at, vma.start), Math.min(end, vma.end), to);
    if (typeof next === 'string') return next === 'ENOMEM' ? 'EAGAIN' : next;
    at = next;
  }
  return hole ? 'ENOMEM' : 0;
}
