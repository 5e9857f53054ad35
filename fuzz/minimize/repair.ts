/**
 * Takes an operation out where something else makes up for it, in one attempt: another one takes over its argument, or
 * both ranges, or gets a place of its own where it was only kept from another; or a limit is lower.
 *
 *     mmap 0 4 r--, mprotect 0 4 rw-       ->  mmap 0 4 rw-
 *     store 5 9 null, store 10 12 null     ->  store 5 12 null
 *     mmap 7 pages, mmap 1 page            ->  mmap 1 page at 248
 *     limit 5: mmap, mmap, mmap, ...       ->  limit 4: mmap, mmap, ...
 *
 * The attempts are many, so it is for sequences that are short already; and each makes the sequence shorter, so it
 * ends.
 */
import type { FieldValue, Header, Operation } from '../format/types';
import { numberIn } from './header';
import type { MinimizingPasses } from './minimizing';
import { isPoint, pointsIn } from './points';
import { fieldKinds } from './simplify';
import type { Trial } from './trial';

/** Longer sequences are left to what costs less. */
const LONGEST = 16;
/** At most so many operations are tried with other places. */
const LONGEST_TO_MOVE = 8;
/** So many places are tried for one field. */
const MOST_PLACES = 24;

/** Whether an operation went. */
export async function repair(trial: Trial, passes: MinimizingPasses): Promise<boolean> {
  if (trial.operations.length > LONGEST) return false;
  let went = false;
  while (await repairOnce(trial, passes)) went = true;
  return went;
}

async function repairOnce(trial: Trial, passes: MinimizingPasses): Promise<boolean> {
  const { operations } = trial;
  for (let gone = operations.length - 2; gone >= 0; gone--) {
    for (let other = operations.length - 1; other >= 0; other--) {
      if (other === gone || trial.over) continue;
      for (const changed of joined(trial, passes, operations[other], operations[gone])) {
        if (await trial.tryOperations(replaced(operations, other, changed, gone))) return true;
      }
    }
  }
  for (const header of lowerLimits(trial, passes)) {
    for (let gone = operations.length - 2; gone >= 0; gone--) {
      const fewer = operations.filter((_, i) => i !== gone);
      if (await trial.attempt(header, fewer)) return true;
    }
  }
  if (operations.length > LONGEST_TO_MOVE) return false;
  for (let other = operations.length - 1; other >= 0; other--) {
    const others = moved(trial, passes, operations[other]);
    for (let gone = operations.length - 2; gone >= 0; gone--) {
      if (other === gone) continue;
      for (const changed of others) {
        if (trial.over) return false;
        if (await trial.tryOperations(replaced(operations, other, changed, gone))) return true;
      }
    }
  }
  return false;
}

/** Headers with a limit a little lower, as it must be if one that counts against it goes. */
function lowerLimits({ header }: Trial, passes: MinimizingPasses): Header[] {
  const found: Header[] = [];
  for (const name of passes.header?.limits ?? []) {
    const limit = numberIn(header, name);
    for (const by of [1, 2]) if (limit !== undefined && limit >= by) found.push({ ...header, [name]: limit - by });
  }
  return found;
}

function replaced(operations: readonly Operation[], at: number, by: Operation, gone: number): Operation[] {
  return operations.map((old, i) => (i === at ? by : old)).filter((_, i) => i !== gone);
}

/** An operation with what another one can give it. */
function joined({ domain }: Trial, passes: MinimizingPasses, operation: Operation, from: Operation): Operation[] {
  const theirs = new Map(fieldKinds(domain, from));
  const found: Operation[] = [];
  const taken: Record<string, FieldValue | undefined> = {};
  for (const [name, kind] of fieldKinds(domain, operation)) {
    const value = from[name];
    if (theirs.get(name) !== kind || value === undefined || same(value, operation[name])) continue;
    taken[name] = value;
    found.push({ ...operation, [name]: value });
  }
  const names = Object.keys(taken);
  if (names.length > 1) found.push({ ...operation, ...taken });
  const place = names.filter((name) => passes.range?.includes(name));
  if (place.length === 2 && names.length > 2) {
    found.push({ ...operation, [place[0]]: taken[place[0]], [place[1]]: taken[place[1]] });
  }
  if (place.length > 0) {
    const both = passes.union?.(operation, from) ?? null;
    if (both !== null) found.push({ ...operation, ...both });
  }
  return found;
}

function same(a: FieldValue, b: FieldValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** An operation at other places: those that the sequence names, and what lies beside them. */
function moved(trial: Trial, passes: MinimizingPasses, operation: Operation): Operation[] {
  const places = placesOf(trial, passes);
  const found: Operation[] = [];
  for (const [name, kind] of fieldKinds(trial.domain, operation)) {
    const value = operation[name];
    if (typeof value !== 'number' || !isPoint(kind)) continue;
    for (const place of places) if (place !== value) found.push({ ...operation, [name]: place });
  }
  return [...found, ...(passes.placed?.(operation, trial.header, places) ?? [])];
}

function placesOf({ domain, operations }: Trial, passes: MinimizingPasses): number[] {
  const { unit } = pointsIn(domain);
  const places = new Set<number>();
  for (const operation of operations) {
    for (const [name, kind] of fieldKinds(domain, operation)) {
      const value = operation[name];
      if (typeof value === 'number' && isPoint(kind)) for (const by of [0, -1, 1]) places.add(value + by * unit);
    }
    for (const place of passes.placesOf?.(operation) ?? []) places.add(place);
  }
  return [...places].filter((place) => place >= 0 && Number.isSafeInteger(place)).slice(0, MOST_PLACES);
}
