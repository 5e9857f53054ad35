/**
 * Answer lines: written by `exec`, read from targets and from recorded data.
 *
 * Writing goes by the shape of `ret` in the table (an index is spelled, a value is not) and builds the text by hand: it is
 * the wire's hot path. Reading gives numbers for the spelled indexes, so that an answer compares with what a subject in
 * this process returns.
 */
import type { OperationSpec, RetShape } from '../format/spec';
import { indexText, parseAnyIndex } from '../format/spelling';
import type {
  Answer,
  AnsweredEntry,
  AnsweredMas,
  AnyIndex,
  AnyRet,
  DumpVma,
  MasStatus,
  MmDump,
  Ret,
  TreeEntry,
} from '../format/types';

const index = (value: number | string | null): string =>
  typeof value === 'number' ? indexText(value) : JSON.stringify(value);

function retText(shape: RetShape, ret: Ret): string {
  if (ret === null || typeof ret === 'string') return JSON.stringify(ret);
  if (shape === 'index' && typeof ret === 'number') return indexText(ret);
  if (typeof ret === 'number') return String(ret);
  if (shape === 'find') return `[${ret[0]},${index(ret[1])}]`;
  if (shape === 'cyclic') return `[${index(ret[0])},${index(ret[1])},${ret[2]}]`;
  return JSON.stringify(ret);
}

function entriesText(entries: readonly TreeEntry[]): string {
  const parts = entries.map((entry) => `[${indexText(entry[0])},${indexText(entry[1])},${entry[2]}]`);
  return `{"ret":{"entries":[${parts.join(',')}]}}`;
}

/** The answer to an operation that was applied; `mas` is the state that it worked on, if any. */
export function answerText(
  spec: OperationSpec,
  ret: AnyRet,
  mas: { readonly index: number; readonly last: number; readonly status: string } | null,
): string {
  if (spec.op === 'dump')
    return spec.domain === 'tree' ? entriesText(ret as readonly TreeEntry[]) : JSON.stringify(ret);
  const text = retText(spec.ret, ret as Ret);
  if (mas === null) return `{"ret":${text}}`;
  return `{"ret":${text},"mas":[${indexText(mas.index)},${indexText(mas.last)},"${mas.status}"]}`;
}

export const UNSUPPORTED = '{"unsupported":true}';

export function errorText(error: string): string {
  return JSON.stringify({ error });
}

type Raw = Readonly<Record<string, unknown>>;

/** Indexes that only a tree of 64 bits has: no number here, so that they stay as they are spelled. */
const FAR_INDEX = /^max-[1-9][0-9]{0,19}$/;

/** An index; undefined for what is none. */
function parseAnswerIndex(raw: unknown): AnyIndex | undefined {
  const value = parseAnyIndex(raw);
  if (!Number.isNaN(value)) return value;
  return typeof raw === 'string' && FAR_INDEX.test(raw) ? raw : undefined;
}

function parseFind(raw: readonly unknown[]): Ret | undefined {
  const [entry, next] = raw;
  const index = parseAnswerIndex(next);
  if (raw.length !== 2 || index === undefined) return undefined;
  return entry === null || typeof entry === 'number' ? [entry, index] : undefined;
}

function parseCyclic(raw: readonly unknown[]): Ret | undefined {
  const [start, next, wrapped] = raw;
  const [from, to] = [parseAnswerIndex(start), parseAnswerIndex(next)];
  if (raw.length !== 3 || from === undefined || to === undefined) return undefined;
  return typeof wrapped === 'number' ? [from, to, wrapped] : undefined;
}

/** What `ret` must be, in the words of a complaint. An errno name may always stand there: a wrong one is a difference. */
const EXPECTED: Readonly<Record<RetShape, string>> = {
  plain: 'a number, null or an errno name',
  index: 'an index or an errno name',
  find: '[entry or null, index] or an errno name',
  cyclic: '[index, index, wrapped] or an errno name',
  entries: '{"entries":[[first, last, value], …]}',
};

function parseRet(shape: RetShape, raw: unknown): Ret | undefined {
  if (shape === 'index') return parseAnswerIndex(raw) ?? (typeof raw === 'string' ? raw : undefined);
  if (typeof raw === 'string') return raw;
  if (shape === 'plain') return raw === null || typeof raw === 'number' ? raw : undefined;
  if (!Array.isArray(raw)) return undefined;
  return shape === 'find' ? parseFind(raw) : parseCyclic(raw);
}

function parseEntry(raw: unknown): AnsweredEntry | undefined {
  if (!Array.isArray(raw) || raw.length !== 3 || typeof raw[2] !== 'number') return undefined;
  const [first, last] = [parseAnswerIndex(raw[0]), parseAnswerIndex(raw[1])];
  return first === undefined || last === undefined ? undefined : [first, last, raw[2]];
}

function isRecord(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** A dump's entries, or the complaint. */
function parseEntries(raw: unknown): { entries: AnsweredEntry[] } | string {
  if (!isRecord(raw) || !Array.isArray(raw.entries)) return '"ret" has no "entries"';
  const entries: AnsweredEntry[] = [];
  for (const [i, one] of raw.entries.entries()) {
    const entry = parseEntry(one);
    if (entry === undefined) return `"entries" has ${shown(one)} at ${i}, [first, last, value] expected`;
    entries.push(entry);
  }
  return { entries };
}

function shown(raw: unknown): string {
  const text = JSON.stringify(raw);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function isVma(raw: unknown): raw is DumpVma {
  if (!isRecord(raw)) return false;
  const { start, end, flags, file, pgoff } = raw;
  const numbers = [start, end, pgoff].every((value) => typeof value === 'number');
  return numbers && typeof flags === 'string' && (file === null || typeof file === 'string');
}

/** An address space's dump, or the complaint. */
function parseMmDump(raw: Raw): MmDump | string {
  const { vmas, brk, counters } = raw;
  if (!Array.isArray(vmas)) return '"vmas" is missing';
  const odd = vmas.findIndex((vma) => !isVma(vma));
  if (odd >= 0) return `"vmas" has ${shown(vmas[odd])} at ${odd}, start, end, flags, file and pgoff expected`;
  if (brk !== null && typeof brk !== 'number') return '"brk" is neither a number nor null';
  if (counters !== undefined && !isRecord(counters)) return '"counters" is no object';
  return raw as unknown as MmDump;
}

const STATUSES: readonly unknown[] = ['start', 'active', 'root', 'none', 'pause', 'overflow', 'underflow', 'error'];

function parseMas(raw: unknown): AnsweredMas | undefined {
  if (!Array.isArray(raw) || raw.length !== 3 || !STATUSES.includes(raw[2])) return undefined;
  const [index, last] = [parseAnswerIndex(raw[0]), parseAnswerIndex(raw[1])];
  return index === undefined || last === undefined ? undefined : [index, last, raw[2] as MasStatus];
}

function parseDump(answer: Raw, spec: OperationSpec): Answer | string {
  if (spec.domain === 'mm') return parseMmDump(answer);
  const ret = parseEntries(answer.ret);
  return typeof ret === 'string' ? ret : { ret };
}

/**
 * An answer line, as JSON.parse gives it, in our own terms: spelled indexes become numbers. `spec` is the operation's row, null for a header.
 * Returns the complaint, a text, if the line is none of the wire's shapes.
 */
export function parseAnswer(raw: unknown, spec: OperationSpec | null): Answer | string {
  if (!isRecord(raw)) return 'not a JSON object';
  const answer = raw;
  if ('error' in answer) return { error: String(answer.error) };
  if (spec === null) return answer.ok === true ? (answer as unknown as Answer) : 'neither "ok" nor "error"';
  if (answer.unsupported === true) return { unsupported: true };
  if (spec.op === 'dump') return parseDump(answer, spec);
  if (!('ret' in answer)) return '"ret" is missing';
  const ret = parseRet(spec.ret, answer.ret);
  if (ret === undefined) return `"ret" is ${shown(answer.ret)}, ${EXPECTED[spec.ret]} expected`;
  if (!spec.cursor) return { ret };
  const mas = parseMas(answer.mas);
  return mas === undefined ? '"mas" is missing or not [index, last, status]' : { ret, mas };
}
