/**
 * Where a running kernel rightly differs from the reference, Linux 6.18, because of its version.
 *
 * Rules that hold here:
 * - A row says for which kernels, at which operation, and why. A difference that no row declares is a finding.
 * - After a declared difference the kernel's mappings may differ from ours for good, so it is not compared further in that
 *   sequence; the summary counts how often each row was used.
 * - Rows are about versions only. What a configuration or a missing privilege takes away is answered "unsupported" by the
 *   helper, and never compared.
 */
import type { Answer, MmDump, Operation } from '../../format/types';

export const REFERENCE = '6.18';

export interface VersionDifference {
  /** The first release that behaves like the reference, as "6.17". */
  readonly until: string;
  readonly ops: readonly string[];
  /** One line for the summary. */
  readonly reason: string;
  /** Where the operation alone says too little. Answers are those of the reference and of the kernel. */
  applies?(operation: Operation, expected: Answer, actual: Answer): boolean;
}

const hasSeal = (dump: MmDump): boolean => dump.vmas.some(({ flags }) => flags.endsWith(' sl'));

export const VERSION_DIFFERENCES: readonly VersionDifference[] = [
  {
    until: '6.17',
    ops: ['mremap'],
    reason:
      'before 6.17 mremap checks in another order, moves one mapping at a time, and may leave the target removed after an error',
  },
  {
    until: '6.16',
    ops: ['mmap', 'mprotect', 'madvise', 'mlock', 'munlock', 'mseal', 'remap_file_pages', 'brk'],
    reason: 'before 6.16 a faulted range does not merge into a neighbour that was never faulted',
    applies: (_operation, expected, actual) =>
      'vmas' in expected && 'vmas' in actual && actual.vmas.length > expected.vmas.length,
  },
  {
    until: '6.12',
    ops: ['munmap', 'mmap', 'mprotect', 'madvise', 'brk', 'remap_file_pages'],
    reason: 'before 6.12 a sealed mapping in the way is seen before anything is split or changed',
    applies: (_operation, expected, actual) => 'vmas' in expected && 'vmas' in actual && hasSeal(actual),
  },
];

/** "Linux 6.12.48-1-amd64" -> [6, 12]; null for what is no Linux release. */
export function releaseOf(name: string): readonly [number, number] | null {
  const match = /^Linux (\d+)\.(\d+)/.exec(name);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

function isBefore(release: readonly [number, number], text: string): boolean {
  const [major, minor] = text.split('.').map(Number);
  return release[0] < major || (release[0] === major && release[1] < minor);
}

/**
 * The row that declares a difference, or null.
 * @param name  how the kernel's helper greets, "Linux 6.12.48".
 */
export function declaredDifference(
  name: string,
  operation: Operation,
  expected: Answer,
  actual: Answer,
  rows: readonly VersionDifference[] = VERSION_DIFFERENCES,
): VersionDifference | null {
  const release = releaseOf(name);
  if (release === null) return null;
  for (const row of rows) {
    if (!isBefore(release, row.until) || !row.ops.includes(operation.op)) continue;
    if (row.applies === undefined || row.applies(operation, expected, actual)) return row;
  }
  return null;
}
