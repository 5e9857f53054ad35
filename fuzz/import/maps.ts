/**
 * Turns a `/proc/PID/maps` listing into sequences: what an address space of a real process looks like.
 *
 *     7f1b3d7d6000-7f1b3d7d8000 r--p 00001000 08:01 131 /usr/lib/libc.so.6
 *     start        end (excl.)  perms offset  device inode path
 *
 * As a tree: one store for each mapping, in the listed order, over its addresses; the index of a mapping in the kernel's
 * tree is just that. Addresses at the very top (the vsyscall page) are counted down from `max`, as the tree ends there.
 * As an address space: one fixed mmap for each mapping, in a window (window.ts), a start for sequences on top of it.
 */
import type { MmHeader } from '../domains/mm/header';
import { FORMAT, MAX_INDEX, type Operation, PAGE, type Sequence } from '../format/types';
import { clip, ImportError, ImportReport } from './report';
import { FileIds } from './space';
import type { Imported, ImportOptions } from './strace';
import { moveOperation, spansOf, Window } from './window';

interface Listed {
  readonly line: number;
  readonly first: bigint;
  /** Exclusive. */
  readonly end: bigint;
  readonly perms: string;
  readonly offset: number;
  readonly path: string;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([r-][w-][x-][ps]) ([0-9a-f]+) [0-9a-f]+:[0-9a-f]+ \d+(?: +(.*))?$/;
const TOP = 2n ** 64n - 1n;
const USER_SPACE = 2n ** 47n;

function parseMaps(text: string, report: ImportReport): Listed[] {
  const found: Listed[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const raw = lines[i].trimEnd();
    if (raw === '') continue;
    report.lines++;
    const match = LINE.exec(raw);
    if (match === null) throw new ImportError(i + 1, `not a line of /proc/PID/maps: ${clip(raw)}`);
    const [first, end] = [BigInt(`0x${match[1]}`), BigInt(`0x${match[2]}`)];
    if (first >= end) throw new ImportError(i + 1, `the mapping ends at ${match[2]}, before it starts`);
    const before = found.at(-1);
    if (before !== undefined && first < before.end) {
      throw new ImportError(i + 1, `the mapping starts at ${match[1]}, within the one of line ${before.line}`);
    }
    found.push({
      line: i + 1,
      first,
      end,
      perms: match[3],
      offset: Number.parseInt(match[4], 16),
      path: match[5] ?? '',
    });
  }
  if (found.length === 0) throw new ImportError(lines.length, 'no mapping found');
  return found;
}

/** The same distance from the top index as from the top address; below that, the address itself. */
function indexOf(address: bigint, line: number): number {
  if (address < 2n ** 52n - 1n) return Number(address);
  const below = TOP - address;
  if (below < 2n ** 32n - 1n) return MAX_INDEX - Number(below);
  throw new ImportError(line, `address ${address.toString(16)} is neither below 2^52 nor near the top`);
}

function noteOf(options: ImportOptions, what: string): { note: string; origin?: string } {
  const note = options.note === undefined ? what : `${options.note}: ${what}`;
  return options.origin === undefined ? { note } : { note, origin: options.origin };
}

/** A tree with a range for each mapping; the values count from 1. @throws ImportError with the line of damaged input. */
export function importMaps(text: string, options: ImportOptions = {}): Imported {
  const report = new ImportReport();
  const operations: Operation[] = parseMaps(text, report).map(({ first, end, line }, i) => {
    report.keep('mapping');
    return { op: 'store_range', first: indexOf(first, line), last: indexOf(end - 1n, line), value: i + 1 };
  });
  report.sequences = 1;
  const what = `the ${operations.length} mappings of a process, in order`;
  const header = { format: FORMAT, domain: 'tree', ranges: true, ...noteOf(options, what) } as const;
  return { sequences: [{ header, operations: [...operations, { op: 'dump' }] }], answers: [], report };
}

const isAnonymous = (path: string): boolean => path === '' || path.startsWith('[') || path.startsWith('/dev/zero');

/** The mmap that makes one mapping; null for a page that is in no process's tree. */
function mmapOf(listed: Listed, files: FileIds, report: ImportReport): Operation | null {
  const { path, perms } = listed;
  if (listed.end > USER_SPACE) {
    report.skip(path === '' ? 'mapping' : path, 'above the user address space');
    return null;
  }
  const [addr, len] = [Number(listed.first), Number(listed.end - listed.first)];
  const flags = [perms[3] === 's' ? 'shared' : 'private', 'fixed'];
  if (path === '[stack]') flags.push('growsdown');
  else if (/^\[v/.test(path)) report.note(`pages of the kernel (${path}) mapped as anonymous memory`);
  const file = isAnonymous(path) ? null : files.ofPath(path);
  report.keep('mapping');
  return { op: 'mmap', addr, len, prot: perms.slice(0, 3), flags, file, offset: file === null ? 0 : listed.offset };
}

/** The heap as the kernel makes it: if its listing is one private rw- mapping, a `brk`; otherwise it is like any mapping. */
function heapOf(listing: readonly Listed[]): Listed | null {
  const heaps = listing.filter(({ path }) => path === '[heap]');
  return heaps.length === 1 && heaps[0].perms === 'rw-p' ? heaps[0] : null;
}

/** An address space with these mappings. @throws ImportError with the line of damaged input. */
export function importMapsToMm(text: string, options: ImportOptions = {}): Imported {
  const report = new ImportReport();
  const listing = parseMaps(text, report);
  const heapListed = heapOf(listing);
  const heap = heapListed === null ? null : Number(heapListed.first);
  const files = new FileIds();
  const real: Operation[] = [];
  for (const listed of listing) {
    if (listed === heapListed) {
      report.keep('mapping');
      real.push({ op: 'brk', addr: Number(listed.end) });
      continue;
    }
    const operation = mmapOf(listed, files, report);
    if (operation !== null) real.push(operation);
  }
  const window = new Window(
    real.flatMap((operation) => spansOf(operation, heap)),
    listing.some(({ path }) => path === '[stack]'),
  );
  const header: MmHeader = {
    format: FORMAT,
    domain: 'mm',
    pages: window.pages,
    ...(heap === null ? {} : { brk: window.move(heap) / PAGE }),
    ...noteOf(options, `the ${real.length} mappings of a process`),
  };
  report.sequences = 1;
  const operations = real.map((operation) => moveOperation(operation, window, heap));
  const sequence: Sequence = { header, operations: [...operations, { op: 'dump' }] };
  return { sequences: [sequence], answers: [], report };
}
