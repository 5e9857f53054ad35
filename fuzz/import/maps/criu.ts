/**
 * Images of CRIU as `crit decode` prints them: `mm-PID.img` with its mappings in `vmas`, or the old `vmas-PID.img`.
 *
 *     { "magic": "MM", "entries": [ { "mm_start_brk": "0x…", "vmas": [ { "start": "0x400000", "prot": "PROT_READ", … }
 *     ] } ] }
 *
 * With `--pretty` numbers are hexadecimal texts and bits have names, without they are plain numbers.
 */
import { ImportError, type ImportReport } from '../report';
import type { Listed, Listing } from './listing';

type Raw = Readonly<Record<string, unknown>>;

const isRecord = (raw: unknown): raw is Raw => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

const PROT: Readonly<Record<string, number>> = { PROT_READ: 1, PROT_WRITE: 2, PROT_EXEC: 4 };
const FLAGS: Readonly<Record<string, number>> = {
  MAP_SHARED: 1,
  MAP_PRIVATE: 2,
  MAP_DROPPABLE: 8,
  MAP_ANON: 0x20,
  MAP_ANONYMOUS: 0x20,
  MAP_GROWSDOWN: 0x100,
  MAP_LOCKED: 0x2000,
  MAP_NORESERVE: 0x4000,
  MAP_HUGETLB: 0x40000,
};
const STATUS: Readonly<Record<string, number>> = {
  VMA_AREA_STACK: 1 << 1,
  VMA_AREA_VSYSCALL: 1 << 2,
  VMA_AREA_VDSO: 1 << 3,
  VMA_AREA_HEAP: 1 << 5,
  VMA_FILE_PRIVATE: 1 << 6,
  VMA_FILE_SHARED: 1 << 7,
  VMA_ANON_SHARED: 1 << 8,
  VMA_AREA_VVAR: 1 << 12,
};

/** Flags of mappings by the bits of `madv`, which are those of the advice. */
const ADVICE_FLAGS: readonly (readonly [bit: number, flag: string])[] = [
  [10, 'dc'],
  [12, 'mg'],
  [14, 'hg'],
  [15, 'nh'],
  [16, 'dd'],
  [18, 'wf'],
  [1, 'rr'],
  [2, 'sr'],
];

function bitsOf(raw: unknown, names: Readonly<Record<string, number>>): number {
  if (typeof raw === 'number') return raw;
  if (typeof raw !== 'string') return 0;
  return raw.split('|').reduce((sum, word) => {
    const name = word.trim();
    return sum | (names[name] ?? (/^(?:0x[0-9a-f]+|\d+)$/i.test(name) ? Number(name) : 0));
  }, 0);
}

function numberOf(raw: unknown): number | null {
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && /^(?:0x[0-9a-f]+|\d+)$/i.test(raw) ? Number(raw) : null;
}

const NAMES: readonly (readonly [status: number, name: string])[] = [
  [STATUS.VMA_AREA_STACK, '[stack]'],
  [STATUS.VMA_AREA_VSYSCALL, '[vsyscall]'],
  [STATUS.VMA_AREA_VDSO, '[vdso]'],
  [STATUS.VMA_AREA_VVAR, '[vvar]'],
  [STATUS.VMA_AREA_HEAP, '[heap]'],
];

function pathOf(status: number, shmid: number): string {
  const name = NAMES.find(([bit]) => (status & bit) !== 0)?.[1];
  if (name !== undefined) return name;
  const isFile = (status & (STATUS.VMA_FILE_PRIVATE | STATUS.VMA_FILE_SHARED)) !== 0;
  return isFile ? `/file ${shmid}` : '';
}

const FLAG_CODES: readonly (readonly [flag: number, code: string])[] = [
  [FLAGS.MAP_GROWSDOWN, 'gd'],
  [FLAGS.MAP_LOCKED, 'lo'],
  [FLAGS.MAP_NORESERVE, 'nr'],
  [FLAGS.MAP_HUGETLB, 'ht'],
  [FLAGS.MAP_DROPPABLE, 'dp'],
];

function listedOf(raw: Raw, line: number): Listed | null {
  const [first, end, offset] = [numberOf(raw.start), numberOf(raw.end), numberOf(raw.pgoff)];
  if (first === null || end === null || first >= end) return null;
  const [prot, flags, status] = [bitsOf(raw.prot, PROT), bitsOf(raw.flags, FLAGS), bitsOf(raw.status, STATUS)];
  const madv = numberOf(raw.madv) ?? 0;
  const codes = FLAG_CODES.filter(([bit]) => (flags & bit) !== 0).map(([, code]) => code);
  const advised = ADVICE_FLAGS.filter(([bit]) => Math.floor(madv / 2 ** bit) % 2 === 1).map(([, code]) => code);
  const isShared = (flags & FLAGS.MAP_SHARED) !== 0 || (status & STATUS.VMA_ANON_SHARED) !== 0;
  return {
    line,
    first,
    end,
    perms: `${prot & 1 ? 'r' : '-'}${prot & 2 ? 'w' : '-'}${prot & 4 ? 'x' : '-'}${isShared ? 's' : 'p'}`,
    offset,
    path: pathOf(status, numberOf(raw.shmid) ?? 0),
    inode: '',
    flags: [...codes, ...advised],
  };
}

function listingOf(vmas: readonly unknown[], mm: Raw, report: ImportReport): Listing {
  const mappings: Listed[] = [];
  vmas.forEach((raw, i) => {
    const listed = isRecord(raw) ? listedOf(raw, i + 1) : null;
    if (listed !== null) mappings.push(listed);
    else report.lose('mapping', 'its entry has no start and end', 'is missing', i + 1);
  });
  const [start, end] = [numberOf(mm.mm_start_brk), numberOf(mm.mm_brk)];
  const heap = start === null || end === null || end <= start ? null : { start, end };
  return { mappings, pid: null, heap };
}

/** Whether a text is JSON at all, from its beginning. */
export const LOOKS_LIKE_JSON = /^\s*\{/;

/** @throws ImportError if the text is not an image of mappings */
export function readCriu(text: string, report: ImportReport): Listing[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new ImportError(1, 'not JSON of crit: it does not parse');
  }
  const entries = isRecord(raw) && Array.isArray(raw.entries) ? raw.entries.filter(isRecord) : [];
  const spaces = entries.filter(({ vmas }) => Array.isArray(vmas));
  const listings = spaces.map((mm) => listingOf(mm.vmas as unknown[], mm, report));
  const loose = entries.filter((entry) => 'start' in entry && 'end' in entry);
  if (spaces.length === 0 && loose.length > 0) listings.push(listingOf(loose, {}, report));
  if (listings.length === 0)
    throw new ImportError(1, 'JSON without mappings: "entries" with "vmas" expected (mm-PID.img)');
  return listings;
}
