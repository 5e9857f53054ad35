/**
 * What a set of features covers, and what it does not: the must-reach lists and the events that nothing reached.
 *
 * The lists are the domains'; here they are only looked up.
 */
import { allDomains } from '../domains';
import type { Domain } from '../domains/domain';
import { eventOf, operationOf } from './features';

export interface Reach {
  /** How many names the must-reach lists have, and those that nothing reached. */
  readonly total: number;
  readonly missing: readonly string[];
  /**
   * A sentence on the cells. No list of the rest: which of them can be reached at all is known of "must reach" only.
   */
  readonly cellsText: string;
}

/** Of the must-reach lists of these domains: how many names were reached. Cheap enough for a status screen. */
export function countReached(
  features: Iterable<number>,
  domains: readonly Domain[],
): { reached: number; total: number } {
  const cells = cellsReached(features);
  const must = mustReach(domains);
  return { reached: must.filter((name) => cells.has(name)).length, total: must.length };
}

function mustReach(domains: readonly Domain[]): readonly string[] {
  return domains.flatMap(({ coverage }) => coverage.mustReach);
}

/** Names and cells, of whatever domain: an address space records what its tree does, too. */
function cellsReached(features: Iterable<number>): Set<string> {
  const events = new Set<number>();
  for (const feature of features) events.add(eventOf(feature));
  const cells = new Set<string>();
  for (const event of events) {
    for (const { coverage } of allDomains()) {
      const name = coverage.eventName(event);
      if (name !== null) cells.add(name);
      for (const cell of coverage.cellsOf(event)) cells.add(cell);
    }
  }
  return cells;
}

export function describeReach(features: readonly number[], domains: readonly Domain[]): Reach {
  const cells = cellsReached(features);
  const must = mustReach(domains);
  const all = domains.flatMap(({ coverage }) => coverage.cells);
  const reached = all.filter((cell) => cells.has(cell)).length;
  const idle = idleOperations(features, domains).join(', ');
  return {
    total: must.length,
    missing: must.filter((name) => !cells.has(name)),
    cellsText:
      `Of ${all.length} cells in src, of which some cannot be reached, ${reached} were.` +
      `${idle === '' ? '' : ` Operations that were never run: ${idle}.`}`,
  };
}

function idleOperations(features: readonly number[], domains: readonly Domain[]): string[] {
  const active = new Set(features.map(operationOf));
  return domains.flatMap(({ operations }) => operations.map(({ op }) => op)).filter((name) => !active.has(name));
}
