/**
 * From text to sequences: NDJSON, checked field by field against the table of operations.
 *
 * Two readers stand on the same functions: `exec` answers each wrong line and goes on; a file with a wrong line is
 * refused as a whole, with line and field named:
 *
 *     line 7: store_range: field first is -1; an index (0 to 2^52-2, …) expected
 *
 * A function that can fail returns either what it made or the complaint, a text: no exceptions on the wire's hot path.
 */
import { domainNamed } from '../domains';
import { complaint } from '../format/header';
import { KINDS } from '../format/kinds';
import { FAIL_FIELD, type FieldSpec, type OperationSpec } from '../format/spec';
import type { DomainName, FieldValue, Header, Operation, Sequence } from '../format/types';
import { isHeaderLine, parseHeader } from './header';

/** A damaged sequence file. The message names line and field. */
export class SequenceError extends Error {
  constructor(
    /** From 1. */
    readonly line: number,
    readonly complaint: string,
  ) {
    super(line === 0 ? complaint : `line ${line}: ${complaint}`);
    this.name = 'SequenceError';
  }
}

/** The JSON of a line in a box (null is JSON too), or the complaint. */
export function parseJson(line: string): { readonly value: unknown } | string {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
}

function parseField(field: FieldSpec, raw: unknown, into: Record<string, FieldValue>): string | null {
  if (raw === undefined) {
    if (field.optional) return null;
    if (field.fallback === undefined) return complaint(field.name, raw, KINDS[field.kind].expected);
    into[field.name] = field.fallback;
    return null;
  }
  const value = KINDS[field.kind].parse(raw);
  if (value === undefined) return complaint(field.name, raw, KINDS[field.kind].expected);
  into[field.name] = value;
  return null;
}

function parseFields(spec: OperationSpec, raw: Readonly<Record<string, unknown>>): Operation | string {
  const operation: { op: string; [field: string]: FieldValue } = { op: spec.op };
  for (const field of spec.fields) {
    const bad = parseField(field, raw[field.name], operation);
    if (bad !== null) return `${spec.op}: ${bad}`;
  }
  if (raw.fail !== undefined) {
    if (!spec.writes) return `${spec.op}: field fail is only for operations that write`;
    const bad = parseField(FAIL_FIELD, raw.fail, operation);
    if (bad !== null) return `${spec.op}: ${bad}`;
  }
  return operation;
}

/** An operation of the domain, defaults filled in, or the complaint. */
export function parseOperation(raw: unknown, domain: DomainName): Operation | string {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'not a JSON object';
  const { op } = raw as { op?: unknown };
  if (typeof op !== 'string') return complaint('op', op, 'the name of an operation');
  const spec = domainNamed(domain)?.spec(op);
  if (spec === undefined) return `${complaint('op', op, `an operation of the domain ${domain}`)}`;
  return parseFields(spec, raw as Readonly<Record<string, unknown>>);
}

/** Whether a file's line is none: blank, or a comment. */
export function isComment(line: string): boolean {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 35) return true; // #
    if (code !== 32 && code !== 9 && code !== 13) return false;
  }
  return true;
}

interface Growing {
  readonly header: Header;
  readonly operations: Operation[];
}

/** Reads one line into the sequences read so far. */
function readLine(line: string, sequences: Growing[]): string | null {
  const json = parseJson(line);
  if (typeof json === 'string') return json;
  if (isHeaderLine(json.value)) {
    const header = parseHeader(json.value);
    if (typeof header === 'string') return header;
    sequences.push({ header, operations: [] });
    return null;
  }
  const current = sequences.at(-1);
  if (current === undefined) return 'a header expected first: {"format":"maple-fuzz/1","domain":…}';
  const operation = parseOperation(json.value, current.header.domain);
  if (typeof operation === 'string') return operation;
  current.operations.push(operation);
  return null;
}

/**
 * All sequences of a text, in order. Blank lines and lines that start with # are skipped.
 * @throws SequenceError at the first line that is not valid, or if there is no sequence at all.
 */
export function parseSequences(text: string): Sequence[] {
  const sequences: Growing[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (isComment(lines[i])) continue;
    const bad = readLine(lines[i], sequences);
    if (bad !== null) throw new SequenceError(i + 1, bad);
  }
  if (sequences.length === 0) throw new SequenceError(0, 'no sequence: not a single line but blank ones and comments');
  return sequences;
}
