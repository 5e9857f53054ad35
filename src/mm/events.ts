/**
 * Events of the VMA code: small numbers that say which way an operation went. A fuzzer counts new ones as progress.
 *
 * Rules that hold here:
 * - Numbers start at 0x10000, and are given in the order of this file: a family is a block of names.
 * - `hit(EVENT)` stands only under `debug.on`.
 */

/** The first number; maple-tree/events.ts has those below. */
export const MM_EVENT_BASE = 0x10000;

const names: string[] = [];

function event(name: string): number {
  return MM_EVENT_BASE + names.push(name) - 1;
}

/** Numbers for a family of cases that are counted in code: the first one; the k-th is first + k. */
function family(name: string, cases: readonly string[]): number {
  const first = MM_EVENT_BASE + names.length;
  for (const one of cases) names.push(`${name}-${one}`);
  return first;
}

/** 0 to 3 and more. */
const FEW = ['0', '1', '2', '3-or-more'];

/** 1 to 3 and more: of what cannot be without one. */
const SOME = ['1', '2', '3-or-more'];

/** Index into a family made with FEW. */
export function few(count: number): number {
  return count < 3 ? count : 3;
}

/** Index into a family made with SOME. */
export function some(count: number): number {
  return count < 3 ? count - 1 : 2;
}

// Merging.
export const MERGE_NEW_SPECIAL = event('merge-new-special');
export const MERGE_NEW_ALONE = event('merge-new-without-neighbours');
export const MERGE_NEW_NONE = event('merge-new-none');
export const MERGE_NEW_LEFT = event('merge-new-left');
export const MERGE_NEW_RIGHT = event('merge-new-right');
export const MERGE_NEW_BOTH = event('merge-new-both');
export const MERGE_NEW_BOTH_NEXT_STAYS = event('merge-new-both-next-stays');
export const MERGE_NEW_JUST_EXPAND = event('merge-new-just-expand');
export const MERGE_NEW_NOMEM = event('merge-new-nomem');
/** Bit 0: there is a previous mapping that touches; bit 1: a next one that touches. */
export const MERGE_NEW_NEIGHBOURS = family('merge-new-touches', ['none', 'prev', 'next', 'both']);
export const MERGE_EXISTING_NEIGHBOURS = family('merge-existing-touches', ['none', 'prev', 'next', 'both']);
export const MERGE_CASE_1 = event('merge-case-1');
export const MERGE_CASE_2 = event('merge-case-2');
export const MERGE_CASE_3 = event('merge-case-3');
export const MERGE_CASE_4 = event('merge-case-4');
export const MERGE_CASE_5 = event('merge-case-5');
export const MERGE_EXISTING_SPECIAL = event('merge-existing-special');
export const MERGE_EXISTING_INSIDE = event('merge-existing-inside');
export const MERGE_EXISTING_NONE = event('merge-existing-none');
export const MERGE_EXISTING_MIDDLE_STAYS = event('merge-existing-middle-must-stay');
export const MERGE_EXISTING_NEXT_STAYS = event('merge-existing-next-must-stay');
export const MERGE_EXISTING_NOMEM = event('merge-existing-nomem');
const REFUSALS = ['policy', 'flags', 'file', 'uffd', 'name', 'anon-vma', 'pgoff'];
/** What kept a range from joining the previous, and the next, mapping. */
export const REFUSED_PREV = family('refused-prev', REFUSALS);
export const REFUSED_NEXT = family('refused-next', REFUSALS);
export const REFUSED_POLICY = 0;
export const REFUSED_FLAGS = 1;
export const REFUSED_FILE = 2;
export const REFUSED_UFFD = 3;
export const REFUSED_NAME = 4;
export const REFUSED_ANON = 5;
export const REFUSED_PGOFF = 6;
export const REFUSED_SIDES = event('refused-sides-with-different-anon-vmas');
/** Index: 1 if the target was faulted, plus 2 if the range was. */
export const MERGE_ANON = family('merge-anon', ['none', 'target-only', 'range-only', 'both']);
export const DUP_ANON_VMA = event('dup-anon-vma');
export const UNDO_DUP_ANON_VMA = event('undo-dup-anon-vma');

// Splitting and modifying.
export const SPLIT_BELOW = event('split-new-below');
export const SPLIT_ABOVE = event('split-new-above');
export const SPLIT_REFUSED = event('split-refused-by-file');
export const SPLIT_MAP_COUNT = event('split-map-count');
export const SPLIT_NOMEM = event('split-nomem');
export const MODIFY = family('modify', ['whole', 'split-before', 'split-after', 'split-both', 'merged']);

// Removing.
export const GATHER = family('gather', SOME);
/** Bit 0: the first mapping is split; bit 1: the last one. */
export const GATHER_SPLITS = family('gather-splits', ['none', 'start', 'end', 'both']);
export const GATHER_ONE_IN_MIDDLE = event('gather-hole-in-one');
export const GATHER_MAP_COUNT = event('gather-map-count');
export const GATHER_SEALED = event('gather-sealed');
export const GATHER_ABORTED = event('gather-aborted');
export const MUNMAP_NOTHING = event('munmap-nothing');
export const ABORT_REATTACHED = event('abort-reattached');
export const ABORT_LEFT_HOLE = event('abort-left-hole');

// Placing.
export const PLACE_FIXED = event('place-fixed');
export const PLACE_HINT = event('place-hint');
export const PLACE_HINT_TAKEN = event('place-hint-taken');
export const PLACE_HINT_GUARD = event('place-hint-in-guard-gap');
export const PLACE_TOP_DOWN = event('place-top-down');
export const PLACE_BOTTOM_UP = event('place-bottom-up');
export const PLACE_GUARD_RETRY_NEXT = event('place-guard-retry-next');
export const PLACE_GUARD_RETRY_PREV = event('place-guard-retry-prev');
export const PLACE_NOTHING = event('place-nothing');
export const PLACE_HUGE = event('place-huge-aligned');
export const PLACE_HUGE_PADDED_FAILED = event('place-huge-padded-failed');

// Mapping.
export const MMAP = family('mmap', ['private-anonymous', 'private-file', 'shared-anonymous', 'shared-file']);
export const MMAP_OVER = event('mmap-over-existing');
export const MMAP_EXACT_OVER = event('mmap-over-exactly-one');
export const MMAP_HOOK_FAILED = event('mmap-hook-failed');
export const MMAP_HOOK_CHANGED_FLAGS = event('mmap-hook-changed-flags');
export const MMAP_RETRY_MERGED = event('mmap-retry-merged');
export const MMAP_LOCK_DROPPED = event('mmap-lock-dropped');
export const RFP_SPANS = event('remap-file-pages-spans');

// Loops over a range: number of mappings changed.
export const MPROTECT = family('mprotect', SOME);
export const MPROTECT_SAME = event('mprotect-same-flags');
export const MPROTECT_CHARGED = event('mprotect-charged');
export const MPROTECT_UNCHARGED = event('mprotect-uncharged');
export const MLOCK = family('mlock', FEW);
export const MADVISE = family('madvise', FEW);
export const MSEAL = family('mseal', SOME);
export const MBIND = family('mbind', SOME);
export const UFFD = family('uffd', SOME);
export const RANGE_HOLE = event('range-hole');
export const RANGE_SEALED = event('range-sealed');
export const RANGE_MERGED_ON = event('range-merged-beyond-its-part');

// Mremap.
export const MREMAP_SAME = event('mremap-same-size');
export const MREMAP_SHRINK = event('mremap-shrink');
export const MREMAP_GROW_IN_PLACE = event('mremap-grow-in-place');
export const MREMAP_GROW_BLOCKED = event('mremap-grow-blocked');
export const MREMAP_GROW_MOVE = event('mremap-grow-move');
export const MREMAP_FIXED_MOVE = event('mremap-fixed');
export const MREMAP_FIXED_SHRINK = event('mremap-fixed-shrink');
export const MREMAP_FIXED_GROW = event('mremap-fixed-grow');
export const MREMAP_DUPLICATE = event('mremap-duplicate');
export const MREMAP_DONTUNMAP_WHOLE = event('mremap-dontunmap-whole');
export const MREMAP_DONTUNMAP_PART = event('mremap-dontunmap-part');
export const MREMAP_SEVERAL = family('mremap-moved', FEW);
export const MREMAP_HOLE = event('mremap-over-hole');
export const MREMAP_COPY_MERGED = event('mremap-copy-merged');
export const MREMAP_COPY_MERGED_SELF = event('mremap-copy-merged-with-source');
export const MREMAP_COPY_NEW = event('mremap-copy-new');
export const MREMAP_HOOK_FAILED = event('mremap-hook-failed');
/** Bit 0: a part of the source stays below; bit 1: above. */
export const MREMAP_LEFTOVER = family('mremap-source-left', ['none', 'below', 'above', 'both']);

// Heap, stack, faults, fork.
export const BRK_EXPANDED = event('brk-expanded');
export const BRK_NEW = event('brk-new');
export const BRK_SHRUNK = event('brk-shrunk');
export const BRK_REFUSED = event('brk-refused');
export const GROW_DOWN = event('grow-down');
export const GROW_UP = event('grow-up');
export const GROW_GUARD = event('grow-guard-gap');
export const GROW_BESIDE_STACK = event('grow-beside-stack');
export const GROW_LIMIT = event('grow-limit');
export const ANON_NEW = event('anon-vma-new');
export const ANON_FROM_NEXT = event('anon-vma-from-next');
export const ANON_FROM_PREV = event('anon-vma-from-prev');
export const TOUCH_PAST_FILE = event('touch-past-file');
export const POPULATE_FAILED = event('populate-failed');
export const FORK = family('fork', FEW);
export const FORK_DROPPED = event('fork-dropped');
export const FORK_ABORTED = event('fork-aborted');

/** How many numbers there are from MM_EVENT_BASE on. */
export const MM_EVENT_COUNT = names.length;

/** The name of an event of this part, or null for a number of another part. */
export function mmEventName(number: number): string | null {
  return names[number - MM_EVENT_BASE] ?? null;
}
