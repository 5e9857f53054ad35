/**
 * Findings of one mistake are one group, those of two are two.
 */
import type { Suspect } from '../run/suspects';
import type { FindingFacts } from './finding';
import { groupsOf, groupsText, keyOf, type NamedFacts } from './groups';

const USUAL: FindingFacts = {
  rule: 'content',
  operation: 'store_range',
  foundBy: 'answer',
  detail: '',
  seed: 's',
  n: 1,
  minimized: 'yes',
  signature: null,
  originalLength: 100,
  minimalLength: 2,
  minimizeMs: 0,
  version: '0',
};

function finding(name: string, facts: Partial<FindingFacts>): NamedFacts {
  return { name, facts: { ...USUAL, ...facts } };
}

function suspect(name: string, score: number): Suspect {
  return { file: 'src/maple-tree/gaps.ts', function: name, line: 1, score };
}

function namesOf(findings: readonly NamedFacts[]): string[][] {
  return groupsOf(findings).map((group) => group.map(({ name }) => name));
}

const gap = (at: number, depth: number): string => `gap[${at}] of the node at depth ${depth}, 0-5: stored 1, real 2`;

it('a rule of the structure is one mistake whatever the operation and the numbers', () => {
  const all = [
    finding('a', { rule: 'recorded-gaps', foundBy: 'structure', operation: 'bulk', detail: gap(0, 0) }),
    finding('b', { rule: 'recorded-gaps', foundBy: 'structure', operation: 'erase', detail: gap(1, 3) }),
    finding('c', { rule: 'structure', foundBy: 'structure', operation: 'erase', detail: 'slot 1 of leaf 3: empty' }),
  ];
  expect(namesOf(all)).toEqual([['a', 'b'], ['c']]);
});

it('a rule of the tree that breaks under an address space is the tree’s, and the tree’s finding stands for it', () => {
  const all = [
    finding('a', { rule: 'mm-tree-structure', foundBy: 'structure', operation: 'mmap', detail: gap(0, 0) }),
    finding('b', { rule: 'structure', foundBy: 'structure', operation: 'bulk', detail: gap(2, 1), minimalLength: 9 }),
  ];
  expect(namesOf(all)).toEqual([['b', 'a']]);
});

it('content counts with what one side has and the other has not, whatever wrote it', () => {
  const detail = (flags: string): string => `mapping 3: expected 0-4096 rd ${flags}, got 0-8192 rd`;
  const all = [
    finding('a', { operation: 'mmap', detail: detail('lo') }),
    finding('b', { operation: 'munmap', detail: detail('lo').replace('3', '4') }),
    finding('c', { operation: 'mmap', detail: detail('ac') }),
  ];
  expect(namesOf(all)).toEqual([['a', 'b'], ['c']]);
});

it('an answer counts with its operation', () => {
  const answer = (operation: string) => ({ rule: 'answer', operation, detail: 'it answers something else' });
  const all = [finding('a', answer('mmap')), finding('b', answer('mmap')), finding('c', answer('munmap'))];
  expect(namesOf(all)).toEqual([['a', 'b'], ['c']]);
});

it('the place that a kernel or a sanitizer names is what counts', () => {
  const bug = (at: string): string => `the driver died\nBUG at /home/u/linux/lib/maple_tree.c:${at}\n  mas_store`;
  const all = [
    finding('a', { rule: 'target-died', operation: 'erase', detail: bug('3071') }),
    finding('b', { rule: 'target-died', operation: 'mas_store', detail: bug('3071') }),
    finding('c', { rule: 'target-died', operation: 'mas_store', detail: bug('412') }),
  ];
  expect(namesOf(all)).toEqual([['a', 'b'], ['c']]);
});

describe('suspects', () => {
  const one = { detail: 'one', suspects: [suspect('grow', 1), suspect('walk', 1), suspect('pull', 0.2)] };
  const two = { detail: 'two', suspects: [suspect('walk', 0.9), suspect('grow', 0.4)] };

  it('join what fails differently', () => {
    expect(namesOf([finding('a', one), finding('b', two)])).toEqual([['a', 'b']]);
  });

  it('join nothing where little of what is suspected is the same', () => {
    const other = { detail: 'other', suspects: [suspect('pull', 0.9)] };
    const partly = { detail: 'partly', suspects: [suspect('walk', 0.3), suspect('split', 1)] };
    const none = { detail: 'none', suspects: [] };
    const all = [one, other, partly, none].map((facts, i) => finding(`f${i}`, facts));
    expect(groupsOf(all)).toHaveLength(4);
  });

  it('count nothing that src runs for the fuzzer alone', () => {
    const hit = { ...suspect('hit', 1), file: 'src/debug.ts' };
    const all = ['walk', 'pull'].map((name) => finding(name, { detail: name, suspects: [hit, suspect(name, 0.5)] }));
    expect(groupsOf(all)).toHaveLength(2);
  });
});

it('groups do not depend on the order, and hang together through others', () => {
  const all = [
    finding('a', { detail: 'one' }),
    finding('b', { detail: 'one', suspects: [suspect('walk', 1)] }),
    finding('c', { detail: 'two', suspects: [suspect('walk', 1)], minimalLength: 1 }),
    finding('d', { detail: 'three' }),
  ];
  expect(namesOf(all)).toEqual([['c', 'a', 'b'], ['d']]);
  expect(namesOf([...all].reverse())).toEqual(namesOf(all));
  expect(groupsText(groupsOf(all))).toBe('2 groups of 4 findings');
});

it('findings of earlier versions, which know less, have a key as well', () => {
  const { detail: _detail, ...facts } = USUAL;
  expect(keyOf(facts as FindingFacts)).toBe('content ');
});
