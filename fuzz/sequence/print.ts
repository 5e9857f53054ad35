/**
 * From sequences to text, and the canonical form.
 *
 * Printed are the fields in the table's order, defaults left out; so two records that mean the same print the same but
 * for the order of words in lists, which `canonical` settles as well. What is printed can be read again: an index that
 * the format cannot spell is a mistake of the code that made it, and refused here, before it is in a file.
 */
import { domainNamed } from '../domains';
import { KINDS } from '../format/kinds';
import type { FieldSpec } from '../format/spec';
import { indexText, isIndex } from '../format/spelling';
import type { DomainName, FieldValue, Header, Operation, Sequence } from '../format/types';
import { spellHeader } from './header';

function fieldText(field: FieldSpec, value: FieldValue): string {
  if (field.kind === 'index') {
    if (!isIndex(value as number)) throw new RangeError(`${field.name} is ${value}; ${KINDS.index.expected} expected`);
    return indexText(value as number);
  }
  const { spell } = KINDS[field.kind];
  return JSON.stringify(spell ? spell(value) : value);
}

/** One line of JSON, without the line end. An operation that the domain does not have prints as it is. */
export function printOperation(operation: Operation, domain: DomainName): string {
  const spec = domainNamed(domain)?.spec(operation.op);
  if (spec === undefined) return JSON.stringify(operation);
  let text = `{"op":"${operation.op}"`;
  for (const field of spec.fields) {
    const value = operation[field.name];
    if (value === undefined || value === field.fallback) continue;
    text += `,"${field.name}":${fieldText(field, value)}`;
  }
  if (operation.fail !== undefined) text += `,"fail":${operation.fail}`;
  return `${text}}`;
}

/** The same as an object, for what is JSON itself. Nothing is refused: what cannot be spelled is to be seen. */
export function spellOperation(operation: Operation, domain: DomainName): Record<string, unknown> {
  const spec = domainNamed(domain)?.spec(operation.op);
  if (spec === undefined) return { ...operation };
  const spelled: Record<string, unknown> = { op: operation.op };
  for (const { name, kind, fallback } of spec.fields) {
    const value = operation[name];
    if (value === undefined || value === fallback) continue;
    const { spell } = KINDS[kind];
    spelled[name] = spell ? spell(value) : value;
  }
  if (operation.fail !== undefined) spelled.fail = operation.fail;
  return spelled;
}

export function printHeader(header: Header): string {
  return JSON.stringify(spellHeader(header));
}

/** A whole sequence as a file or the wire has it; each line ends with a line feed. */
export function printSequence(sequence: Sequence): string {
  const { domain } = sequence.header;
  const lines = sequence.operations.map((operation) => printOperation(operation, domain));
  return `${[printHeader(sequence.header), ...lines].join('\n')}\n`;
}

/** An operation with what cannot matter taken out: the order of words in lists, fields that are not looked at. */
function canonicalOperation(operation: Operation, domain: DomainName): Operation {
  const spec = domainNamed(domain)?.spec(operation.op);
  if (spec === undefined) return operation;
  const result: { op: string; [field: string]: FieldValue } = { op: operation.op };
  for (const field of spec.fields) {
    const value = operation[field.name];
    if (value === undefined || isIdle(operation, field)) continue;
    const { sort } = KINDS[field.kind];
    result[field.name] = sort ? sort(value) : value;
  }
  if (operation.fail !== undefined) result.fail = operation.fail as number;
  return result;
}

/** Whether a field is not looked at beside the flags that the operation has. */
function isIdle({ flags }: Operation, { onlyWith }: FieldSpec): boolean {
  return onlyWith !== undefined && !onlyWith.some((flag) => (flags as readonly string[]).includes(flag));
}

/** The canonical form of a sequence: without note and origin, each operation canonical. Equal texts mean equal runs. */
export function canonical(sequence: Sequence): Sequence {
  const { note: _note, origin: _origin, ...header } = sequence.header;
  const { domain } = sequence.header;
  return {
    header: header as Header,
    operations: sequence.operations.map((operation) => canonicalOperation(operation, domain)),
  };
}
