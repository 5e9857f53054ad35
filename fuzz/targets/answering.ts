/**
 * An implementation of this process behind the wire protocol: a line in, exactly one line out.
 *
 *     header ----> a new, empty subject            {"ok":true,"name":"maple-fuzz src …","ops":[…]}
 *     operation -> checked, applied, answered      {"ret":…}  {"error":…}  {"unsupported":true}
 *
 * Nothing that comes in may end it: what is wrong with a line is its answer. An exception inside an implementation is a bug of
 * ours; it is answered as an error too, so that whoever drives us sees at which line.
 */

import type { OperationSpec } from '../format/spec';
import type { MmSubject, TreeSubject } from '../format/subject';
import { FILES, isPageAdvice, mmSpec, operationNames, treeSpec } from '../format/table';
import type { AnyRet, Header, Operation, Ret } from '../format/types';
import { answerText, errorText, UNSUPPORTED } from '../sequence/answers';
import { isHeaderLine, parseHeader } from '../sequence/header';
import { parseJson, parseOperation } from '../sequence/parse';
import type { Implementation, Subject } from './in-process';

export type AnswerLine = (line: string) => string;

/** What a line led to, before it is text. */
interface Applied {
  readonly spec: OperationSpec;
  readonly ret: AnyRet;
}

function applyTo<S extends TreeSubject | MmSubject>(
  subject: S,
  operation: Operation,
  apply: (subject: S, operation: Operation) => Ret,
): Ret {
  if (operation.fail === undefined) return apply(subject, operation);
  subject.failAllocation(operation.fail as number);
  try {
    return apply(subject, operation);
  } finally {
    subject.failAllocation(0);
  }
}

/**
 * Applies an operation to a subject of this process.
 * @returns the answer's `ret`, or a text: what the format has against the operation (it has not been applied then).
 */
export function applyChecked(subject: Subject, operation: Operation): Applied | string {
  if (subject.domain === 'tree') {
    const spec = treeSpec(operation.op)!;
    const refused = spec.refuse?.(operation, subject.header, subject.tree) ?? null;
    return refused ?? { spec, ret: applyTo(subject.tree, operation, spec.apply) };
  }
  const spec = mmSpec(operation.op)!;
  const refused = spec.refuse?.(operation, subject.header, subject.mm) ?? null;
  return refused ?? { spec, ret: applyTo(subject.mm, operation, spec.apply) };
}

/** The answer to a header: what this target can do. */
export function greeting(name: string, header: Header): string {
  const ops = operationNames(header.domain);
  const files = header.domain === 'mm' ? { files: FILES } : {};
  return JSON.stringify({ ok: true, name: `maple-fuzz ${name} (${header.domain})`, ops, ...files });
}

function answerOperation(subject: Subject, raw: unknown): string {
  const operation = parseOperation(raw, subject.domain);
  if (typeof operation === 'string') return errorText(operation);
  const applied = applyChecked(subject, operation);
  if (typeof applied === 'string') return errorText(`${operation.op}: ${applied}`);
  const mas = subject.domain === 'tree' && applied.spec.cursor ? subject.tree.mas(operation.r as number) : null;
  return answerText(applied.spec, applied.ret, mas);
}

/**
 * A target that answers line after line; it keeps the present sequence's subject.
 * @param onException  what to answer when the implementation throws; it may throw itself.
 */
export function createAnswering(
  { name, make }: Implementation,
  onException: (error: unknown) => string = (error) => errorText(`${name} failed: ${describe(error)}`),
): AnswerLine {
  let subject: Subject | null = null;
  let idle = 'a header expected first: {"format":"maple-fuzz/1","domain":…}';

  const begin = (raw: unknown): string => {
    subject = null;
    const header = parseHeader(raw);
    if (typeof header === 'string') {
      idle = 'the header of this sequence was refused';
      return errorText(header);
    }
    subject = make(header);
    return greeting(name, header);
  };

  return (line) => {
    const json = parseJson(line);
    if (typeof json === 'string') return errorText(json);
    try {
      if (isHeaderLine(json.value)) return begin(json.value);
      if (subject === null) return errorText(idle);
      if (isUnsupported(subject, json.value)) return UNSUPPORTED;
      return answerOperation(subject, json.value);
    } catch (error) {
      return onException(error);
    }
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Valid page advice inside the window: nobody does it. Anything wrong with the line comes first. */
function isUnsupported(subject: Subject, raw: unknown): boolean {
  if (subject.domain !== 'mm') return false;
  if ((raw as { op?: unknown } | null)?.op !== 'madvise') return false;
  const operation = parseOperation(raw, 'mm');
  if (typeof operation === 'string' || !isPageAdvice(operation)) return false;
  return (mmSpec('madvise')!.refuse?.(operation, subject.header, subject.mm) ?? null) === null;
}
