/**
 * The operations of the domain tree. One row each; the columns are those of fuzz/format/spec.ts, and two of this
 * domain.
 *
 * Rows read each field where it stands (`o.first`): by a name in a variable V8 could not remember where the field lies.
 */
import { type AnswerShape, PLAIN } from '../../format/answer-shape';
import { findRows } from '../../format/domain';
import {
  type FieldSpec,
  type FieldsOf,
  field,
  type OperationOf,
  type OperationSpec,
  type RowOf,
} from '../../format/spec';
import { MAX_INDEX, type Operation, type Ret, type TreeEntry } from '../../format/types';
import { CYCLIC, ENTRIES, FIND, INDEX } from './answers';
import type { TreeHeader } from './header';
import type { TreeSubject } from './subject';

export interface TreeSpec extends OperationSpec {
  /** Stores over a range of indexes, if only with nothing: a plain store could have done the same. */
  readonly storesRange: boolean;
  /** After it a maple state stands on its slot, or nowhere. */
  readonly settles: boolean;
  apply(subject: TreeSubject, operation: Operation): Ret;
}

interface Row<Op extends string, Field extends FieldSpec> extends RowOf<Op, Field, TreeSubject, TreeHeader> {
  readonly answer?: AnswerShape;
  readonly storesRange?: true;
  readonly settles?: true;
}

const R = { name: 'r', kind: 'state', fallback: 0 } as const;

function row<const Op extends string, const Field extends FieldSpec>(
  row: Row<Op, Field>,
): TreeSpec & { readonly op: Op; readonly fields: readonly Field[] } {
  const { op, fields, weight, about, answers, apply } = row;
  return {
    op,
    fields,
    writes: row.writes ?? false,
    extension: row.extension ?? false,
    inKernel: row.inKernel ?? !row.extension,
    cursor: (fields as readonly FieldSpec[]).includes(R),
    concernsAll: row.concernsAll ?? false,
    storesRange: row.storesRange ?? false,
    settles: row.settles ?? false,
    weight,
    answer: row.answer ?? PLAIN,
    about,
    answers,
    apply: apply as TreeSpec['apply'],
    refuse: row.refuse as TreeSpec['refuse'],
    unsupported: undefined,
    variant: undefined,
  };
}

const INDEX_FIELD = field('index', 'index');
const FIRST = field('first', 'index');
const LAST = field('last', 'index');
const MIN = field('min', 'index');
const MAX = field('max', 'index');
const SIZE = field('size', 'size');
const VALUE = field('value', 'value');
const VALUE_OR_NULL = field('value', 'value-or-null');

const GAPS =
  '`EINVAL` without `ranges` in the header, for size 0, min > max, or size > max - min + 1; `EBUSY` if no gap fits';
const ALLOC_ANSWER =
  'where it begins: the lowest, or highest, place where size indexes in min to max are free; '.concat(GAPS);
const AREA_ANSWER =
  '0, and index, last are the lowest, or highest, free range of this size; the state is reset before the search. ' +
  GAPS;
const AN_ENTRY = 'an entry, or null';

/** A build needs room at the top: the format allows it only beyond what is there. */
function bulkIsBeyond(
  { entries }: { readonly entries: readonly TreeEntry[] },
  _header: TreeHeader,
  subject: TreeSubject,
): string | null {
  if (entries.length === 0) return null;
  const [entry] = subject.find(entries[0][0], MAX_INDEX) as readonly (number | null)[];
  return entry === null ? null : 'entries: not beyond what is there';
}

const TREE_WRITES = [
  row({
    op: 'store_range',
    fields: [FIRST, LAST, VALUE_OR_NULL],
    about: 'stores a value, or nothing, over a range',
    answers: '0; `EINVAL` if first > last',
    weight: 220,
    writes: true,
    storesRange: true,
    apply: (s, o) => s.storeRange(o.first, o.last, o.value),
  }),
  row({
    op: 'insert_range',
    fields: [FIRST, LAST, VALUE],
    about: 'stores a value where nothing is',
    answers: '0; `EINVAL` if first > last; `EEXIST` if any index of the range has an entry, be it the last one',
    weight: 70,
    writes: true,
    storesRange: true,
    apply: (s, o) => s.insertRange(o.first, o.last, o.value),
  }),
  row({
    op: 'erase',
    fields: [INDEX_FIELD],
    about: 'empties the whole range that holds an index',
    answers: 'the entry that was there, or null',
    weight: 80,
    writes: true,
    storesRange: true,
    apply: (s, o) => s.erase(o.index),
  }),
  row({
    op: 'load',
    fields: [INDEX_FIELD],
    about: 'the entry at an index',
    answers: 'the entry, or null',
    weight: 20,
    apply: (s, o) => s.load(o.index),
  }),
  row({
    op: 'alloc_range',
    fields: [SIZE, MIN, MAX, VALUE],
    about: 'stores over the lowest gap that fits',
    answers: ALLOC_ANSWER,
    answer: INDEX,
    weight: 40,
    writes: true,
    storesRange: true,
    apply: (s, o) => s.allocRange(o.size, o.min, o.max, o.value),
  }),
  row({
    op: 'alloc_rrange',
    fields: [SIZE, MIN, MAX, VALUE],
    about: 'stores over the highest gap that fits',
    answers: ALLOC_ANSWER,
    answer: INDEX,
    weight: 40,
    writes: true,
    storesRange: true,
    apply: (s, o) => s.allocRrange(o.size, o.min, o.max, o.value),
  }),
  row({
    op: 'alloc_cyclic',
    fields: [MIN, MAX, field('next', 'index'), VALUE],
    about: 'stores at the first free index from next on, round to min',
    answers:
      '`[start, next, wrapped]`: the lowest free index of max(min, next) to max, wrapped 0, or else that of min to ' +
      'max, wrapped 1; next is start + 1. next > max is fine. After a start of `"max"` next is 0, and the following ' +
      'success that did not begin anew at min says wrapped 1, once, even behind `dup` and `destroy`. `EINVAL` ' +
      'without `ranges`, or if min > max; `EBUSY` if all are taken',
    answer: CYCLIC,
    weight: 20,
    writes: true,
    storesRange: true,
    apply: (s, o) => s.allocCyclic(o.min, o.max, o.next, o.value),
  }),
];

const TREE_SEARCHES = [
  row({
    op: 'find',
    fields: [INDEX_FIELD, MAX],
    about: 'the first entry from an index on',
    answers:
      '`[entry, next]`: the entry that holds index, or the first above that begins at or below max; next is the ' +
      'index behind its end, 0 if it ends at `"max"`. `[null, index]` if there is none, and if index > max',
    answer: FIND,
    weight: 20,
    apply: (s, o) => s.find(o.index, o.max),
  }),
  row({
    op: 'next',
    fields: [INDEX_FIELD, MAX],
    about: 'the first entry above an index',
    answers:
      'the first entry above index that begins at or below max, or null; one that holds index does not count. null ' +
      'if max <= index',
    weight: 15,
    apply: (s, o) => s.next(o.index, o.max),
  }),
  row({
    op: 'prev',
    fields: [INDEX_FIELD, MIN],
    about: 'the first entry below an index',
    answers:
      'the first entry below index that ends at or above min, or null; one that holds index does not count. null if ' +
      'min >= index. min is not looked at while the root itself holds the only entry, at index 0',
    weight: 15,
    apply: (s, o) => s.prev(o.index, o.min),
  }),
];

const WHOLE_TREE = [
  row({
    op: 'dup',
    fields: [],
    about: 'goes on in a duplicate',
    answers: '0',
    weight: 6,
    writes: true,
    concernsAll: true,
    apply: (s) => s.dup(),
  }),
  row({
    op: 'destroy',
    fields: [],
    about: 'empties the tree',
    answers: '0',
    weight: 1,
    writes: true,
    concernsAll: true,
    apply: (s) => s.destroy(),
  }),
  row({
    op: 'dump',
    fields: [],
    about: 'all entries',
    answers: '`{"entries":[[first,last,value],…]}`, ascending',
    answer: ENTRIES,
    weight: 2,
    apply: (s) => s.entries() as unknown as Ret,
  }),
  row({
    op: 'bulk',
    fields: [field('entries', 'entries')],
    about: 'a build with announced size',
    answers: '0; `{"error":…}` if the entries are not all beyond what is there',
    weight: 6,
    writes: true,
    extension: true,
    concernsAll: true,
    storesRange: true,
    apply: (s, o) => s.bulk(o.entries),
    refuse: bulkIsBeyond,
  }),
];

const MAS_POSITION = [
  row({
    op: 'mas_set',
    fields: [R, INDEX_FIELD],
    about: 'moves a state to an index',
    answers: '0',
    weight: 40,
    settles: true,
    apply: (s, o) => s.masSet(o.r, o.index),
  }),
  row({
    op: 'mas_set_range',
    fields: [R, FIRST, LAST],
    about: 'moves a state to a range',
    answers: '0; `EINVAL` if first > last',
    weight: 110,
    settles: true,
    apply: (s, o) => s.masSetRange(o.r, o.first, o.last),
  }),
  row({
    op: 'mas_config',
    fields: [R, FIRST, LAST],
    about: 'changes the range and keeps the position',
    answers:
      '0; `EINVAL` if first > last, or unless the status is `start`, or `active` with first in the index to last of ' +
      'the state',
    weight: 50,
    apply: (s, o) => s.masConfig(o.r, o.first, o.last),
  }),
  row({
    op: 'mas_reset',
    fields: [R],
    about: 'forgets the position',
    answers: '0',
    weight: 12,
    settles: true,
    apply: (s, o) => s.masReset(o.r),
  }),
  row({
    op: 'mas_pause',
    fields: [R],
    about: 'forgets the position; a search goes on behind',
    answers: '0',
    weight: 15,
    settles: true,
    apply: (s, o) => s.masPause(o.r),
  }),
  row({
    op: 'mas_walk',
    fields: [R],
    about: 'walks to the index',
    answers: AN_ENTRY,
    weight: 40,
    settles: true,
    apply: (s, o) => s.masWalk(o.r),
  }),
];

const MAS_STEPS = [
  row({
    op: 'mas_next',
    fields: [R, MAX],
    about: 'the next entry',
    answers: AN_ENTRY,
    weight: 35,
    apply: (s, o) => s.masNext(o.r, o.max),
  }),
  row({
    op: 'mas_next_range',
    fields: [R, MAX],
    about: 'the next slot',
    answers: AN_ENTRY,
    weight: 30,
    apply: (s, o) => s.masNextRange(o.r, o.max),
  }),
  row({
    op: 'mas_find',
    fields: [R, MAX],
    about: 'the entry here, then the next',
    answers: AN_ENTRY,
    weight: 35,
    apply: (s, o) => s.masFind(o.r, o.max),
  }),
  row({
    op: 'mas_find_range',
    fields: [R, MAX],
    about: 'the slot here, then the next',
    answers: AN_ENTRY,
    weight: 30,
    apply: (s, o) => s.masFindRange(o.r, o.max),
  }),
  row({
    op: 'mas_prev',
    fields: [R, MIN],
    about: 'the previous entry',
    answers: AN_ENTRY,
    weight: 35,
    apply: (s, o) => s.masPrev(o.r, o.min),
  }),
  row({
    op: 'mas_prev_range',
    fields: [R, MIN],
    about: 'the previous slot',
    answers: AN_ENTRY,
    weight: 30,
    apply: (s, o) => s.masPrevRange(o.r, o.min),
  }),
  row({
    op: 'mas_find_rev',
    fields: [R, MIN],
    about: 'the entry here, then the previous',
    answers: AN_ENTRY,
    weight: 35,
    apply: (s, o) => s.masFindRev(o.r, o.min),
  }),
  row({
    op: 'mas_find_range_rev',
    fields: [R, MIN],
    about: 'the slot here, then the previous',
    answers: AN_ENTRY,
    weight: 30,
    apply: (s, o) => s.masFindRangeRev(o.r, o.min),
  }),
];

const MAS_WRITES = [
  row({
    op: 'mas_store',
    fields: [R, VALUE_OR_NULL],
    about: "stores over the state's range",
    answers: '0; `EINVAL` in status `error`',
    weight: 140,
    writes: true,
    storesRange: true,
    apply: (s, o) => s.masStore(o.r, o.value),
  }),
  row({
    op: 'mas_erase',
    fields: [R],
    about: "empties the range at the state's index",
    answers: "the entry at the state's index, or null",
    weight: 40,
    writes: true,
    storesRange: true,
    settles: true,
    apply: (s, o) => s.masErase(o.r),
  }),
  row({
    op: 'mas_store_prealloc',
    fields: [R, FIRST, LAST, VALUE_OR_NULL],
    about: 'reserves for its range, then for another that begins in it, and stores there',
    answers: '0; `EINVAL` unless first is in the index to last of the state, or where `mas_config` answers it',
    weight: 60,
    writes: true,
    extension: true,
    storesRange: true,
    apply: (s, o) => s.masStorePrealloc(o.r, o.first, o.last, o.value),
  }),
  row({
    op: 'mas_empty_area',
    fields: [R, MIN, MAX, SIZE],
    about: 'goes to the lowest gap that fits',
    answers: AREA_ANSWER,
    weight: 30,
    apply: (s, o) => s.masEmptyArea(o.r, o.min, o.max, o.size),
  }),
  row({
    op: 'mas_empty_area_rev',
    fields: [R, MIN, MAX, SIZE],
    about: 'goes to the highest gap that fits',
    answers: AREA_ANSWER,
    weight: 30,
    apply: (s, o) => s.masEmptyAreaRev(o.r, o.min, o.max, o.size),
  }),
];

const ROWS = [...TREE_WRITES, ...TREE_SEARCHES, ...WHOLE_TREE, ...MAS_POSITION, ...MAS_STEPS, ...MAS_WRITES];
type TreeRow = (typeof ROWS)[number];

/** Any operation of the domain as its row describes it: narrow it by `op`. */
export type TreeOperation = OperationOf<TreeRow>;
/** The operation with this name. */
export type TreeOperationOf<Op extends TreeOperation['op']> = Extract<TreeOperation, { readonly op: Op }>;
/** The fields of an operation, of whichever. */
export type TreeFields = FieldsOf<TreeRow>;

export const TREE_OPERATIONS: readonly TreeSpec[] = ROWS;

/** The row of an operation, or undefined for one that the domain does not have. */
export const treeSpec = findRows(TREE_OPERATIONS);

/** The open record with its types: the parser and the drawers made it by the table. */
export const asTree = (operation: Operation): TreeFields => operation as TreeFields;
