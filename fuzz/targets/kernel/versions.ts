/**
 * Where a running kernel rightly differs from the reference, Linux 6.18, because of its version.
 *
 * Rules that hold here:
 * - A row says for which kernels, at which operation, and why. A difference that no row declares is a finding.
 * - After a declared difference the kernel's mappings may differ from ours for good, so it is not compared further in
 *   that sequence; the summary counts how often each row was used.
 * - Rows are about versions only. What a configuration or a missing privilege takes away is answered "unsupported" by
 *   the helper, and never compared.
 */
import { type Answer, type MmDump, type Operation, PAGE } from '../../format/types';

export const REFERENCE = '6.18';

export interface VersionDifference {
  /** The first release that behaves like the reference, as "6.17"; absent where a property of the kernel decides. */
  readonly until?: string;
  /** What the kernel's name in the answer to a header says of it. */
  readonly property?: string;
  readonly ops: readonly string[];
  /** One line for the summary. */
  readonly reason: string;
  /**
   * Where the operation alone says too little. Answers are those of the reference and of the kernel; `history` has the
   * operations of the sequence up to this one.
   */
  applies?(operation: Operation, expected: Answer, actual: Answer, history: readonly Operation[]): boolean;
}

const hasSeal = (dump: MmDump): boolean => dump.vmas.some(({ flags }) => flags.endsWith(' sl'));

/** Operations that may bring in pages of anonymous memory by reading. */
function readsPagesIn(operation: Operation): boolean {
  const { op, advice, onfault } = operation;
  const flags = (operation.flags ?? []) as readonly string[];
  if (op === 'mmap') return flags.includes('populate') || flags.includes('locked');
  return (op === 'mlock' && onfault !== true) || op === 'mlockall' || (op === 'madvise' && advice === 'populate_read');
}

/** What a dump says of each page, but for what an anon_vma decides: the charge, and where mappings end. */
function pagesOf(dump: MmDump): string {
  let text = '';
  let last = { end: -1, nature: '' };
  for (const { start, end, flags, file, pgoff, policy = 0, uffd, name } of dump.vmas) {
    // The policy of a file's mapping cannot be seen.
    const shown = file === null && !/\bsh\b/.test(flags) ? policy : 0;
    const place = file === null ? 0 : pgoff * PAGE - start;
    const nature = JSON.stringify([flags.replace(/ ac\b/, ''), file, place, shown, uffd, name]);
    if (start !== last.end || nature !== last.nature) text += `${last.nature} to ${last.end}, from ${start} `;
    last = { end, nature };
  }
  return `${text}${last.nature} to ${last.end}`;
}

export const VERSION_DIFFERENCES: readonly VersionDifference[] = [
  {
    property: 'no zero page',
    ops: [
      'mmap',
      'mprotect',
      'mremap',
      'madvise',
      'mlock',
      'munlock',
      'mlockall',
      'munlockall',
      'mseal',
      'brk',
      'mbind',
    ].concat(['uffd_register', 'uffd_unregister', 'munmap', 'remap_file_pages', 'touch', 'fork']),
    reason: 'this kernel has no zero page, so memory that was only read has an anon_vma',
    applies: (_operation, expected, actual, history) =>
      'vmas' in expected && 'vmas' in actual && history.some(readsPagesIn) && pagesOf(expected) === pagesOf(actual),
  },
  {
    property: 'no zero page',
    ops: ['mremap'],
    reason: 'this kernel has no zero page, so what moves may not merge, and keeps or loses what a merge takes along',
    applies: (_operation, expected, actual, history) =>
      'vmas' in expected && 'vmas' in actual && history.some(readsPagesIn),
  },
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
 * @param history  the operations of the sequence up to this one.
 */
export function declaredDifference(
  name: string,
  operation: Operation,
  expected: Answer,
  actual: Answer,
  history: readonly Operation[] = [],
  rows: readonly VersionDifference[] = VERSION_DIFFERENCES,
): VersionDifference | null {
  const release = releaseOf(name);
  if (release === null) return null;
  for (const row of rows) {
    if (row.until !== undefined && !isBefore(release, row.until)) continue;
    if ((row.property !== undefined && !name.includes(row.property)) || !row.ops.includes(operation.op)) continue;
    if (row.applies === undefined || row.applies(operation, expected, actual, history)) return row;
  }
  return null;
}
