/**
 * The operations of the domain mm. One row each; the columns are those of spec.ts.
 *
 * The window is a rule of the format, not of an address space: a range that leaves it is refused here, before any
 * implementation sees it.
 *
 *     0                                     pages * 4096
 *     |<------------- window -------------->|
 *        addr |<-- len -->|                   inside: fine, also empty at the very end
 *                                addr |<--- len --->|   refused: "addr: … leaves the window"
 */

import { type FieldKind, PAGE_ADVICE } from './kinds';
import type { FieldSpec, MmSpec } from './spec';
import type { MmSubject } from './subject';
import { type FieldValue, type MmHeader, type Operation, PAGE, type Ret } from './types';

const field = (name: string, kind: FieldKind): FieldSpec => ({ name, kind });
const ADDR = field('addr', 'address');
const LEN = field('len', 'length');

/** Rows read each field where they stand: by a name in a variable V8 could not remember where the field lies. */
const num = (value: FieldValue | undefined): number => value as number;
const words = (value: FieldValue | undefined): readonly string[] => value as readonly string[];

type Apply = (subject: MmSubject, operation: Operation) => Ret;
type Refuse = NonNullable<MmSpec['refuse']>;

interface Extras {
  readonly extension?: true;
  readonly refuse?: Refuse;
  readonly reads?: true;
}

function row(op: string, fields: FieldSpec[], about: string, apply: Apply, extras: Extras = {}): MmSpec {
  const writes = !extras.reads;
  const extension = extras.extension ?? false;
  const { refuse } = extras;
  return { op, domain: 'mm', fields, writes, about, apply, extension, cursor: false, ret: 'plain', refuse };
}

/** The complaint about a range that leaves the window, or null. */
function leaves(header: MmHeader, name: string, addr: number, len: number): string | null {
  const size = header.pages * PAGE;
  if (addr <= size && len <= size - addr) return null;
  return `${name}: ${addr} and ${len} bytes leave the window of ${size} bytes`;
}

const inWindow: Refuse = (o, header) => leaves(header, 'addr', num(o.addr), num(o.len));
const RANGE: Extras = { refuse: inWindow };
const EXTENSION_RANGE: Extras = { refuse: inWindow, extension: true };

const DEVICE_LENGTH = 16384;
const DEVICE_FLAGS: readonly string[] = ['shared', 'fixed', 'fixed_noreplace'];

/** The one way in which "dev" can be mapped. */
function refuseDevice(o: Operation): string | null {
  if (o.prot !== 'rw-') return 'prot: dev is mapped as "rw-"';
  if (o.len !== DEVICE_LENGTH) return `len: dev is mapped with ${DEVICE_LENGTH} bytes`;
  if (o.offset !== 0) return 'offset: dev is mapped from 0';
  const odd = words(o.flags).find((flag) => !DEVICE_FLAGS.includes(flag));
  return odd === undefined ? null : `flags: dev is not mapped with ${odd}`;
}

const refuseMmap: Refuse = (o, header) => {
  if (o.file === 'dev') {
    const complaint = refuseDevice(o);
    if (complaint !== null) return complaint;
  }
  const fixed = words(o.flags).includes('fixed') || words(o.flags).includes('fixed_noreplace');
  return fixed ? leaves(header, 'addr', num(o.addr), num(o.len)) : null;
};

const refuseMremap: Refuse = (o, header) => {
  // With old_len 0 the mapping at addr is what is copied: at the window's very end that is what lies outside.
  const old = leaves(header, 'addr', num(o.addr), Math.max(num(o.old_len), 1));
  if (old !== null) return old;
  const fixed = words(o.flags).includes('fixed');
  if (o.new_addr === undefined && (fixed || words(o.flags).includes('dontunmap'))) {
    return 'new_addr: missing; "fixed" and "dontunmap" need it';
  }
  return fixed ? leaves(header, 'new_addr', num(o.new_addr), num(o.new_len)) : null;
};

const refuseTouch: Refuse = (o, header) =>
  num(o.addr) < header.pages * PAGE ? null : `addr: ${o.addr} is not below the window's ${header.pages * PAGE} bytes`;

const refuseBrk: Refuse = (_o, header) => (header.brk === undefined ? 'brk: the window has no heap' : null);

/** Whether the format answers "unsupported" for everybody. */
export function isPageAdvice(operation: Operation): boolean {
  return operation.op === 'madvise' && (PAGE_ADVICE as readonly unknown[]).includes(operation.advice);
}

/** Whether the format itself answers, so that no implementation is asked. */
export function isAnsweredByFormat(spec: MmSpec, operation: Operation, header: MmHeader, subject: MmSubject): boolean {
  if (isPageAdvice(operation)) return true;
  return spec.refuse !== undefined && spec.refuse(operation, header, subject) !== null;
}

const MMAP_FIELDS: FieldSpec[] = [
  ADDR,
  LEN,
  field('prot', 'prot'),
  field('flags', 'mmap-flags'),
  field('file', 'file'),
  { name: 'offset', kind: 'offset', fallback: 0 },
];

const MREMAP_FIELDS: FieldSpec[] = [
  ADDR,
  field('old_len', 'length'),
  field('new_len', 'length'),
  field('flags', 'mremap-flags'),
  { name: 'new_addr', kind: 'address', optional: true },
];

const BASE: MmSpec[] = [
  row(
    'mmap',
    MMAP_FIELDS,
    'maps memory or a file; ret is the address',
    (s, o) => s.mmap(num(o.addr), num(o.len), o.prot as string, words(o.flags), o.file as string | null, num(o.offset)),
    { refuse: refuseMmap },
  ),
  row('munmap', [ADDR, LEN], 'removes what is mapped in a range', (s, o) => s.munmap(num(o.addr), num(o.len)), RANGE),
  row(
    'mprotect',
    [ADDR, LEN, field('prot', 'prot')],
    'changes the protection of a range',
    (s, o) => s.mprotect(num(o.addr), num(o.len), o.prot as string),
    RANGE,
  ),
  row(
    'mremap',
    MREMAP_FIELDS,
    'shrinks, grows or moves mappings; ret is the address',
    (s, o) =>
      s.mremap(num(o.addr), num(o.old_len), num(o.new_len), words(o.flags), (o.new_addr as number | undefined) ?? 0),
    { refuse: refuseMremap },
  ),
  row(
    'madvise',
    [ADDR, LEN, field('advice', 'advice')],
    'gives advice about a range',
    (s, o) => s.madvise(num(o.addr), num(o.len), o.advice as string),
    RANGE,
  ),
  row(
    'mlock',
    [ADDR, LEN, { name: 'onfault', kind: 'boolean', fallback: false }],
    'locks a range',
    (s, o) => s.mlock(num(o.addr), num(o.len), o.onfault as boolean),
    RANGE,
  ),
  row('munlock', [ADDR, LEN], 'unlocks a range', (s, o) => s.munlock(num(o.addr), num(o.len)), RANGE),
  row('mseal', [ADDR, LEN], 'seals a range', (s, o) => s.mseal(num(o.addr), num(o.len)), RANGE),
  row('brk', [ADDR], 'moves the break; ret is the break after it', (s, o) => s.brk(num(o.addr)), {
    refuse: refuseBrk,
  }),
  row(
    'remap_file_pages',
    [ADDR, LEN, field('pgoff', 'page-offset')],
    'maps other pages of the same file',
    (s, o) => s.remapFilePages(num(o.addr), num(o.len), num(o.pgoff)),
    RANGE,
  ),
  row('touch', [ADDR], 'one write access, which may grow a stack', (s, o) => s.touch(num(o.addr)), {
    refuse: refuseTouch,
  }),
  row('fork', [], 'goes on in a copy-on-write child', (s) => s.fork()),
  row('dump', [], 'all mappings', (s) => s.dump() as unknown as Ret, { reads: true }),
];

const EXTENSIONS: MmSpec[] = [
  row(
    'mbind',
    [ADDR, LEN, field('policy', 'policy')],
    'gives a range a memory policy',
    (s, o) => s.mbind(num(o.addr), num(o.len), num(o.policy)),
    EXTENSION_RANGE,
  ),
  row(
    'uffd_register',
    [ADDR, LEN, field('ctx', 'uffd-context')],
    'registers a range with a userfaultfd context',
    (s, o) => s.uffdRegister(num(o.addr), num(o.len), num(o.ctx)),
    EXTENSION_RANGE,
  ),
  row(
    'uffd_unregister',
    [ADDR, LEN],
    'takes a range from its userfaultfd context',
    (s, o) => s.uffdUnregister(num(o.addr), num(o.len)),
    EXTENSION_RANGE,
  ),
  row(
    'set_vma_name',
    [ADDR, LEN, field('name', 'name')],
    'names anonymous memory (PR_SET_VMA_ANON_NAME)',
    (s, o) => s.setVmaName(num(o.addr), num(o.len), o.name as string | null),
    EXTENSION_RANGE,
  ),
  row(
    'mlockall',
    [field('flags', 'mlockall-flags')],
    'locks what is mapped, what will be',
    (s, o) => s.mlockall(words(o.flags)),
    {
      extension: true,
    },
  ),
  row('munlockall', [], 'unlocks everything', (s) => s.munlockall(), { extension: true }),
];

export const MM_OPERATIONS: readonly MmSpec[] = [...BASE, ...EXTENSIONS];
