/**
 * mremap: resize in place, move, or both.
 *
 *      smaller, stays:   the tail is removed
 *      larger, stays:    the added range joins its own mapping, if nothing is in the way
 *      larger, may move: else a copy where there is room
 *      fixed:            what is at the target is removed, then the tail, then the move
 *      dontunmap:        a move that leaves the old range mapped
 *
 * `fixed` with the same length may span several mappings and holes: each is moved in turn, to the same distance. The
 * rules of Linux 6.12, where this is not so and the target is removed before the source is looked at, are in
 * remap-6.12.ts. Sources: FACTS.md "mremap" [mremap-args, mremap-multi, mremap-multi-seal]; do_mremap,
 * check_mremap_params, remap_move, mremap_to.
 */
import { populate } from './fault';
import { LOCKED, SEALED, UFFD } from './flags';
import { type MoveRequest, moveMapping } from './move';
import { place } from './place';
import { mremapOld } from './remap-6.12';
import { checkCopy, resize, TASK_SIZE } from './resize';
import type { AddressOr, Outcome, Space } from './space';
import { unmapRange } from './unmap';
import { PAGE, pageUp } from './vma';

export function mremap(
  space: Space,
  addr: number,
  oldLen: number,
  newLen: number,
  flags: readonly string[],
  newAddr: number,
): AddressOr {
  const request: MoveRequest = {
    addr,
    oldLen: pageUp(oldLen),
    newLen: pageUp(newLen),
    newAddr,
    mayMove: flags.includes('maymove'),
    fixed: flags.includes('fixed'),
    dontUnmap: flags.includes('dontunmap'),
  };
  if (space.old) return mremapOld(space, request, oldLen !== newLen);
  const error = checkArguments(space, request);
  if (error !== 0) return error;
  if (request.fixed && request.oldLen === request.newLen) return moveAll(space, request);

  const refused = checkMapping(space, request);
  if (refused !== 0) return refused;
  return request.fixed || request.dontUnmap ? moveTo(space, request) : resize(space, request);
}

/** What can be refused without looking at the mappings; the limit leaves room for every split that a move may need. */
function checkArguments(space: Space, request: MoveRequest): Outcome {
  const { addr, oldLen, newLen, newAddr } = request;
  if (addr % PAGE !== 0 || newLen === 0 || newLen > TASK_SIZE) return 'EINVAL';
  if (!request.fixed && !request.dontUnmap) return 0;
  if (newAddr % PAGE !== 0 || !request.mayMove) return 'EINVAL';
  if (request.dontUnmap && oldLen !== newLen) return 'EINVAL';
  if (addr + oldLen > newAddr && newAddr + newLen > addr) return 'EINVAL';
  return space.count + 2 >= space.maxMapCount - 3 ? 'ENOMEM' : 0;
}

/** Whether the mapping at addr can be treated so. */
function checkMapping(space: Space, request: MoveRequest): Outcome {
  const vma = space.lookup(request.addr);
  if (vma === null) return 'EFAULT';
  if (vma.has(SEALED)) return 'EPERM';
  const stays = !request.fixed && !request.dontUnmap;
  return stays && request.newLen <= request.oldLen ? 0 : checkCopy(space, vma, request);
}

/** remap_move: each mapping in the range in turn; an error stops it, with those before moved. */
function moveAll(space: Space, request: MoveRequest): AddressOr {
  const { addr: start, oldLen, newAddr } = request;
  const end = start + oldLen;
  let seen = false;
  for (let at = start; at < end; ) {
    const vma = space.vmas.at(space.indexAt(at));
    if (vma === undefined || vma.start >= end) break;
    if (!seen && vma.start > start) return 'EFAULT';
    const addr = Math.max(vma.start, start);
    const to = Math.min(vma.end, end);
    // Mappings that userfaultfd watches move only alone.
    if (vma.has(UFFD) && (seen || vma.end < end)) return 'EFAULT';
    const one = { ...request, addr, oldLen: to - addr, newLen: to - addr, newAddr: newAddr + addr - start };
    const refused = checkMapping(space, one);
    if (refused !== 0) return refused;
    const moved = moveTo(space, one);
    if (typeof moved === 'string') return moved;
    seen = true;
    at = to;
  }
  return seen ? newAddr : 'EFAULT';
}

/** mremap_to: a move to a place that the caller names, or at least hints at. */
function moveTo(space: Space, request: MoveRequest): AddressOr {
  const { addr, oldLen, newLen, newAddr } = request;
  if (request.fixed) {
    const error = unmapRange(space, newAddr, newAddr + newLen);
    if (error !== 0) return error;
    // A range of length 0 overlaps nothing, so its mapping may have been at the target.
    if (space.lookup(addr) === null) return 'EFAULT';
  }
  if (oldLen > newLen) {
    const error = unmapRange(space, addr + newLen, addr + oldLen);
    if (error !== 0) return error;
  }
  const one = oldLen > newLen ? { ...request, oldLen: newLen } : request;
  const target = request.fixed ? newAddr : place(space, newAddr, newLen, false);
  if (typeof target === 'string') return target;
  const locked = space.lookup(addr)?.has(LOCKED) === true;
  const moved = moveMapping(space, one, target);
  if (locked && newLen > oldLen && moved === target) populate(space, target + oldLen, target + newLen, true);
  return moved;
}
