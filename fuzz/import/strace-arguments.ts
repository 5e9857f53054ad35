/**
 * The arguments and results of calls as strace prints them: names joined by `|`, hexadecimal numbers (`-X raw`), both
 * (`-X verbose`, the names in a comment), file descriptors with a path (`-y`).
 */
import { constants } from 'node:os';

/** Names of bits, per kind of argument. What is not listed is an unknown name, and the call is not understood. */
export const BITS = {
  prot: {
    PROT_NONE: 0,
    PROT_READ: 1,
    PROT_WRITE: 2,
    PROT_EXEC: 4,
    PROT_SEM: 8,
    PROT_GROWSDOWN: 2 ** 24,
    PROT_GROWSUP: 2 ** 25,
  },
  map: {
    MAP_FILE: 0,
    MAP_SHARED: 1,
    MAP_PRIVATE: 2,
    MAP_SHARED_VALIDATE: 3,
    MAP_DROPPABLE: 8,
    MAP_FIXED: 0x10,
    MAP_ANONYMOUS: 0x20,
    MAP_ANON: 0x20,
    MAP_32BIT: 0x40,
    MAP_ABOVE4G: 0x80,
    MAP_GROWSDOWN: 0x100,
    MAP_DENYWRITE: 0x800,
    MAP_EXECUTABLE: 0x1000,
    MAP_LOCKED: 0x2000,
    MAP_NORESERVE: 0x4000,
    MAP_POPULATE: 0x8000,
    MAP_NONBLOCK: 0x10000,
    MAP_STACK: 0x20000,
    MAP_HUGETLB: 0x40000,
    MAP_SYNC: 0x80000,
    MAP_FIXED_NOREPLACE: 0x100000,
  },
  mremap: { MREMAP_MAYMOVE: 1, MREMAP_FIXED: 2, MREMAP_DONTUNMAP: 4 },
  mlock2: { MLOCK_ONFAULT: 1 },
  mlockall: { MCL_CURRENT: 1, MCL_FUTURE: 2, MCL_ONFAULT: 4 },
  prctl: { PR_SET_VMA: 0x53564d41, PR_SET_VMA_ANON_NAME: 0 },
  number: {},
} as const satisfies Record<string, Record<string, number>>;

export type BitKind = keyof typeof BITS;

/** MADV_ constants, by number. */
const ADVICE: Readonly<Record<number, string>> = {
  0: 'normal',
  1: 'random',
  2: 'sequential',
  3: 'willneed',
  4: 'dontneed',
  8: 'free',
  9: 'remove',
  10: 'dontfork',
  11: 'dofork',
  12: 'mergeable',
  13: 'unmergeable',
  14: 'hugepage',
  15: 'nohugepage',
  16: 'dontdump',
  17: 'dodump',
  18: 'wipeonfork',
  19: 'keeponfork',
  20: 'cold',
  21: 'pageout',
  22: 'populate_read',
  23: 'populate_write',
  24: 'dontneed_locked',
  25: 'collapse',
  100: 'hwpoison',
  101: 'soft_offline',
  102: 'guard_install',
  103: 'guard_remove',
};

const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Splits at the commas of the outermost level: not those in quotes, brackets or the path of a file descriptor. */
export function splitArguments(text: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    const closing = open.at(-1);
    if (closing === '"' && char === '\\') i++;
    else if (char === closing) open.pop();
    else if (closing === '"' || closing === '>') continue;
    else if (char === '"') open.push('"');
    else if (char === '<' && text[i + 1] === '<') i++;
    else if (char === '<' && /\d/.test(text[i - 1] ?? '')) open.push('>');
    else if (OPENING[char] !== undefined) open.push(OPENING[char]);
    else if (char === ',' && open.length === 0) {
      found.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  const last = text.slice(from).trim();
  if (last !== '' || found.length > 0) found.push(last);
  return found;
}

const withoutComments = (text: string): string => text.replace(/\/\*.*?\*\//g, '').trim();

function wordValue(word: string, names: Readonly<Record<string, number>>): number | null {
  if (/^(?:0x[0-9a-fA-F]+|\d+)$/.test(word)) return Number(word);
  if (word === 'NULL') return 0;
  const shifted = /^\d+<<\w+$/.exec(word);
  if (shifted !== null) return 0;
  return Object.hasOwn(names, word) ? names[word] : null;
}

/** The number that an argument stands for; null if a name in it is not known. */
export function numberOf(text: string | undefined, kind: BitKind = 'number'): number | null {
  if (text === undefined) return null;
  let sum = 0;
  for (const word of withoutComments(text).split('|')) {
    const value = wordValue(word.trim(), BITS[kind]);
    if (value === null) return null;
    // Not `|`, which would cut addresses to 32 bits; strace prints no bit twice.
    sum += value;
  }
  return sum;
}

/** The format's name of an advice; null if it has none. */
export function adviceOf(text: string | undefined): string | null {
  const word = withoutComments(text ?? '');
  if (word.startsWith('MADV_')) return word.slice('MADV_'.length).toLowerCase();
  const value = wordValue(word, {});
  return value === null ? null : (ADVICE[value] ?? null);
}

/** A quoted text as it was; null if it is none, or was cut (`"…"...`). */
export function quotedOf(text: string | undefined): string | null {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(text ?? '');
  return quoted === null ? null : quoted[1].replace(/\\(.)/g, '$1');
}

/** A file descriptor: its number, and its path with -y. */
export function descriptorOf(text: string): { readonly fd: number; readonly path: string | null } {
  const match = /^(-?\d+)(?:<(.*)>)?$/.exec(text) ?? /^0x([0-9a-f]+)$/.exec(text);
  if (match === null) return { fd: -1, path: null };
  return {
    fd: Number(text.startsWith('0x') ? text : match[1]),
    path: text.startsWith('0x') ? null : (match[2] ?? null),
  };
}

export type Result =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'error'; readonly errno: string }
  | { readonly kind: 'unknown' };

const ERRNO_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, value]) => [value, name] as const),
);

/** What a call returned. `?` (the process ended in it) is unknown. */
export function resultOf(text: string): Result {
  const failed = /^-\d+ (E[A-Z0-9]+)/.exec(text);
  if (failed !== null) return { kind: 'error', errno: failed[1] };
  const value = /^(-?\d+|0x[0-9a-f]+)(?:\s|$)/.exec(text);
  if (value === null) return { kind: 'unknown' };
  const number = Number(value[1]);
  if (number >= 0) return { kind: 'value', value: number };
  return { kind: 'error', errno: ERRNO_NAMES.get(-number) ?? `E${-number}` };
}
