/**
 * What the header lines of all domains have in common: how a field is checked, how the complaint reads, and the fields
 * that every domain has.
 */
import type { Header } from './types';

export type RawHeader = Readonly<Record<string, unknown>>;
/** A header that is being built. */
export type HeaderFields = Record<string, unknown>;

/**
 * A domain's own fields of the header. `format`, `domain`, `slots`, `note` and `origin` are none of its business. A
 * field that some sequences only need (the rules of another kernel, ranges beyond the window) is added here, in its
 * domain.
 */
export interface HeaderFormat {
  /** Takes the fields over, defaults filled in; a text is the complaint. */
  parse(from: RawHeader, to: HeaderFields): string | null;
  /** The fields in the order of the format, defaults left out. */
  spell(header: Header): HeaderFields;
  /** A header for code that needs a sequence and not what is in it. */
  readonly smallest: Header;
}

const MIN_SLOTS = 4;
const MAX_SLOTS = 64;

/** The complaint about one field: what it is, and what was expected. */
export function complaint(name: string, raw: unknown, expected: string): string {
  if (raw === undefined) return `field ${name} is missing; ${expected} expected`;
  const text = JSON.stringify(raw) ?? String(raw);
  return `field ${name} is ${text.length > 60 ? `${text.slice(0, 57)}...` : text}; ${expected} expected`;
}

function isWhole(raw: unknown, low: number, high: number): boolean {
  return typeof raw === 'number' && Number.isInteger(raw) && raw >= low && raw <= high;
}

/** Takes an optional field over when it is valid; a text is the complaint. */
function take(
  from: RawHeader,
  to: HeaderFields,
  name: string,
  expected: string,
  valid: (raw: unknown) => boolean,
): string | null {
  const raw = from[name];
  if (raw === undefined) return null;
  if (!valid(raw)) return complaint(name, raw, expected);
  to[name] = raw;
  return null;
}

export function takeBoolean(from: RawHeader, to: HeaderFields, name: string): string | null {
  return take(from, to, name, 'true or false', (raw) => typeof raw === 'boolean');
}

/** An integer from `low` to `high`, counted in `unit`. */
export function takeCount(
  from: RawHeader,
  to: HeaderFields,
  name: string,
  range: { readonly low: number; readonly high: number; readonly unit: string },
): string | null {
  const { low, high, unit } = range;
  return take(from, to, name, `an integer from ${low} to ${high} (${unit})`, (raw) => isWhole(raw, low, high));
}

export function takeOneOf(from: RawHeader, to: HeaderFields, name: string, words: readonly string[]): string | null {
  const expected = words.map((word) => `"${word}"`).join(' or ');
  return take(from, to, name, expected, (raw) => (words as readonly unknown[]).includes(raw));
}

const isText = (raw: unknown): boolean => typeof raw === 'string';

function isSlots(raw: unknown): boolean {
  return Array.isArray(raw) && raw.length === 2 && raw.every((slots) => isWhole(slots, MIN_SLOTS, MAX_SLOTS));
}

/** The fields that every domain has. */
export function takeCommon(from: RawHeader, to: HeaderFields): string | null {
  const slots = `[leaf, internal], each from ${MIN_SLOTS} to ${MAX_SLOTS},`;
  return (
    take(from, to, 'slots', slots, isSlots) ??
    take(from, to, 'note', 'a text', isText) ??
    take(from, to, 'origin', 'a text', isText)
  );
}

/** Those fields of a header that are there, in the order of `names`. */
export function present(header: Header, names: readonly string[]): HeaderFields {
  return Object.fromEntries(names.filter((name) => header[name] !== undefined).map((name) => [name, header[name]]));
}
