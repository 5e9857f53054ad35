/**
 * What the points of a domain's content are, and how far apart neighbours lie: indexes count one by one, addresses by
 * pages.
 */
import type { DomainFormat } from '../format/domain';
import type { FieldKind } from '../format/kinds';
import { PAGE } from '../format/types';

export interface Points {
  /** From one point to the next. */
  readonly unit: number;
  /** Whether those in the upper half are counted from the top, and so can be as plain as low ones. */
  readonly fromTop: boolean;
}

const INDEXES: Points = { unit: 1, fromTop: true };
const ADDRESSES: Points = { unit: PAGE, fromTop: false };

export function pointsIn(domain: DomainFormat): Points {
  const hasAddresses = domain.operations.some(({ fields }) => fields.some(({ kind }) => kind === 'address'));
  return hasAddresses ? ADDRESSES : INDEXES;
}

/** Whether a field names one point. */
export function isPoint(kind: FieldKind): boolean {
  return kind === 'index' || kind === 'address';
}
