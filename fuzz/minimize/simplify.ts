/**
 * Makes arguments simpler, one field at a time: smaller numbers, fewer flags, no file, state 0, no failing allocation.
 *
 * What may stand in a field, and what is simpler there, goes by the field's kind in the table of operations. A
 * candidate always costs less than what it replaces, so the search ends.
 */
import type { DomainFormat } from '../format/domain';
import type { FieldKind } from '../format/kinds';
import { type FieldValue, MAX_INDEX, type Operation, PAGE } from '../format/types';
import type { Trial } from './trial';

export const PROTS = ['rw-', 'r--', '---', 'r-x', 'rwx', '-w-', '--x', '-wx'];

/** Whole pages first: an odd byte costs more than any page. */
function byteCost(bytes: number): number {
  const odd = bytes % PAGE;
  return Math.floor(bytes / PAGE) + (odd === 0 ? 0 : 2 ** 42 + odd);
}

/** Tries simpler arguments everywhere. Whether anything became simpler. */
export async function simplifyArguments(trial: Trial): Promise<boolean> {
  let simpler = false;
  for (let i = 0; i < trial.operations.length && !trial.over; i++) {
    while (await simplifyOne(trial, i)) simpler = true;
  }
  return simpler;
}

/** One pass over the fields of one operation. */
async function simplifyOne(trial: Trial, i: number): Promise<boolean> {
  let simpler = false;
  for (const [name, kind] of fieldKinds(trial.domain, trial.operations[i])) {
    if (i >= trial.operations.length) return false;
    const operation = trial.operations[i];
    const value = operation[name];
    if (value === undefined) continue;
    for (const candidate of simplerValues(kind, value)) {
      const changed = candidate === undefined ? dropField(operation, name) : { ...operation, [name]: candidate };
      if (!(await trial.tryOperations(trial.operations.map((old, j) => (j === i ? changed : old))))) continue;
      simpler = true;
      break;
    }
  }
  return simpler;
}

/** The fields of an operation with their kinds; an operation that the table does not have is left as it is. */
export function fieldKinds(domain: DomainFormat, operation: Operation): [name: string, kind: FieldKind][] {
  const spec = domain.spec(operation.op);
  if (spec === undefined) return [];
  const fields = spec.fields.map((field): [string, FieldKind] => [field.name, field.kind]);
  return operation.fail === undefined ? fields : [...fields, ['fail', 'count']];
}

function dropField(operation: Operation, name: string): Operation {
  const { [name]: _dropped, ...rest } = operation;
  return rest as Operation;
}

/** What to try in place of a value, simplest first; `undefined` stands for leaving the field out. */
function simplerValues(kind: FieldKind, value: FieldValue): (FieldValue | undefined)[] {
  switch (kind) {
    case 'index':
      return simplerIndexes(value as number);
    case 'address':
    case 'length':
    case 'offset':
      return simplerBytes(value as number);
    case 'count':
      return [undefined, ...smaller(value as number, 1)];
    case 'prot':
      return before(PROTS, value as string);
    case 'file':
      return before([null, 'a', 'b', 'c'], value as string | null);
    case 'mmap-flags':
    case 'mremap-flags':
    case 'mlockall-flags':
      return fewerFlags(value as readonly string[]);
    case 'entries':
      return fewerEntries(value as readonly (readonly [number, number, number])[]);
    case 'boolean':
      return value === true ? [false] : [];
    case 'advice':
      return before(['dontfork', 'dontdump', 'sequential', 'normal'], value as string);
    case 'name':
      return value === null ? [] : [null];
    // These stand for themselves, and get plain names all at once (rename.ts).
    case 'value-or-null':
    case 'value':
    case 'uffd-context':
      return [];
    case 'policy':
      return value === 0 ? [] : [0];
    default:
      return typeof value === 'number' ? smaller(value, 0) : [];
  }
}

/** Steps down from a large number get smaller by more than half each: it has fifty halves, and each is an attempt. */
const LARGE = 4096;

/** Smaller numbers: the lowest, a few fixed ones, then ever smaller steps down. */
export function smaller(value: number, lowest: number): number[] {
  if (value <= lowest) return [];
  const candidates = [lowest, lowest + 1, lowest + 2];
  for (let step = Math.floor((value - lowest) / 2); step > 0; step = Math.floor(step / (step > LARGE ? 16 : 2)))
    candidates.push(value - step);
  candidates.push(value - 1);
  return [...new Set(candidates)].filter((candidate) => candidate >= lowest && candidate < value);
}

/** Low indexes are simplest; "max" comes after 0, 1 and 2, and what is near it is counted from there. */
function simplerIndexes(index: number): number[] {
  if (index < 2 ** 52) return index > 3 ? [...smaller(index, 0), MAX_INDEX] : smaller(index, 0);
  return [0, 1, 2, ...smaller(MAX_INDEX - index, 0).map((fromTop) => MAX_INDEX - fromTop)];
}

function simplerBytes(bytes: number): number[] {
  const cost = byteCost(bytes);
  const pages = Math.floor(bytes / PAGE);
  const odd = bytes % PAGE;
  const candidates = smaller(pages, 0).map((fewer) => fewer * PAGE + odd);
  if (odd !== 0) candidates.unshift(pages * PAGE, (pages + 1) * PAGE, pages * PAGE + 1);
  return candidates.filter((candidate) => byteCost(candidate) < cost);
}

/** What stands before a value in a list from simple to less simple; the whole list if it is not in it. */
function before<T extends FieldValue>(order: readonly T[], value: T): T[] {
  const place = order.indexOf(value);
  return place < 0 ? [...order] : order.slice(0, place);
}

function fewerFlags(flags: readonly string[]): string[][] {
  const candidates = flags.map((_, i) => flags.filter((__, j) => j !== i)).filter((fewer) => isFlagList(flags, fewer));
  if (flags.includes('shared')) candidates.push(flags.map((flag) => (flag === 'shared' ? 'private' : flag)));
  return candidates;
}

/** Whether a shorter list still says what must be said: a mapping is private or shared. */
function isFlagList(all: readonly string[], fewer: readonly string[]): boolean {
  const sharing = (list: readonly string[]) => list.includes('private') || list.includes('shared');
  return !sharing(all) || sharing(fewer);
}

function fewerEntries(entries: readonly (readonly [number, number, number])[]): FieldValue[] {
  const half = entries.length >> 1;
  const candidates: FieldValue[] = [];
  if (entries.length > 3) candidates.push(entries.slice(0, half), entries.slice(half));
  for (let i = entries.length - 1; i >= 0; i--) candidates.push(entries.filter((_, j) => j !== i));
  for (let i = 0; i < entries.length; i++) {
    const [first, last, value] = entries[i];
    if (first < last) candidates.push(entries.map((old, j) => (j === i ? ([first, first, value] as const) : old)));
  }
  return candidates;
}
