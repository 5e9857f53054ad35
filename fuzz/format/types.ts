/**
 * The vocabulary of the format `maple-fuzz/1`: headers, operations and answers as plain objects.
 *
 * Rules that hold here:
 * - An index is a plain number once it is parsed: `"max"` is 2^53 - 1, `"max-N"` is 2^53 - 1 - N. Only the parser and
 *   the printer know the spelling.
 * - An operation is a flat record, its `op` first, so that one table (fuzz/format) can describe every field.
 * - Defaults are filled in by the parser: whoever reads an operation never asks whether a field is there, but for the
 *   fields marked with `?`.
 */

/** The top index of a tree: what `"max"` stands for, and what ULONG_MAX is to the C code. */
export const MAX_INDEX = Number.MAX_SAFE_INTEGER;

export const FORMAT = 'maple-fuzz/1';

export const PAGE = 4096;

export type DomainName = 'tree' | 'mm';

export interface TreeHeader {
  readonly format: typeof FORMAT;
  readonly domain: 'tree';
  /** A tree that tracks gaps. */
  readonly ranges: boolean;
  /** Our own addition, ignored by others: slots of a leaf and of an internal node, for fuzzing with small nodes. */
  readonly slots?: readonly [leaf: number, internal: number];
  readonly note?: string;
  readonly origin?: string;
}

export interface MmHeader {
  readonly format: typeof FORMAT;
  readonly domain: 'mm';
  /** Length of the window in pages. */
  readonly pages: number;
  /** The page at which the heap starts. */
  readonly brk?: number;
  /** Limit of mappings in the window. */
  readonly max_map_count?: number;
  /** Limit of locked memory, in pages. */
  readonly memlock?: number;
  /** Whether a dump shows the counters. */
  readonly counters?: boolean;
  /** Our own addition, ignored by others: the kernel version whose rules hold, "6.18" (the default) or "6.12". */
  readonly kernel?: string;
  /** Our own addition: whether placement looks for the lowest gap instead of the highest. */
  readonly bottom_up?: boolean;
  /** Our own addition, as in TreeHeader. */
  readonly slots?: readonly [leaf: number, internal: number];
  readonly note?: string;
  readonly origin?: string;
}

export type Header = TreeHeader | MmHeader;

/** One operation: `op` and its fields, as the table in fuzz/format lists them. */
export interface Operation {
  readonly op: string;
  readonly [field: string]: FieldValue | undefined;
}

export type FieldValue =
  | number
  | string
  | boolean
  | null
  | readonly string[]
  | readonly (readonly [first: number, last: number, value: number])[];

export interface Sequence {
  readonly header: Header;
  readonly operations: readonly Operation[];
}

/** What an operation returns: 0, a value, an index or address, an errno name, null, or a short list. */
export type Ret = number | string | null | readonly (number | string | null)[];

export type MasStatus = 'start' | 'active' | 'root' | 'none' | 'pause' | 'overflow' | 'underflow' | 'error';

export type TreeEntry = readonly [first: number, last: number, value: number];

/** One mapping as a dump shows it: addresses in bytes from the window's start, `end` exclusive. */
export interface DumpVma {
  readonly start: number;
  readonly end: number;
  /** Two-letter codes in the kernel's order, separated by spaces. */
  readonly flags: string;
  readonly file: string | null;
  /** In pages; 0 for anonymous memory. */
  readonly pgoff: number;
  readonly policy?: number;
  readonly uffd?: number;
  readonly name?: string;
}

export interface Counters {
  readonly map_count: number;
  readonly total_vm: number;
  readonly data_vm: number;
  readonly exec_vm: number;
  readonly stack_vm: number;
  readonly locked_vm: number;
  readonly committed: number;
  /** How often each file is open by a mapping: opens less closes; files that were never mapped are left out. */
  readonly open: Readonly<Record<string, number>>;
}

export interface MmDump {
  readonly vmas: readonly DumpVma[];
  readonly brk: number | null;
  readonly counters?: Counters;
}

/** An index in an answer: a number, or the spelling of one that only a tree of 64 bits has. */
export type AnyIndex = number | string;

export type AnsweredEntry = readonly [first: AnyIndex, last: AnyIndex, value: number];

export type AnsweredMas = readonly [index: AnyIndex, last: AnyIndex, status: MasStatus];

/** An answer line, parsed: one of the shapes of the wire. */
export type Answer =
  | { readonly ok: true; readonly name: string; readonly ops: readonly string[]; readonly files?: readonly string[] }
  | { readonly error: string }
  | { readonly unsupported: true }
  | { readonly ret: Ret; readonly mas?: AnsweredMas }
  | { readonly ret: { readonly entries: readonly AnsweredEntry[] } }
  | MmDump;

/** What the tree's `dump` and the address space's `dump` return in place of a plain `ret`. */
export type AnyRet = Ret | readonly TreeEntry[] | MmDump;
