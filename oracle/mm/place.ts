/**
 * Where a mapping goes when its caller does not insist.
 *
 *      |    gap    [ ]   gap   <-- 256 pages -->[ growsdown ]   gap   |
 *                                                            ^^^ tried first: the highest gap that is long enough
 *
 * Sources: FACTS.md section 5; arch_get_unmapped_area_topdown, unmapped_area_topdown, unmapped_area, vm_start_gap,
 * thp_get_unmapped_area_vmflags.
 */
import { GROWS_DOWN } from './flags';
import type { AddressOr, Space } from './space';
import { PAGE, pageDown, type Vma } from './vma';

/** What a stack keeps free below itself (stack_guard_gap), in bytes. */
export const GUARD = 256 * PAGE;

/** Huge pages, and so windows in which placement may look for their alignment, start here. */
const HUGE_PAGE = 512 * PAGE;

/** Where a mapping starts, its guard gap included; not below 0 (vm_start_gap). */
export function guardedStart(vma: Vma): number {
  return vma.has(GROWS_DOWN) ? Math.max(0, vma.start - GUARD) : vma.start;
}

/**
 * A free place for `len` bytes (full pages): at the hint, if nothing is in the way there, else in the highest gap that
 * will do. With `alignHuge`, if there is no hint and the length is a multiple of 2 MiB, the place is at a multiple of
 * 2 MiB if there is one in a gap with 2 MiB to spare. ENOMEM if there is no room.
 */
export function place(space: Space, hint: number | null, len: number, alignHuge: boolean): AddressOr {
  if (len > space.end) return 'ENOMEM';
  if (hint !== null) {
    const addr = pageDown(hint);
    if (hintIsFree(space, addr, len)) return addr;
  } else if (alignHuge && len % HUGE_PAGE === 0 && space.end >= HUGE_PAGE) {
    const addr = gapFor(space, len + HUGE_PAGE);
    // One huge page was asked for too much: the range moves up by what is missing to a multiple; if nothing is, by a
    // whole one from the top down.
    if (addr !== null && space.bottomUp && addr % HUGE_PAGE === 0) return addr;
    if (addr !== null) return addr + HUGE_PAGE - (addr % HUGE_PAGE);
  }
  return gapFor(space, len) ?? 'ENOMEM';
}

function gapFor(space: Space, len: number): number | null {
  return space.bottomUp ? lowestGap(space, len) : highestGap(space, len);
}

function hintIsFree(space: Space, addr: number, len: number): boolean {
  if (addr + len > space.end) return false;
  const next = space.vmas.at(space.indexAt(addr));
  return next === undefined || addr + len <= guardedStart(next);
}

/**
 * The bottom `len` bytes of the lowest gap of that size that keep away from the guard of a stack right above the gap.
 */
function lowestGap(space: Space, len: number): number | null {
  let bottom = 0;
  for (let i = 0; i <= space.count; i++) {
    const above = space.vmas.at(i);
    const free = above === undefined ? space.end : guardedStart(above);
    if (bottom + len <= free) return bottom;
    bottom = above === undefined ? bottom : above.end;
  }
  return null;
}

/**
 * The top `len` bytes of the highest gap of that size. If the mapping right above that gap is a stack and the gap
 * reaches into its guard, everything above the guard's lower end is out of the question from then on, gaps in between
 * too.
 */
function highestGap(space: Space, len: number): number | null {
  const { vmas } = space;
  let limit = space.end;
  let top = space.end;
  for (let i = vmas.length; i >= 0; i--) {
    const bottom = i > 0 ? vmas.at(i - 1).end : 0;
    const gapEnd = Math.min(top, limit);
    if (gapEnd - bottom >= len) {
      const above = vmas.at(i);
      if (above === undefined || guardedStart(above) >= gapEnd) return gapEnd - len;
      limit = guardedStart(above);
      i++; // the same gap once more, below the guard
      continue;
    }
    if (i > 0) top = vmas.at(i - 1).start;
  }
  return null;
}
