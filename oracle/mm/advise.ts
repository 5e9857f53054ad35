/**
 * madvise: hints about ranges. Some change flags, mapping by mapping; the others work on pages, of which the model
 * knows only whether they are allowed. Holes are skipped and make the answer ENOMEM at the end; any other error stops
 * at once, and what came before stays. Running out of memory is EAGAIN here. Sources: FACTS.md "madvise"
 * [madvise-flags, madvise-pages, madvise-hole, seal-discard]; madvise_walk_vmas, madvise_vma_behavior,
 * can_modify_vma_madv, hugepage_madvise, ksm_madvise.
 */
import { changePart } from './change';
import { populateAccess } from './fault';
import {
  DONT_DUMP,
  DONT_FORK,
  HUGE,
  IO,
  LOCKED,
  MERGEABLE,
  NO_HUGE,
  PFN,
  RANDOM,
  SEALED,
  SEQUENTIAL,
  SHARED,
  SPECIAL,
  WIPE_ON_FORK,
  WRITE,
} from './flags';
import type { Errno, Outcome, Space } from './space';
import { PAGE, pageUp, type Vma } from './vma';

/** Advice that changes flags: what it sets, what it clears, and to which mappings it cannot be given. */
interface FlagAdvice {
  readonly set: number;
  readonly clear: number;
  readonly refuses?: (vma: Vma) => boolean;
  /** Mappings that it leaves alone without an error. */
  readonly passes?: (vma: Vma) => boolean;
}

const FLAG_ADVICE: Readonly<Record<string, FlagAdvice>> = {
  normal: { set: 0, clear: SEQUENTIAL | RANDOM },
  sequential: { set: SEQUENTIAL, clear: RANDOM },
  random: { set: RANDOM, clear: SEQUENTIAL },
  dontfork: { set: DONT_FORK, clear: 0 },
  dofork: { set: 0, clear: DONT_FORK, refuses: (vma) => vma.has(IO) },
  dontdump: { set: DONT_DUMP, clear: 0 },
  dodump: { set: 0, clear: DONT_DUMP, refuses: (vma) => vma.has(SPECIAL) },
  wipeonfork: { set: WIPE_ON_FORK, clear: 0, refuses: (vma) => vma.file !== null },
  keeponfork: { set: 0, clear: WIPE_ON_FORK },
  hugepage: { set: HUGE, clear: NO_HUGE },
  nohugepage: { set: NO_HUGE, clear: HUGE },
  mergeable: { set: MERGEABLE, clear: 0, passes: (vma) => vma.has(SHARED | SPECIAL) },
  unmergeable: { set: 0, clear: MERGEABLE },
};

/** Advice that works on pages: the errors it answers for a mapping. */
const PAGE_ADVICE: Readonly<Record<string, (vma: Vma) => Outcome>> = {
  willneed: () => 0,
  dontneed: (vma) => (vma.has(LOCKED | PFN) ? 'EINVAL' : 0),
  dontneed_locked: (vma) => (vma.has(PFN) ? 'EINVAL' : 0),
  cold: (vma) => (vma.has(LOCKED | PFN) ? 'EINVAL' : 0),
  pageout: (vma) => (vma.has(LOCKED | PFN) ? 'EINVAL' : 0),
  free: (vma) => (vma.has(LOCKED | PFN) || vma.file !== null ? 'EINVAL' : 0),
  remove: (vma) => {
    if (vma.has(LOCKED) || vma.file === null) return 'EINVAL';
    if (!vma.has(SHARED)) return 'EACCES';
    return vma.file.device ? 'ENODEV' : 0;
  },
};

/** Advice that throws away data, which a seal forbids for memory that its owner cannot write. */
const DISCARDS = new Set(['dontneed', 'dontneed_locked', 'free', 'remove', 'dontfork', 'wipeonfork']);

export function madvise(space: Space, addr: number, len: number, advice: string): Outcome {
  if (addr % PAGE !== 0) return 'EINVAL';
  const end = addr + pageUp(len);
  if (advice === 'populate_read') return populateAccess(space, addr, end, false);
  if (advice === 'populate_write') return populateAccess(space, addr, end, true);

  let hole = false;
  for (let at = addr; at < end; ) {
    const index = space.indexAt(at);
    const vma = space.vmas.at(index);
    if (vma === undefined || vma.start > at) hole = true;
    if (vma === undefined || vma.start >= end) break;
    const next = advisePart(space, index, Math.max(at, vma.start), Math.min(end, vma.end), advice);
    if (typeof next === 'string') return next;
    at = next;
  }
  return hole ? 'ENOMEM' : 0;
}

function advisePart(space: Space, index: number, start: number, end: number, advice: string): number | Errno {
  const vma = space.vmas.at(index);
  if (DISCARDS.has(advice) && vma.has(SEALED) && vma.file === null && !vma.has(WRITE)) return 'EPERM';
  const pages = PAGE_ADVICE[advice];
  if (pages !== undefined) {
    const error = pages(vma);
    return error === 0 ? end : error;
  }

  const change = FLAG_ADVICE[advice];
  if (change.refuses?.(vma)) return 'EINVAL';
  const flags = (vma.flags & ~change.clear) | change.set;
  if (flags === vma.flags || change.passes?.(vma)) return vma.end;
  const { policy, uffd, name } = vma;
  const next = changePart(space, index, start, end, { flags, policy, uffd, name });
  return next === 'ENOMEM' ? 'EAGAIN' : next;
}
