/**
 * What `ret` is, operation by operation, for the docs: docs/format.md has these as tables, and answers.test.ts runs examples.
 *
 * Rules that hold here:
 * - Errno names stand in the order in which they are checked: the first that applies is the answer, and targets are compared
 *   by it.
 * - Every operation of the table has its words here; operations that answer alike share a row.
 */
import type { DomainName } from './types';

/** Names of operations with commas between, and the words. */
type Rows = readonly (readonly [operations: string, words: string])[];

const GAPS =
  '`EINVAL` without `ranges` in the header, for size 0, min > max, or size > max - min + 1; `EBUSY` if no gap fits';

const TREE: Rows = [
  ['store_range', '0; `EINVAL` if first > last'],
  ['insert_range', '0; `EINVAL` if first > last; `EEXIST` if any index of the range has an entry, be it the last one'],
  ['erase', 'the entry that was there, or null'],
  ['load', 'the entry, or null'],
  [
    'alloc_range, alloc_rrange',
    `where it begins: the lowest, or highest, place where size indexes in min to max are free; ${GAPS}`,
  ],
  [
    'alloc_cyclic',
    '`[start, next, wrapped]`: the lowest free index of max(min, next) to max, wrapped 0, or else that of min to max, wrapped 1; next is start + 1. next > max is fine. After a start of `"max"` next is 0, and the following success that did not begin anew at min says wrapped 1, once, even behind `dup` and `destroy`. `EINVAL` without `ranges`, or if min > max; `EBUSY` if all are taken',
  ],
  [
    'find',
    '`[entry, next]`: the entry that holds index, or the first above that begins at or below max; next is the index behind its end, 0 if it ends at `"max"`. `[null, index]` if there is none, and if index > max',
  ],
  [
    'next',
    'the first entry above index that begins at or below max, or null; one that holds index does not count. null if max <= index',
  ],
  [
    'prev',
    'the first entry below index that ends at or above min, or null; one that holds index does not count. null if min >= index. min is not looked at while the root itself holds the only entry, at index 0',
  ],
  ['dup, destroy, mas_set, mas_reset, mas_pause', '0'],
  ['dump', '`{"entries":[[first,last,value],…]}`, ascending'],
  ['bulk', '0; `{"error":…}` if the entries are not all beyond what is there'],
  ['mas_set_range', '0; `EINVAL` if first > last'],
  [
    'mas_config',
    '0; `EINVAL` if first > last, or unless the status is `start`, or `active` with first in the index to last of the state',
  ],
  [
    'mas_walk, mas_next, mas_next_range, mas_find, mas_find_range, mas_prev, mas_prev_range, mas_find_rev, mas_find_range_rev',
    'an entry, or null',
  ],
  ['mas_store', '0; `EINVAL` in status `error`'],
  ['mas_erase', "the entry at the state's index, or null"],
  [
    'mas_store_prealloc',
    '0; `EINVAL` unless first is in the index to last of the state, or where `mas_config` answers it',
  ],
  [
    'mas_empty_area, mas_empty_area_rev',
    `0, and index, last are the lowest, or highest, free range of this size; the state is reset before the search. ${GAPS}`,
  ],
];

const MM: Rows = [
  [
    'mmap',
    'the address. `EBUSY`: dev, a piece of which is mapped. `EINVAL`: offset not of whole pages, or len 0. `ENOMEM`: more mappings than max_map_count. With fixed or fixed_noreplace `EINVAL`: addr not at a page; without, `ENOMEM`: no gap. `EEXIST`: fixed_noreplace, and something there. `EPERM`: locked while memlock is 0; `EAGAIN`: locked beyond memlock. `EINVAL`: growsdown with shared or a file. `EPERM`: a sealed mapping in the way of fixed',
  ],
  [
    'munmap',
    '0, also where nothing is mapped. `EINVAL`: addr not at a page, or len 0. `EPERM`: a sealed mapping; nothing is removed then, but a mapping that holds addr inside stays split there, if it is not the sealed one',
  ],
  [
    'mprotect',
    '`EINVAL`: addr not at a page. 0: len 0. Then mapping by mapping, and what came before an error stays changed: `ENOMEM`: nothing there; `EACCES`: x for dev; `EPERM`: sealed, even if nothing would change',
  ],
  [
    'mremap',
    'the address. `EINVAL`: addr not at a page, or new_len 0 or too large; with fixed or dontunmap also new_addr not at a page, no maymove, dontunmap with another length, or the ranges overlap. `EFAULT`: nothing at addr. `EPERM`: sealed. The same size or less, without fixed and dontunmap, needs no more than that. `EINVAL`: old_len 0 of private memory, dontunmap of dev. `EFAULT`: more than the mapping at addr (but fixed with equal lengths may span several, and holes behind addr), or dev to grow. `EAGAIN`: locked beyond memlock. `ENOMEM`: no room in place without maymove, or nowhere',
  ],
  [
    'madvise',
    '`EINVAL`: addr not at a page. 0: len 0. Holes are passed over, and `ENOMEM` is the answer at the end if there was one; any other error ends it, with what came before done. `EPERM`: dontneed, dontneed_locked, free, remove, dontfork, wipeonfork of sealed private anonymous memory that is not writable. `EINVAL`: wipeonfork of a file or shared memory, dodump of dev, dontneed, free, cold, pageout of locked memory, free of anything but private anonymous memory, remove of locked or private anonymous memory; `EACCES`: remove of a private file; `ENODEV`: remove of dev. populate_read, populate_write stop at the first page that has no mapping (`ENOMEM`), may not be read or written (`EINVAL`), or lies beyond the end of its file (`EFAULT`). Advice about single pages (collapse, guard_install, guard_remove, hwpoison, soft_offline): `{"unsupported":true}`',
  ],
  [
    'mlock, munlock',
    '0, also for len 0; the range is rounded outwards to pages. `EPERM`: mlock while memlock is 0; `ENOMEM`: mlock beyond memlock. `ENOMEM`: a hole; what lies before it is changed. `ENOMEM`: mlock without onfault, and a page may not be accessed or lies beyond the end of its file; the flags stay set',
  ],
  ['mseal', '`EINVAL`: addr not at a page. 0: len 0. `ENOMEM`: a hole, and nothing is sealed'],
  [
    'brk',
    'the break that holds after it, never an errno name: the old one if it cannot be moved. `{"error":…}` in a window without a heap',
  ],
  [
    'remap_file_pages',
    '0; addr and len are rounded down. `EINVAL`: len 0; no shared mapping at addr; or what follows in the range is not adjacent, of the same file, and alike in flags. `EOVERFLOW`: pgoff too large. Then as mmap with fixed',
  ],
  ['touch', '0; `EFAULT`: no mapping (and no stack that may grow to it), not writable, or beyond the end of the file'],
  ['fork, munlockall', '0'],
  ['dump', 'the mappings, ascending: see below'],
  ['mbind', '`EINVAL`: addr not at a page. 0: len 0. `EFAULT`: a hole; with policy 0 only if nothing is mapped at all'],
  [
    'uffd_register, uffd_unregister',
    '0; `EINVAL`: addr or len not of whole pages, len 0, nothing mapped there, or a special device in the range; `EBUSY`: another context',
  ],
  [
    'set_vma_name',
    '`EINVAL`: a name that is not valid, or addr not at a page. 0: len 0. `EBADF`: a file in the range. `ENOMEM` at the end if there was a hole',
  ],
  ['mlockall', '0; `EINVAL`: neither current nor future; `EPERM`: memlock is 0; `ENOMEM`: current, beyond memlock'],
];

export const ANSWERS: Readonly<Record<DomainName, Rows>> = { tree: TREE, mm: MM };
