/**
 * The shapes of answers in the domain tree: those with indexes in them, and the dump.
 */
import { type AnswerShape, isRecord, retShape, shown } from '../../format/answer-shape';
import { indexText, parseAnswerIndex } from '../../format/spelling';
import type { AnsweredEntry, Ret, TreeEntry } from '../../format/types';

const text = (value: number | string | null): string =>
  typeof value === 'number' ? indexText(value) : JSON.stringify(value);

function parseFind(raw: unknown): Ret | undefined {
  if (!Array.isArray(raw) || raw.length !== 2) return undefined;
  const [entry, next] = raw;
  const index = parseAnswerIndex(next);
  if (index === undefined) return undefined;
  return entry === null || typeof entry === 'number' ? [entry, index] : undefined;
}

function parseCyclic(raw: unknown): Ret | undefined {
  if (!Array.isArray(raw) || raw.length !== 3) return undefined;
  const [start, next, wrapped] = raw;
  const [from, to] = [parseAnswerIndex(start), parseAnswerIndex(next)];
  if (from === undefined || to === undefined) return undefined;
  return typeof wrapped === 'number' ? [from, to, wrapped] : undefined;
}

/** A list is spelled by its own text: what is no list (a wrong answer of an implementation) is spelled as it is. */
const list =
  (spell: (ret: readonly (number | string | null)[]) => string) =>
  (ret: number | readonly (number | string | null)[]): string =>
    typeof ret === 'number' ? String(ret) : spell(ret);

export const INDEX = retShape(
  'an index or an errno name',
  (ret) => (typeof ret === 'number' ? indexText(ret) : JSON.stringify(ret)),
  parseAnswerIndex,
);

export const FIND = retShape(
  '[entry or null, index] or an errno name',
  list((ret) => `[${ret[0]},${text(ret[1])}]`),
  parseFind,
);

export const CYCLIC = retShape(
  '[index, index, wrapped] or an errno name',
  list((ret) => `[${text(ret[0])},${text(ret[1])},${ret[2]}]`),
  parseCyclic,
);

function parseEntry(raw: unknown): AnsweredEntry | undefined {
  if (!Array.isArray(raw) || raw.length !== 3 || typeof raw[2] !== 'number') return undefined;
  const [first, last] = [parseAnswerIndex(raw[0]), parseAnswerIndex(raw[1])];
  return first === undefined || last === undefined ? undefined : [first, last, raw[2]];
}

export const ENTRIES: AnswerShape = {
  text(ret) {
    const entries = ret as readonly TreeEntry[];
    const parts = entries.map((entry) => `[${indexText(entry[0])},${indexText(entry[1])},${entry[2]}]`);
    return `"ret":{"entries":[${parts.join(',')}]}`;
  },
  parse({ ret }) {
    if (!isRecord(ret) || !Array.isArray(ret.entries)) return '"ret" has no "entries"';
    const entries: AnsweredEntry[] = [];
    for (const [i, one] of ret.entries.entries()) {
      const entry = parseEntry(one);
      if (entry === undefined) return `"entries" has ${shown(one)} at ${i}, [first, last, value] expected`;
      entries.push(entry);
    }
    return { ret: { entries } };
  },
};
