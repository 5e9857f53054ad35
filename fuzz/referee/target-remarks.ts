/**
 * What a run came to know of its targets, to be said at its end: what they lack, what they sat out.
 */
import { printable } from '../base/printable';

export type Remark = readonly [text: string, times: number];

export function remarkText([text, times]: Remark): string {
  return `${times === 1 ? 'once' : `${times} times`}: ${printable(text)}`;
}

/** The remarks of several runs, those of the same text as one. */
export function mergeRemarks(remarks: Iterable<Remark>): Remark[] {
  const merged = new Map<string, number>();
  for (const [text, times] of remarks) merged.set(text, (merged.get(text) ?? 0) + times);
  return [...merged];
}
