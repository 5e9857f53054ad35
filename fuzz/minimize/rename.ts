/**
 * Gives what is named in a sequence plain names, in the order in which they appear: values 1, 2, 3, states 0, 1, 2,
 * policies and contexts 1, 2, 3, names a, b, c.
 *
 *     store 1 as 9, store 2 as 7, store 3 as 9    ->   store 1 as 1, store 2 as 2, store 3 as 1
 *
 * Two sequences that differ in such names alone are the same to an implementation, or nearly so: what is kept must be
 * run under its new names. A signature is taken of the renamed form, run or not.
 *
 * Rules that hold here:
 * - What is a name goes by the kind of the field, never by an operation.
 * - What is no name stays: no value (null), the default policy (0), the empty name.
 */
import type { DomainFormat } from '../format/domain';
import type { FieldKind } from '../format/kinds';
import type { FieldValue, Operation } from '../format/types';
import { fieldKinds } from './simplify';

type Entries = readonly (readonly [first: number, last: number, value: number])[];

/** How names of one sort are made; kinds of one sort share them. */
interface Naming {
  readonly kinds: readonly FieldKind[];
  /** The name that is the `i`th to appear, from 0. */
  name(i: number): FieldValue;
  isName(value: FieldValue): boolean;
}

const isNumber = (value: FieldValue): boolean => typeof value === 'number';
const fromOne = (i: number): number => i + 1;

const VALUES: Naming = { kinds: ['value', 'value-or-null', 'entries'], name: fromOne, isName: isNumber };

const NAMINGS: readonly Naming[] = [
  VALUES,
  { kinds: ['state'], name: (i) => i, isName: isNumber },
  { kinds: ['policy'], name: fromOne, isName: (value) => isNumber(value) && value !== 0 },
  { kinds: ['uffd-context'], name: fromOne, isName: isNumber },
  {
    kinds: ['name'],
    name: (i) => (i < 26 ? String.fromCharCode(97 + i) : `a${i}`),
    isName: (value) => typeof value === 'string' && value !== '',
  },
];

/** The operations with all names in order of appearance; those that are so already are the same objects. */
export function renamed(domain: DomainFormat, operations: readonly Operation[]): readonly Operation[] {
  return NAMINGS.reduce((now, naming) => rename(domain, now, naming, inOrder(naming)), operations);
}

/** Each step of the same on its own, with values all different first: what cannot be renamed in one must be in part. */
export function renamings(domain: DomainFormat): ((operations: readonly Operation[]) => readonly Operation[])[] {
  const each = NAMINGS.map(
    (naming) => (operations: readonly Operation[]) => rename(domain, operations, naming, inOrder(naming)),
  );
  return [(operations) => rename(domain, operations, VALUES, allDifferent(VALUES)), ...each];
}

type Rename = (old: FieldValue) => FieldValue;

function inOrder(naming: Naming): Rename {
  const names = new Map<FieldValue, FieldValue>();
  return (old) => {
    const known = names.get(old);
    if (known !== undefined) return known;
    const name = naming.name(names.size);
    names.set(old, name);
    return name;
  };
}

/** Each place its own name. */
function allDifferent(naming: Naming): Rename {
  let count = 0;
  return () => naming.name(count++);
}

function rename(
  domain: DomainFormat,
  operations: readonly Operation[],
  naming: Naming,
  rename: Rename,
): readonly Operation[] {
  let changed = false;
  const result = operations.map((operation) => {
    let now = operation;
    for (const [field, kind] of fieldKinds(domain, operation)) {
      const value = operation[field];
      if (value === undefined || !naming.kinds.includes(kind)) continue;
      const name = kind === 'entries' ? renamedEntries(value as Entries, rename) : renamedOne(value, naming, rename);
      if (name !== value) now = { ...now, [field]: name };
    }
    changed ||= now !== operation;
    return now;
  });
  return changed ? result : operations;
}

function renamedOne(value: FieldValue, naming: Naming, rename: Rename): FieldValue {
  return naming.isName(value) ? rename(value) : value;
}

/** The same list if nothing in it changed. */
function renamedEntries(entries: Entries, rename: Rename): Entries {
  const result = entries.map(([first, last, value]) => [first, last, rename(value) as number] as const);
  return result.every(([, , value], i) => value === entries[i][2]) ? entries : result;
}
