/**
 * A hash of what ran: of each operation with its arguments, and of its answer. Two campaigns that did the same have the
 * same.
 *
 * It is made at each step, so it is no more than a few multiplications: nothing is printed for it.
 */
import type { FieldValue, Operation, Ret } from '../format/types';

/** What an operation's field or an answer may be. */
type Value = FieldValue | Ret | undefined;

const PRIME = 16777619;
const WORD = 2 ** 32;

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, PRIME);
  // A product's lower bits know nothing of the higher ones of its factors.
  return product ^ (product >>> 15);
}

/** Hashes of texts: names of operations, errors and files, which come again and again. */
const texts = new Map<string, number>();

function hashOfText(text: string): number {
  let hash = texts.get(text);
  if (hash === undefined) {
    hash = mix(0, text.length);
    for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
    texts.set(text, hash);
  }
  return hash;
}

/** Each kind of value has a word of its own before it: 1 is neither true nor "1". */
function mixValue(hash: number, value: Value): number {
  if (typeof value === 'number') {
    const low = value | 0;
    return low === value ? mix(hash, low) : mix(mix(mix(hash, -1), low), Math.floor(value / WORD));
  }
  if (typeof value === 'string') return mix(mix(hash, -2), hashOfText(value));
  if (typeof value === 'boolean') return mix(hash, value ? -3 : -4);
  if (value === null || value === undefined) return mix(hash, -5);
  let mixed = mix(mix(hash, -6), value.length);
  for (let i = 0; i < value.length; i++) mixed = mixValue(mixed, value[i] as Value);
  return mixed;
}

/** The hash after one more operation and its answer; a number of 32 bits. */
export function printStep(print: number, operation: Operation, ret: Ret): number {
  let hash = print;
  // A field counts by its first letter, its length and its place: `min` and `max` of one operation are alike but for
  // that.
  for (const field in operation) {
    hash = mixValue(mix(hash, (field.length << 8) | field.charCodeAt(0)), operation[field]);
  }
  return mixValue(mix(hash, -7), ret) >>> 0;
}
