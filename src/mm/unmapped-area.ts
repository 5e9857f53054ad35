/**
 * Where a new mapping goes if the caller does not insist.
 *
 *     low                                                      high
 *      |  A  |      gap      |  B  |    gap 2    |--guard--|  stack  |
 *                                  top down: the end of the highest gap that is long enough, but not in the guard area
 *
 * Rules that hold here:
 * - The tree knows the gaps; it does not know that the STACK_GUARD_GAP pages below a mapping that grows down are to be
 *   kept free. A gap found is looked at together with what lies above it (and below it, where mappings grow up); if it
 *   reaches into a guard area the search goes on with everything from there on excluded.
 * - A hint is taken if it is free, and does not end in a guard area. What lies outside the space counts as occupied.
 * - Without a hint, private anonymous memory of whole huge pages is aligned to them: a place longer by one huge page is
 *   searched, and the aligned part of it used.
 * - Results are a page, or a negative errno.
 */
import { debug, hit } from '../debug';
import { ENOMEM } from './errno';
import {
  PLACE_BOTTOM_UP,
  PLACE_GUARD_RETRY_NEXT,
  PLACE_GUARD_RETRY_PREV,
  PLACE_HINT,
  PLACE_HINT_GUARD,
  PLACE_HINT_TAKEN,
  PLACE_HUGE,
  PLACE_HUGE_PADDED_FAILED,
  PLACE_NOTHING,
  PLACE_TOP_DOWN,
} from './events';
import { findVma, type Mm, PMD_PAGES, STACK_GUARD_GAP } from './mm';
import { VM_GROWSDOWN, VM_GROWSUP } from './vm-flags';
import type { Vma } from './vma';

/** No hint was given. Page 0 is one. */
export const NO_HINT = -1;

/** Where a mapping begins, guard area included (vm_start_gap). */
export function vmStartGap(vma: Vma): number {
  if ((vma.flags & VM_GROWSDOWN) === 0) return vma.start;
  return vma.start < STACK_GUARD_GAP ? 0 : vma.start - STACK_GUARD_GAP;
}

/** Where a mapping ends, guard area included (vm_end_gap). */
function vmEndGap(vma: Vma): number {
  return (vma.flags & VM_GROWSUP) === 0 ? vma.end : vma.end + STACK_GUARD_GAP;
}

/** The lowest place in [low, high) (unmapped_area). */
function unmappedArea(mm: Mm, length: number, low: number, high: number): number {
  const vmi = mm.lookup;
  let lowLimit = low;
  for (;;) {
    vmi.reset();
    if (lowLimit >= high || vmi.mas.emptyArea(lowLimit, high - 1, length) !== 0) return -ENOMEM;
    const gap = vmi.addr;
    const next = vmi.next();
    if (next !== null && (next.flags & VM_GROWSDOWN) !== 0) {
      if (vmStartGap(next) >= gap + length) return gap;
      if (debug.on) hit(PLACE_GUARD_RETRY_NEXT);
      lowLimit = next.end;
      continue;
    }
    const prev = vmi.prev();
    if (prev === null || vmEndGap(prev) <= gap) return gap;
    if (debug.on) hit(PLACE_GUARD_RETRY_PREV);
    lowLimit = vmEndGap(prev);
  }
}

/** The highest place in [low, high) (unmapped_area_topdown). */
function unmappedAreaTopdown(mm: Mm, length: number, low: number, high: number): number {
  const vmi = mm.lookup;
  let highLimit = high;
  for (;;) {
    vmi.reset();
    if (highLimit <= low || vmi.mas.emptyAreaRev(low, highLimit - 1, length) !== 0) return -ENOMEM;
    const gapEnd = vmi.end;
    const gap = gapEnd - length;
    const next = vmi.next();
    if (next !== null && (next.flags & VM_GROWSDOWN) !== 0) {
      if (vmStartGap(next) >= gapEnd) return gap;
      if (debug.on) hit(PLACE_GUARD_RETRY_NEXT);
      highLimit = vmStartGap(next);
      continue;
    }
    const prev = vmi.prev();
    if (prev === null || vmEndGap(prev) <= gap) return gap;
    if (debug.on) hit(PLACE_GUARD_RETRY_PREV);
    highLimit = prev.start;
  }
}

function searchArea(mm: Mm, length: number): number {
  if (!mm.topDown) {
    const found = unmappedArea(mm, length, mm.start, mm.end);
    if (debug.on) hit(found < 0 ? PLACE_NOTHING : PLACE_BOTTOM_UP);
    return found;
  }
  let found = unmappedAreaTopdown(mm, length, mm.start, mm.end);
  if (found >= 0) {
    if (debug.on) hit(PLACE_TOP_DOWN);
    return found;
  }
  // A second try from the bottom, for what guard areas and a low top have excluded.
  found = unmappedArea(mm, length, mm.unmappedBase, mm.end);
  if (debug.on) hit(found < 0 ? PLACE_NOTHING : PLACE_BOTTOM_UP);
  return found;
}

function hintIsFree(mm: Mm, hint: number, length: number): boolean {
  if (hint < mm.start || hint + length > mm.end) return false;
  const vma = findVma(mm, hint);
  const free = vma === null || hint + length <= vmStartGap(vma);
  if (debug.on && !free && hint + length <= vma!.start) hit(PLACE_HINT_GUARD);
  return free;
}

/** The hint if it is free, else a place by search (arch_get_unmapped_area_topdown). */
function placeArea(mm: Mm, hint: number, length: number): number {
  if (length > mm.end - mm.start) return -ENOMEM;
  if (hint !== NO_HINT) {
    if (hintIsFree(mm, hint, length)) {
      if (debug.on) hit(PLACE_HINT);
      return hint;
    }
    if (debug.on) hit(PLACE_HINT_TAKEN);
  }
  return searchArea(mm, length);
}

/** A place aligned to huge pages, or -ENOMEM if the padded search finds none (__thp_get_unmapped_area). */
function placeHuge(mm: Mm, length: number): number {
  const found = placeArea(mm, NO_HINT, length + PMD_PAGES);
  if (found < 0) {
    if (debug.on) hit(PLACE_HUGE_PADDED_FAILED);
    return found;
  }
  if (debug.on) hit(PLACE_HUGE);
  const offset = found % PMD_PAGES;
  if (offset === 0) return mm.topDown ? found + PMD_PAGES : found;
  return found + PMD_PAGES - offset;
}

/**
 * A place for `length` pages (get_unmapped_area without MAP_FIXED). `hint` is a page or NO_HINT; `anonymous` is private
 * anonymous memory, the only one that is aligned to huge pages here: shared memory would be if huge pages were on for
 * it.
 */
export function getUnmappedArea(mm: Mm, hint: number, length: number, anonymous: boolean): number {
  if (anonymous && hint === NO_HINT && length % PMD_PAGES === 0) {
    const found = placeHuge(mm, length);
    if (found >= 0) return found;
  }
  return placeArea(mm, hint, length);
}
