/**
 * An address space as a dump shows it, in the format's words.
 *
 * The page offset of anonymous memory is hidden, and so is everything about anon_vmas; policy, userfaultfd context and
 * name are shown only where they are set, the counters only if they were asked for.
 */
import { flagsText } from './flags';
import { type Counters, recount } from './limits';
import type { Space } from './space';
import type { Vma } from './vma';

export interface DumpedVma {
  readonly start: number;
  readonly end: number;
  readonly flags: string;
  readonly file: string | null;
  readonly pgoff: number;
  readonly policy?: number;
  readonly uffd?: number;
  readonly name?: string;
}

export interface Dump {
  readonly vmas: readonly DumpedVma[];
  readonly brk: number | null;
  readonly counters?: Counters;
}

export function dump(space: Space): Dump {
  const shown = { vmas: Array.from(space.vmas, dumpVma), brk: space.heapStart === null ? null : space.brk };
  return space.showCounters ? { ...shown, counters: recount(space) } : shown;
}

function dumpVma(vma: Vma): DumpedVma {
  const file = vma.file?.name ?? null;
  return {
    start: vma.start,
    end: vma.end,
    flags: flagsText(vma.flags),
    file,
    pgoff: file === null ? 0 : vma.pgoff,
    ...(vma.policy !== 0 && { policy: vma.policy }),
    ...(vma.uffd !== 0 && { uffd: vma.uffd }),
    ...(vma.name !== null && { name: vma.name }),
  };
}
