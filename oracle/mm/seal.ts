/**
 * mseal: all or nothing but for running out of memory or mappings, since holes are looked for first.
 * Sources: FACTS.md "mseal" [seal, seal-args, seal-join]; check_mm_seal, apply_mm_seal.
 */
import { changePart } from './change';
import { SEALED } from './flags';
import type { Outcome, Space } from './space';
import { PAGE, pageUp } from './vma';

export function mseal(space: Space, addr: number, len: number): Outcome {
  if (addr % PAGE !== 0) return 'EINVAL';
  const end = addr + pageUp(len);
  if (space.hasHole(addr, end)) return 'ENOMEM';
  for (let at = addr; at < end; ) {
    const index = space.indexAt(at);
    const { end: vmaEnd, flags, policy, uffd, name } = space.vmas.at(index);
    if ((flags & SEALED) !== 0) {
      at = vmaEnd;
      continue;
    }
    const to = { flags: flags | SEALED, policy, uffd, name };
    const next = changePart(space, index, at, Math.min(end, vmaEnd), to);
    if (typeof next === 'string') return next;
    at = next;
  }
  return 0;
}
