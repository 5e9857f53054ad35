/**
 * Whether two answers are the same, without building text: numbers, words, null, and short lists of them.
 */
import type { AnyRet } from '../sequence/answers';

export function sameRet(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameRet(a[i], b[i])) return false;
  return true;
}

/** What a difference shows of an answer; a whole dump is told by its detail alone. */
export function isShort(ret: AnyRet): boolean {
  return ret === null || typeof ret !== 'object' || (Array.isArray(ret) && !Array.isArray(ret[0]));
}
