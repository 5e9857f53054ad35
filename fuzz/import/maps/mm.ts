/**
 * A listing as an address space: one fixed mmap for each mapping, in a window (window.ts), a start for sequences on top
 * of it.
 *
 * Rules that hold here:
 * - The heap is a `brk` if its listing is one private rw- mapping; otherwise it is like any mapping.
 * - What is listed as two mappings stays two. Neighbours that would become one, for what tells them apart is not in the
 *   listing, are told apart by `noreserve`:
 *
 *       rw-p | rw-p | rw-p [heap]    ->    noreserve | plain | noreserve, brk
 */
import { mmHeader } from '../../domains/mm/header';
import { type Operation, PAGE, type Sequence } from '../../format/types';
import { FileIds, isZeroDevice, type RealFile } from '../files';
import { type ImportOptions, noteOf } from '../imported';
import type { ImportReport } from '../report';
import { moveOperation, spansOf, Window } from '../window';
import type { Listed, Listing } from './listing';
import { areAlike, operationsFor, type Traits, traitNote, traitsOf } from './traits';

/** The half of all addresses that processes have. */
const USER_SPACE = 2 ** 63;
/** A page of the kernel that is listed with each process of x86, and is in no process's tree. */
const VSYSCALL = 2 ** 64 - 10 * 2 ** 20;

interface Planned {
  readonly listed: Listed;
  readonly traits: Traits;
  readonly prot: string;
  readonly file: RealFile | null;
  readonly offset: number;
  readonly isHeap: boolean;
  noreserve: boolean;
}

const isAnonymous = (path: string): boolean => path === '' || path.startsWith('[') || isZeroDevice(path);

/** The listed mapping that is the heap, of a listing that tells its bounds or only its name. */
function heapOf({
  mappings,
  heap,
}: Listing): { readonly listed: Listed; readonly start: number; readonly end: number } | null {
  const heaps = mappings.filter(({ path }) => path === '[heap]');
  if (heaps.length !== 1 || heaps[0].perms !== 'rw-p') return null;
  const [listed] = heaps;
  const start = heap === null ? listed.first : Math.ceil(heap.start / PAGE) * PAGE;
  const end = heap === null ? listed.end : heap.end;
  const isWhole = start === listed.first && Math.ceil(end / PAGE) * PAGE === listed.end;
  return isWhole ? { listed, start, end } : null;
}

/** Protections that are not listed are made up, so that neighbours differ. */
function protOf({ perms }: Listed, below: Planned | undefined, report: ImportReport): string {
  if (perms !== null) return perms.slice(0, 3);
  report.note('protections that are not in the listing (r-- and rw- in turn, so that neighbours stay apart)');
  return below?.prot === 'r--' ? 'rw-' : 'r--';
}

function plan(listing: Listing, heap: Listed | null, report: ImportReport): Planned[] {
  const files = new FileIds();
  const planned: Planned[] = [];
  for (const listed of listing.mappings) {
    const { path, inode, offset } = listed;
    if (listed.end > USER_SPACE) {
      if (listed.first === VSYSCALL) report.skip('[vsyscall]', 'a page of the kernel, in no tree of a process');
      else report.lose('mapping', 'above the user address space', 'is missing', listed.line);
      continue;
    }
    const note = traitNote(listed);
    if (note !== null) report.note(note);
    const below = planned.at(-1);
    const isFile = !isAnonymous(path) && !listed.flags?.includes('ht');
    const file = isFile ? files.of(`${inode} ${path}`, [below?.file ?? null]) : null;
    if (file !== null && offset === null) report.note('offsets in files that are not in the listing (taken as 0)');
    const traits = traitsOf(listed);
    const prot = protOf(listed, below, report);
    const known = { listed, traits, prot, file, isHeap: listed === heap, noreserve: traits.noreserve };
    planned.push({ ...known, offset: file === null ? 0 : (offset ?? 0) });
  }
  return planned;
}

/** Whether the kernel would make one mapping of two neighbours, as far as the sequence says. */
function wouldMerge(a: Planned, b: Planned): boolean {
  if (a.listed.end !== b.listed.first || a.prot !== b.prot || !areAlike(a.traits, b.traits)) return false;
  if (a.file === null || b.file === null) return a.file === b.file && !a.traits.shared;
  return a.file.id === b.file.id && a.offset + a.listed.end - a.listed.first === b.offset;
}

/** Tells neighbours apart that would merge: every second one of a row gets `noreserve`, but not the heap. */
function keepApart(planned: readonly Planned[], report: ImportReport): void {
  let row: Planned[] = [];
  const endRow = (): void => {
    const odd = row.findIndex(({ isHeap }) => isHeap) % 2 === 1 ? 0 : 1;
    row.forEach((one, i) => {
      if (i % 2 === odd) one.noreserve = !one.noreserve;
    });
    if (row.length > 1)
      report.note('neighbours that the listing does not tell apart, told apart by noreserve', row.length - 1);
  };
  for (const [i, one] of planned.entries()) {
    if (i > 0 && !wouldMerge(planned[i - 1], one)) {
      if (row.length > 1) endRow();
      row = [];
    }
    row.push(one);
  }
  if (row.length > 1) endRow();
}

function operationsOf({ listed, traits, prot, file, offset, noreserve }: Planned): Operation[] {
  const [addr, len] = [listed.first, listed.end - listed.first];
  const flags = [traits.shared ? 'shared' : 'private', 'fixed'];
  if (traits.growsdown && file === null && !traits.shared) flags.push('growsdown');
  if (traits.locked) flags.push('locked');
  if (noreserve) flags.push('noreserve');
  const at = { addr, len, flags, file: file?.id ?? null, offset };
  const maps: Operation[] = traits.accounted
    ? [
        { op: 'mmap', ...at, prot: `${prot[0]}w${prot[2]}` },
        { op: 'mprotect', addr, len, prot },
      ]
    : [{ op: 'mmap', ...at, prot }];
  return [...maps, ...operationsFor(traits, addr, len)];
}

export function mmSequenceOf(listing: Listing, options: ImportOptions, report: ImportReport): Sequence {
  const heap = heapOf(listing);
  const planned = plan(listing, heap?.listed ?? null, report);
  keepApart(planned, report);
  const real = planned.flatMap((one) => {
    report.keep('mapping');
    if (!one.isHeap) return operationsOf(one);
    const [addr, len] = [one.listed.first, one.listed.end - one.listed.first];
    return [{ op: 'brk', addr: heap!.end }, ...operationsFor(one.traits, addr, len)];
  });
  const start = heap?.start ?? null;
  const growsdown = planned.some(({ traits }) => traits.growsdown);
  const window = new Window(
    real.flatMap((operation) => spansOf(operation, start)),
    growsdown,
  );
  const of = listing.pid === null ? 'a process' : `process ${listing.pid}`;
  const header = mmHeader({
    pages: window.pages,
    ...(start === null ? {} : { brk: window.move(start) / PAGE }),
    ...noteOf(options, `the ${planned.length} mappings of ${of}`),
  });
  const operations = real.map((operation) => moveOperation(operation, window, start));
  return { header, operations: [...operations, { op: 'dump' }] };
}
