/**
 * What happens when something about a part of a mapping changes: it joins a neighbour that it is like now, or it is cut
 * off. All of mprotect, madvise, mlock, mseal, mbind, userfaultfd and VMA names end here (vma_modify).
 *
 *      [ below ][   vma   ][ above ]        C is the part of vma inside the range, with the change made
 *               |<-- C -->|                 may join both sides; then vma is gone
 *               |<- C ->|                   may join below: the edge between the two moves up
 *                 |<- C ->|                 may join above: the edge moves down
 *                 |<-C->|                   is cut out
 *
 * Joining needs no split: a file that refuses splits and the limit of mappings do not matter then.
 * Sources: FACTS.md section 3 "changed flags"; vma_modify, vma_merge_existing_range.
 */
import { joinsAbove, joinsBelow, takeAnon } from './join';
import type { AddressOr, Outcome, Space } from './space';
import type { Vma } from './vma';

/** What may change about a mapping. */
export interface Attributes {
  readonly flags: number;
  readonly policy: number;
  readonly uffd: number;
  readonly name: string | null;
}

/**
 * Gives the part [start, end) of the mapping at index new attributes. Answers the end of the mapping that holds the
 * part now, which may lie above `end`: the caller goes on there. ENOMEM, EINVAL: could not be split; a split at the
 * start stays. `giveUp`: if memory for a join runs out, do without it.
 */
export function changePart(
  space: Space,
  index: number,
  start: number,
  end: number,
  to: Attributes,
  giveUp = false,
): AddressOr {
  const vma = space.vmas.at(index);
  const c = vma.copy();
  c.moveStart(start);
  c.end = end;
  assign(c, to);
  const below = space.vmas.at(index - 1);
  const above = space.vmas.at(index + 1);
  const whole = start === vma.start && end === vma.end;
  const low = start === vma.start && joinsBelow(space, below, c, 'changed');
  const high = end === vma.end && joinsAbove(space, c, above, 'changed', low ? below : null);

  // A mapping with a close hook may give up a part, but not vanish.
  if ((low || high) && !(whole && vma.file?.closes === true)) {
    if (space.allocate()) return join(space, index, c, low, high);
    if (!giveUp) return 'ENOMEM';
  }
  const error = cutOut(space, index, start, end);
  if (error !== 0) return error;
  assign(space.vmas.at(vma.start < start ? index + 1 : index), to);
  return end;
}

function assign(vma: Vma, to: Attributes): void {
  vma.flags = to.flags;
  vma.policy = to.policy;
  vma.uffd = to.uffd;
  vma.name = to.name;
}

/** C leaves its mapping and becomes part of the one below, the one above, or both. */
function join(space: Space, index: number, c: Vma, low: boolean, high: boolean): number {
  const vma = space.vmas.at(index);
  const below = space.vmas.at(index - 1);
  const above = space.vmas.at(index + 1);
  const whole = c.start === vma.start && c.end === vma.end;
  const joined = low ? below : above;
  takeAnon(joined, c);
  if (low && high) takeAnon(below, above);

  if (low) below.end = high ? above.end : c.end;
  else above.moveStart(c.start);

  if (whole) space.removeAt(index, low && high ? 2 : 1);
  else if (low) vma.moveStart(c.end);
  else vma.end = c.start;
  return joined.end;
}

/** Makes [start, end) of the mapping at index one of its own; the cut at the start stays if the other one fails. */
export function cutOut(space: Space, index: number, start: number, end: number): Outcome {
  let at = index;
  if (space.vmas.at(at).start < start) {
    const error = space.cutCounted(at, start);
    if (error !== 0) return error;
    at++;
  }
  return end < space.vmas.at(at).end ? space.cutCounted(at, end) : 0;
}
