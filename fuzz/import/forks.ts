/**
 * Which forked children are written out.
 *
 * The sequence of a child holds all that its parent did before the fork, so a process that forks often and lives long
 * would be written again and again: the output would grow with the square of the log. Children share that past by
 * reference while they are read; here it is decided which of them are worth writing it out.
 *
 *     all      each child that did something
 *     none     none
 *     N        the N children that did most
 *     auto     those that did most, as long as the pasts written out again stay below BUDGET times the log
 */
export type Forks = 'auto' | 'all' | 'none' | number;

/** The pasts of children may be so many times as long as everything that was really done… */
export const BUDGET = 4;
/** …and this many operations are always allowed. */
const ALWAYS = 50_000;

export interface Child {
  /** Operations of its parents that its sequence repeats. */
  readonly inherited: number;
  /** Its own. */
  readonly own: number;
}

/** What did most first; of equals the shortest past. */
function ranked<C extends Child>(children: readonly C[]): C[] {
  return [...children].sort((a, b) => b.own - a.own || a.inherited - b.inherited);
}

/** The children to write, of those that did something. @param done operations really done, by all processes */
export function chooseChildren<C extends Child>(children: readonly C[], done: number, forks: Forks): ReadonlySet<C> {
  if (forks === 'all') return new Set(children);
  if (forks === 'none') return new Set();
  if (typeof forks === 'number') return new Set(ranked(children).slice(0, forks));
  const chosen = new Set<C>();
  let left = Math.max(ALWAYS, BUDGET * done);
  for (const child of ranked(children)) {
    if (child.inherited > left) continue;
    left -= child.inherited;
    chosen.add(child);
  }
  return chosen;
}
