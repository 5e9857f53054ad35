/**
 * A listing as a tree: one store for each mapping, in the listed order, over its addresses, as the kernel's tree of
 * mappings has it. Addresses at the very top (the vsyscall page) are counted down from `max`, as the tree ends there.
 */
import { treeHeader } from '../../domains/tree/header';
import { MAX_INDEX, type Operation, PAGE, type Sequence } from '../../format/types';
import { type ImportOptions, noteOf } from '../imported';
import type { ImportReport } from '../report';
import type { Listing } from './listing';

const TOP = 2 ** 64;
/** An index that is no distance from the top lies below this. */
const LARGEST = 2 ** 52 - 1;
/** And one that is, so near to it. */
const NEAR_TOP = 2 ** 32 - 1;

const isNearTop = (first: number): boolean => TOP - first < NEAR_TOP;

/** A range of addresses as one of indexes; in units of a page where the addresses are too large for indexes. */
function indexesOf(first: number, end: number, unit: number): [first: number, last: number] {
  if (!isNearTop(first)) return [first / unit, end / unit - 1];
  return [MAX_INDEX - (TOP - first) / unit + 1, MAX_INDEX - (TOP - end) / unit];
}

export function treeSequenceOf({ mappings, pid }: Listing, options: ImportOptions, report: ImportReport): Sequence {
  const inPages = mappings.some(({ first, end }) => !isNearTop(first) && end > LARGEST);
  const unit = inPages ? PAGE : 1;
  const operations: Operation[] = mappings.map(({ first, end }, i) => {
    report.keep('mapping');
    const [from, to] = indexesOf(first, end, unit);
    return { op: 'store_range', first: from, last: to, value: i + 1 };
  });
  const of = pid === null ? 'a process' : `process ${pid}`;
  const note = `the ${operations.length} mappings of ${of}, in order${inPages ? ', in pages' : ''}`;
  const header = treeHeader({ ranges: true, ...noteOf(options, note) });
  return { header, operations: [...operations, { op: 'dump' }] };
}
