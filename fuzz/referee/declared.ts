/**
 * Differences that the user declares (`--declared FILE`): where a target rightly answers otherwise, and why.
 *
 *     {"op":"erase","expected":{"ret":"*"},"actual":{"ret":null},"reason":"erase returns nothing here"}
 *
 * Rules that hold here:
 * - A row fits a difference if all it says fits: what it leaves out may be anything.
 * - In a pattern an object fits one that has at least its fields, a list one of the same length, a text with `*` any
 *   text, number, ... that reads like it; "*" alone is anything.
 * - After a declared difference the target sits the rest of the sequence out, for its state is another; how often is
 *   counted.
 */
import type { Answer, Operation } from '../format/types';

export interface DeclaredRow {
  /** Name of an operation; for a difference in a dump that was put in, of the operation before it. */
  readonly op: string;
  /** Fields of the operation. */
  readonly fields?: unknown;
  /** The target, as --target names it. */
  readonly target?: string;
  /** What the others answer, and what this target does. */
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly reason: string;
}

/** A file of declared differences that cannot be used; the message names the row. */
class DeclaredError extends Error {}

const FIELDS = ['op', 'fields', 'target', 'expected', 'actual', 'reason'];

function readRow(raw: unknown, where: string): DeclaredRow {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new DeclaredError(`${where}: an object expected`);
  const row = raw as Record<string, unknown>;
  for (const name of ['op', 'reason']) {
    if (typeof row[name] !== 'string' || row[name] === '') throw new DeclaredError(`${where}: "${name}" is no text`);
  }
  if (row.target !== undefined && typeof row.target !== 'string')
    throw new DeclaredError(`${where}: "target" is no text`);
  const odd = Object.keys(row).find((name) => !FIELDS.includes(name));
  if (odd !== undefined) throw new DeclaredError(`${where}: "${odd}" is none of ${FIELDS.join(', ')}`);
  return row as unknown as DeclaredRow;
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new DeclaredError(`${where}: not JSON`);
  }
}

/**
 * The rows of a file: a JSON list, or a row a line (blank lines and lines with # are left out). @throws DeclaredError.
 */
export function parseDeclared(text: string): DeclaredRow[] {
  if (text.trimStart().startsWith('[')) {
    const rows = parse(text, 'the file') as unknown[];
    return rows.map((row, i) => readRow(row, `row ${i + 1}`));
  }
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '' || line.trimStart().startsWith('#')) return [];
    const where = `line ${i + 1}`;
    return [readRow(parse(line, where), where)];
  });
}

function fitsText(pattern: string, value: unknown): boolean {
  if (pattern === '*') return true;
  if (!pattern.includes('*')) return pattern === value;
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return typeof value !== 'object' && new RegExp(`^${parts.join('.*')}$`, 's').test(String(value));
}

/** Whether a value fits a pattern. */
export function fits(pattern: unknown, value: unknown): boolean {
  if (pattern === undefined) return true;
  if (typeof pattern === 'string') return fitsText(pattern, value);
  if (typeof pattern !== 'object' || pattern === null) return pattern === value;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.length === value.length && pattern.every((one, i) => fits(one, value[i]));
  }
  const fields = value as Record<string, unknown>;
  return Object.entries(pattern).every(([name, one]) => name in fields && fits(one, fields[name]));
}

/** The reason of the first row that fits, or null. */
export function reasonFor(
  rows: readonly DeclaredRow[],
  name: string,
  operation: Operation,
  answers: { readonly expected: Answer; readonly actual: Answer },
): string | null {
  const row = rows.find(
    ({ op, fields, target, expected, actual }) =>
      fitsText(op, operation.op) &&
      (target === undefined || target === name) &&
      fits(fields, operation) &&
      fits(expected, answers.expected) &&
      fits(actual, answers.actual),
  );
  return row?.reason ?? null;
}
