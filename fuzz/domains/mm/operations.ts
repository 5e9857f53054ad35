/**
 * The operations of the domain mm. One row each; the columns are those of fuzz/format/spec.ts, and four of this domain.
 *
 * The window is a rule of the format, not of an address space: a range that leaves it is refused here, before any
 * implementation sees it.
 *
 *     0                                     pages * 4096
 *     |<------------- window -------------->|
 *        addr |<-- len -->|                   inside: fine, also empty at the very end
 *                                addr |<--- len --->|   refused: "addr: … leaves the window"
 *
 * Rows read each field where it stands (`o.addr`): by a name in a variable V8 could not remember where the field lies.
 */
import { type AnswerShape, PLAIN } from '../../format/answer-shape';
import { findRows } from '../../format/domain';
import { PAGE_ADVICE } from '../../format/kinds';
import {
  type FieldSpec,
  type FieldsOf,
  field,
  type OperationOf,
  type OperationSpec,
  type RowOf,
} from '../../format/spec';
import { type Operation, PAGE, type Ret } from '../../format/types';
import { MAPPINGS } from './answers';
import type { MmHeader } from './header';
import type { MmSubject } from './subject';

/**
 * Where an operation works: in the range that it names, between the break and its address, at an address that is chosen
 * (a hint does not bind), at the given one or a chosen one by its flags, or nowhere in particular.
 */
type Place = 'range' | 'heap' | 'chosen' | 'given-or-chosen' | 'none';

export interface MmSpec extends OperationSpec {
  readonly place: Place;
  /** Merges at their edges the mappings that it changes, one by one, all or none of them. */
  readonly merges: boolean;
  /** Looks at its arguments before it begins, so that a refusal leaves every mapping as it was. */
  readonly looksFirst: boolean;
  /**
   * Changes attributes alone; or, refused, leaves the mapped pages as they were. It may fail half-way and lose none.
   */
  readonly keepsPages: boolean;
  apply(subject: MmSubject, operation: Operation): Ret;
}

interface Row<Op extends string, Field extends FieldSpec> extends RowOf<Op, Field, MmSubject, MmHeader> {
  readonly answer?: AnswerShape;
  readonly place?: Place;
  readonly merges?: true;
  readonly looksFirst?: true;
  readonly keepsPages?: true;
}

function row<const Op extends string, const Field extends FieldSpec>(
  row: Row<Op, Field>,
): MmSpec & { readonly op: Op; readonly fields: readonly Field[] } {
  const { op, fields, weight, about, answers, apply } = row;
  const place = row.place ?? 'none';
  return {
    op,
    fields,
    writes: row.writes ?? true,
    extension: row.extension ?? false,
    inKernel: row.inKernel ?? !row.extension,
    cursor: false,
    concernsAll: place === 'none',
    place,
    merges: row.merges ?? false,
    looksFirst: row.looksFirst ?? false,
    keepsPages: row.keepsPages ?? false,
    weight,
    answer: row.answer ?? PLAIN,
    about,
    answers,
    apply: apply as MmSpec['apply'],
    refuse: row.refuse as MmSpec['refuse'],
    unsupported: row.unsupported as MmSpec['unsupported'],
    variant: row.variant as MmSpec['variant'],
  };
}

const ADDR = field('addr', 'address');
const LEN = field('len', 'length');
const PROT = field('prot', 'prot');
const MMAP_FLAGS = field('flags', 'mmap-flags');
const FILE = field('file', 'file');
const OFFSET = { name: 'offset', kind: 'offset', fallback: 0 } as const;
const ONFAULT = { name: 'onfault', kind: 'boolean', fallback: false } as const;
const OLD_LEN = field('old_len', 'length');
const NEW_LEN = field('new_len', 'length');
const MREMAP_FLAGS = field('flags', 'mremap-flags');
/** Flags of mremap beside which `new_addr` is looked at. */
const NEEDS_NEW_ADDR = ['fixed', 'dontunmap'] as const;
const NEW_ADDR = { name: 'new_addr', kind: 'address', optional: true, onlyWith: NEEDS_NEW_ADDR } as const;

/** The complaint about a range that leaves the window, or null. */
function leaves(header: MmHeader, name: string, addr: number, len: number): string | null {
  const size = header.pages * PAGE;
  if (addr <= size && len <= size - addr) return null;
  return `${name}: ${addr} and ${len} bytes leave the window of ${size} bytes`;
}

interface Range {
  readonly addr: number;
  readonly len: number;
}

const inWindow = (o: Range, header: MmHeader): string | null => leaves(header, 'addr', o.addr, o.len);

interface Mmap extends Range {
  readonly prot: string;
  readonly flags: readonly string[];
  readonly file: string | null;
  readonly offset: number;
}

const DEVICE_LENGTH = 16384;
const DEVICE_FLAGS: readonly string[] = ['shared', 'fixed', 'fixed_noreplace'];

/** The one way in which "dev" can be mapped. */
function refuseDevice(o: Mmap): string | null {
  if (o.prot !== 'rw-') return 'prot: dev is mapped as "rw-"';
  if (o.len !== DEVICE_LENGTH) return `len: dev is mapped with ${DEVICE_LENGTH} bytes`;
  if (o.offset !== 0) return 'offset: dev is mapped from 0';
  const odd = o.flags.find((flag) => !DEVICE_FLAGS.includes(flag));
  return odd === undefined ? null : `flags: dev is not mapped with ${odd}`;
}

/** Whether a mapping goes to the address that it names; otherwise that is a hint. */
export const isFixed = (flags: readonly string[]): boolean =>
  flags.includes('fixed') || flags.includes('fixed_noreplace');

function refuseMmap(o: Mmap, header: MmHeader): string | null {
  if (o.file === 'dev') {
    const complaint = refuseDevice(o);
    if (complaint !== null) return complaint;
  }
  return isFixed(o.flags) ? leaves(header, 'addr', o.addr, o.len) : null;
}

function variantOfMmap({ file, flags }: Mmap): string | null {
  if (file !== null) return `mmap ${file}`;
  return flags.includes('locked') ? 'mmap locked' : null;
}

interface Mremap {
  readonly addr: number;
  readonly old_len: number;
  readonly new_len: number;
  readonly flags: readonly string[];
  readonly new_addr?: number;
}

function refuseMremap(o: Mremap, header: MmHeader): string | null {
  // With old_len 0 the mapping at addr is what is copied: at the window's very end that is what lies outside.
  const old = leaves(header, 'addr', o.addr, Math.max(o.old_len, 1));
  if (old !== null) return old;
  if (o.new_addr === undefined) {
    const needed = NEEDS_NEW_ADDR.some((flag) => o.flags.includes(flag));
    return needed ? 'new_addr: missing; "fixed" and "dontunmap" need it' : null;
  }
  return o.flags.includes('fixed') ? leaves(header, 'new_addr', o.new_addr, o.new_len) : null;
}

function refuseTouch({ addr }: { readonly addr: number }, header: MmHeader): string | null {
  const size = header.pages * PAGE;
  return addr < size ? null : `addr: ${addr} is not below the window's ${size} bytes`;
}

const refuseBrk = (_o: unknown, header: MmHeader): string | null =>
  header.brk === undefined ? 'brk: the window has no heap' : null;

const BASE = [
  row({
    op: 'mmap',
    fields: [ADDR, LEN, PROT, MMAP_FLAGS, FILE, OFFSET],
    about: 'maps memory or a file; ret is the address',
    answers:
      'the address. `EBUSY`: dev, a piece of which is mapped. `EINVAL`: offset not of whole pages, or len 0. ' +
      '`ENOMEM`: more mappings than max_map_count. With fixed or fixed_noreplace `EINVAL`: addr not at a page; ' +
      'without, `ENOMEM`: no gap. `EEXIST`: fixed_noreplace, and something there. `EPERM`: locked while memlock ' +
      'is 0; `EAGAIN`: locked beyond memlock. `EINVAL`: growsdown with shared or a file. `EPERM`: a sealed ' +
      'mapping in the way of fixed',
    weight: 240,
    place: 'given-or-chosen',
    looksFirst: true,
    apply: (s, o) => s.mmap(o.addr, o.len, o.prot, o.flags, o.file, o.offset),
    refuse: refuseMmap,
    variant: variantOfMmap,
  }),
  row({
    op: 'munmap',
    fields: [ADDR, LEN],
    about: 'removes what is mapped in a range',
    answers:
      '0, also where nothing is mapped. `EINVAL`: addr not at a page, or len 0. `EPERM`: a sealed mapping; ' +
      'nothing is removed then, but a mapping that holds addr inside stays split there, if it is not the sealed ' +
      'one',
    weight: 110,
    place: 'range',
    looksFirst: true,
    keepsPages: true,
    apply: (s, o) => s.munmap(o.addr, o.len),
    refuse: inWindow,
  }),
  row({
    op: 'mprotect',
    fields: [ADDR, LEN, PROT],
    about: 'changes the protection of a range',
    answers:
      '`EINVAL`: addr not at a page. 0: len 0. Then mapping by mapping, and what came before an error stays ' +
      'changed: `ENOMEM`: nothing there; `EACCES`: x for dev; `EPERM`: sealed, even if nothing would change',
    weight: 110,
    place: 'range',
    merges: true,
    looksFirst: true,
    keepsPages: true,
    apply: (s, o) => s.mprotect(o.addr, o.len, o.prot),
    refuse: inWindow,
  }),
  row({
    op: 'mremap',
    fields: [ADDR, OLD_LEN, NEW_LEN, MREMAP_FLAGS, NEW_ADDR],
    about: 'shrinks, grows or moves mappings; ret is the address',
    answers:
      'the address. `EINVAL`: addr not at a page, or new_len 0 or too large; with fixed or dontunmap also ' +
      'new_addr not at a page, no maymove, dontunmap with another length, or the ranges overlap. `EFAULT`: ' +
      'nothing at addr. `EPERM`: sealed. The same size or less, without fixed and dontunmap, needs no more than ' +
      'that. `EINVAL`: old_len 0 of private memory, dontunmap of dev. `EFAULT`: more than the mapping at addr ' +
      '(but fixed with equal lengths may span several, and holes behind addr), or dev to grow. `EAGAIN`: locked ' +
      'beyond memlock. `ENOMEM`: no room in place without maymove, or nowhere',
    weight: 70,
    place: 'chosen',
    apply: (s, o) => s.mremap(o.addr, o.old_len, o.new_len, o.flags, o.new_addr ?? 0),
    refuse: refuseMremap,
    variant: (o) => (o.flags.includes('dontunmap') ? 'mremap dontunmap' : null),
  }),
  row({
    op: 'madvise',
    fields: [ADDR, LEN, field('advice', 'advice')],
    about: 'gives advice about a range',
    answers:
      '`EINVAL`: addr not at a page. 0: len 0. Holes are passed over, and `ENOMEM` is the answer at the end if ' +
      'there was one; any other error ends it, with what came before done. `EPERM`: dontneed, dontneed_locked, ' +
      'free, remove, dontfork, wipeonfork of sealed private anonymous memory that is not writable. `EINVAL`: ' +
      'wipeonfork of a file or shared memory, dodump of dev, dontneed, free, cold, pageout of locked memory, ' +
      'free of anything but private anonymous memory, remove of locked or private anonymous memory; `EACCES`: ' +
      'remove of a private file; `ENODEV`: remove of dev. populate_read, populate_write stop at the first page ' +
      'that has no mapping (`ENOMEM`), may not be read or written (`EINVAL`), or lies beyond the end of its ' +
      'file (`EFAULT`). Advice about single pages (collapse, guard_install, guard_remove, hwpoison, ' +
      'soft_offline): `{"unsupported":true}`',
    weight: 60,
    place: 'range',
    merges: true,
    keepsPages: true,
    apply: (s, o) => s.madvise(o.addr, o.len, o.advice),
    refuse: inWindow,
    unsupported: (o) => (PAGE_ADVICE as readonly string[]).includes(o.advice),
    variant: (o) => `madvise ${o.advice}`,
  }),
  row({
    op: 'mlock',
    fields: [ADDR, LEN, ONFAULT],
    about: 'locks a range',
    answers:
      '0, also for len 0; the range is rounded outwards to pages. `EPERM`: mlock while memlock is 0; `ENOMEM`: ' +
      'mlock beyond memlock. `ENOMEM`: a hole; what lies before it is changed. `ENOMEM`: mlock without onfault, ' +
      'and a page may not be accessed or lies beyond the end of its file; the flags stay set',
    weight: 25,
    place: 'range',
    merges: true,
    keepsPages: true,
    apply: (s, o) => s.mlock(o.addr, o.len, o.onfault),
    refuse: inWindow,
  }),
  row({
    op: 'munlock',
    fields: [ADDR, LEN],
    about: 'unlocks a range',
    answers:
      '0, also for len 0; the range is rounded outwards to pages. `EPERM`: mlock while memlock is 0; `ENOMEM`: ' +
      'mlock beyond memlock. `ENOMEM`: a hole; what lies before it is changed. `ENOMEM`: mlock without onfault, ' +
      'and a page may not be accessed or lies beyond the end of its file; the flags stay set',
    weight: 25,
    place: 'range',
    merges: true,
    keepsPages: true,
    apply: (s, o) => s.munlock(o.addr, o.len),
    refuse: inWindow,
  }),
  row({
    op: 'mseal',
    fields: [ADDR, LEN],
    about: 'seals a range',
    answers: '`EINVAL`: addr not at a page. 0: len 0. `ENOMEM`: a hole, and nothing is sealed',
    weight: 4,
    place: 'range',
    merges: true,
    looksFirst: true,
    keepsPages: true,
    apply: (s, o) => s.mseal(o.addr, o.len),
    refuse: inWindow,
  }),
  row({
    op: 'brk',
    fields: [ADDR],
    about: 'moves the break; ret is the break after it',
    answers:
      'the break that holds after it, never an errno name: the old one if it cannot be moved. `{"error":…}` in ' +
      'a window without a heap',
    weight: 30,
    place: 'heap',
    apply: (s, o) => s.brk(o.addr),
    refuse: refuseBrk,
  }),
  row({
    op: 'remap_file_pages',
    fields: [ADDR, LEN, field('pgoff', 'page-offset')],
    about: 'maps other pages of the same file',
    answers:
      '0; addr and len are rounded down. `EINVAL`: len 0; no shared mapping at addr; or what follows in the ' +
      'range is not adjacent, of the same file, and alike in flags. `EOVERFLOW`: pgoff too large. Then as mmap ' +
      'with fixed',
    weight: 12,
    place: 'range',
    looksFirst: true,
    apply: (s, o) => s.remapFilePages(o.addr, o.len, o.pgoff),
    refuse: inWindow,
  }),
  row({
    op: 'touch',
    fields: [ADDR],
    about: 'one write access, which may grow a stack',
    answers: '0; `EFAULT`: no mapping (and no stack that may grow to it), not writable, or beyond the end of the file',
    weight: 130,
    place: 'range',
    apply: (s, o) => s.touch(o.addr),
    refuse: refuseTouch,
  }),
  row({
    op: 'fork',
    fields: [],
    about: 'goes on in a copy-on-write child',
    answers: '0',
    weight: 8,
    apply: (s) => s.fork(),
  }),
  row({
    op: 'dump',
    fields: [],
    about: 'all mappings',
    answers: 'the mappings, ascending: see below',
    weight: 1,
    answer: MAPPINGS,
    writes: false,
    apply: (s) => s.dump() as unknown as Ret,
  }),
];

const EXTENSIONS = [
  row({
    op: 'mbind',
    fields: [ADDR, LEN, field('policy', 'policy')],
    about: 'gives a range a memory policy',
    answers: '`EINVAL`: addr not at a page. 0: len 0. `EFAULT`: a hole; with policy 0 only if nothing is mapped at all',
    weight: 30,
    extension: true,
    place: 'range',
    merges: true,
    keepsPages: true,
    apply: (s, o) => s.mbind(o.addr, o.len, o.policy),
    refuse: inWindow,
  }),
  row({
    op: 'uffd_register',
    fields: [ADDR, LEN, field('ctx', 'uffd-context')],
    about: 'registers a range with a userfaultfd context',
    answers:
      '0; `EINVAL`: addr or len not of whole pages, len 0, nothing mapped there, or a special device in the ' +
      'range; `EBUSY`: another context',
    weight: 25,
    extension: true,
    place: 'range',
    merges: true,
    keepsPages: true,
    apply: (s, o) => s.uffdRegister(o.addr, o.len, o.ctx),
    refuse: inWindow,
  }),
  row({
    op: 'uffd_unregister',
    fields: [ADDR, LEN],
    about: 'takes a range from its userfaultfd context',
    answers:
      '0; `EINVAL`: addr or len not of whole pages, len 0, nothing mapped there, or a special device in the ' +
      'range; `EBUSY`: another context',
    weight: 15,
    extension: true,
    place: 'range',
    keepsPages: true,
    apply: (s, o) => s.uffdUnregister(o.addr, o.len),
    refuse: inWindow,
  }),
  row({
    op: 'set_vma_name',
    fields: [ADDR, LEN, field('name', 'name')],
    about: 'names anonymous memory (PR_SET_VMA_ANON_NAME)',
    answers:
      '`EINVAL`: a name that is not valid, or addr not at a page. 0: len 0. `EBADF`: a file in the range. ' +
      '`ENOMEM` at the end if there was a hole',
    weight: 25,
    extension: true,
    place: 'range',
    merges: true,
    keepsPages: true,
    apply: (s, o) => s.setVmaName(o.addr, o.len, o.name),
    refuse: inWindow,
  }),
  row({
    op: 'mlockall',
    fields: [field('flags', 'mlockall-flags')],
    about: 'locks what is mapped, what will be',
    answers: '0; `EINVAL`: neither current nor future; `EPERM`: memlock is 0; `ENOMEM`: current, beyond memlock',
    weight: 8,
    extension: true,
    inKernel: true,
    looksFirst: true,
    keepsPages: true,
    apply: (s, o) => s.mlockall(o.flags),
  }),
  row({
    op: 'munlockall',
    fields: [],
    about: 'unlocks everything',
    answers: '0',
    weight: 6,
    extension: true,
    inKernel: true,
    keepsPages: true,
    apply: (s) => s.munlockall(),
  }),
];

const ROWS = [...BASE, ...EXTENSIONS];
type MmRow = (typeof ROWS)[number];

/** Any operation of the domain as its row describes it: narrow it by `op`. */
export type MmOperation = OperationOf<MmRow>;
/** The operation with this name. */
export type MmOperationOf<Op extends MmOperation['op']> = Extract<MmOperation, { readonly op: Op }>;
/** The fields of an operation, of whichever. */
export type MmFields = FieldsOf<MmRow>;

export const MM_OPERATIONS: readonly MmSpec[] = ROWS;

/** The row of an operation, or undefined for one that the domain does not have. */
export const mmSpec = findRows(MM_OPERATIONS);

/** The open record with its types: the parser and the drawers made it by the table. */
export const asMm = (operation: Operation): MmFields => operation as MmFields;

/** Whether the format itself answers, so that no implementation is asked. */
export function isAnsweredByFormat(spec: MmSpec, operation: Operation, header: MmHeader, subject: MmSubject): boolean {
  if (spec.unsupported?.(operation) === true) return true;
  return spec.refuse !== undefined && spec.refuse(operation, header, subject) !== null;
}
