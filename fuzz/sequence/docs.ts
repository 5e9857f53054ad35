/**
 * The tables of docs/format.md, made from the table of operations: a test compares them, so the document cannot fall
 * behind.
 */

import { allDomains } from '../domains';
import type { DomainFormat } from '../format/domain';
import { KINDS } from '../format/kinds';
import type { FieldSpec, OperationSpec } from '../format/spec';

function fieldText(field: FieldSpec): string {
  if (field.fallback !== undefined) return `${field.name} (${JSON.stringify(field.fallback)})`;
  return field.optional ? `${field.name} (optional)` : field.name;
}

function row(spec: OperationSpec): string {
  const marks = [spec.writes ? 'writes' : '', spec.extension ? 'extension' : ''].filter((mark) => mark !== '');
  return `| \`${spec.op}\` | ${spec.fields.map(fieldText).join(', ')} | ${marks.join(', ')} | ${spec.about} |`;
}

/** The operations of a domain as a Markdown table. */
export function operationTable({ operations }: DomainFormat): string {
  return ['| op | fields (default) | | |', '| --- | --- | --- | --- |', ...operations.map(row)].join('\n');
}

/** What `ret` is, by operation; those that answer alike share a row. */
export function answerTable({ operations }: DomainFormat): string {
  const alike = new Map<string, string[]>();
  for (const { op, answers } of operations) alike.set(answers, [...(alike.get(answers) ?? []), `\`${op}\``]);
  const rows = [...alike].map(([answers, ops]) => `| ${ops.join(', ')} | ${answers} |`);
  return ['| op | `ret` |', '| --- | --- |', ...rows].join('\n');
}

/**
 * The kinds of field and what is valid, with the fields that are of that kind; whose they are, where a name is of
 * several kinds.
 */
export function fieldTable(): string {
  const users = new Map<string, Map<string, string[]>>();
  const kindsOf = new Map<string, Set<string>>();
  for (const { op, fields } of allDomains().flatMap(({ operations }) => operations)) {
    for (const { kind, name } of fields) {
      const names = users.get(kind) ?? new Map<string, string[]>();
      users.set(kind, names.set(name, [...(names.get(name) ?? []), `\`${op}\``]));
      kindsOf.set(name, (kindsOf.get(name) ?? new Set()).add(kind));
    }
  }
  const nameText = ([name, ops]: [string, string[]]): string =>
    kindsOf.get(name)!.size === 1 ? name : `${name} of ${ops.join(', ')}`;
  const rows = Object.entries(KINDS)
    .filter(([kind]) => users.has(kind))
    .map(
      ([kind, { expected }]) => `| ${[...users.get(kind)!].map(nameText).join(', ')} | ${expected.replace(/,$/, '')} |`,
    );
  return ['| fields | what is valid |', '| --- | --- |', ...rows].join('\n');
}
