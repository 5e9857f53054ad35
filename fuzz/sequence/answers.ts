/**
 * Answer lines: written by `exec`, read from targets and from recorded data. What stands in them goes by the shape that
 * the table gives the answer.
 */
import { isRecord } from '../format/answer-shape';
import type { OperationSpec } from '../format/spec';
import { indexText, parseAnswerIndex } from '../format/spelling';
import type { CursorView } from '../format/subject';
import type { Answer, AnsweredMas, AnyRet, MasStatus } from '../format/types';

/** The answer to an operation that was applied; `cursor` is the one that it worked on, if any. */
export function answerText(spec: OperationSpec, ret: AnyRet, cursor: CursorView | null): string {
  const text = spec.answer.text(ret);
  if (cursor === null) return `{${text}}`;
  return `{${text},"mas":[${indexText(cursor.index)},${indexText(cursor.last)},"${cursor.status}"]}`;
}

export const UNSUPPORTED = '{"unsupported":true}';

export function errorText(error: string): string {
  return JSON.stringify({ error });
}

const STATUSES: readonly unknown[] = ['start', 'active', 'root', 'none', 'pause', 'overflow', 'underflow', 'error'];

function parseMas(raw: unknown): AnsweredMas | undefined {
  if (!Array.isArray(raw) || raw.length !== 3 || !STATUSES.includes(raw[2])) return undefined;
  const [index, last] = [parseAnswerIndex(raw[0]), parseAnswerIndex(raw[1])];
  return index === undefined || last === undefined ? undefined : [index, last, raw[2] as MasStatus];
}

/**
 * An answer line, as JSON.parse gives it, in our own terms: spelled indexes become numbers. `spec` is the operation's
 * row, null for a header. Returns the complaint, a text, if the line is none of the wire's shapes.
 *
 * What else a target may say with any answer (what it reached, the work that it did) has its place here.
 */
export function parseAnswer(raw: unknown, spec: OperationSpec | null): Answer | string {
  if (!isRecord(raw)) return 'not a JSON object';
  if ('error' in raw) return { error: String(raw.error) };
  if (spec === null) return raw.ok === true ? (raw as unknown as Answer) : 'neither "ok" nor "error"';
  if (raw.unsupported === true)
    return typeof raw.why === 'string' ? { unsupported: true, why: raw.why } : { unsupported: true };
  const answer = spec.answer.parse(raw);
  if (!spec.cursor || typeof answer === 'string') return answer;
  const mas = parseMas(raw.mas);
  return mas === undefined ? '"mas" is missing or not [index, last, status]' : ({ ...answer, mas } as Answer);
}
