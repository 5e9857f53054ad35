/**
 * Which findings are one mistake: findings are put into groups, and one group should be one mistake.
 *
 *     store_range  gap[#] of the node at depth #      --.
 *     mmap         gap[#] of the node at depth #      --+-- same words: one group
 *     erase        expected #-#: #, got no entry      --'   same suspects: one group
 *
 * Two findings belong together if
 * - what broke is told in the same words, numbers left out (`keyOf`). An answer counts with its operation; content and
 *   structure do not, for all operations write through the same code; and a rule of the tree under an address space is
 *   the tree's. Where the words name a place in a source (a failed check of a kernel, the first frame of a sanitizer or
 *   an exception), the place alone counts.
 * - or the functions of src suspected for them are alike (`suspects`: what failing steps run and passing neighbours do
 *   not).
 *
 * Groups are what hangs together through such pairs; so they depend neither on the order of findings nor on which came
 * first. Nothing is read from a disk here.
 */
import { allDomains } from '../domains';
import { INVARIANTS } from '../domains/invariants';
import type { Suspect } from '../run/suspects';
import type { FindingFacts } from './finding';

export interface NamedFacts {
  readonly name: string;
  readonly facts: FindingFacts;
}

/** A mistake, as far as it can be told: its findings, the one that shows it best first. */
export type Group = readonly NamedFacts[];

/** How alike the suspects of two findings must be, 0 to 1: measured, see docs/bug-finding.md. */
const ALIKE = 0.4;
/** A rule that is broken by what was written, whatever wrote it. */
const CONTENT = 'content';

/** The groups, the one with the best finding first; in each, findings from best to worst. */
export function groupsOf(findings: readonly NamedFacts[]): Group[] {
  const sorted = [...findings].sort(byPlainness);
  const groups = new Groups(sorted.length);
  const firstOfKey = new Map<string, number>();
  for (const [i, { facts }] of sorted.entries()) {
    const key = keyOf(facts);
    const first = firstOfKey.get(key);
    if (first === undefined) firstOfKey.set(key, i);
    else groups.join(first, i);
  }
  const suspects = sorted.map(({ facts }) => weightsOf(facts.suspects ?? []));
  for (let i = 0; i < sorted.length; i++) {
    for (let j = 0; j < i; j++) if (likeness(suspects[i], suspects[j]) >= ALIKE) groups.join(j, i);
  }
  const found = new Map<number, NamedFacts[]>();
  for (const [i, one] of sorted.entries()) {
    const root = groups.rootOf(i);
    found.set(root, [...(found.get(root) ?? []), one]);
  }
  return [...found.values()];
}

/** What broke, in words that are the same for all findings of one kind. */
export function keyOf({ rule, operation, foundBy, detail = '' }: FindingFacts): string {
  const place = placeIn(detail);
  if (place !== null) return `${rule} ${place}`;
  const lower = INVARIANTS.find(({ name }) => name === rule)?.retells ?? rule;
  const isAnswer = (foundBy === 'answer' && rule !== CONTENT) || foundBy === 'protocol';
  return [lower, ...(isAnswer ? [operation] : []), shapeOf(detail)].join(' ');
}

/** The first line, numbers and what is quoted left out; of two sides, what one has and the other has not. */
function shapeOf(detail: string): string {
  const line = detail
    .split('\n')[0]
    .replace(/"[^"]*"/g, '""')
    .replace(/\b(max|\d+)(-(max|\d+))*\b/g, '#');
  const sides = /^(.*)expected (.*), got (.*)$/.exec(line);
  if (sides === null) return line;
  const [, place, expected, got] = sides;
  return `${place}without ${notIn(got, expected)}, with ${notIn(expected, got)}`;
}

/** The words of a text that another does not have, without numbers; "no entry" has none. */
function notIn(other: string, text: string): string {
  if (text.startsWith('no ')) return '';
  const words = new Set([...other.split(' '), '#', '#:']);
  return text
    .split(' ')
    .filter((word) => !words.has(word))
    .join(' ');
}

/** What a finding is known by elsewhere: its signature, and what broke. */
export function marksOf(facts: FindingFacts): string[] {
  return facts.signature === null ? [keyOf(facts)] : [facts.signature, keyOf(facts)];
}

/** "2 groups of 14 findings". */
export function groupsText(groups: readonly Group[]): string {
  const findings = groups.reduce((sum, group) => sum + group.length, 0);
  const many = `${groups.length} ${groups.length === 1 ? 'group' : 'groups'}`;
  return `${many} of ${findings} ${findings === 1 ? 'finding' : 'findings'}`;
}

/** Whether another finding with the same key is minimized: there is little to learn from one more. */
export function hasMinimizedKin(findings: ReadonlyMap<string, FindingFacts>, name: string): boolean {
  const facts = findings.get(name);
  if (facts === undefined) return false;
  const key = keyOf(facts);
  return [...findings].some(([other, one]) => other !== name && one.minimized !== 'no' && keyOf(one) === key);
}

/** The first place in a source that the words name, without the folders it lies in. */
function placeIn(detail: string): string | null {
  const place = /([\w.+-]+\.(?:c|h|cc|cpp|rs|go|ts|js|py)):(\d+)/.exec(detail);
  return place === null ? null : `${place[1]}:${place[2]}`;
}

/** Findings as they stand in a folder, from best to worst. */
export function bestFirst(findings: ReadonlyMap<string, FindingFacts>): NamedFacts[] {
  return [...findings].map(([name, facts]) => ({ name, facts })).sort(byPlainness);
}

/** From best to worst: the lowest layer, minimized, the shortest; the name decides between equals. */
function byPlainness(a: NamedFacts, b: NamedFacts): number {
  return (
    layerOf(a.facts) - layerOf(b.facts) ||
    Number(a.facts.minimized === 'no') - Number(b.facts.minimized === 'no') ||
    lengthOf(a.facts) - lengthOf(b.facts) ||
    compareTexts(a.name, b.name)
  );
}

/** Domains stand in the order of their layers; what no domain has comes last. */
function layerOf({ operation }: FindingFacts): number {
  const layer = allDomains().findIndex((domain) => domain.spec(operation) !== undefined);
  return layer < 0 ? allDomains().length : layer;
}

function lengthOf({ minimalLength, originalLength }: FindingFacts): number {
  return minimalLength ?? originalLength;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The suspected functions by how much they are suspected. */
function weightsOf(suspects: readonly Suspect[]): ReadonlyMap<string, number> {
  const known = suspects.filter(({ file }) => !/(debug|events)\.[jt]s$/.test(file));
  return new Map(known.map((one) => [`${one.file} ${one.function}`, one.score]));
}

/** The cosine of two lists: 1 for the same, 0 where nothing is in both. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let both = 0;
  for (const [name, weight] of a) both += weight * (b.get(name) ?? 0);
  return both === 0 ? 0 : both / Math.sqrt(squares(a) * squares(b));
}

function squares(weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of weights.values()) sum += weight * weight;
  return sum;
}

/** What hangs together, as a forest: each points to an earlier one of its group, the first to itself. */
class Groups {
  private readonly above: number[];

  constructor(count: number) {
    this.above = Array.from({ length: count }, (_, i) => i);
  }

  rootOf(i: number): number {
    let root = i;
    while (this.above[root] !== root) root = this.above[root];
    return root;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.rootOf(a), this.rootOf(b)];
    this.above[Math.max(x, y)] = Math.min(x, y);
  }
}
