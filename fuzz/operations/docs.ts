/**
 * The tables of docs/format.md, made from the table of operations: a test compares them, so the document cannot fall behind.
 */
import type { Domain } from '../sequence/types';
import { KINDS } from './fields';
import type { FieldSpec, OperationSpec } from './spec';
import { MM_OPERATIONS, TREE_OPERATIONS } from './table';

function fieldText(field: FieldSpec): string {
  if (field.fallback !== undefined) return `${field.name} (${JSON.stringify(field.fallback)})`;
  return field.optional ? `${field.name} (optional)` : field.name;
}

function row(spec: OperationSpec): string {
  const marks = [spec.writes ? 'writes' : '', spec.extension ? 'extension' : ''].filter((mark) => mark !== '');
  return `| \`${spec.op}\` | ${spec.fields.map(fieldText).join(', ')} | ${marks.join(', ')} | ${spec.about} |`;
}

/** The operations of a domain as a Markdown table. */
export function operationTable(domain: Domain): string {
  const specs: readonly OperationSpec[] = domain === 'tree' ? TREE_OPERATIONS : MM_OPERATIONS;
  return ['| op | fields (default) | | |', '| --- | --- | --- | --- |', ...specs.map(row)].join('\n');
}

/** The kinds of field and what is valid, with the fields that are of that kind. */
export function fieldTable(): string {
  const names = new Map<string, Set<string>>();
  for (const { fields } of [...TREE_OPERATIONS, ...MM_OPERATIONS]) {
    for (const { kind, name } of fields) names.set(kind, (names.get(kind) ?? new Set()).add(name));
  }
  const rows = Object.entries(KINDS)
    .filter(([kind]) => names.has(kind))
    .map(([kind, { expected }]) => `| ${[...names.get(kind)!].join(', ')} | ${expected.replace(/,$/, '')} |`);
  return ['| fields | what is valid |', '| --- | --- |', ...rows].join('\n');
}
