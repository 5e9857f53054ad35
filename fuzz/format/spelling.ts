/**
 * How the format spells an index, which is where its numbers and ours differ.
 *
 *     0 ......................... 2^52-2 | 2^52-1 ............... 2^53-2 | 2^53-1
 *     spelled as an integer              | "max-N"                       | "max"
 *
 * In C the top index is 2^64-1, here it is 2^53-1; low indexes are counted from the bottom and high ones from the top,
 * so that one sequence means the same in both. A sequence may only use N below 2^32-1; an answer may use any N.
 */
import { type AnyIndex, MAX_INDEX } from './types';

/** The highest index that is spelled as an integer: 2^52 - 2. */
export const MAX_PLAIN_INDEX = 2 ** 52 - 2;

/** In a sequence, N of "max-N" is below this. */
const MAX_BACK = 2 ** 32 - 1;

/** Whether a sequence can spell this number as an index: 0 to 2^52 - 2, or less than 2^32 - 1 below the top. */
export function isIndex(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && (value <= MAX_PLAIN_INDEX || isHighIndex(value));
}

function isHighIndex(value: number): boolean {
  return value <= MAX_INDEX && MAX_INDEX - value < MAX_BACK;
}

/** The nearest index that a sequence can spell. */
export function spellable(index: number): number {
  if (index < 0) return 0;
  if (index > MAX_INDEX) return MAX_INDEX;
  const high = MAX_INDEX - (MAX_BACK - 1);
  if (index <= MAX_PLAIN_INDEX || index >= high) return index;
  return index - MAX_PLAIN_INDEX < high - index ? MAX_PLAIN_INDEX : high;
}

/** An index of a sequence as JSON.parse gives it; NaN if it is none. */
export function parseIndex(raw: unknown): number {
  if (typeof raw === 'number') return Number.isInteger(raw) && raw >= 0 && raw <= MAX_PLAIN_INDEX ? raw : Number.NaN;
  const index = parseAnyIndex(raw);
  return index === MAX_INDEX || MAX_INDEX - index < MAX_BACK ? index : Number.NaN;
}

/** An index as an answer spells it, "max-N" with any N; NaN if it is none. */
export function parseAnyIndex(raw: unknown): number {
  if (typeof raw === 'number') return Number.isInteger(raw) && raw >= 0 && raw <= MAX_INDEX ? raw : Number.NaN;
  if (typeof raw !== 'string') return Number.NaN;
  if (raw === 'max') return MAX_INDEX;
  const match = /^max-([1-9][0-9]{0,19})$/.exec(raw);
  if (match === null) return Number.NaN;
  const back = Number(match[1]);
  if (back <= MAX_INDEX) return MAX_INDEX - back;
  return fromBottom(match[1]);
}

/**
 * A tree of 64 bits may hold an index right above 2^52-2, counted from its own top: the same index, seen from the
 * bottom.
 */
function fromBottom(back: string): number {
  const index = 2n ** 64n - 1n - BigInt(back);
  return index >= 0n && index <= BigInt(MAX_INDEX) ? Number(index) : Number.NaN;
}

/** Indexes that only a tree of 64 bits has: no number here, so that they stay as they are spelled. */
const FAR_INDEX = /^max-[1-9][0-9]{0,19}$/;

/** An index of an answer; undefined for what is none. */
export function parseAnswerIndex(raw: unknown): AnyIndex | undefined {
  const value = parseAnyIndex(raw);
  if (!Number.isNaN(value)) return value;
  return typeof raw === 'string' && FAR_INDEX.test(raw) ? raw : undefined;
}

/** The spelling of an index: what stands in JSON, a number or a text. */
export function spellIndex(index: number): number | string {
  if (index <= MAX_PLAIN_INDEX) return index;
  return index === MAX_INDEX ? 'max' : `max-${MAX_INDEX - index}`;
}

/** The spelling as a piece of JSON text. */
export function indexText(index: number): string {
  if (index <= MAX_PLAIN_INDEX) return String(index);
  return index === MAX_INDEX ? '"max"' : `"max-${MAX_INDEX - index}"`;
}

/** For people and reports: an index as the format spells it, without quotes. */
export function showIndex(index: number): string {
  return String(spellIndex(index));
}
