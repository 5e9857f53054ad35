import type { FindingFacts } from './finding';
import { bestFirst } from './order';

const facts = (operation: string, originalLength: number, minimalLength: number | null = null): FindingFacts => ({
  ...{ rule: 'answer', operation, foundBy: 'answer', detail: '', seed: null, n: null, minimized: 'no' },
  ...{ signature: null, originalLength, minimalLength, minimizeMs: 0, version: '0' },
});

it('puts the tree before what is built on it, and the short before the long', () => {
  const findings: [string, FindingFacts][] = [
    ['a', facts('fork', 3, 1)],
    ['b', facts('end', 1)],
    ['c', facts('store_range', 90, 4)],
    ['d', facts('erase', 3)],
    ['f', facts('load', 3)],
    ['e', facts('load', 3)],
  ];
  expect(bestFirst(findings).map(([name]) => name)).toEqual(['d', 'e', 'f', 'c', 'a', 'b']);
});
