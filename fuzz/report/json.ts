/**
 * A difference for machines (`--json`): its operation and answers as the format has them, so that they can be pasted into a
 * sequence file. In memory an index is a plain number, which the format refuses above 2^52-2.
 */

import { MAX_PLAIN_INDEX, spellIndex } from '../format/spelling';
import type { Answer, DomainName } from '../format/types';
import type { Difference } from '../lockstep/types';
import { spellOperation } from '../sequence/print';

/** An answer as the wire would have it. Only of trees do such numbers stand for indexes. */
export function answerJson(answer: Answer, domain: DomainName): string {
  return JSON.stringify(answer, (_key, value) =>
    domain === 'tree' && typeof value === 'number' && value > MAX_PLAIN_INDEX ? spellIndex(value) : value,
  );
}

/** What stands in a line of JSON for a difference. */
export function spellDifference(difference: Difference, domain: DomainName): Record<string, unknown> {
  const { operation, expected, actual } = difference;
  const spell = (answer: Answer): unknown => JSON.parse(answerJson(answer, domain));
  return {
    ...difference,
    operation: operation === null ? null : spellOperation(operation, domain),
    ...(expected === undefined ? {} : { expected: spell(expected) }),
    ...(actual === undefined ? {} : { actual: spell(actual) }),
  };
}
