/**
 * Removing mappings: munmap, and everything that is "removed as by munmap" elsewhere.
 *
 *      [   vma 0   ][ vma 1 ]    [   vma 2   ]
 *            |<----- removed ----->|               vma 0 is cut first, vma 2 last
 *
 * A sealed mapping (EPERM) or a split that fails stops it before anything is removed; a cut that was made at the start
 * stays. Sources: FACTS.md "munmap" [munmap, seal-partial]; vms_gather_munmap_vmas, do_vmi_align_munmap.
 */
import { SEALED } from './flags';
import type { Outcome, Space } from './space';
import { PAGE, pageUp } from './vma';

export function munmap(space: Space, addr: number, len: number): Outcome {
  if (addr % PAGE !== 0 || len === 0) return 'EINVAL';
  return unmapRange(space, addr, addr + pageUp(len));
}

/** Removes what is mapped in [start, end); holes do not matter. */
export function unmapRange(space: Space, start: number, end: number): Outcome {
  if (!space.occupied(start, end)) return 0;
  const error = cutOutForRemoval(space, start, end);
  if (error !== 0) return error;
  dropRange(space, start, end);
  return 0;
}

/**
 * Cuts at start and end, so that [start, end) holds only whole mappings, and checks that all of them may go: one after
 * the other, each set aside, for which there must be memory. The limit of mappings counts only where one mapping would
 * become three: the count may pass it for the moment otherwise.
 */
export function cutOutForRemoval(space: Space, start: number, end: number): Outcome {
  let i = space.indexAt(start);
  let asked = false;
  const first = space.vmas.at(i);
  if (first !== undefined && first.start < start) {
    if (end < first.end && space.count >= space.maxMapCount) return 'ENOMEM';
    if (first.has(SEALED)) return 'EPERM';
    const error = space.cut(i, start);
    if (error !== 0) return error;
    i++;
  }
  for (; i < space.count && space.vmas.at(i).start < end; i++) {
    if (space.vmas.at(i).has(SEALED)) return 'EPERM';
    const cutsEnd = space.vmas.at(i).end > end;
    const error = cutsEnd ? space.cut(i, end) : 0;
    if (error !== 0) return error;
    // One question stands for all mappings in between: what is left is the same for each.
    if ((!asked || cutsEnd) && !space.allocate()) return 'ENOMEM';
    asked = true;
  }
  return 0;
}

/** Drops the mappings in [start, end), which are whole ones. */
export function dropRange(space: Space, start: number, end: number): void {
  const from = space.indexAt(start);
  const to = space.indexAt(end - 1);
  const last = to < space.count && space.vmas.at(to).start < end ? to + 1 : to;
  if (last > from) space.removeAt(from, last - from);
}
