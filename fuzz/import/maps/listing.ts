/**
 * A listing of the mappings of one process, whatever it was read from.
 */

/** One mapping. Addresses are multiples of a page, so that numbers hold them exactly up to the very top. */
export interface Listed {
  readonly line: number;
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** Like `rw-p`; null if the listing does not tell. */
  readonly perms: string | null;
  /** In bytes; null if the listing does not tell. */
  readonly offset: number | null;
  /** Path or name as listed; empty for memory without. */
  readonly path: string;
  /** Tells files of one path apart: device and inode; empty if the listing does not tell. */
  readonly inode: string;
  /** Codes of VmFlags; null if the listing does not tell. */
  readonly flags: readonly string[] | null;
}

export interface Listing {
  readonly mappings: readonly Listed[];
  /** The process, if the listing has several. */
  readonly pid: number | null;
  /** Where the heap starts and ends, if that is known to the byte. */
  readonly heap: { readonly start: number; readonly end: number } | null;
}

/** What a line of a listing says, before it is known where it belongs. */
export type Entry = Omit<Listed, 'line'>;

export const hex = (text: string): number => Number(`0x${text.replaceAll("'", '')}`);

export const NO_ENTRY = { perms: null, offset: null, path: '', inode: '', flags: null };

/** What some listings write behind a path. */
export const withoutRemarks = (path: string): string =>
  path.replace(/\s*\((?:BuildId|load bias|load base|deleted)[^)]*\)/g, '').trim();
