/**
 * When two neighbours become one mapping: the one rule of merging, and the one way to put a new range in.
 *
 *      [ below ][ C ][ above ]      C joins below, above, both or neither
 *
 * C is the range that an operation works on. It joins a neighbour if everything about the two is the same and the page
 * offset runs on (`continues`), and if their anon_vmas agree (`anonAgrees`). Sources: FACTS.md section 3;
 * is_mergeable_vma, is_mergeable_anon_vma, can_vma_merge_before, can_vma_merge_after, can_vma_merge_right.
 */
import { SPECIAL } from './flags';
import type { Space } from './space';
import type { Vma } from './vma';

/**
 * How C came to be: a new mapping, a mapping that changes, a moved copy of one, or the growth of one in place. Only the
 * anon_vma rule asks: growth is not hindered by an anon_vma that came over a fork.
 */
export type Origin = 'new' | 'changed' | 'copy' | 'growth';

/** Whether upper goes on exactly where lower ends, with nothing about it different but the anon_vma. */
function continues(lower: Vma, upper: Vma): boolean {
  return (
    lower.end === upper.start &&
    lower.flags === upper.flags &&
    lower.file === upper.file &&
    lower.pgoffAt(lower.end) === upper.pgoff &&
    lower.policy === upper.policy &&
    lower.uffd === upper.uffd &&
    lower.name === upper.name &&
    (lower.flags & SPECIAL) === 0
  );
}

/**
 * Whether C may share the neighbour's anon_vma or bring its own: both have none, or both the same, or just one has one
 * and it did not come over a fork. Linux 6.12 does not let a C with one join a neighbour without.
 */
function anonAgrees(space: Space, c: Vma, neighbour: Vma, origin: Origin): boolean {
  if (c.anon === neighbour.anon) return true;
  if (c.anon === 0) return !neighbour.inherited;
  if (neighbour.anon !== 0 || space.old) return false;
  return !c.inherited || origin === 'growth';
}

/** Whether C, which would lie right above `below`, can join it. */
export function joinsBelow(space: Space, below: Vma | undefined, c: Vma, origin: Origin): boolean {
  return below !== undefined && continues(below, c) && anonAgrees(space, c, below, origin);
}

/**
 * Whether C, which would lie right below `above`, can join it. If it joins `below` as well, those two must not have
 * different anon_vmas: else C joins the lower one only.
 */
export function joinsAbove(space: Space, c: Vma, above: Vma | undefined, origin: Origin, below: Vma | null): boolean {
  if (above === undefined || !continues(c, above) || !anonAgrees(space, c, above, origin)) return false;
  return below === null || below.anon === 0 || above.anon === 0 || below.anon === above.anon;
}

/** Gives vma the anon_vma of another one if it has none itself. */
export function takeAnon(vma: Vma, from: Vma): void {
  if (vma.anon !== 0) return;
  vma.anon = from.anon;
  vma.inherited = from.inherited;
}

/**
 * Lets a new range C join its neighbours, if it can (vma_merge_new_range); what C covers must be free. With `onlyBelow`
 * the neighbour above is not asked; `apart` is a mapping that C must not join. A neighbour with a close hook may be
 * extended but never removed, so between two of them C joins the lower one.
 *
 * Answers the mapping that C is part of now, null if it joins none, ENOMEM if it would but memory ran out.
 */
export function joinNew(
  space: Space,
  c: Vma,
  origin: Origin,
  { onlyBelow = false, apart = null as Vma | null } = {},
): Vma | null | 'ENOMEM' {
  const index = space.indexAt(c.start);
  const below = space.vmas.at(index - 1);
  const above = space.vmas.at(index);
  const low = below !== apart && joinsBelow(space, below, c, origin);
  let high = !onlyBelow && above !== apart && joinsAbove(space, c, above, origin, low ? below : null);
  if (low && high && above.file?.closes === true) high = false;
  if (!low && !high) return null;
  if (!space.allocate()) return 'ENOMEM';

  const joined = low ? below : above;
  takeAnon(joined, c);
  if (low) {
    below.end = high ? above.end : c.end;
    if (high) takeAnon(below, above);
    if (high) space.removeAt(index);
  } else {
    above.moveStart(c.start);
  }
  return joined;
}
