/**
 * Answer lines: written by `exec`, read from targets and from recorded data.
 *
 * Writing goes by the shape of `ret` in the table (an index is spelled, a value is not) and builds the text by hand: it is
 * the wire's hot path. Reading gives numbers for the spelled indexes, so that an answer compares with what a subject in
 * this process returns.
 */
import type { OperationSpec, RetShape } from '../operations/spec';
import { indexText, parseAnyIndex } from './spelling';
import type { Answer, MasStatus, MmDump, Ret, TreeEntry } from './types';

/** What the tree's `dump` and the address space's `dump` return in place of a plain `ret`. */
export type AnyRet = Ret | readonly TreeEntry[] | MmDump;

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

const anyIndex = (raw: unknown): number | string | null => {
  const value = parseAnyIndex(raw);
  return Number.isNaN(value) ? (raw as string | null) : value;
};

function parseRet(shape: RetShape, raw: unknown): Ret {
  if (shape === 'index') return anyIndex(raw);
  if (!Array.isArray(raw)) return raw as Ret;
  if (shape === 'find') return [raw[0], anyIndex(raw[1])];
  if (shape === 'cyclic') return [anyIndex(raw[0]), anyIndex(raw[1]), raw[2]];
  return raw as Ret;
}

function parseEntries(raw: unknown): { entries: TreeEntry[] } | null {
  const entries = (raw as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries)) return null;
  return {
    entries: entries.map((entry: readonly unknown[]) => [
      parseAnyIndex(entry?.[0]),
      parseAnyIndex(entry?.[1]),
      entry?.[2] as number,
    ]),
  };
}

function parseMas(raw: unknown): readonly [number, number, MasStatus] | null {
  if (!Array.isArray(raw) || raw.length !== 3) return null;
  return [parseAnyIndex(raw[0]), parseAnyIndex(raw[1]), raw[2] as MasStatus];
}

/**
 * An answer line, as JSON.parse gives it, in our own terms: spelled indexes become numbers. `spec` is the operation's row, null for a header.
 * Returns the complaint, a text, if the line is none of the wire's shapes.
 */
export function parseAnswer(raw: unknown, spec: OperationSpec | null): Answer | string {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'not a JSON object';
  const answer = raw as Raw;
  if ('error' in answer) return { error: String(answer.error) };
  if (spec === null) return answer.ok === true ? (answer as unknown as Answer) : 'neither "ok" nor "error"';
  if (answer.unsupported === true) return { unsupported: true };
  if (spec.op === 'dump') {
    if (spec.domain === 'mm') return Array.isArray(answer.vmas) ? (answer as unknown as MmDump) : '"vmas" is missing';
    const ret = parseEntries(answer.ret);
    return ret === null ? '"ret" has no "entries"' : { ret };
  }
  if (!('ret' in answer)) return '"ret" is missing';
  const ret = parseRet(spec.ret, answer.ret);
  if (!spec.cursor) return { ret };
  const mas = parseMas(answer.mas);
  return mas === null ? '"mas" is missing or not [index, last, status]' : { ret, mas };
}
