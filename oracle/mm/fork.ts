/**
 * fork: the child's copy of the address space, in which the sequence goes on.
 *
 * - Mappings with `dc`, and `dev` (which cannot follow its process), are gone; locks, the lock on future mappings and
 *   userfaultfd contexts are gone.
 * - Every anon_vma becomes one of its own, marked as inherited: pieces that shared one before do not merge any more.
 *   Memory that is wiped on fork has none.
 * - Nothing merges. ENOMEM: there is no child, nothing has changed.
 * Sources: FACTS.md "fork", section 4 [fork, fork-flags]; dup_mmap, anon_vma_fork, dup_userfaultfd.
 */
import { DONT_FORK, LOCK, UFFD, WIPE_ON_FORK } from './flags';
import type { Outcome, Space } from './space';

export function fork(space: Space): Outcome {
  if (!space.allocate()) return 'ENOMEM';
  space.vmas.fill([...space.vmas].filter((vma) => !vma.has(DONT_FORK) && vma.file?.name !== 'dev'));
  space.defaultFlags = 0;
  for (const vma of space.vmas) {
    const wiped = vma.has(WIPE_ON_FORK) || vma.anon === 0;
    vma.anon = wiped ? 0 : space.newAnon();
    vma.inherited = !wiped;
    vma.flags &= ~(LOCK | UFFD);
    vma.uffd = 0;
  }
  return 0;
}
