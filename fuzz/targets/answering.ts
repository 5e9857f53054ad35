/**
 * An implementation of this process behind the wire protocol: a line in, exactly one line out.
 *
 *     header ----> a new, empty subject            {"ok":true,"name":"maple-fuzz src …","ops":[…]}
 *     operation -> checked, applied, answered      {"ret":…}  {"error":…}  {"unsupported":true}
 *
 * Nothing that comes in may end it: what is wrong with a line is its answer. An exception inside an implementation is a
 * bug of ours; it is answered as an error too, so that a driver sees at which line.
 */

import { domainOf } from '../domains';
import { operationNames } from '../format/domain';
import type { OperationSpec } from '../format/spec';
import type { Subject } from '../format/subject';
import type { Header, Operation, Ret } from '../format/types';
import { answerText, errorText, UNSUPPORTED } from '../sequence/answers';
import { isHeaderLine, parseHeader } from '../sequence/header';
import { parseJson, parseOperation } from '../sequence/parse';
import { type InProcessName, type Instance, makeInstance } from './in-process';

export type AnswerLine = (line: string) => string;

function applyTo(subject: Subject, spec: OperationSpec, operation: Operation): Ret {
  if (typeof operation.fail !== 'number') return spec.apply(subject, operation);
  subject.failAllocation(operation.fail);
  try {
    return spec.apply(subject, operation);
  } finally {
    subject.failAllocation(0);
  }
}

/** What the format has against an operation: one of the domain, which the parser took. */
function complaintOf({ header, subject }: Instance, spec: OperationSpec, operation: Operation): string | null {
  return spec.refuse?.(operation, header, subject) ?? null;
}

function rowOf({ domain }: Instance, { op }: Operation): OperationSpec {
  const spec = domain.spec(op);
  if (spec === undefined) throw new TypeError(`${op} is no operation of the domain ${domain.name}`);
  return spec;
}

/** Applies an operation to a subject of this process, unless the format has something against it. */
export function applyChecked(instance: Instance, operation: Operation): void {
  const spec = rowOf(instance, operation);
  if (complaintOf(instance, spec, operation) === null) applyTo(instance.subject, spec, operation);
}

/**
 * The answer line to a valid operation. Advice that no target follows comes after all that can be wrong with the line.
 */
export function answerOf(instance: Instance, operation: Operation): string {
  const spec = rowOf(instance, operation);
  const refused = complaintOf(instance, spec, operation);
  if (refused !== null) return errorText(`${operation.op}: ${refused}`);
  if (spec.unsupported?.(operation) === true) return UNSUPPORTED;
  const { domain, subject } = instance;
  const ret = applyTo(subject, spec, operation);
  return answerText(spec, ret, spec.cursor ? (domain.cursor?.(subject, operation) ?? null) : null);
}

/** The answer to a header: what this target can do. */
function greetingOf(name: InProcessName, header: Header): string {
  const domain = domainOf(header);
  const ops = operationNames(domain);
  return JSON.stringify({ ok: true, name: `maple-fuzz ${name} (${domain.name})`, ops, ...domain.greeting });
}

/** A target that answers line after line; it keeps the present sequence's subject. */
export function createAnswering(name: InProcessName): AnswerLine {
  let instance: Instance | null = null;
  let idle = 'a header expected first: {"format":"maple-fuzz/1","domain":…}';

  const begin = (raw: unknown): string => {
    instance = null;
    const header = parseHeader(raw);
    if (typeof header === 'string') {
      idle = 'the header of this sequence was refused';
      return errorText(header);
    }
    instance = makeInstance(name, header);
    return greetingOf(name, header);
  };

  return (line) => {
    const json = parseJson(line);
    if (typeof json === 'string') return errorText(json);
    try {
      if (isHeaderLine(json.value)) return begin(json.value);
      if (instance === null) return errorText(idle);
      const operation = parseOperation(json.value, instance.domain.name);
      return typeof operation === 'string' ? errorText(operation) : answerOf(instance, operation);
    } catch (error) {
      return errorText(`${name} failed: ${(error as Error).stack ?? error}`);
    }
  };
}
