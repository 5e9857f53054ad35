/**
 * Ranges that a picture marks.
 */
import type { Operation } from '../format/types';

/** Both ends inclusive. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export function overlaps(range: Range | null, first: number, last: number): boolean {
  return range !== null && range.first <= last && range.last >= first;
}

export function numberField(operation: Operation, name: string): number | undefined {
  const value = operation[name];
  return typeof value === 'number' ? value : undefined;
}
