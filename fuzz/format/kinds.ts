/**
 * The kinds of field that an operation can have: what is valid, how the complaint reads, how it is spelled in JSON.
 *
 * The parser, the printer, the docs, and what changes or simplifies arguments go by the kind, so that a field of a new
 * operation is described by one word. Rules that hold here:
 * - `ValueOf` says the same to the compiler as `parse` to the parser.
 * - `parse` gives what the operation record holds, or `undefined` for something that is not valid.
 * - `expected` completes "field first is -1; … expected".
 * - `spell` is there only where the record and JSON differ.
 * - `sort` puts what has many spellings into one (the canonical form).
 */
import { parseIndex, spellIndex } from './spelling';
import type { FieldValue, TreeEntry } from './types';

/** What the record of an operation holds in a field of each kind. */
export interface ValueOf {
  index: number;
  size: number;
  value: number;
  'value-or-null': number | null;
  state: number;
  entries: readonly TreeEntry[];
  address: number;
  length: number;
  offset: number;
  'page-offset': number;
  prot: string;
  'mmap-flags': readonly string[];
  'mremap-flags': readonly string[];
  'mlockall-flags': readonly string[];
  advice: string;
  file: string | null;
  boolean: boolean;
  policy: number;
  'uffd-context': number;
  name: string | null;
  count: number;
}

export type FieldKind = keyof ValueOf;

export interface KindSpec {
  readonly expected: string;
  parse(raw: unknown): FieldValue | undefined;
  spell?(value: FieldValue): unknown;
  sort?(value: FieldValue): FieldValue;
}

export const MAX_SIZE = 2 ** 52 - 1;
const MAX_VALUE = 2 ** 30 - 1;
export const STATES = 4;

export const MMAP_FLAGS = [
  'private',
  'shared',
  'fixed',
  'fixed_noreplace',
  'growsdown',
  'locked',
  'noreserve',
  'populate',
] as const;
export const MREMAP_FLAGS = ['maymove', 'fixed', 'dontunmap'] as const;
export const MLOCKALL_FLAGS = ['current', 'future', 'onfault'] as const;

/** Advice that changes mappings, or that answers for them. */
export const ADVICE = [
  'normal',
  'sequential',
  'random',
  'dontfork',
  'dofork',
  'dontdump',
  'dodump',
  'wipeonfork',
  'keeponfork',
  'hugepage',
  'nohugepage',
  'mergeable',
  'unmergeable',
  'willneed',
  'dontneed',
  'dontneed_locked',
  'free',
  'remove',
  'cold',
  'pageout',
  'populate_read',
  'populate_write',
] as const;

/** Advice whose effect stays on single pages: valid, and answered "unsupported". */
export const PAGE_ADVICE = ['collapse', 'guard_install', 'guard_remove', 'hwpoison', 'soft_offline'] as const;

/** Files that every target has, and those that only ours have. */
export const PLAIN_FILES = ['a', 'b', 'c', 'dev'] as const;
export const EXTENSION_FILES = ['closer', 'nosplit', 'pfn', 'mixed', 'failing', 'nodump'] as const;
export const FILES = [...PLAIN_FILES, ...EXTENSION_FILES] as const;

function wholeNumber(expected: string, low: number, high: number): KindSpec {
  return {
    expected,
    parse: (raw) => (typeof raw === 'number' && Number.isInteger(raw) && raw >= low && raw <= high ? raw : undefined),
  };
}

function oneOf(expected: string, words: readonly string[]): KindSpec {
  const known = new Set(words);
  return { expected, parse: (raw) => (typeof raw === 'string' && known.has(raw) ? raw : undefined) };
}

/** A list of words in any order; the canonical form has each once, in the order given here. */
function listOf(expected: string, words: readonly string[], valid: (list: readonly string[]) => boolean): KindSpec {
  const known: ReadonlySet<unknown> = new Set(words);
  return {
    expected,
    parse(raw) {
      if (!Array.isArray(raw)) return undefined;
      for (const word of raw) if (!known.has(word)) return undefined;
      return valid(raw) ? raw : undefined;
    },
    sort: (value) => words.filter((word) => (value as readonly string[]).includes(word)),
  };
}

function isRange(entry: readonly number[]): boolean {
  return entry[0] <= entry[1];
}

/** `[[first,last,value],…]` in ascending order, as records hold it. */
function parseEntries(raw: unknown): FieldValue | undefined {
  if (!Array.isArray(raw)) return undefined;
  const entries: [number, number, number][] = [];
  let above = -1;
  for (const item of raw) {
    if (!Array.isArray(item) || item.length !== 3) return undefined;
    const entry: [number, number, number] = [parseIndex(item[0]), parseIndex(item[1]), item[2]];
    if (KINDS.value.parse(entry[2]) === undefined || !isRange(entry) || !(entry[0] > above)) return undefined;
    entries.push(entry);
    above = entry[1];
  }
  return entries;
}

const BYTES = 'an integer from 0 to 2^53-1 (bytes)';

export const KINDS: Readonly<Record<FieldKind, KindSpec>> = {
  index: {
    expected: 'an index (0 to 2^52-2, "max" or "max-N" with 0 < N < 2^32-1)',
    parse(raw) {
      const index = parseIndex(raw);
      return Number.isNaN(index) ? undefined : index;
    },
    spell: (value) => spellIndex(value as number),
  },
  size: wholeNumber('a size (0 to 2^52-1)', 0, MAX_SIZE),
  value: wholeNumber('a value (1 to 2^30-1)', 1, MAX_VALUE),
  'value-or-null': {
    expected: 'a value (1 to 2^30-1) or null',
    parse: (raw) => (raw === null ? null : KINDS.value.parse(raw)),
  },
  state: wholeNumber('a state (0 to 3)', 0, STATES - 1),
  entries: {
    expected: 'a list of [first, last, value] in ascending order, without overlap,',
    parse: parseEntries,
    spell: (value) =>
      (value as readonly (readonly number[])[]).map((entry) => [spellIndex(entry[0]), spellIndex(entry[1]), entry[2]]),
  },
  address: wholeNumber(BYTES, 0, Number.MAX_SAFE_INTEGER),
  length: wholeNumber(BYTES, 0, Number.MAX_SAFE_INTEGER),
  offset: wholeNumber(BYTES, 0, Number.MAX_SAFE_INTEGER),
  'page-offset': wholeNumber('an integer from 0 to 2^53-1 (pages)', 0, Number.MAX_SAFE_INTEGER),
  prot: {
    expected: 'a text like "rw-"',
    parse: (raw) => (typeof raw === 'string' && /^[r-][w-][x-]$/.test(raw) ? raw : undefined),
  },
  'mmap-flags': listOf(
    `a list of ${MMAP_FLAGS.join(', ')} with exactly one of private, shared`,
    MMAP_FLAGS,
    (list) => list.includes('private') !== list.includes('shared'),
  ),
  'mremap-flags': listOf(`a list of ${MREMAP_FLAGS.join(', ')}`, MREMAP_FLAGS, () => true),
  'mlockall-flags': listOf(`a list of ${MLOCKALL_FLAGS.join(', ')}`, MLOCKALL_FLAGS, () => true),
  advice: oneOf('an advice of madvise in lower case (normal, dontfork, …)', [...ADVICE, ...PAGE_ADVICE]),
  file: {
    expected: `one of ${FILES.join(', ')}, or null for anonymous memory,`,
    parse: (raw) => (raw === null || (FILES as readonly unknown[]).includes(raw) ? (raw as string | null) : undefined),
  },
  boolean: { expected: 'true or false', parse: (raw) => (typeof raw === 'boolean' ? raw : undefined) },
  policy: wholeNumber('a policy (0 to 3)', 0, 3),
  'uffd-context': wholeNumber('a context (1 to 3)', 1, 3),
  name: {
    expected: 'a text or null',
    parse: (raw) => (raw === null || typeof raw === 'string' ? raw : undefined),
  },
  count: wholeNumber('an integer from 1', 1, Number.MAX_SAFE_INTEGER),
};
