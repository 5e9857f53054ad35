/**
 * What comparing several targets needs to know of address spaces.
 */
import { PLAIN_FILES } from '../../format/kinds';
import type { Answer } from '../../format/types';
import { sameRet } from '../../lockstep/same';
import type { RefereeFacts } from '../referee';

function piecesOf(answer: Answer): readonly string[] | null {
  if (!('vmas' in answer)) return null;
  return [...answer.vmas.map((vma) => JSON.stringify(vma)), `brk ${answer.brk}`];
}

/** Counters are an extension: where one side shows none, they are not compared. */
function isSame(a: Answer, b: Answer): boolean {
  if (!('vmas' in a && 'vmas' in b) || (a.counters === undefined) === (b.counters === undefined)) return sameRet(a, b);
  const { counters: _a, ...left } = a;
  const { counters: _b, ...right } = b;
  return sameRet(left, right);
}

export const mmReferee: RefereeFacts = {
  // The kernel's address spaces answer all that the format lets pass.
  isLegal: () => true,
  piecesOf,
  usualHeaders: ['brk'],
  usualFiles: PLAIN_FILES,
  isSame,
};
