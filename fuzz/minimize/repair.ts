/**
 * Takes an operation out where something else makes up for it, in one attempt: another one takes over its argument, or
 * both ranges, or gets a place of its own where it was only kept from another; or a limit is lower.
 *
 *     mmap 0 4 r--, mprotect 0 4 rw-       ->  mmap 0 4 rw-
 *     store 5 9 null, store 10 12 null     ->  store 5 12 null
 *     mmap 7 pages, mmap 1 page            ->  mmap 1 page at 248
 *     limit 5: mmap, mmap, mmap, ...       ->  limit 4: mmap, mmap, ...
 *
 * The attempts are many, so it is for sequences that are short already; and each makes the sequence shorter, so it ends.
 */
import type { MmHeader } from '../domains/mm/header';
import type { FieldKind } from '../format/kinds';
import { type FieldValue, type Header, type Operation, PAGE } from '../format/types';
import { fieldsOf } from './simplify';
import type { Trial } from './trial';

/** Longer sequences are left to what costs less. */
const LONGEST = 16;
/** At most so many operations are tried with other places. */
const LONGEST_TO_MOVE = 8;
/** So many places are tried for one field. */
const MOST_PLACES = 24;

/** Whether an operation went. */
export async function repair(trial: Trial): Promise<boolean> {
  if (trial.operations.length > LONGEST) return false;
  let went = false;
  while (await repairOnce(trial)) went = true;
  return went;
}

async function repairOnce(trial: Trial): Promise<boolean> {
  const { operations } = trial;
  for (let gone = operations.length - 2; gone >= 0; gone--) {
    for (let other = operations.length - 1; other >= 0; other--) {
      if (other === gone || trial.over) continue;
      for (const changed of joined(trial, operations[other], operations[gone])) {
        if (await trial.tryOperations(replaced(operations, other, changed, gone))) return true;
      }
    }
  }
  for (const header of lowerLimits(trial)) {
    for (let gone = operations.length - 2; gone >= 0; gone--) {
      if (
        await trial.attempt(
          header,
          operations.filter((_, i) => i !== gone),
        )
      )
        return true;
    }
  }
  if (operations.length > LONGEST_TO_MOVE) return false;
  for (let other = operations.length - 1; other >= 0; other--) {
    const others = moved(trial, operations[other]);
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
function lowerLimits({ header }: Trial): Header[] {
  const found: Header[] = [];
  for (const name of ['max_map_count', 'memlock'] as const) {
    const limit = (header as MmHeader)[name];
    for (const by of [1, 2])
      if (limit !== undefined && limit >= by) found.push({ ...header, [name]: limit - by } as Header);
  }
  return found;
}

function replaced(operations: readonly Operation[], at: number, by: Operation, gone: number): Operation[] {
  return operations.map((old, i) => (i === at ? by : old)).filter((_, i) => i !== gone);
}

/** An operation with what another one can give it. */
function joined(trial: Trial, operation: Operation, from: Operation): Operation[] {
  const { domain } = trial.header;
  const theirs = new Map(fieldsOf(domain, from));
  const found: Operation[] = [];
  const taken: Record<string, FieldValue | undefined> = {};
  for (const [name, kind] of fieldsOf(domain, operation)) {
    const value = from[name];
    if (theirs.get(name) !== kind || value === undefined || same(value, operation[name])) continue;
    taken[name] = value;
    found.push({ ...operation, [name]: value });
  }
  const names = Object.keys(taken);
  const range = domain === 'tree' ? ['first', 'last'] : ['addr', 'len'];
  if (names.length > 1) found.push({ ...operation, ...taken });
  const place = names.filter((name) => range.includes(name));
  if (place.length === 2 && names.length > 2) {
    found.push({ ...operation, [place[0]]: taken[place[0]], [place[1]]: taken[place[1]] });
  }
  if (place.length > 0) {
    const both = domain === 'tree' ? unionOfIndexes(operation, from) : unionOfPages(operation, from);
    if (both !== null) found.push({ ...operation, ...both });
  }
  return found;
}

function same(a: FieldValue, b: FieldValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The range from where either begins to where either ends. */
function unionOfIndexes(a: Operation, b: Operation): { first: number; last: number } | null {
  if (typeof a.first !== 'number' || typeof b.first !== 'number') return null;
  return { first: Math.min(a.first, b.first), last: Math.max(a.last as number, b.last as number) };
}

function unionOfPages(a: Operation, b: Operation): { addr: number; len: number } | null {
  if (typeof a.len !== 'number' || typeof b.len !== 'number') return null;
  const addr = Math.min(a.addr as number, b.addr as number);
  const end = Math.max((a.addr as number) + a.len, (b.addr as number) + b.len);
  return { addr, len: end - addr };
}

/** An operation at other places: those that the sequence names, and what lies beside them. */
function moved(trial: Trial, operation: Operation): Operation[] {
  const { domain } = trial.header;
  const places = placesOf(trial);
  const found: Operation[] = [];
  for (const [name, kind] of fieldsOf(domain, operation)) {
    const value = operation[name];
    if (typeof value !== 'number' || !isPlace(kind)) continue;
    for (const place of places) if (place !== value) found.push({ ...operation, [name]: place });
  }
  if (operation.op !== 'mmap' || (operation.flags as readonly string[]).some((flag) => flag.startsWith('fixed')))
    return found;
  // Where the kernel chose a place, it is given one.
  const flags = [...(operation.flags as readonly string[]), 'fixed'];
  const top = ((trial.header as MmHeader).pages ?? 0) * PAGE - (operation.len as number);
  for (const addr of [top, ...places]) if (addr >= 0) found.push({ ...operation, addr, flags });
  return found;
}

function isPlace(kind: FieldKind): boolean {
  return kind === 'index' || kind === 'address';
}

function placesOf({ header, operations }: Trial): number[] {
  const unit = header.domain === 'tree' ? 1 : PAGE;
  const places = new Set<number>();
  for (const operation of operations) {
    for (const [name, kind] of fieldsOf(header.domain, operation)) {
      const value = operation[name];
      if (typeof value === 'number' && isPlace(kind)) for (const by of [0, -1, 1]) places.add(value + by * unit);
    }
    const { addr, len } = operation;
    if (typeof addr === 'number' && typeof len === 'number') places.add(addr + len).add(addr + len - unit);
  }
  return [...places].filter((place) => place >= 0 && Number.isSafeInteger(place)).slice(0, MOST_PLACES);
}
