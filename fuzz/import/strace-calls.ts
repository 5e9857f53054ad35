/**
 * From one call of a log to an operation on the address space of its process. One handler a call.
 *
 * Rules that hold here:
 * - An address that the kernel chose becomes a hint at that address, as it was free then; a move becomes a fixed one. So the
 *   replay has the real layout, whatever else lies in the window.
 * - A failed call is kept if it must fail in the same way in the replay: for its arguments, or for a hole that is known.
 *   Otherwise it is skipped, for it failed on something that the log does not show.
 */
import { ADVICE, PAGE_ADVICE } from '../format/kinds';
import { type Operation, PAGE } from '../format/types';
import type { Space } from './space';
import { adviceOf, BITS, descriptorOf, numberOf, quotedOf, type Result } from './strace-arguments';

/** Applies a call. Null: kept. A text: why it was skipped. */
export type Handler = (space: Space, args: readonly string[], result: Result) => string | null;

const USER_SPACE = 2 ** 47;
const MAX_POLICY = 3;

const NOT_UNDERSTOOD = 'its arguments were not understood';
const TOO_FAR = 'its range ends above the user address space';
const ENDED = 'the process ended in it';
const BEFORE_LOG = 'its mapping was made before the log began';

const failedBeyond = (errno: string): string => `failed with ${errno} for a reason that the mappings do not show`;
const isAligned = (addr: number): boolean => addr % PAGE === 0;

function protOf(text: string | undefined): string | null {
  const bits = numberOf(text, 'prot');
  if (bits === null || bits > 7 + BITS.prot.PROT_SEM) return null;
  return `${bits & 1 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 4 ? 'x' : '-'}`;
}

const MMAP_WORDS: readonly (readonly [bit: number, word: string])[] = [
  [BITS.map.MAP_FIXED, 'fixed'],
  [BITS.map.MAP_FIXED_NOREPLACE, 'fixed_noreplace'],
  [BITS.map.MAP_GROWSDOWN, 'growsdown'],
  [BITS.map.MAP_LOCKED, 'locked'],
  [BITS.map.MAP_NORESERVE, 'noreserve'],
  [BITS.map.MAP_POPULATE, 'populate'],
];

const TYPES: Readonly<Record<number, string>> = { 1: 'shared', 2: 'private', 3: 'shared' };

const words = (bits: number, table: readonly (readonly [number, string])[]): string[] =>
  table.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word);

interface Mapping {
  readonly addr: number;
  readonly len: number;
  readonly prot: string;
  readonly flags: readonly string[];
  readonly offset: number;
  readonly anonymous: boolean;
}

function mappingOf(space: Space, args: readonly string[]): Mapping | string {
  const [addr, len, offset] = [numberOf(args[0]), numberOf(args[1]), numberOf(args[5])];
  const [prot, bits] = [protOf(args[2]), numberOf(args[3], 'map')];
  if (addr === null || len === null || offset === null || prot === null || bits === null) return NOT_UNDERSTOOD;
  if (addr + len > USER_SPACE) return TOO_FAR;
  const type = TYPES[bits & 0xf];
  if (type === undefined) return 'a type of mapping that the format does not have';
  if (bits & BITS.map.MAP_HUGETLB) space.report.note('MAP_HUGETLB left out');
  const anonymous = (bits & BITS.map.MAP_ANONYMOUS) !== 0;
  return { addr, len, prot, flags: [type, ...words(bits, MMAP_WORDS)], offset, anonymous };
}

const isFixed = (flags: readonly string[]): boolean => flags.includes('fixed') || flags.includes('fixed_noreplace');

/** Whether an mmap fails again in the same way. */
function mmapFailsAgain(space: Space, mapping: Mapping, errno: string): boolean {
  const { addr, len, flags, offset } = mapping;
  if (errno === 'EINVAL') return len === 0 || !isAligned(offset) || (isFixed(flags) && !isAligned(addr));
  return errno === 'EEXIST' && flags.includes('fixed_noreplace') && !space.isFree(addr, len);
}

const mmap: Handler = (space, args, result) => {
  const mapping = mappingOf(space, args);
  if (typeof mapping === 'string') return mapping;
  if (result.kind === 'unknown') return ENDED;
  const { len, prot, offset } = mapping;
  const failed = result.kind === 'error';
  if (failed && !mmapFailsAgain(space, mapping, result.errno)) return failedBeyond(result.errno);
  const addr = failed ? mapping.addr : result.value;
  let { flags } = mapping;
  if (!failed && !isFixed(flags) && !space.isFree(addr, len)) {
    space.report.note('mappings made fixed, as something that the log did not see go was still there');
    flags = [...flags, 'fixed'];
  }
  const { fd, path } = descriptorOf(args[4]);
  const id = (): string => (path === null ? space.files.ofDescriptor(fd, addr, len, offset) : space.files.ofPath(path));
  const file = mapping.anonymous ? null : id();
  space.push(
    { op: 'mmap', addr, len, prot, flags, file, offset: mapping.anonymous ? 0 : offset },
    failed ? result.errno : addr,
  );
  if (failed) return null;
  if (flags.includes('growsdown')) space.growsdown = true;
  space.map(addr, len);
  return null;
};

interface Fail {
  readonly errno: string;
  readonly addr: number;
  readonly len: number;
}

/** How a call on a range is handled: what it needs, whether its failure repeats, what it changes. */
interface RangeRule {
  /** The operation; null if the arguments say nothing that the format has, a text for another reason to skip. */
  make(space: Space, addr: number, len: number, args: readonly string[]): Operation | string | null;
  failsAgain(space: Space, fail: Fail): boolean;
  /** Called when the call succeeded, before (`need`) and after (`done`) the operation is noted. */
  need?(space: Space, addr: number, len: number): void;
  done?(space: Space, addr: number, len: number): void;
}

const needsMapped = (space: Space, addr: number, len: number): void => {
  if (len > 0) space.assumeMapped(addr, len);
};

/** EINVAL for an unaligned start, ENOMEM for a hole. */
const failsByRange = (space: Space, { errno, addr, len }: Fail): boolean => {
  if (errno === 'EINVAL') return !isAligned(addr);
  return errno === 'ENOMEM' && len > 0 && isAligned(addr) && space.hasHole(addr, len);
};

const onRange =
  (rule: RangeRule): Handler =>
  (space, args, result) => {
    const [addr, len] = [numberOf(args[0]), numberOf(args[1])];
    if (addr === null || len === null) return NOT_UNDERSTOOD;
    if (addr + len > USER_SPACE) return TOO_FAR;
    if (result.kind === 'unknown') return ENDED;
    const operation = rule.make(space, addr, len, args);
    if (operation === null) return NOT_UNDERSTOOD;
    if (typeof operation === 'string') return operation;
    if (result.kind === 'error') {
      if (!rule.failsAgain(space, { errno: result.errno, addr, len })) return failedBeyond(result.errno);
      space.push(operation, result.errno);
      return null;
    }
    rule.need?.(space, addr, len);
    space.push(operation, 0);
    rule.done?.(space, addr, len);
    return null;
  };

const munmap = onRange({
  make: (_space, addr, len) => ({ op: 'munmap', addr, len }),
  failsAgain: (_space, { errno, addr, len }) => errno === 'EINVAL' && (!isAligned(addr) || len === 0),
  done: (space, addr, len) => space.unmap(addr, len),
});

const mprotect = onRange({
  make: (_space, addr, len, args) => {
    const prot = protOf(args[2]);
    if (args[3] !== undefined && numberOf(args[3]) !== 0 && args[3] !== '-1') return 'a protection key';
    return prot === null ? null : { op: 'mprotect', addr, len, prot };
  },
  failsAgain: failsByRange,
  need: needsMapped,
});

const madvise = onRange({
  make: (_space, addr, len, args) => {
    const advice = adviceOf(args[2]);
    if ((PAGE_ADVICE as readonly (string | null)[]).includes(advice)) return 'an advice about single pages';
    if (!(ADVICE as readonly (string | null)[]).includes(advice)) return 'an advice that the format does not have';
    return { op: 'madvise', addr, len, advice };
  },
  failsAgain: failsByRange,
  need: needsMapped,
});

const mlock = onRange({
  make: (_space, addr, len, args) => {
    const bits = args[2] === undefined ? 0 : numberOf(args[2], 'mlock2');
    return bits === null || bits > 1 ? null : { op: 'mlock', addr, len, onfault: bits === 1 };
  },
  failsAgain: (space, { errno, addr, len }) => errno === 'ENOMEM' && len > 0 && space.hasHole(addr, len),
  need: needsMapped,
});

const munlock = onRange({
  make: (_space, addr, len) => ({ op: 'munlock', addr, len }),
  failsAgain: (space, { errno, addr, len }) => errno === 'ENOMEM' && len > 0 && space.hasHole(addr, len),
  need: needsMapped,
});

const mseal = onRange({
  make: (_space, addr, len, args) => (numberOf(args[2]) === 0 ? { op: 'mseal', addr, len } : null),
  failsAgain: failsByRange,
  need: needsMapped,
});

const remapFilePages = onRange({
  make: (space, addr, len, args) => {
    const pgoff = numberOf(args[3]);
    if (space.hasHole(addr, len)) return BEFORE_LOG;
    return pgoff === null ? null : { op: 'remap_file_pages', addr, len, pgoff };
  },
  failsAgain: () => false,
});

/** Policies are told apart by their words; the format has three beside the default. */
const mbind = onRange({
  make: (space, addr, len, args) => {
    if (args.length < 4) return null;
    const isDefault = args[2] === 'MPOL_DEFAULT' || args[2] === '0' || args[2] === '0x0';
    const key = `${args[2]} ${args[3]}`;
    if (!isDefault && !space.policies.has(key)) space.policies.set(key, Math.min(space.policies.size + 1, MAX_POLICY));
    return { op: 'mbind', addr, len, policy: isDefault ? 0 : space.policies.get(key)! };
  },
  failsAgain: () => false,
  need: needsMapped,
});

const setVmaName: Handler = (space, args, result) => {
  const isName = numberOf(args[0], 'prctl') === BITS.prctl.PR_SET_VMA && numberOf(args[1], 'prctl') === 0;
  if (!isName) return 'changes no mapping';
  const name = args[4] === 'NULL' ? null : quotedOf(args[4]);
  if (name === null && args[4] !== 'NULL') return NOT_UNDERSTOOD;
  const handler = onRange({
    make: (_space, addr, len) => ({ op: 'set_vma_name', addr, len, name }),
    failsAgain: () => false,
    need: needsMapped,
  });
  return handler(space, args.slice(2), result);
};

const MREMAP_WORDS: readonly (readonly [number, string])[] = [
  [BITS.mremap.MREMAP_MAYMOVE, 'maymove'],
  [BITS.mremap.MREMAP_FIXED, 'fixed'],
  [BITS.mremap.MREMAP_DONTUNMAP, 'dontunmap'],
];

const mremap: Handler = (space, args, result) => {
  const [addr, oldLen, newLen] = [numberOf(args[0]), numberOf(args[1]), numberOf(args[2])];
  const bits = numberOf(args[3] ?? '0', 'mremap');
  const asked = args[4] === undefined ? null : numberOf(args[4]);
  if (addr === null || oldLen === null || newLen === null || bits === null) return NOT_UNDERSTOOD;
  if (Math.max(addr + Math.max(oldLen, newLen), (asked ?? 0) + newLen) > USER_SPACE) return TOO_FAR;
  if (result.kind === 'unknown') return ENDED;
  const flags = words(bits, MREMAP_WORDS);
  const base = { op: 'mremap', addr, old_len: oldLen, new_len: newLen };
  if (result.kind === 'error') {
    if (!mremapFailsAgain(space, base, flags, result.errno)) return failedBeyond(result.errno);
    space.push({ ...base, flags, ...(asked === null ? {} : { new_addr: asked }) }, result.errno);
    return null;
  }
  needsMapped(space, addr, Math.max(oldLen, 1));
  const moved = result.value !== addr || flags.includes('fixed') || flags.includes('dontunmap');
  if (!moved) space.push({ ...base, flags }, addr);
  else {
    if (!flags.includes('fixed')) space.report.note('moves made fixed, to the address that the kernel chose');
    space.push({ ...base, flags: [...new Set([...flags, 'fixed'])], new_addr: result.value }, result.value);
  }
  noteMove(space, addr, oldLen, newLen, result.value, flags);
  return null;
};

interface Move {
  readonly addr: number;
  readonly old_len: number;
  readonly new_len: number;
}

/** For its arguments, for nothing at its start, or for what stands in the way of growing in place. */
function mremapFailsAgain(space: Space, move: Move, flags: readonly string[], errno: string): boolean {
  const { addr, old_len, new_len } = move;
  if (errno === 'EINVAL') return !isAligned(addr) || new_len === 0;
  if (!isAligned(addr) || new_len === 0) return false;
  if (errno === 'EFAULT') return space.hasHole(addr, 1);
  const stays = errno === 'ENOMEM' && flags.length === 0 && new_len > old_len && old_len > 0;
  return stays && !space.hasHole(addr, old_len) && !space.isFree(addr + old_len, new_len - old_len);
}

function noteMove(
  space: Space,
  addr: number,
  oldLen: number,
  newLen: number,
  to: number,
  flags: readonly string[],
): void {
  if (oldLen > 0 && !flags.includes('dontunmap')) space.unmap(addr, oldLen);
  space.map(to, newLen);
}

/** `brk` answers with the break after it; a question (NULL) is kept as one. */
const brk: Handler = (space, args, result) => {
  const asked = numberOf(args[0]);
  if (asked === null) return NOT_UNDERSTOOD;
  if (result.kind !== 'value') return ENDED;
  const is = result.value;
  if (space.heap === null || is < space.heap) space.heap = is;
  const was = space.brk ?? is;
  if (asked !== 0 && asked !== is) return 'refused for a reason that the mappings do not show';
  space.brk = is;
  space.push({ op: 'brk', addr: asked }, is);
  if (is < was) space.unmap(Math.ceil(is / PAGE) * PAGE, was - is);
  else if (is > space.heap) space.map(space.heap, is - space.heap);
  return null;
};

const MLOCKALL_WORDS: readonly (readonly [number, string])[] = [
  [BITS.mlockall.MCL_CURRENT, 'current'],
  [BITS.mlockall.MCL_FUTURE, 'future'],
  [BITS.mlockall.MCL_ONFAULT, 'onfault'],
];

const mlockall: Handler = (space, args, result) => {
  const bits = numberOf(args[0], 'mlockall');
  if (bits === null) return NOT_UNDERSTOOD;
  if (result.kind !== 'value') return result.kind === 'error' ? failedBeyond(result.errno) : ENDED;
  space.push({ op: 'mlockall', flags: words(bits, MLOCKALL_WORDS) }, 0);
  return null;
};

const munlockall: Handler = (space, _args, result) => {
  if (result.kind !== 'value') return ENDED;
  space.push({ op: 'munlockall' }, 0);
  return null;
};

const changesNothing: Handler = () => 'changes no mapping';

/** The calls that become operations, and those that are known to change no mapping. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  mmap,
  munmap,
  mprotect,
  pkey_mprotect: mprotect,
  mremap,
  madvise,
  mlock,
  mlock2: mlock,
  munlock,
  mlockall,
  munlockall,
  mseal,
  // As an strace that does not know the call prints it.
  syscall_0x1ce: mseal,
  brk,
  remap_file_pages: remapFilePages,
  mbind,
  prctl: setVmaName,
  msync: changesNothing,
  mincore: changesNothing,
  membarrier: changesNothing,
  get_mempolicy: changesNothing,
  set_mempolicy: changesNothing,
  migrate_pages: changesNothing,
  move_pages: changesNothing,
  shmat: () => 'System V shared memory: its length is not in the log',
  shmdt: () => 'System V shared memory: its length is not in the log',
};
