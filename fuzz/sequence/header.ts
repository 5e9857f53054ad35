/**
 * The header line: from parsed JSON to a `Header` and back.
 *
 * A wrong header is refused with the field named; unknown fields are ignored, as others may add their own.
 */
import { type DomainName, FORMAT, type Header, MAX_INDEX, type MmHeader, PAGE, type TreeHeader } from '../format/types';

export const DEFAULT_PAGES = 256;
/** From this many pages on a live kernel may align placements to 2 MiB: only src and oracle run such windows. */
export const KERNEL_PAGES = 511;
/** A user address space has 2^47 bytes. */
export const MAX_PAGES = 2 ** 47 / PAGE - 1;
export const KERNELS = ['6.18', '6.12'] as const;
const MIN_SLOTS = 4;
const MAX_SLOTS = 64;

type Raw = Readonly<Record<string, unknown>>;
type Fields = Record<string, unknown>;

/** Whether a line is meant as a header: it starts a sequence, or is refused. */
export function isHeaderLine(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) && 'format' in raw;
}

/** The complaint about one field: what it is, and what was expected. */
export function complaint(name: string, raw: unknown, expected: string): string {
  if (raw === undefined) return `field ${name} is missing; ${expected} expected`;
  const text = JSON.stringify(raw) ?? String(raw);
  return `field ${name} is ${text.length > 60 ? `${text.slice(0, 57)}...` : text}; ${expected} expected`;
}

function isWhole(raw: unknown, low: number, high: number): raw is number {
  return typeof raw === 'number' && Number.isInteger(raw) && raw >= low && raw <= high;
}

/** Takes an optional field over when it is valid; a text is the complaint. */
function take(from: Raw, to: Fields, name: string, expected: string, valid: (raw: unknown) => boolean): string | null {
  const raw = from[name];
  if (raw === undefined) return null;
  if (!valid(raw)) return complaint(name, raw, expected);
  to[name] = raw;
  return null;
}

const isText = (raw: unknown): boolean => typeof raw === 'string';
const isBoolean = (raw: unknown): boolean => typeof raw === 'boolean';

function isSlots(raw: unknown): boolean {
  return Array.isArray(raw) && raw.length === 2 && raw.every((slots) => isWhole(slots, MIN_SLOTS, MAX_SLOTS));
}

function takeCommon(from: Raw, to: Fields): string | null {
  const slots = `[leaf, internal], each from ${MIN_SLOTS} to ${MAX_SLOTS},`;
  return (
    take(from, to, 'slots', slots, isSlots) ??
    take(from, to, 'note', 'a text', isText) ??
    take(from, to, 'origin', 'a text', isText)
  );
}

function parseTreeHeader(raw: Raw): TreeHeader | string {
  const header: Fields = { format: FORMAT, domain: 'tree', ranges: false };
  const bad = take(raw, header, 'ranges', 'true or false', isBoolean) ?? takeCommon(raw, header);
  return bad ?? (header as unknown as TreeHeader);
}

function parseMmHeader(raw: Raw): MmHeader | string {
  const header: Fields = { format: FORMAT, domain: 'mm', pages: DEFAULT_PAGES };
  const count = (name: string, low: number, high: number, unit: string): string | null =>
    take(raw, header, name, `an integer from ${low} to ${high} (${unit})`, (value) => isWhole(value, low, high));
  const bad =
    count('pages', 1, MAX_PAGES, 'pages') ??
    count('brk', 0, (header.pages as number) - 1, 'pages, below the end of the window') ??
    count('max_map_count', 0, MAX_INDEX, 'mappings') ??
    count('memlock', 0, MAX_INDEX, 'pages') ??
    take(raw, header, 'counters', 'true or false', isBoolean) ??
    take(raw, header, 'bottom_up', 'true or false', isBoolean) ??
    take(raw, header, 'kernel', KERNELS.map((kernel) => `"${kernel}"`).join(' or '), (kernel) =>
      (KERNELS as readonly unknown[]).includes(kernel),
    ) ??
    takeCommon(raw, header);
  return bad ?? (header as unknown as MmHeader);
}

/** The header, or the complaint why it is refused. */
export function parseHeader(raw: unknown): Header | string {
  if (!isHeaderLine(raw)) return `header: ${complaint('format', undefined, `"${FORMAT}"`)}`;
  if (raw.format !== FORMAT) return `header: ${complaint('format', raw.format, `"${FORMAT}"`)}`;
  let header: Header | string;
  if (raw.domain === 'tree') header = parseTreeHeader(raw);
  else if (raw.domain === 'mm') header = parseMmHeader(raw);
  else header = complaint('domain', raw.domain, '"tree" or "mm"');
  return typeof header === 'string' ? `header: ${header}` : header;
}

/** The smallest tree or window: for who needs a sequence and not what is in it. */
export function smallestHeader(domain: DomainName): Header {
  return domain === 'tree' ? { format: FORMAT, domain, ranges: false } : { format: FORMAT, domain, pages: 1 };
}

/** A header's fields in the order of the format, defaults left out. */
export function spellHeader(header: Header): Record<string, unknown> {
  const { format, domain, note, origin } = header;
  const tail = { ...(note === undefined ? {} : { note }), ...(origin === undefined ? {} : { origin }) };
  const slots = header.slots === undefined ? {} : { slots: header.slots };
  if (header.domain === 'tree') {
    return { format, domain, ...(header.ranges ? { ranges: true } : {}), ...slots, ...tail };
  }
  const fields: Record<string, unknown> = { format, domain, pages: header.pages };
  for (const name of ['brk', 'max_map_count', 'memlock', 'counters', 'kernel', 'bottom_up'] as const) {
    if (header[name] !== undefined) fields[name] = header[name];
  }
  return { ...fields, ...slots, ...tail };
}
