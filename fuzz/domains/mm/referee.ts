/**
 * What comparing several targets needs to know of address spaces.
 */
import { PLAIN_FILES } from '../../format/kinds';
import { type Answer, type DumpVma, type MmDump, PAGE } from '../../format/types';
import { sameRet } from '../../lockstep/same';
import type { Dialect, RefereeFacts } from '../referee';

function piecesOf(answer: Answer): readonly string[] | null {
  if (!('vmas' in answer)) return null;
  return [...answer.vmas.map((vma) => JSON.stringify(vma)), `brk ${answer.brk}`];
}

/** Whether two mappings show the same; a policy of null is one that the target cannot see. */
function isSameVma(a: DumpVma, b: DumpVma): boolean {
  if (a.policy !== null && b.policy !== null) return sameRet(a, b);
  return sameRet({ ...a, policy: null }, { ...b, policy: null });
}

/** Counters are an extension: one that a side does not show is not compared. */
function areSameCounters(a: MmDump['counters'], b: MmDump['counters']): boolean {
  if (a === undefined || b === undefined) return true;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.every(([name, value]) => !right.has(name) || sameRet(value, right.get(name)));
}

/** What else a target says is its own affair. */
function isSame(a: Answer, b: Answer): boolean {
  if (!('vmas' in a && 'vmas' in b)) return sameRet(a, b);
  if (a.brk !== b.brk || a.vmas.length !== b.vmas.length) return false;
  return a.vmas.every((vma, i) => isSameVma(vma, b.vmas[i])) && areSameCounters(a.counters, b.counters);
}

/** A mapping without what is hidden: a field of the dump, or a flag by its two letters. */
function shownOf(vma: DumpVma, hides: readonly string[]): DumpVma {
  const flags = vma.flags
    .split(' ')
    .filter((flag) => !hides.includes(flag))
    .join(' ');
  const shown = Object.entries({ ...vma, flags }).filter(([name]) => !hides.includes(name));
  return Object.fromEntries(shown) as unknown as DumpVma;
}

/** Whether two neighbours differ in nothing that is shown, the offset in their file running on. */
function runsOn(a: DumpVma, b: DumpVma): boolean {
  if (a.end !== b.start) return false;
  const continues = !a.file || a.pgoff === undefined || a.pgoff + (a.end - a.start) / PAGE === b.pgoff;
  return continues && sameRet({ ...a, start: 0, end: 0, pgoff: 0 }, { ...b, start: 0, end: 0, pgoff: 0 });
}

function join(vmas: readonly DumpVma[]): DumpVma[] {
  const joined: DumpVma[] = [];
  for (const vma of vmas) {
    const before = joined.at(-1);
    if (before !== undefined && runsOn(before, vma)) joined[joined.length - 1] = { ...before, end: vma.end };
    else joined.push(vma);
  }
  return joined;
}

function inDialect(answer: Answer, { hides, joins }: Dialect): Answer {
  if (!('vmas' in answer)) return answer;
  const { vmas, brk, counters } = answer;
  const shown = vmas.map((vma) => shownOf(vma, hides));
  return {
    vmas: joins ? join(shown) : shown,
    brk: hides.includes('brk') ? null : brk,
    ...(counters === undefined || hides.includes('counters') ? {} : { counters }),
  };
}

export const mmReferee: RefereeFacts = {
  // The kernel's address spaces answer all that the format lets pass.
  isLegal: () => true,
  piecesOf,
  usualHeaders: ['brk'],
  usualFiles: PLAIN_FILES,
  isSame,
  inDialect,
};
