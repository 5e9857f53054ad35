/**
 * The operations of the domain tree. One row each; the columns are those of spec.ts.
 */

import type { FieldKind, KINDS } from './kinds';
import type { FieldSpec, RetShape, TreeSpec } from './spec';
import type { TreeSubject } from './subject';
import { type FieldValue, MAX_INDEX, type Operation, type Ret, type TreeEntry } from './types';

type Kinds = keyof typeof KINDS & FieldKind;

const field = (name: string, kind: Kinds): FieldSpec => ({ name, kind });
const index = (name: string): FieldSpec => field(name, 'index');
const R: FieldSpec = { name: 'r', kind: 'state', fallback: 0 };
const SIZE = field('size', 'size');
const VALUE = field('value', 'value');
const VALUE_OR_NULL = field('value', 'value-or-null');

type Apply = (subject: TreeSubject, operation: Operation) => Ret;

/**
 * The parsed record holds a number wherever the table says index, size, value or state. Rows read each field where they
 * stand (`num(o.first)`): by a name in a variable V8 could not remember where the field lies.
 */
const num = (value: FieldValue | undefined): number => value as number;
const valueOrNull = (value: FieldValue | undefined): number | null => value as number | null;

interface Extras {
  readonly ret?: RetShape;
  readonly extension?: true;
  readonly refuse?: NonNullable<TreeSpec['refuse']>;
}

function row(
  op: string,
  writes: boolean,
  fields: FieldSpec[],
  about: string,
  apply: Apply,
  extras: Extras = {},
): TreeSpec {
  return {
    op,
    domain: 'tree',
    fields,
    writes,
    about,
    apply,
    extension: extras.extension ?? false,
    cursor: fields.includes(R),
    ret: extras.ret ?? 'plain',
    refuse: extras.refuse,
  };
}

const reads = (op: string, fields: FieldSpec[], about: string, apply: Apply, extras?: Extras) =>
  row(op, false, fields, about, apply, extras);
const writes = (op: string, fields: FieldSpec[], about: string, apply: Apply, extras?: Extras) =>
  row(op, true, fields, about, apply, extras);

const ALLOC = [SIZE, index('min'), index('max'), VALUE];
const AREA = [R, index('min'), index('max'), SIZE];

/** A build needs room at the top: the format allows it only beyond what is there. */
function bulkIsBeyond(operation: Operation, _header: unknown, subject: TreeSubject): string | null {
  const entries = operation.entries as readonly TreeEntry[];
  if (entries.length === 0) return null;
  const taken = subject.find(entries[0][0], MAX_INDEX) as readonly (number | null)[];
  return taken[0] === null ? null : 'entries: not beyond what is there';
}

const TREE_WIDE: TreeSpec[] = [
  writes(
    'store_range',
    [index('first'), index('last'), VALUE_OR_NULL],
    'stores a value, or nothing, over a range',
    (s, o) => s.storeRange(num(o.first), num(o.last), valueOrNull(o.value)),
  ),
  writes('insert_range', [index('first'), index('last'), VALUE], 'stores a value where nothing is', (s, o) =>
    s.insertRange(num(o.first), num(o.last), num(o.value)),
  ),
  writes('erase', [index('index')], 'empties the whole range that holds an index', (s, o) => s.erase(num(o.index))),
  reads('load', [index('index')], 'the entry at an index', (s, o) => s.load(num(o.index))),
  writes(
    'alloc_range',
    ALLOC,
    'stores over the lowest gap that fits',
    (s, o) => s.allocRange(num(o.size), num(o.min), num(o.max), num(o.value)),
    { ret: 'index' },
  ),
  writes(
    'alloc_rrange',
    ALLOC,
    'stores over the highest gap that fits',
    (s, o) => s.allocRrange(num(o.size), num(o.min), num(o.max), num(o.value)),
    { ret: 'index' },
  ),
  writes(
    'alloc_cyclic',
    [index('min'), index('max'), index('next'), VALUE],
    'stores at the first free index from next on, round to min',
    (s, o) => s.allocCyclic(num(o.min), num(o.max), num(o.next), num(o.value)),
    { ret: 'cyclic' },
  ),
  reads(
    'find',
    [index('index'), index('max')],
    'the first entry from an index on',
    (s, o) => s.find(num(o.index), num(o.max)),
    {
      ret: 'find',
    },
  ),
  reads('next', [index('index'), index('max')], 'the first entry above an index', (s, o) =>
    s.next(num(o.index), num(o.max)),
  ),
  reads('prev', [index('index'), index('min')], 'the first entry below an index', (s, o) =>
    s.prev(num(o.index), num(o.min)),
  ),
  writes('dup', [], 'goes on in a duplicate', (s) => s.dup()),
  writes('destroy', [], 'empties the tree', (s) => s.destroy()),
  reads('dump', [], 'all entries', (s) => s.entries() as unknown as Ret, { ret: 'entries' }),
  writes(
    'bulk',
    [field('entries', 'entries')],
    'a build with announced size',
    (s, o) => s.bulk(o.entries as readonly TreeEntry[]),
    {
      extension: true,
      refuse: bulkIsBeyond,
    },
  ),
];

const MAS_POSITION: TreeSpec[] = [
  reads('mas_set', [R, index('index')], 'moves a state to an index', (s, o) => s.masSet(num(o.r), num(o.index))),
  reads('mas_set_range', [R, index('first'), index('last')], 'moves a state to a range', (s, o) =>
    s.masSetRange(num(o.r), num(o.first), num(o.last)),
  ),
  reads('mas_config', [R, index('first'), index('last')], 'changes the range and keeps the position', (s, o) =>
    s.masConfig(num(o.r), num(o.first), num(o.last)),
  ),
  reads('mas_reset', [R], 'forgets the position', (s, o) => s.masReset(num(o.r))),
  reads('mas_pause', [R], 'forgets the position; a search goes on behind', (s, o) => s.masPause(num(o.r))),
];

const MAS_STEPS: TreeSpec[] = [
  reads('mas_walk', [R], 'walks to the index', (s, o) => s.masWalk(num(o.r))),
  reads('mas_next', [R, index('max')], 'the next entry', (s, o) => s.masNext(num(o.r), num(o.max))),
  reads('mas_next_range', [R, index('max')], 'the next slot', (s, o) => s.masNextRange(num(o.r), num(o.max))),
  reads('mas_find', [R, index('max')], 'the entry here, then the next', (s, o) => s.masFind(num(o.r), num(o.max))),
  reads('mas_find_range', [R, index('max')], 'the slot here, then the next', (s, o) =>
    s.masFindRange(num(o.r), num(o.max)),
  ),
  reads('mas_prev', [R, index('min')], 'the previous entry', (s, o) => s.masPrev(num(o.r), num(o.min))),
  reads('mas_prev_range', [R, index('min')], 'the previous slot', (s, o) => s.masPrevRange(num(o.r), num(o.min))),
  reads('mas_find_rev', [R, index('min')], 'the entry here, then the previous', (s, o) =>
    s.masFindRev(num(o.r), num(o.min)),
  ),
  reads('mas_find_range_rev', [R, index('min')], 'the slot here, then the previous', (s, o) =>
    s.masFindRangeRev(num(o.r), num(o.min)),
  ),
];

const MAS_WRITES: TreeSpec[] = [
  writes('mas_store', [R, VALUE_OR_NULL], "stores over the state's range", (s, o) =>
    s.masStore(num(o.r), valueOrNull(o.value)),
  ),
  writes('mas_erase', [R], "empties the range at the state's index", (s, o) => s.masErase(num(o.r))),
  writes(
    'mas_store_prealloc',
    [R, index('first'), index('last'), VALUE_OR_NULL],
    'reserves for its range, then for another that begins in it, and stores there',
    (s, o) => s.masStorePrealloc(num(o.r), num(o.first), num(o.last), valueOrNull(o.value)),
    { extension: true },
  ),
  reads('mas_empty_area', AREA, 'goes to the lowest gap that fits', (s, o) =>
    s.masEmptyArea(num(o.r), num(o.min), num(o.max), num(o.size)),
  ),
  reads('mas_empty_area_rev', AREA, 'goes to the highest gap that fits', (s, o) =>
    s.masEmptyAreaRev(num(o.r), num(o.min), num(o.max), num(o.size)),
  ),
];

export const TREE_OPERATIONS: readonly TreeSpec[] = [...TREE_WIDE, ...MAS_POSITION, ...MAS_STEPS, ...MAS_WRITES];
