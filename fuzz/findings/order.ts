/**
 * Which finding to look at first: the lowest layer, for what is built on it breaks with it; then the shortest case.
 */
import { allDomains } from '../domains';
import type { FindingFacts } from './finding';

/** The place of the domain that has the operation; behind all for what is no operation ("header", "end"). */
function layerOf({ operation }: FindingFacts): number {
  const domains = allDomains();
  const at = domains.findIndex((domain) => domain.spec(operation) !== undefined);
  return at < 0 ? domains.length : at;
}

const lengthOf = ({ minimalLength, originalLength }: FindingFacts): number => minimalLength ?? originalLength;

/** The findings, best first; by their names where nothing else tells them apart. */
export function bestFirst<T extends FindingFacts>(findings: Iterable<readonly [string, T]>): [string, T][] {
  return [...findings]
    .map(([name, facts]): [string, T] => [name, facts])
    .sort(([a, one], [b, other]) => {
      return layerOf(one) - layerOf(other) || lengthOf(one) - lengthOf(other) || (a < b ? -1 : 1);
    });
}
