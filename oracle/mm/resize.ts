/**
 * mremap without a new address: smaller, larger in place, or larger where there is room; and the checks of a mapping
 * that is to be copied or to grow. The same in Linux 6.12 and 6.18. Sources: FACTS.md "mremap" [mremap-expand,
 * mremap-expand-fork, mremap-shrink, mremap-lock]; check_prep_vma, mremap_at, expand_vma, vma_merge_extend.
 */
import { populate } from './fault';
import { DONT_EXPAND, LOCKED, PFN, SHARED } from './flags';
import { joinNew } from './join';
import { lockFits } from './limits';
import { type MoveRequest, moveMapping } from './move';
import { place } from './place';
import type { AddressOr, Outcome, Space } from './space';
import { unmapRange } from './unmap';
import { PAGE, type Vma } from './vma';

/** The longest mapping that there can be: the lower half of the address space but for its last page. */
export const TASK_SIZE = 2 ** 47 - PAGE;

/** Whether this much of a mapping can be copied or grown (the latter part of check_prep_vma; vma_to_resize). */
export function checkCopy(space: Space, vma: Vma, request: MoveRequest): Outcome {
  const { addr, oldLen, newLen } = request;
  if (oldLen === 0 && !vma.has(SHARED)) return 'EINVAL';
  if (request.dontUnmap && vma.has(DONT_EXPAND | PFN)) return 'EINVAL';
  if (Math.min(oldLen, newLen) > vma.end - addr) return 'EFAULT';
  if (newLen <= oldLen) return 0;
  if (vma.has(DONT_EXPAND | PFN)) return 'EFAULT';
  return lockFits(space, vma.flags, newLen - oldLen) ? 0 : 'EAGAIN';
}

/** mremap_at, and the same of Linux 6.12: the mapping has been checked. */
export function resize(space: Space, request: MoveRequest): AddressOr {
  const { addr, oldLen, newLen } = request;
  if (newLen === oldLen) return addr;
  if (newLen < oldLen) {
    const error = unmapRange(space, addr + newLen, addr + oldLen);
    return error === 0 ? addr : error;
  }
  const vma = space.lookup(addr) as Vma;
  const locked = vma.has(LOCKED);
  const added = newLen - oldLen;
  const inPlace = addr + oldLen === vma.end && !space.occupied(vma.end, vma.end + added);
  const at = inPlace ? extend(space, vma, added, addr) : moveAnywhere(space, request, vma);
  if (locked && typeof at === 'number') populate(space, at + oldLen, at + newLen, true);
  return at;
}

/** Growth in place is a new range that joins its own mapping, and the next one if that fits. */
function extend(space: Space, vma: Vma, added: number, addr: number): AddressOr {
  const growth = vma.copy();
  growth.moveStart(vma.end);
  growth.end = growth.start + added;
  const joined = joinNew(space, growth, 'growth');
  return joined === null || joined === 'ENOMEM' ? 'ENOMEM' : addr;
}

function moveAnywhere(space: Space, request: MoveRequest, vma: Vma): AddressOr {
  if (!request.mayMove) return 'ENOMEM';
  const target = place(space, null, request.newLen, vma.file === null);
  return typeof target === 'string' ? target : moveMapping(space, request, target);
}
