/**
 * mremap as Linux 6.12 has it, where that differs: nothing spans several mappings; the source is looked at before the
 * new address; and with `fixed` the target and the tail are removed before it is known that the rest will work, so that
 * an error leaves them removed. Source: the system call itself, mremap_to and vma_to_resize of 6.12.
 */
import { populate } from './fault';
import { LOCKED, SEALED } from './flags';
import { type MoveRequest, moveMapping } from './move';
import { place } from './place';
import { checkCopy, resize, TASK_SIZE } from './resize';
import type { AddressOr, Outcome, Space } from './space';
import { unmapRange } from './unmap';
import { PAGE } from './vma';

/** `differ`: whether the lengths were different before they were rounded. */
export function mremapOld(space: Space, request: MoveRequest, differ: boolean): AddressOr {
  const { addr, newLen, oldLen } = request;
  if (request.fixed && !request.mayMove) return 'EINVAL';
  if (request.dontUnmap && (!request.mayMove || differ)) return 'EINVAL';
  if (addr % PAGE !== 0 || newLen === 0) return 'EINVAL';
  const vma = space.lookup(addr);
  if (vma === null) return 'EFAULT';
  if (vma.has(SEALED)) return 'EPERM';
  if (request.fixed || request.dontUnmap) return moveTo(space, request);
  if (newLen > oldLen) {
    const refused = checkCopy(space, vma, request);
    if (refused !== 0) return refused;
  }
  return resize(space, request);
}

function moveTo(space: Space, request: MoveRequest): AddressOr {
  const { addr, newLen, newAddr } = request;
  const oldLen = Math.min(request.oldLen, newLen);
  if (newAddr % PAGE !== 0 || newLen > TASK_SIZE) return 'EINVAL';
  if (addr + request.oldLen > newAddr && newAddr + newLen > addr) return 'EINVAL';
  if (space.count + 2 >= space.maxMapCount - 3) return 'ENOMEM';
  const error = makeRoom(space, request);
  if (error !== 0) return error;

  const vma = space.lookup(addr);
  if (vma === null) return 'EFAULT';
  const one = { ...request, oldLen };
  const refused = checkCopy(space, vma, one);
  if (refused !== 0) return refused;
  const target = request.fixed ? newAddr : place(space, newAddr, newLen, false);
  if (typeof target === 'string') return target;
  const locked = vma.has(LOCKED);
  const moved = moveMapping(space, one, target);
  if (locked && newLen > oldLen && moved === target) populate(space, target + oldLen, target + newLen, true);
  return moved;
}

/** Removes what is at the target, then the tail of the source. */
function makeRoom(space: Space, { addr, oldLen, newLen, newAddr, fixed }: MoveRequest): Outcome {
  const error = fixed ? unmapRange(space, newAddr, newAddr + newLen) : 0;
  if (error !== 0 || oldLen <= newLen) return error;
  return unmapRange(space, addr + newLen, addr + oldLen);
}
