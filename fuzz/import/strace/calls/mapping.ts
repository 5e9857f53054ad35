/**
 * Calls that map, move and remove memory.
 *
 * Rules that hold here:
 * - An address that the kernel chose becomes a hint at that address, as it was free then; a move becomes a fixed one.
 *   So the replay has the real layout, whatever else lies in the window.
 * - A failed call is kept if it must fail in the same way in the replay: for its arguments, or for a hole that is
 *   known. Otherwise it is skipped, for it failed on something that the log does not show.
 */
import { PAGE } from '../../../format/types';
import { isZeroDevice } from '../../files';
import { spanOf } from '../../window';
import { adviceFor, type Kind, kindOf, protNote, protText, SHADOW_STACK } from '../approximate';
import { addressOf, type Descriptor, descriptorOf, fieldsOf, hasBit, numberOf } from '../arguments';
import { BITS } from '../names';
import { ANONYMOUS, type Mapped, type Space } from '../space';
import {
  ENDED,
  failedBeyond,
  type Handler,
  type Log,
  lose,
  NOT_UNDERSTOOD,
  type Outcome,
  type Seen,
  TOO_FAR,
  USER_SPACE,
} from './handler';

export const isAligned = (addr: number): boolean => addr % PAGE === 0;

export const words = (bits: number, table: readonly (readonly [number, string])[]): string[] =>
  table.filter(([bit]) => hasBit(bits, bit)).map(([, word]) => word);

const MMAP_WORDS: readonly (readonly [bit: number, word: string])[] = [
  [BITS.map.MAP_FIXED, 'fixed'],
  [BITS.map.MAP_FIXED_NOREPLACE, 'fixed_noreplace'],
  [BITS.map.MAP_GROWSDOWN, 'growsdown'],
  [BITS.map.MAP_LOCKED, 'locked'],
  [BITS.map.MAP_NORESERVE, 'noreserve'],
  [BITS.map.MAP_POPULATE, 'populate'],
];

interface Mapping {
  readonly addr: number;
  readonly len: number;
  readonly prot: string;
  readonly flags: readonly string[];
  readonly offset: number;
  readonly kind: Kind;
  /** Null for anonymous memory. */
  readonly descriptor: Descriptor | null;
}

const OLD_FIELDS = ['addr', 'len', 'prot', 'flags', 'fd', 'offset'];

/** The first mmap of some architectures has its arguments in memory. */
function plainArguments(args: readonly string[]): readonly string[] {
  const fields = args.length === 1 ? fieldsOf(args[0]) : null;
  return fields === null ? args : OLD_FIELDS.map((name) => fields.get(name) ?? fields.get(`${name}gth`) ?? '');
}

/** Offsets of mmap2 count in pages for the kernel, and in an old strace or in qemu's log too. */
function offsetOf(log: Log, name: string, text: string | undefined): number | null {
  const offset = numberOf(text);
  if (name !== 'mmap2' || offset === null) return offset;
  log.offsetsInPages ||= !isAligned(offset);
  return log.offsetsInPages ? offset * PAGE : offset;
}

const NO_ADDRESS = lose('what it returned is no address of a page');
const NO_SUCH_TYPE = lose('a type of mapping that is not known');

function mappingOf(log: Log, space: Space, name: string, given: readonly string[]): Mapping | Outcome {
  const args = plainArguments(given);
  const [addr, len, offset] = [addressOf(args[0]), numberOf(args[1]), offsetOf(log, name, args[5] ?? '0')];
  const [protBits, bits] = [numberOf(args[2], 'prot'), numberOf(args[3], 'map')];
  if (addr === null || len === null || offset === null || protBits === null || bits === null) return NOT_UNDERSTOOD;
  const [prot, kind] = [protText(protBits), kindOf(bits)];
  if (prot === null) return NOT_UNDERSTOOD;
  if (kind === null) return NO_SUCH_TYPE;
  if (addr + len > USER_SPACE) return TOO_FAR;
  for (const note of [kind.note, protNote(protBits)]) if (note !== null) space.report.note(note);
  const descriptor = hasBit(bits, BITS.map.MAP_ANONYMOUS) ? null : descriptorOf(args[4]);
  if (descriptor !== null && descriptor.fd < 0) return NOT_UNDERSTOOD;
  const flags = [...new Set([...kind.words, ...words(bits, MMAP_WORDS)])];
  const isPlain = descriptor === null || kind.ownFile || (descriptor.path !== null && isZeroDevice(descriptor.path));
  return {
    addr,
    len: Math.ceil(len / kind.unit) * kind.unit,
    prot,
    flags,
    offset: isPlain ? 0 : offset,
    kind,
    descriptor: isPlain ? null : descriptor,
  };
}

const isFixed = (flags: readonly string[]): boolean => flags.includes('fixed') || flags.includes('fixed_noreplace');

/** Whether an mmap fails again in the same way. */
function mmapFailsAgain(space: Space, mapping: Mapping, errno: string): boolean {
  const { addr, len, flags, offset } = mapping;
  if (errno === 'EINVAL') return len === 0 || !isAligned(offset) || (isFixed(flags) && !isAligned(addr));
  return errno === 'EEXIST' && flags.includes('fixed_noreplace') && !space.isFree(addr, len);
}

/** What a mapping that succeeded at an address must say to come there again. */
function flagsAt(space: Space, { addr: asked, len, flags }: Mapping, addr: number): readonly string[] {
  // An old kernel takes fixed_noreplace for a hint.
  const heeded = asked === addr ? flags : flags.filter((flag) => flag !== 'fixed_noreplace');
  if (isFixed(heeded) || space.isFree(addr, len)) return heeded;
  space.report.note('mappings made fixed, as something that the log did not see go was still there');
  return [...heeded, 'fixed'];
}

const OUT_OF_ORDER = lose(
  'it came where something still was, so that calls of threads had another order (record with -ttt -T, or without -ff)',
);

function mappedOf({ space, descriptors }: Seen, mapping: Mapping, addr: number): Mapped {
  const { len, offset, descriptor, prot } = mapping;
  if (descriptor === null) {
    return mapping.flags.includes('growsdown') ? { ...ANONYMOUS, growsdown: prot } : ANONYMOUS;
  }
  const { first, end } = spanOf(addr, len);
  const key = descriptors.keyOf(descriptor, first, end, offset);
  return { ...ANONYMOUS, file: space.files.of(key, space.neighbours(addr, len)) };
}

/** A mapping that is there: the operation, and what goes with it. */
function place(seen: Seen, mapping: Mapping, addr: number): Outcome {
  const { space } = seen;
  const { len, prot, offset, kind } = mapping;
  const flags = flagsAt(space, mapping, addr);
  const isOutOfOrder = seen.log.orderIsGuess && flags.includes('fixed') && !mapping.flags.includes('fixed');
  const mapped = mappedOf(seen, mapping, addr);
  space.push({ op: 'mmap', addr, len, prot, flags, file: mapped.file?.id ?? null, offset }, addr);
  if (flags.includes('growsdown')) space.growsdown = true;
  space.map(addr, len, mapped);
  for (const advice of adviceFor(kind, addr, len)) space.push(advice, null);
  return isOutOfOrder ? OUT_OF_ORDER : null;
}

export const mmap: Handler = (seen) => {
  const { log, space, name, args, result } = seen;
  const mapping = mappingOf(log, space, name, args);
  if (mapping === null || 'lost' in mapping) return mapping;
  if (result.kind === 'unknown') return ENDED;
  if (result.kind === 'value') return isAligned(result.value) ? place(seen, mapping, result.value) : NO_ADDRESS;
  if (!mmapFailsAgain(space, mapping, result.errno)) return failedBeyond(result.errno);
  const { addr, len, prot, flags, offset, descriptor } = mapping;
  const file = descriptor === null ? null : space.files.of('a file that was not mapped', []).id;
  space.push({ op: 'mmap', addr, len, prot, flags, file, offset }, result.errno);
  return null;
};

export const mapShadowStack: Handler = (seen) => {
  const { space, args, result } = seen;
  const len = numberOf(args[1]);
  if (result.kind !== 'value') return result.kind === 'error' ? failedBeyond(result.errno) : ENDED;
  if (len === null) return NOT_UNDERSTOOD;
  space.report.note(SHADOW_STACK.note!);
  const mapping = { addr: result.value, len, prot: 'rw-', flags: SHADOW_STACK.words, offset: 0, descriptor: null };
  return place(seen, { ...mapping, kind: SHADOW_STACK }, result.value);
};

const MREMAP_WORDS: readonly (readonly [number, string])[] = [
  [BITS.mremap.MREMAP_MAYMOVE, 'maymove'],
  [BITS.mremap.MREMAP_FIXED, 'fixed'],
  [BITS.mremap.MREMAP_DONTUNMAP, 'dontunmap'],
];

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

/** What lies at the new place: what lay at the old one, and behind it what lay at its end. */
function noteMove(space: Space, move: Move, to: number, keeps: boolean): void {
  const { addr, old_len, new_len } = move;
  const { first, end } = spanOf(addr, Math.max(old_len, 1));
  const runs = space.mapped.runs(first, end);
  const { first: start, end: stop } = spanOf(to, new_len);
  if (old_len > 0 && !keeps) space.mapped.store(first, end, null);
  space.mapped.store(start, stop, runs.at(-1)?.tag ?? ANONYMOUS);
  for (const run of runs) {
    const [from, until] = [run.first - first + start, run.end - first + start];
    space.mapped.store(from, Math.min(until, stop), run.tag);
  }
}

export const mremap: Handler = ({ space, args, result }) => {
  const [addr, oldLen, newLen] = [addressOf(args[0]), numberOf(args[1]), numberOf(args[2])];
  const bits = numberOf(args[3] ?? '0', 'mremap');
  if (addr === null || oldLen === null || newLen === null || bits === null) return NOT_UNDERSTOOD;
  const flags = words(bits, MREMAP_WORDS);
  const asked = flags.length > 1 && args[4] !== undefined ? addressOf(args[4]) : null;
  if (Math.max(addr + Math.max(oldLen, newLen), (asked ?? 0) + newLen) > USER_SPACE) return TOO_FAR;
  if (result.kind === 'unknown') return ENDED;
  const move = { addr, old_len: oldLen, new_len: newLen };
  if (result.kind === 'error') {
    if (!mremapFailsAgain(space, move, flags, result.errno)) return failedBeyond(result.errno);
    space.push({ op: 'mremap', ...move, flags, ...(asked === null ? {} : { new_addr: asked }) }, result.errno);
    return null;
  }
  if (!isAligned(result.value)) return NO_ADDRESS;
  space.assumeMapped(addr, Math.max(oldLen, 1));
  const moved = result.value !== addr || flags.includes('fixed') || flags.includes('dontunmap');
  if (!moved) space.push({ op: 'mremap', ...move, flags }, addr);
  else {
    if (!flags.includes('fixed')) space.report.note('moves made fixed, to the address that the kernel chose');
    const fixed = [...new Set(['maymove', ...flags, 'fixed'])];
    space.push({ op: 'mremap', ...move, flags: fixed, new_addr: result.value }, result.value);
  }
  noteMove(space, move, result.value, flags.includes('dontunmap'));
  return null;
};

/** `brk` answers with the break after it; a question (NULL) is kept as one. */
export const brk: Handler = ({ space, args, result }) => {
  const asked = addressOf(args[0]);
  if (asked === null) return NOT_UNDERSTOOD;
  if (result.kind !== 'value') return ENDED;
  const refused = space.moveBreak(asked, result.value);
  return refused === null ? null : { lost: false, reason: refused };
};
