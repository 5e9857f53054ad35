/**
 * Faults: one write access, growing stacks, and populating whole ranges. What a fault leaves behind in the model is an
 * anon_vma: private memory gets one at its first write fault, and keeps it even if the page then turns out to lie
 * beyond the end of the file. Sources: FACTS.md sections 4, "touch", "mlock"; expand_downwards, acct_stack_growth,
 * __anon_vma_prepare, find_mergeable_anon_vma, __mm_populate, populate_vma_page_range, faultin_page_range,
 * check_vma_flags.
 *
 * A page that userfaultfd watches counts as handed over by its context.
 */
import { ACCESS, GROWS_DOWN, IO, LOCK_ON_FAULT, PFN, READ, SHARED, WRITE } from './flags';
import { lockFits } from './limits';
import { GUARD } from './place';
import type { Outcome, Space } from './space';
import { PAGE, pageDown, type Vma } from './vma';

/**
 * How long a stack may become by growing, in bytes: the limit with which systems start their programs (RLIMIT_STACK).
 */
const STACK_LIMIT = 2048 * PAGE;

/** One write access: 0, or EFAULT where a program would get SIGSEGV or SIGBUS. */
export function touch(space: Space, addr: number): Outcome {
  const page = pageDown(addr);
  let vma = space.lookup(page);
  if (vma === null) {
    vma = growDown(space, page);
    if (vma === null) return 'EFAULT';
  }
  if (!vma.has(WRITE)) return 'EFAULT';
  if (!prepareAnon(space, vma)) return 'ENOMEM';
  return beyondFile(vma, page) ? 'EFAULT' : 0;
}

/**
 * Lets the next mapping above grow down to the page, if it is a stack; null if it is not or may not. It may not come
 * nearer than the guard gap to an accessible mapping below that is no stack, nor pass the limits of a stack's length
 * and of locked memory. The limits are asked last: the anon_vma stays.
 */
function growDown(space: Space, page: number): Vma | null {
  const index = space.indexAt(page);
  const stack = space.vmas.at(index);
  if (stack === undefined || !stack.has(GROWS_DOWN)) return null;
  const below = space.vmas.at(index - 1);
  if (below?.has(ACCESS) && !below.has(GROWS_DOWN) && page - below.end < GUARD) return null;
  if (!space.allocate() || !prepareAnon(space, stack)) return null;
  if (stack.end - page > STACK_LIMIT || !lockFits(space, stack.flags, stack.start - page)) return null;
  stack.moveStart(page);
  return stack;
}

function beyondFile(vma: Vma, page: number): boolean {
  return vma.file !== null && vma.pgoffAt(page) >= vma.file.pages;
}

/**
 * Gives a private mapping an anon_vma if it has none: that of the next neighbour, else of the previous, if the two look
 * like pieces of one mapping and it did not come over a fork; else a new one. False if memory runs out.
 */
function prepareAnon(space: Space, vma: Vma): boolean {
  if (vma.anon !== 0 || vma.has(SHARED)) return true;
  if (!space.allocate()) return false;
  const index = space.indexAt(vma.start);
  const next = space.vmas.at(index + 1);
  const previous = space.vmas.at(index - 1);
  if (next !== undefined && lendsAnon(next, vma, next)) vma.anon = next.anon;
  else if (previous !== undefined && lendsAnon(previous, previous, vma)) vma.anon = previous.anon;
  else vma.anon = space.newAnon();
  vma.inherited = false;
  return true;
}

/** Flags that mprotect can change do not matter here, names and userfaultfd contexts neither (anon_vma_compatible). */
function lendsAnon(lender: Vma, lower: Vma, upper: Vma): boolean {
  return (
    lender.anon !== 0 &&
    !lender.inherited &&
    lower.end === upper.start &&
    lower.policy === upper.policy &&
    lower.file === upper.file &&
    ((lower.flags ^ upper.flags) & ~ACCESS) === 0 &&
    lower.pgoffAt(lower.end) === upper.pgoff
  );
}

/**
 * Faults in what is mapped in [start, end), mapping by mapping (__mm_populate). Stops at the first error, unless errors
 * are to be ignored: then it goes on with the next mapping and answers 0.
 */
export function populate(space: Space, start: number, end: number, ignoreErrors: boolean): Outcome {
  for (let i = space.indexAt(start); i < space.count && space.vmas.at(i).start < end; i++) {
    const vma = space.vmas.at(i);
    if (vma.has(IO | PFN)) continue;
    const error = populatePart(space, vma, Math.max(start, vma.start), Math.min(end, vma.end));
    if (error !== 0 && !ignoreErrors) return error;
  }
  return 0;
}

/** Faults in a part of one mapping: writing where it is private and writable, else reading. EFAULT, ENOMEM. */
export function populatePart(space: Space, vma: Vma, start: number, end: number): Outcome {
  if (vma.has(LOCK_ON_FAULT) || start >= end) return 0;
  if (!vma.has(ACCESS) || vma.has(IO | PFN)) return 'EFAULT';
  if ((vma.flags & (WRITE | SHARED)) === WRITE && !prepareAnon(space, vma)) return 'ENOMEM';
  return beyondFile(vma, end - PAGE) ? 'EFAULT' : 0;
}

/**
 * madvise populate_read and populate_write: page by page, up to the first that is not mapped (ENOMEM), does not allow
 * the access (EINVAL) or lies beyond its file (EFAULT). Stacks do not grow.
 */
export function populateAccess(space: Space, start: number, end: number, write: boolean): Outcome {
  for (let at = start; at < end; ) {
    const vma = space.lookup(at);
    if (vma === null) return 'ENOMEM';
    if (!vma.has(write ? WRITE : READ) || vma.has(IO | PFN)) return 'EINVAL';
    if (write && !prepareAnon(space, vma)) return 'ENOMEM';
    const to = Math.min(end, vma.end);
    if (beyondFile(vma, to - PAGE)) return 'EFAULT';
    at = to;
  }
  return 0;
}
