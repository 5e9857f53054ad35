/**
 * What a set of features covers, and what it does not: the must-reach list and the events that nothing reached.
 *
 * The must-reach list of each part stands beside the code that it is about (`src/maple-tree/events.ts`,
 * `src/mm/events.ts`); here it is only looked up.
 */
import { TREE_EVENT_COUNT, MUST_REACH as TREE_MUST, treeEventName } from '../../src/maple-tree/events';
import { MM_EVENT_BASE, MM_EVENT_COUNT, MUST_REACH as MM_MUST, mmEventName } from '../../src/mm/events';
import { operationNames } from '../operations/table';
import type { Domain } from '../sequence/types';
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
  return treeEventName(event) ?? mmEventName(event) ?? `event ${event}`;
}

function allEvents(domain: Domain | null): number[] {
  const tree = Array.from({ length: TREE_EVENT_COUNT }, (_, i) => i);
  const mm = Array.from({ length: MM_EVENT_COUNT }, (_, i) => MM_EVENT_BASE + i);
  return domain === 'tree' ? tree : [...tree, ...mm];
}

/** What must be reached when fuzzing a domain, or both. */
export function mustReach(domain: Domain | null): readonly string[] {
  if (domain === 'tree') return TREE_MUST;
  return domain === 'mm' ? MM_MUST : [...TREE_MUST, ...MM_MUST];
}

export function describeReach(features: readonly number[], domain: Domain | null): Reach {
  const events = new Set(features.map(eventOf));
  const names = new Set([...events].map(eventName));
  const must = mustReach(domain);
  const all = allEvents(domain);
  const never = all.filter((event) => !events.has(event)).map(eventName);
  return {
    total: must.length,
    missing: must.filter((name) => !names.has(name)),
    neverText:
      `Of ${all.length} events that src can record, ${all.length - never.length} were reached by some operation; ` +
      `operations that reached nothing: ${idle(features, domain).join(', ') || 'none'}. Events never reached:`,
    never,
  };
}

function idle(features: readonly number[], domain: Domain | null): string[] {
  const active = new Set(features.map(operationOf));
  const domains: Domain[] = domain === null ? ['tree', 'mm'] : [domain];
  return domains.flatMap((d) => operationNames(d)).filter((name) => !active.has(name));
}
