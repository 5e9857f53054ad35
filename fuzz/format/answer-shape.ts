/**
 * How the answer to an operation is spelled and read: the line `{"ret":0}`, or a dump.
 *
 * Writing builds the text by hand: it is the wire's hot path. Reading gives numbers for spelled indexes, so that an
 * answer compares with what a subject in this process returns. A domain adds shapes of its own.
 */
import type { Answer, AnyRet, Ret } from './types';

export type RawAnswer = Readonly<Record<string, unknown>>;

export interface AnswerShape {
  /** The members of the answer's object, without the braces: `"ret":0`. */
  text(ret: AnyRet): string;
  /** The answer without what a cursor adds, or the complaint. */
  parse(answer: RawAnswer): Answer | string;
}

/**
 * A shape of `ret`.
 * @param expected  what it must be, in the words of a complaint. An errno name may always stand there: a wrong one is a
 *   difference.
 * @param spell  the text of what is neither null nor an errno name.
 * @param read  undefined for what is not of this shape.
 */
export function retShape(
  expected: string,
  spell: (ret: number | readonly (number | string | null)[]) => string,
  read: (raw: unknown) => Ret | undefined,
): AnswerShape {
  return {
    text: (ret) => `"ret":${ret === null || typeof ret === 'string' ? JSON.stringify(ret) : spell(ret as number)}`,
    parse(answer) {
      if (!('ret' in answer)) return '"ret" is missing';
      const ret = read(answer.ret);
      if (ret !== undefined) return { ret };
      return typeof answer.ret === 'string'
        ? { ret: answer.ret }
        : `"ret" is ${shown(answer.ret)}, ${expected} expected`;
    },
  };
}

export const PLAIN = retShape(
  'a number, null or an errno name',
  (ret) => (typeof ret === 'number' ? String(ret) : JSON.stringify(ret)),
  (raw) => (raw === null || typeof raw === 'number' ? raw : undefined),
);

export function isRecord(raw: unknown): raw is RawAnswer {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** A piece of an answer in a complaint. */
export function shown(raw: unknown): string {
  const text = JSON.stringify(raw);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
