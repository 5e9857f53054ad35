/**
 * Gives a minimized sequence plain names (rename.ts) and plain numbers: content is moved down to low indexes or pages,
 * with the distances between things made small.
 *
 * Distances are closed from the left: all numbers from one point on move down together, so that what touched still
 * touches and what overlapped still does.
 *
 *     0    [===]            [==][=====]        [===]
 *     0  [===]  [==][=====] [===]
 */
import type { DomainFormat } from '../format/domain';
import { isIndex } from '../format/spelling';
import { type FieldValue, MAX_INDEX, type Operation } from '../format/types';
import { pointsIn } from './points';
import { renamings } from './rename';
import { fieldKinds, PROTS } from './simplify';
import type { Trial } from './trial';

/** Indexes from here on count from the top. */
const TOP = 2 ** 52;

type NumberMap = (value: number) => number;

/** Tries plain numbers for everything. Whether anything changed. */
export async function renumber(trial: Trial): Promise<boolean> {
  trial.phase = 'renumbering';
  let changed = false;
  for (const rename of renamings(trial.domain)) changed = (await attempt(trial, rename(trial.operations))) || changed;
  changed = (await oneProtection(trial)) || changed;
  changed = (await lowerTop(trial)) || changed;
  changed = (await closeDistances(trial)) || changed;
  return changed;
}

async function attempt(trial: Trial, operations: readonly Operation[]): Promise<boolean> {
  return operations !== trial.operations && (await trial.tryOperations(operations));
}

/**
 * Puts a plainer protection in the place of another, wherever that stands: mappings that must be alike cannot change
 * one by one.
 */
async function oneProtection(trial: Trial): Promise<boolean> {
  let changed = false;
  for (const old of protectionsIn(trial)) {
    for (const plain of PROTS.slice(0, PROTS.indexOf(old))) {
      const operations = trial.operations.map((operation) => withProtection(trial, operation, old, plain));
      if (!(await trial.tryOperations(operations))) continue;
      changed = true;
      break;
    }
  }
  return changed;
}

/** Those of more than one operation: a single one is an argument as any other. */
function protectionsIn({ domain, operations }: Trial): string[] {
  const count = new Map<string, number>();
  for (const operation of operations) {
    for (const [name, kind] of fieldKinds(domain, operation)) {
      const value = operation[name];
      if (kind === 'prot' && typeof value === 'string') count.set(value, (count.get(value) ?? 0) + 1);
    }
  }
  return [...count].filter(([, times]) => times > 1).map(([prot]) => prot);
}

function withProtection({ domain }: Trial, operation: Operation, old: string, plain: string): Operation {
  let now = operation;
  for (const [name, kind] of fieldKinds(domain, operation)) {
    if (kind === 'prot' && operation[name] === old) now = { ...now, [name]: plain };
  }
  return now;
}

/** Up to so far apart may points stay when all are moved together at once. */
const CLOSE = [1, 2, 3, 8];

/**
 * Moves all points close together in one attempt, in their order, what touched touching still. Where it works it spares
 * thousands of attempts on single numbers. Whether anything moved.
 */
export async function compress(trial: Trial): Promise<boolean> {
  const { unit } = pointsIn(trial.domain);
  await lowerTop(trial);
  const points = pointsOf(trial.domain, trial.operations);
  for (const close of CLOSE) {
    const places = new Map<number, number>();
    let place = 0;
    let before = 0;
    for (const point of points) {
      place += Math.min(point - before, close * unit);
      before = point;
      places.set(point, place);
    }
    if (place === before) return false;
    const operations = mapPoints(trial.domain, trial.operations, (value) => places.get(value) ?? value);
    if (operations !== null && (await trial.tryOperations(operations))) return true;
  }
  return false;
}

/** Moves what lies near the top of a tree down to the rest: all of it, or all but the top index itself. */
async function lowerTop(trial: Trial): Promise<boolean> {
  if (!pointsIn(trial.domain).fromTop) return false;
  const points = allPoints(trial.domain, trial.operations);
  const base = Math.max(-2, ...points.filter((point) => point < TOP)) + 2;
  for (const keepMax of [false, true]) {
    const moves = (value: number): boolean => value >= TOP && !(keepMax && value === MAX_INDEX);
    const lowest = Math.min(...points.filter(moves));
    if (lowest === Number.POSITIVE_INFINITY) continue;
    const map: NumberMap = (value) => (moves(value) ? base + value - lowest : value);
    const operations = mapPoints(trial.domain, trial.operations, map);
    if (operations !== null && (await trial.tryOperations(operations))) return true;
  }
  return false;
}

/** Moves everything from each point on down, as far as the failure allows. */
async function closeDistances(trial: Trial): Promise<boolean> {
  const { unit } = pointsIn(trial.domain);
  let changed = false;
  let from = -1;
  while (!trial.over) {
    const points = pointsOf(trial.domain, trial.operations).filter((point) => point > from);
    if (points.length === 0) break;
    const point = points[0];
    changed = (await closeBefore(trial, point, Math.max(0, from), unit)) || changed;
    // The point may have moved down: the next one is looked for from where it is now.
    const now = pointsOf(trial.domain, trial.operations).find((other) => other > from);
    if (now === undefined) break;
    from = now;
  }
  return changed;
}

/** Moves `point` and all above it down towards `below`, by the whole distance, or by halves of it. */
async function closeBefore(trial: Trial, point: number, below: number, unit: number): Promise<boolean> {
  const distance = Math.floor((point - below) / unit);
  const wanted = [distance - 1, distance - 2, distance - 3, distance >> 1, distance >> 2];
  for (const units of [below === 0 ? distance : 0, ...wanted]) {
    if (units <= 0) continue;
    const map: NumberMap = (value) => (value >= point && value < TOP ? value - units * unit : value);
    const operations = mapPoints(trial.domain, trial.operations, map);
    if (operations !== null && (await trial.tryOperations(operations))) return true;
  }
  return false;
}

/** All indexes, or all addresses and ends of ranges, that a sequence names, each once, in order of appearance. */
export function allPoints(domain: DomainFormat, operations: readonly Operation[]): number[] {
  const points = new Set<number>();
  mapPoints(domain, operations, (value) => {
    points.add(value);
    return value;
  });
  return [...points];
}

/** The same, ascending, without those near the top. */
function pointsOf(domain: DomainFormat, operations: readonly Operation[]): number[] {
  return allPoints(domain, operations)
    .filter((point) => point < TOP)
    .sort((a, b) => a - b);
}

/**
 * Applies a map to each point (index, address, end of a range); null if it would turn a range round or leave what the
 * format can spell.
 */
export function mapPoints(domain: DomainFormat, operations: readonly Operation[], map: NumberMap): Operation[] | null {
  const mapped: Operation[] = [];
  for (const operation of operations) {
    const next = mapOperation(domain, operation, map);
    if (next === null) return null;
    mapped.push(next);
  }
  return mapped;
}

/** By the kinds of the fields. Lengths follow their ends: a range shrinks if a distance within it is closed. */
function mapOperation(domain: DomainFormat, operation: Operation, map: NumberMap): Operation | null {
  const next: Record<string, FieldValue | undefined> = { ...operation };
  let start: number | null = null;
  for (const [name, kind] of fieldKinds(domain, operation)) {
    const value = operation[name];
    let mapped = value;
    if (kind === 'index') mapped = mapIndex(value as number, map);
    else if (kind === 'entries') mapped = mapEntries(value as Entries, map);
    else if (kind === 'address' && typeof value === 'number') {
      mapped = map(value);
      start ??= value;
    } else if (kind === 'length' && typeof value === 'number' && start !== null)
      mapped = map(start + value) - map(start);
    else continue;
    if (mapped === null || (typeof mapped === 'number' && mapped < 0)) return null;
    next[name] = mapped;
  }
  return next as Operation;
}

type Entries = readonly (readonly [first: number, last: number, value: number])[];

function mapIndex(index: number, map: NumberMap): number | null {
  const mapped = map(index);
  return isIndex(mapped) ? mapped : null;
}

/** In ascending order still. */
function mapEntries(entries: Entries, map: NumberMap): Entries | null {
  const mapped: (readonly [number, number, number])[] = [];
  let free = 0;
  for (const [first, last, value] of entries) {
    const [begin, end] = [mapIndex(first, map), mapIndex(last, map)];
    if (begin === null || end === null || begin < free || end < begin) return null;
    mapped.push([begin, end, value]);
    free = end + 1;
  }
  return mapped;
}
