/**
 * The shape of an address space's dump. All other answers of the domain are plain.
 */
import { type AnswerShape, isRecord, shown } from '../../format/answer-shape';
import type { DumpVma, MmDump } from '../../format/types';

function isVma(raw: unknown): raw is DumpVma {
  if (!isRecord(raw)) return false;
  const { start, end, flags, file, pgoff } = raw;
  const numbers = [start, end, pgoff].every((value) => typeof value === 'number');
  return numbers && typeof flags === 'string' && (file === null || typeof file === 'string');
}

export const MAPPINGS: AnswerShape = {
  text: (dump) => JSON.stringify(dump).slice(1, -1),
  parse(answer) {
    const { vmas, brk, counters } = answer;
    if (!Array.isArray(vmas)) return '"vmas" is missing';
    const odd = vmas.findIndex((vma) => !isVma(vma));
    if (odd >= 0) return `"vmas" has ${shown(vmas[odd])} at ${odd}, start, end, flags, file and pgoff expected`;
    if (brk !== null && typeof brk !== 'number') return '"brk" is neither a number nor null';
    if (counters !== undefined && !isRecord(counters)) return '"counters" is no object';
    return answer as unknown as MmDump;
  },
};
