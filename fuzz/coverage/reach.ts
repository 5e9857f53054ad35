/**
 * What a set of features covers, and what it does not: the must-reach list and the events that nothing reached.
 *
 * The must-reach list of each part stands beside the code that it is about (`src/maple-tree/events.ts`,
 * `src/mm/must-reach.ts`); here it is only looked up.
 */

import { TREE_CELLS, treeCells } from '../../src/maple-tree/cells';
import { nameEvent, MUST_REACH as TREE_MUST_REACH } from '../../src/maple-tree/events';
import { MM_EVENT_BASE, mmEventName } from '../../src/mm/events';
import { MM_CELLS, MM_MUST_REACH } from '../../src/mm/must-reach';
import { domainOf } from '../domains';
import { operationNames } from '../format/domain';
import type { DomainName } from '../format/types';
import { eventOf, operationOf } from './features';

export interface Reach {
  /** How many names the must-reach list has, and those that nothing reached. */
  readonly total: number;
  readonly missing: readonly string[];
  /** A sentence on the events that nothing reached, and their names, a line for each family. */
  readonly neverText: string;
  readonly never: readonly string[];
}

/** The name of an event of either part. */
export function eventName(event: number): string {
  return (event < MM_EVENT_BASE ? nameEvent(event) : mmEventName(event)) ?? `event ${event}`;
}

/** The cells that an event belongs to: for mm each event is one. */
function cellsOf(event: number): readonly string[] {
  if (event < MM_EVENT_BASE) return treeCells(event);
  const name = mmEventName(event);
  return name === null ? [] : [name];
}

/** What must be reached when fuzzing a domain, or both. */
export function mustReach(domain: DomainName | null): readonly string[] {
  if (domain === 'tree') return TREE_MUST_REACH;
  return domain === 'mm' ? MM_MUST_REACH : [...TREE_MUST_REACH, ...MM_MUST_REACH];
}

/** Of the must-reach list: how many were reached. Cheap enough for a status screen. */
export function countReached(
  features: Iterable<number>,
  domain: DomainName | null,
): { reached: number; total: number } {
  const cells = cellsReached(features);
  const must = mustReach(domain);
  return { reached: must.filter((name) => cells.has(name)).length, total: must.length };
}

function cellsReached(features: Iterable<number>): Set<string> {
  const events = new Set<number>();
  for (const feature of features) events.add(eventOf(feature));
  return new Set([...events].flatMap((event) => [eventName(event), ...cellsOf(event)]));
}

export function describeReach(features: readonly number[], domain: DomainName | null): Reach {
  const cells = cellsReached(features);
  const must = mustReach(domain);
  const all = domain === 'tree' ? TREE_CELLS : domain === 'mm' ? MM_CELLS : [...TREE_CELLS, ...MM_CELLS];
  const never = all.filter((cell) => !cells.has(cell));
  const idleOperations = idle(features, domain).join(', ');
  return {
    total: must.length,
    missing: must.filter((name) => !cells.has(name)),
    neverText:
      `Of ${all.length} cells in src, ${all.length - never.length} were reached by some operation.` +
      `${idleOperations === '' ? '' : ` Operations that were never run: ${idleOperations}.`} Never reached (some cannot be):`,
    never,
  };
}

function idle(features: readonly number[], domain: DomainName | null): string[] {
  const active = new Set(features.map(operationOf));
  const domains: DomainName[] = domain === null ? ['tree', 'mm'] : [domain];
  return domains.flatMap((d) => operationNames(domainOf({ domain: d }))).filter((name) => !active.has(name));
}
