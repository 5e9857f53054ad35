/**
 * Calls on a range that is mapped: protections, advice, locks, seals, policies, names, userfaultfd.
 *
 * What such a call needs mapped and the log never saw mapped was there before: it is mapped first.
 */
import { ADVICE, PAGE_ADVICE } from '../../../format/kinds';
import { type Operation, PAGE } from '../../../format/types';
import { spanOf } from '../../window';
import { protNote, protText } from '../approximate';
import { addressOf, adviceOf, fieldsOf, hasBit, numberOf, quotedOf } from '../arguments';
import { BITS } from '../names';
import type { Space } from '../space';
import {
  ENDED,
  failedBeyond,
  type Handler,
  lose,
  NO_CHANGE,
  NOT_UNDERSTOOD,
  type Outcome,
  type Seen,
  skip,
  TOO_FAR,
  USER_SPACE,
} from './handler';
import { isAligned } from './mapping';

const MAX_POLICY = 3;
const CONTEXTS = 3;

interface Fail {
  readonly errno: string;
  readonly addr: number;
  readonly len: number;
}

/** How a call on a range is handled: what it needs, whether its failure repeats, what it changes. */
interface RangeRule {
  /** The operation, or why there is none. */
  make(seen: Seen, addr: number, len: number): Operation | Outcome;
  failsAgain(space: Space, fail: Fail): boolean;
  /** Called when the call succeeded, before (`need`) and after (`done`) the operation is noted. */
  need?(space: Space, addr: number, len: number): void;
  done?(space: Space, addr: number, len: number): void;
}

const needsMapped = (space: Space, addr: number, len: number): void => {
  if (len > 0) space.assumeMapped(addr, len);
};

const never = (): boolean => false;

/** EINVAL for an unaligned start, ENOMEM for a hole. */
const failsByRange = (space: Space, { errno, addr, len }: Fail): boolean => {
  if (errno === 'EINVAL') return !isAligned(addr);
  return errno === 'ENOMEM' && len > 0 && isAligned(addr) && space.hasHole(addr, len);
};

const failsByHole = (space: Space, { errno, addr, len }: Fail): boolean =>
  errno === 'ENOMEM' && len > 0 && space.hasHole(addr, len);

const isOperation = (made: Operation | Outcome): made is Operation => made !== null && 'op' in made;

/** As `onRange`, for a range that was read from elsewhere than the first two arguments. */
function applyRange(rule: RangeRule, seen: Seen, addr: number | null, len: number | null): Outcome {
  const { space, result } = seen;
  if (addr === null || len === null) return NOT_UNDERSTOOD;
  if (addr + len > USER_SPACE) return TOO_FAR;
  if (result.kind === 'unknown') return ENDED;
  const made = rule.make(seen, addr, len);
  if (!isOperation(made)) return made;
  if (result.kind === 'error') {
    if (!rule.failsAgain(space, { errno: result.errno, addr, len })) return failedBeyond(result.errno);
    space.push(made, result.errno);
    return null;
  }
  rule.need?.(space, addr, len);
  space.push(made, 0);
  rule.done?.(space, addr, len);
  return null;
}

const onRange =
  (rule: RangeRule): Handler =>
  (seen) =>
    applyRange(rule, seen, addressOf(seen.args[0]), numberOf(seen.args[1]));

export const munmap = onRange({
  make: (_seen, addr, len) => ({ op: 'munmap', addr, len }),
  failsAgain: (_space, { errno, addr, len }) => errno === 'EINVAL' && (!isAligned(addr) || len === 0),
  done: (space, addr, len) => space.unmap(addr, len),
});

/** Keeps in mind how growsdown mappings are divided. */
function noteProtection(space: Space, addr: number, len: number, prot: string): void {
  const { first, end } = spanOf(addr, len);
  for (const run of space.mapped.runs(first, end)) {
    if (run.tag.growsdown !== null) space.mapped.store(run.first, run.end, { ...run.tag, growsdown: prot });
  }
}

/** The start of the growsdown mapping that has a page. */
function startOfStack(space: Space, page: number): number {
  const here = space.mapped.at(page);
  let start = here?.first ?? page;
  for (let below = space.mapped.at(start - 1); below !== null; below = space.mapped.at(start - 1)) {
    if (below.tag.growsdown === null || below.tag.growsdown !== here?.tag.growsdown) break;
    start = below.first;
  }
  return start;
}

/** With PROT_GROWSDOWN: from the start of the growsdown mapping on. */
function protectStack(space: Space, addr: number, len: number, prot: string): Outcome {
  space.assumeMapped(addr, len, true);
  const { first, end } = spanOf(addr, len);
  if (space.mapped.at(first)?.tag.growsdown === null) return lose('PROT_GROWSDOWN of what is no growsdown mapping');
  const start = startOfStack(space, first);
  space.push({ op: 'mprotect', addr: start * PAGE, len: (end - start) * PAGE, prot }, 0);
  noteProtection(space, start * PAGE, (end - start) * PAGE, prot);
  return null;
}

const KEY_LOST = 'its protection key is left out, so that mappings with different keys may become one';

const protect: RangeRule = {
  make: ({ args }, addr, len) => {
    const bits = numberOf(args[2], 'prot');
    const prot = bits === null ? null : protText(bits);
    return prot === null ? NOT_UNDERSTOOD : { op: 'mprotect', addr, len, prot };
  },
  failsAgain: failsByRange,
  need: needsMapped,
};

export const mprotect: Handler = (seen) => {
  const { space, args, result, name } = seen;
  const [addr, len, bits] = [addressOf(args[0]), numberOf(args[1]), numberOf(args[2], 'prot')];
  const prot = bits === null ? null : protText(bits);
  if (addr === null || len === null || bits === null || prot === null) return NOT_UNDERSTOOD;
  const succeeded = result.kind === 'value';
  const note = protNote(bits);
  if (succeeded && note !== null) space.report.note(note);
  if (succeeded && hasBit(bits, BITS.prot.PROT_GROWSDOWN)) return protectStack(space, addr, len, prot);
  if (succeeded && hasBit(bits, BITS.prot.PROT_GROWSUP)) return lose('PROT_GROWSUP');
  if (hasBit(bits, BITS.prot.PROT_GROWSDOWN)) return failedBeyond('EINVAL');
  const outcome = applyRange(protect, seen, addr, len);
  if (!succeeded || outcome !== null) return outcome;
  noteProtection(space, addr, len, prot);
  const key = name === 'pkey_mprotect' ? args[3] : undefined;
  return key === undefined || key === '-1' || numberOf(key) === 0 ? null : lose(KEY_LOST);
};

export const madvise = onRange({
  make: ({ args }, addr, len) => {
    const advice = adviceOf(args[2]);
    if ((PAGE_ADVICE as readonly (string | null)[]).includes(advice)) return skip('an advice about single pages');
    if ((ADVICE as readonly (string | null)[]).includes(advice)) return { op: 'madvise', addr, len, advice };
    return lose('an advice that the format does not have');
  },
  failsAgain: failsByRange,
  need: needsMapped,
});

/** Advice that another process may give changes no flag of a mapping; a process may give any to itself. */
export const processMadvise: Handler = ({ args }) => {
  const advice = adviceOf(args[3]);
  const onPages = [
    ...PAGE_ADVICE,
    'cold',
    'pageout',
    'willneed',
    'free',
    'dontneed',
    'populate_read',
    'populate_write',
  ];
  return onPages.includes(advice ?? '') ? NO_CHANGE : lose('an advice to a process that the log does not name');
};

export const mlock = onRange({
  make: ({ args }, addr, len) => {
    const bits = args[2] === undefined ? 0 : numberOf(args[2], 'mlock2');
    return bits === null || bits > 1 ? NOT_UNDERSTOOD : { op: 'mlock', addr, len, onfault: bits === 1 };
  },
  failsAgain: failsByHole,
  need: needsMapped,
});

export const munlock = onRange({
  make: (_seen, addr, len) => ({ op: 'munlock', addr, len }),
  failsAgain: failsByHole,
  need: needsMapped,
});

export const mseal = onRange({
  make: ({ args }, addr, len) => (numberOf(args[2]) === 0 ? { op: 'mseal', addr, len } : NOT_UNDERSTOOD),
  failsAgain: failsByRange,
  need: needsMapped,
});

export const remapFilePages = onRange({
  make: ({ space, args }, addr, len) => {
    const pgoff = numberOf(args[3]);
    if (space.hasHole(addr, len)) return lose('its mapping was made before the log began');
    return pgoff === null ? NOT_UNDERSTOOD : { op: 'remap_file_pages', addr, len, pgoff };
  },
  failsAgain: never,
});

/** Policies are told apart by their words; the format has three beside the default. */
export const mbind = onRange({
  make: ({ space, args }, addr, len) => {
    if (args.length < 4) return NOT_UNDERSTOOD;
    const isDefault = args[2] === 'MPOL_DEFAULT' || args[2] === '0' || args[2] === '0x0';
    const key = `${args[2]} ${args[3]}`;
    const { policies } = space;
    if (!isDefault && !policies.has(key)) policies.set(key, Math.min(policies.size + 1, MAX_POLICY));
    return { op: 'mbind', addr, len, policy: isDefault ? 0 : policies.get(key)! };
  },
  failsAgain: never,
  need: needsMapped,
});

/** The name to give; an strace that does not know the call prints where it stands, which tells names apart as well. */
function vmaNameOf({ space, result }: Seen, argument: string | undefined): string | null | undefined {
  if (argument === 'NULL' || numberOf(argument) === 0) return null;
  const quoted = quotedOf(argument);
  const isAddress = quoted === null && numberOf(argument) !== null;
  if (result.kind === 'value') {
    if (quoted?.cut) space.report.note('names of mappings that the log shows the beginning of');
    if (isAddress) space.report.note('names of mappings of which the log shows only the address');
  }
  return isAddress ? `at ${argument}` : quoted?.text;
}

function setVmaName(seen: Seen): Outcome {
  const name = vmaNameOf(seen, seen.args[4]);
  if (name === undefined) return NOT_UNDERSTOOD;
  const rule: RangeRule = {
    make: (_seen, addr, len) => ({ op: 'set_vma_name', addr, len, name }),
    failsAgain: never,
    need: needsMapped,
  };
  return applyRange(rule, seen, addressOf(seen.args[2]), numberOf(seen.args[3]));
}

export const prctl: Handler = (seen) => {
  const option = numberOf(seen.args[0], 'prctl');
  if (option === BITS.prctl.PR_SET_VMA) {
    return numberOf(seen.args[1], 'prctl') === 0 ? setVmaName(seen) : NOT_UNDERSTOOD;
  }
  if (option === BITS.prctl.PR_SET_MM) return lose('PR_SET_MM');
  if (option === BITS.prctl.PR_SET_MEMORY_MERGE) return lose('PR_SET_MEMORY_MERGE, which the format does not have');
  return NO_CHANGE;
};

/** The name of an ioctl of a userfaultfd in any spelling of strace; null for all others. */
function uffdName(command: string | undefined): 'register' | 'unregister' | null {
  const text = command ?? '';
  if (/^(?:UFFDIO_REGISTER|0xc020aa00|_IOC\(_IOC_READ\|_IOC_WRITE, 0xaa, (?:0x)?0+, 0x20\))/.test(text))
    return 'register';
  if (/^(?:UFFDIO_UNREGISTER|0x8010aa01|_IOC\(_IOC_READ, 0xaa, (?:0x)?0?1, 0x10\))/.test(text)) return 'unregister';
  return null;
}

/** Ioctls of devices that map memory on behalf of the caller. */
const MAPPING_IOCTLS = /^DRM_IOCTL_I915_GEM_MMAP(?:\b|$)/;

function registerRange(seen: Seen, fd: number, addr: number, len: number): Outcome {
  const { space } = seen;
  let context = space.contexts.get(fd);
  if (context === undefined) {
    context = { id: (space.contexts.size % CONTEXTS) + 1, ranges: [] };
    space.contexts.set(fd, context);
  }
  const { id, ranges } = context;
  const rule: RangeRule = {
    make: () => ({ op: 'uffd_register', addr, len, ctx: id }),
    failsAgain: never,
    need: needsMapped,
    done: () => ranges.push({ addr, len }),
  };
  return applyRange(rule, seen, addr, len);
}

export const ioctl: Handler = (seen) => {
  const { args, space } = seen;
  const kind = uffdName(args[1]);
  if (kind === null) return MAPPING_IOCTLS.test(args[1] ?? '') ? lose('it maps memory of a device') : NO_CHANGE;
  const fields = fieldsOf(args[2]);
  const range = fieldsOf(fields?.get('range')) ?? fields;
  const [addr, len] = [addressOf(range?.get('start')), numberOf(range?.get('len'))];
  if (addr === null || len === null) return NOT_UNDERSTOOD;
  const fd = Number.parseInt(args[0], 10);
  if (kind === 'register') return registerRange(seen, fd, addr, len);
  const rule: RangeRule = {
    make: () => ({ op: 'uffd_unregister', addr, len }),
    failsAgain: never,
    need: needsMapped,
    done: () => {
      const context = space.contexts.get(fd);
      if (context !== undefined)
        context.ranges = context.ranges.filter((one) => !(one.addr >= addr && one.addr + one.len <= addr + len));
    },
  };
  return applyRange(rule, seen, addr, len);
};

/** A userfaultfd that is closed lets go of all that it had. */
export function closeContext(space: Space, fd: number): void {
  const context = space.contexts.get(fd);
  if (context === undefined) return;
  space.contexts.delete(fd);
  for (const { addr, len } of context.ranges) {
    const { first, end } = spanOf(addr, len);
    for (const run of space.mapped.runs(first, end)) {
      const piece = { addr: run.first * PAGE, len: (run.end - run.first) * PAGE };
      space.push({ op: 'uffd_unregister', ...piece }, null);
    }
  }
}
