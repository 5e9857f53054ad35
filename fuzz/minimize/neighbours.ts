/**
 * The nearest neighbours of a minimal case: an operation less, or one argument a little different. Most of them pass,
 * and what a failing step does that the same step of a passing neighbour does not is close to the mistake.
 *
 * Rules that hold here:
 * - The failing operation stays the last one, under its name.
 * - The same sequence has the same neighbours in the same order: nearest to the failing operation first.
 */
import type { DomainFormat } from '../format/domain';
import { type FieldKind, KINDS } from '../format/kinds';
import type { FieldValue, Operation, Sequence } from '../format/types';
import { pointsIn } from './points';
import { fieldKinds, PROTS } from './simplify';

/** At most so many, each with one change. */
export function neighboursOf(domain: DomainFormat, { header, operations }: Sequence, most: number): Sequence[] {
  const found = new Map<string, Sequence>();
  const last = operations.length - 1;
  for (let i = last; i >= 0 && found.size < most; i--) {
    if (i < last) add(operations.filter((_, at) => at !== i));
    for (const other of otherArguments(domain, operations[i])) {
      add(operations.map((operation, at) => (at === i ? other : operation)));
    }
  }
  return [...found.values()];

  function add(changed: readonly Operation[]): void {
    const text = JSON.stringify(changed);
    if (found.size < most && !found.has(text)) found.set(text, { header, operations: changed });
  }
}

function otherArguments(domain: DomainFormat, operation: Operation): Operation[] {
  const found: Operation[] = [];
  for (const [name, kind] of fieldKinds(domain, operation)) {
    const value = operation[name];
    if (value === undefined) continue;
    for (const other of otherValues(kind, value, pointsIn(domain).unit)) {
      if (isValid(kind, other)) found.push({ ...operation, [name]: other });
    }
  }
  return found;
}

function isValid(kind: FieldKind, value: FieldValue): boolean {
  const { spell, parse } = KINDS[kind];
  return parse(spell === undefined ? value : spell(value)) !== undefined;
}

function otherValues(kind: FieldKind, value: FieldValue, unit: number): FieldValue[] {
  switch (kind) {
    case 'index':
      return steps(value as number, 1);
    case 'address':
    case 'length':
    case 'offset':
      return steps(value as number, unit);
    case 'size':
    case 'page-offset':
    case 'policy':
    case 'uffd-context':
      return [(value as number) + 1, (value as number) - 1];
    case 'count':
      return [(value as number) + 1, (value as number) - 1];
    case 'value-or-null':
      return value === null ? [1] : [null];
    case 'boolean':
      return [value !== true];
    case 'prot':
      return PROTS.filter((prot) => prot !== value).slice(0, 3);
    case 'file':
      return [null, 'a', 'b'].filter((file) => file !== value).slice(0, 2);
    case 'name':
      return [null, 'a', 'b'].filter((name) => name !== value).slice(0, 2);
    case 'mmap-flags':
    case 'mremap-flags':
    case 'mlockall-flags':
      return otherFlags(value as readonly string[]);
    case 'entries':
      return otherEntries(value as Entries);
    default:
      return [];
  }
}

function steps(value: number, unit: number): number[] {
  return [value + unit, value - unit, value + 2 * unit, value - 2 * unit];
}

function otherFlags(flags: readonly string[]): FieldValue[] {
  const turned = flags.map((flag) => (flag === 'private' ? 'shared' : flag === 'shared' ? 'private' : flag));
  return [turned, ...flags.map((flag) => flags.filter((other) => other !== flag))];
}

type Entries = readonly (readonly [first: number, last: number, value: number])[];

/** Without an entry, from the last on; with an entry behind; with the last one longer. */
function otherEntries(entries: Entries): FieldValue[] {
  const end = entries[entries.length - 1];
  if (end === undefined) return [];
  const fewer = entries.map((_, i) => entries.filter((__, at) => at !== entries.length - 1 - i)).slice(0, 8);
  const longer = [...entries.slice(0, -1), [end[0], end[1] + 1, end[2]] as const];
  return [...fewer, [...entries, [end[1] + 2, end[1] + 2, 1] as const], longer];
}
