/**
 * The vocabulary of the format `maple-fuzz/1`: headers, operations and answers as plain objects.
 *
 * Rules that hold here:
 * - An index is a plain number once it is parsed: `"max"` is 2^53 - 1, `"max-N"` is 2^53 - 1 - N. Only the parser and
 *   the printer know the spelling.
 * - An operation is a flat record, its `op` first, so that one table (fuzz/format) can describe every field.
 * - Defaults are filled in by the parser: code that reads an operation need not ask whether a field is there, but for
 *   the fields marked with `?`.
 */

/** The top index of a tree: what `"max"` stands for, and what ULONG_MAX is to the C code. */
export const MAX_INDEX = Number.MAX_SAFE_INTEGER;

export const FORMAT = 'maple-fuzz/1';

export const PAGE = 4096;

/** A domain's name in the header; the list is in fuzz/domains. */
export type DomainName = string;

/**
 * A header, for code that knows no domain: what all have, and whatever fields the domain adds (header.ts in its
 * folder).
 */
export interface Header {
  readonly format: typeof FORMAT;
  readonly domain: DomainName;
  /** Our own addition, ignored by others: slots of a leaf and of an internal node, for fuzzing with small nodes. */
  readonly slots?: readonly [leaf: number, internal: number];
  readonly note?: string;
  readonly origin?: string;
  readonly [field: string]: unknown;
}

/**
 * One operation, for code that knows no domain: `op` and its fields, as the domain's table lists them. The table also
 * gives the type of each operation (fuzz/format/spec.ts).
 */
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
  /** Null: the target cannot see it. */
  readonly policy?: number | null;
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
  | { readonly unsupported: true; readonly why?: string }
  | { readonly ret: Ret; readonly mas?: AnsweredMas }
  | { readonly ret: { readonly entries: readonly AnsweredEntry[] } }
  | MmDump;

/** What the tree's `dump` and the address space's `dump` return in place of a plain `ret`. */
export type AnyRet = Ret | readonly TreeEntry[] | MmDump;
