/**
 * The arguments and results of calls as strace prints them: names joined by `|`, hexadecimal numbers (`-X raw`), both
 * (`-X verbose`, the names in a comment), file descriptors with a path (`-y`, `-yy`), escaped texts (`-x`, `-xx`).
 */
import { constants } from 'node:os';
import { ADVICE_BY_NUMBER, BITS, type BitKind } from './names';

const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The end of the path of a descriptor: `3</a b<char 1:5>>`, `3<TCP:[1.2.3.4:5->6.7.8.9:80]>`. */
function endOfPath(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '<') depth++;
    else if (text[i] === '>' && text[i - 1] !== '-' && --depth === 0) return i;
  }
  return text.length;
}

function endOfQuote(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

/**
 * Splits at the commas of the outermost level: not those in quotes, brackets, comments or the path of a descriptor.
 * Null if a bracket or quote is left open, or closed that was not open: then the text is not what strace printed.
 */
export function splitArguments(text: string): string[] | null {
  const found: string[] = [];
  const open: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') i = endOfQuote(text, i);
    else if (char === '/' && text[i + 1] === '*') i = text.indexOf('*/', i) + 1 || text.length;
    else if (char === '<' && text[i + 1] === '<') i++;
    else if (char === '<' && /[\dD]/.test(text[i - 1] ?? '')) i = endOfPath(text, i);
    else if (OPENING[char] !== undefined) open.push(OPENING[char]);
    else if (char === ')' || char === ']' || char === '}') {
      if (open.pop() !== char) return null;
    } else if (char === ',' && open.length === 0) {
      found.push(text.slice(from, i).trim());
      from = i + 1;
    }
    if (i >= text.length) return null;
  }
  if (open.length > 0) return null;
  const last = text.slice(from).trim();
  if (last !== '' || found.length > 0) found.push(last);
  return found;
}

/** The fields of a structure, `{start=0x1000, len=4096}`; null if it is none. */
export function fieldsOf(text: string | undefined): ReadonlyMap<string, string> | null {
  if (text === undefined || !text.startsWith('{')) return null;
  const inner = /^\{(.*)\}$/s.exec(text.replace(/\}\s*=>\s*\{.*$/s, '}'));
  const parts = inner === null ? null : splitArguments(inner[1]);
  if (parts === null) return null;
  const fields = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return fields;
}

const INNERMOST = /\/\*(?:(?!\/\*|\*\/).)*\*\//g;

/** Comments can lie in comments: `0x38 /* 0x8 /* MAP_??? *\/|MAP_FIXED *\/`. */
function withoutComments(text: string): string {
  let bare = text;
  while (bare.includes('/*')) {
    const less = bare.replace(INNERMOST, '');
    if (less === bare) break;
    bare = less;
  }
  return bare.trim();
}

/** From here on a number no longer tells every byte. */
const EXACT = 2n ** 53n;
/** No address of a process is as large as this. */
const HUGE = 2n ** 63n;

/** Null for an address that a number cannot hold exactly. */
function plainNumber(text: string): number | null {
  const value = Number(text);
  if (value < Number(EXACT)) return value;
  const exact = BigInt(text);
  return exact >= HUGE || BigInt(value) === exact ? value : null;
}

const SHIFTED = /^(\d+)<<MAP_HUGE_SHIFT$/;

function wordValue(word: string, names: Readonly<Record<string, number>>): number | null {
  if (/^(?:0x[0-9a-fA-F]+|\d+)$/.test(word)) {
    return /^0[0-7]+$/.test(word) ? Number.parseInt(word, 8) : plainNumber(word);
  }
  if (word === 'NULL') return 0;
  const shifted = SHIFTED.exec(word);
  if (shifted !== null) return Number(shifted[1]) * 2 ** 26;
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

/** Whether a sum of bits has one; also above 2^31, where `&` gives up. */
export const hasBit = (bits: number, bit: number): boolean => Math.floor(bits / bit) % 2 === 1;

/** The top byte of an address may be a tag of arm64, which has no address above the second of these. */
const TAG = 2 ** 56;
const TAGGED_SPACE = 2n ** 52n;

/** An address, without the tag that the kernel passes over. Null if there is none. */
export function addressOf(text: string | undefined): number | null {
  const value = numberOf(text);
  if (value === null || value < TAG || text === undefined) return value;
  const bare = BigInt(withoutComments(text)) % BigInt(TAG);
  return bare < TAGGED_SPACE ? Number(bare) : value;
}

/** The format's name of an advice; null if it has none. */
export function adviceOf(text: string | undefined): string | null {
  const word = withoutComments(text ?? '');
  if (word.startsWith('MADV_')) return word.slice('MADV_'.length).toLowerCase();
  const value = wordValue(word, {});
  return value === null ? null : (ADVICE_BY_NUMBER[value] ?? null);
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8 };

/** Undoes `\n`, `\x41`, `\101`, `\"`. */
function decoded(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  const pattern = /\\x([0-9a-fA-F]{2})|\\([0-7]{1,3})|\\(.)|([^\\]+)/gs;
  for (const [, hex, octal, escaped, plain] of text.matchAll(pattern)) {
    if (plain !== undefined) bytes.push(...Buffer.from(plain));
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else bytes.push(ESCAPES[escaped] ?? escaped.charCodeAt(0));
  }
  return Buffer.from(bytes).toString('utf8');
}

export interface Quoted {
  readonly text: string;
  /** strace shows the beginning of a long text only: `"begin"...`. */
  readonly cut: boolean;
}

/** A quoted text as it was; null if it is none. */
export function quotedOf(argument: string | undefined): Quoted | null {
  const quoted = /^"((?:[^"\\]|\\.)*)"(\.\.\.)?$/s.exec(argument ?? '');
  return quoted === null ? null : { text: decoded(quoted[1]), cut: quoted[2] !== undefined };
}

export interface Descriptor {
  /** -1 if there is none. */
  readonly fd: number;
  /** With -y; without the mark of a deleted file, which stays the same file. */
  readonly path: string | null;
}

/** A file descriptor: its number, and its path with -y. */
export function descriptorOf(text: string | undefined): Descriptor {
  const match = /^(-?\d+|0x[0-9a-f]+)(?:<(.*)>)?(?:\(deleted\))?$/.exec(withoutComments(text ?? ''));
  if (match === null) return { fd: -1, path: null };
  const number = Number(match[1]);
  const fd = number >= 2 ** 31 ? -1 : number;
  if (match[2] === undefined) return { fd, path: null };
  const path = match[2].replace(/<(?:char|block) .*>$/, '').replace(/\s*\(deleted\)$/, '');
  return { fd, path: decoded(path) };
}

export type Result =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'error'; readonly errno: string }
  | { readonly kind: 'unknown' };

const ERRNO_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno).map(([name, value]) => [value, name] as const),
);

const errorNumber = (number: number): Result => ({
  kind: 'error',
  errno: ERRNO_NAMES.get(number) ?? `E${number}`,
});

/** What a call returned. `?` (the process ended in it) is unknown. */
export function resultOf(text: string): Result {
  const failed = /^-\d+ (E[A-Z0-9]+)/.exec(text);
  if (failed !== null) return { kind: 'error', errno: failed[1] };
  // -X raw, and qemu-user.
  const numbered = /^-1 (?:\(errno |errno=)(\d+)/.exec(text);
  if (numbered !== null) return errorNumber(Number(numbered[1]));
  const value = /^(-?\d+|0x[0-9a-f]+)(?=\s|<|$)/.exec(text);
  if (value === null) return { kind: 'unknown' };
  const number = Number(value[1]);
  return number >= 0 ? { kind: 'value', value: number } : errorNumber(-number);
}

/** The id of a new process. In another pid namespace the comment has the id that the log itself uses. */
export function childOf(text: string): number | null {
  const result = resultOf(text);
  if (result.kind !== 'value' || result.value === 0) return null;
  const outer = /\/\* (\d+) in strace's PID NS \*\//.exec(text);
  return outer === null ? result.value : Number(outer[1]);
}
