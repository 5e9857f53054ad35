/**
 * New sequences from saved ones: pieces left out, repeated, spliced with another's, arguments nudged, fresh operations
 * put in between.
 *
 * What comes out is a script: saved operations as they are, and holes. A hole is filled when it is reached, by drawing
 * against the present content, so that what is inserted fits what is there:
 *
 *     parent A   a1 a2 a3 a4 a5 a6 a7
 *     parent B               b1 b2 b3 b4 b5
 *     script     a1 a2 ?  ?  a4 a5' b4 b5 ?
 *
 * A saved operation may have lost its meaning by then (its range is another entry's now); it is run all the same, for
 * its answer is defined. The result is a function of the parents, their order, and the stream.
 */

import type { DomainFormat } from '../format/domain';
import { type FieldKind, MAX_SIZE, STATES } from '../format/kinds';
import { spellable } from '../format/spelling';
import { type FieldValue, MAX_INDEX, type Operation, PAGE, type Sequence } from '../format/types';
import type { Stream } from './stream';

/** An operation, or a hole to be filled by drawing. */
export type ScriptItem = Operation | null;

/** At most so many operations in a script: what grew longer is cut. */
const MAX_LENGTH = 4000;

/** Up to how many mutations one child gets. */
const MOST_MUTATIONS = 4;

/**
 * A child of `parent`, spliced at times with `other` (of the same domain; may be the same sequence).
 * The child runs under the parent's header.
 */
export function mutate(stream: Stream, domain: DomainFormat, parent: Sequence, other: Sequence): ScriptItem[] {
  let script: ScriptItem[] = [...parent.operations];
  if (stream.chance(30) && other.header.domain === parent.header.domain) script = splice(stream, script, other);
  const times = stream.between(1, MOST_MUTATIONS);
  for (let i = 0; i < times; i++) script = mutateOnce(stream, domain, script);
  if (stream.chance(30)) for (let i = stream.between(1, 40); i > 0; i--) script.push(null);
  return script.slice(0, MAX_LENGTH);
}

/** The head of one and the tail of another. */
function splice(stream: Stream, script: readonly ScriptItem[], other: Sequence): ScriptItem[] {
  const head = stream.below(script.length + 1);
  const tail = stream.below(other.operations.length + 1);
  return [...script.slice(0, head), ...other.operations.slice(tail)];
}

function mutateOnce(stream: Stream, domain: DomainFormat, script: readonly ScriptItem[]): ScriptItem[] {
  const at = stream.below(script.length + 1);
  const length = stream.chance(60) ? stream.between(1, 3) : stream.between(2, 24);
  const kind = stream.below(100);
  const piece = script.slice(at, at + length);
  if (kind < 20) return [...script.slice(0, at), ...script.slice(at + length)];
  if (kind < 32) return [...script.slice(0, at), ...piece, ...script.slice(at)];
  if (kind < 40) return moved(stream, script, at, length);
  if (kind < 65) return [...script.slice(0, at), ...new Array<null>(length).fill(null), ...script.slice(at)];
  if (kind < 75)
    return [...script.slice(0, at), ...new Array<null>(piece.length).fill(null), ...script.slice(at + length)];
  return script.map((item, i) => (item !== null && i >= at && i < at + length ? nudge(stream, domain, item) : item));
}

/** The piece at `at`, somewhere else. */
function moved(stream: Stream, script: readonly ScriptItem[], at: number, length: number): ScriptItem[] {
  const piece = script.slice(at, at + length);
  const rest = [...script.slice(0, at), ...script.slice(at + length)];
  rest.splice(stream.below(rest.length + 1), 0, ...piece);
  return rest;
}

/** The operation with one argument changed a little, or exchanged with another of its own. */
export function nudge(stream: Stream, domain: DomainFormat, operation: Operation): Operation {
  const spec = domain.spec(operation.op);
  if (spec === undefined || spec.fields.length === 0) return operation;
  const field = spec.fields[stream.below(spec.fields.length)];
  const value = operation[field.name];
  if (value === undefined) return operation;
  const change = NUDGES[field.kind];
  const result = change === undefined ? { ...operation } : { ...operation, [field.name]: change(stream, value) };
  if (!spec.writes || !stream.chance(4)) return result;
  return { ...result, fail: stream.between(1, 4) };
}

type Nudge = (stream: Stream, value: FieldValue) => FieldValue;

const nudgeBytes: Nudge = (stream, bytes) => clamp((bytes as number) + stream.between(-2, 2) * PAGE, MAX_INDEX);

/** What a small change is, by the kind of the field. Where nothing stands here the value stays. */
const NUDGES: Readonly<Partial<Record<FieldKind, Nudge>>> = {
  index: (stream, index) => nudgeIndex(stream, index as number),
  size: (stream, size) => clamp((size as number) + stream.between(-2, 2), MAX_SIZE),
  state: (stream) => stream.below(STATES),
  'value-or-null': (_stream, value) => (value === null ? 7 : null),
  address: nudgeBytes,
  length: nudgeBytes,
  offset: nudgeBytes,
  'page-offset': (stream, pages) => clamp((pages as number) + stream.between(-2, 2), MAX_INDEX),
  prot: (stream) => ['rw-', 'r--', '---', 'r-x'][stream.below(4)],
  boolean: (_stream, value) => !value,
  policy: (stream) => stream.below(4),
  'uffd-context': (stream) => stream.between(1, 3),
};

/** The nearest number that the format has. */
function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}

function nudgeIndex(stream: Stream, index: number): number {
  const kind = stream.below(20);
  if (kind === 0) return MAX_INDEX;
  if (kind === 1) return 0;
  return spellable(index + stream.between(-3, 3));
}
