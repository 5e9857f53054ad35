/**
 * The step that every mremap which does not stay in place ends with: a copy elsewhere, then the source goes.
 *
 *      [  [ source ]  ]                    [   copy   ]
 *         addr    + oldLen                 newAddr + newLen
 *
 * The copy has everything the source has; only untouched private anonymous memory takes the page offset of its new
 * address, so that it can merge there. It may join its own source. If the source cannot be removed afterwards for want
 * of memory, it stays beside the copy, no longer charged (`ac`), and no error is given. Sources: FACTS.md "mremap"
 * [mremap-move-pgoff, mremap-dup, mremap-dontunmap, mremap-back]; move_vma, copy_vma, prep_move_vma, unmap_source_vma,
 * dontunmap_complete, mremap_userfaultfd_prep.
 */
import { cutOut } from './change';
import { ACCOUNT, LOCK, LOCKED, UFFD } from './flags';
import { joinNew } from './join';
import type { AddressOr, Space } from './space';
import { unmapRange } from './unmap';
import { PAGE, type Vma } from './vma';

/** The request, lengths in full pages. */
export interface MoveRequest {
  readonly addr: number;
  readonly oldLen: number;
  readonly newLen: number;
  readonly newAddr: number;
  readonly mayMove: boolean;
  readonly fixed: boolean;
  readonly dontUnmap: boolean;
}

/**
 * Moves [addr, addr + oldLen), which lies in one mapping, to newAddr, where there is room. Answers newAddr.
 * ENOMEM: fewer than four mappings below the limit, or no memory for the copy. EINVAL: it cannot be cut out.
 */
export function moveMapping(space: Space, request: MoveRequest, newAddr: number): AddressOr {
  const { addr, oldLen, dontUnmap } = request;
  const end = addr + oldLen;
  if (space.count >= space.maxMapCount - 3) return 'ENOMEM';
  const vma = space.lookup(addr) as Vma;
  if (vma.file?.refusesSplit === true && (vma.start !== addr || vma.end !== end)) return 'EINVAL';
  // Linux 6.12 makes the part that moves a mapping of its own first, so that only its lock goes.
  if (space.old && dontUnmap && vma.has(LOCKED)) {
    const error = cutOut(space, space.indexAt(addr), addr, end);
    if (error !== 0) return error;
  }

  const source = space.lookup(addr) as Vma;
  const copy = insertCopy(space, source, request, newAddr);
  if (copy === null) return 'ENOMEM';
  // Without a handler for it, what moves is not watched by userfaultfd any more, nor what it has merged with.
  copy.uffd = 0;
  copy.flags &= ~UFFD;
  if (oldLen === 0) return newAddr;
  if (dontUnmap) leaveSource(space, addr, end, copy);
  else removeSource(space, addr, end);
  return newAddr;
}

/** The mapping that the copy is or has become part of; null if there is no memory for it. */
function insertCopy(space: Space, source: Vma, request: MoveRequest, newAddr: number): Vma | null {
  const untouched = source.file === null && source.anon === 0;
  const copy = source.copy();
  copy.pgoff = untouched ? newAddr / PAGE : source.pgoffAt(request.addr);
  copy.start = newAddr;
  copy.end = newAddr + request.newLen;
  // Linux 6.12 keeps a source that stays and its copy apart.
  const apart = space.old && request.dontUnmap && untouched ? source : null;
  const joined = joinNew(space, copy, 'copy', { apart });
  if (joined !== null && joined !== 'ENOMEM') return joined;
  if (!space.allocate()) return null;
  space.insert(copy);
  return copy;
}

/**
 * The whole old mapping loses its lock, and its anon_vma if all of it has moved, unless the copy has merged with it.
 * Linux 6.12 then gives it back the page offset of untouched memory.
 */
function leaveSource(space: Space, addr: number, end: number, copy: Vma): void {
  const source = space.lookup(addr) as Vma;
  source.flags &= ~LOCK;
  if (source === copy || source.start !== addr || source.end !== end) return;
  source.anon = 0;
  source.inherited = false;
  if (space.old && source.file === null) source.pgoff = source.start / PAGE;
}

function removeSource(space: Space, addr: number, end: number): void {
  const { start, end: top } = space.lookup(addr) as Vma;
  if (unmapRange(space, addr, end) === 0) return;
  for (const vma of space.vmas) {
    if (vma.start >= start && vma.end <= top) vma.flags &= ~ACCOUNT;
  }
}
