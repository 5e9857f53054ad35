/**
 * Helpers of the tests: small address spaces by a few words, and what is in them as one line of text.
 *
 *     const mm = space(16);
 *     map(mm, 0, 4);                       pages 0 to 3, private anonymous, rw-
 *     shape(mm)                            "0-4 rw-"
 */
import { debug } from '../../debug';
import { AddressSpace } from '../address-space';
import type { AddressSpaceOptions } from '../api';
import type { MmFile } from '../file';
import { MAP_FIXED, MAP_PRIVATE, MAP_SHARED } from '../mman';
import { PAGE_SIZE } from '../page';
import { VM_EXEC, VM_READ, VM_SHARED, VM_WRITE } from '../vm-flags';
import type { Vma } from '../vma';

/** A space of so many pages. */
export function space(pages: number, options: Partial<AddressSpaceOptions> = {}): AddressSpace {
  return new AddressSpace({ endPage: pages, ...options });
}

/** "rw-" as bits. */
export function prot(text: string): number {
  return (text[0] === 'r' ? VM_READ : 0) | (text[1] === 'w' ? VM_WRITE : 0) | (text[2] === 'x' ? VM_EXEC : 0);
}

/** Maps [start, end), in pages, over what is there; of a file it is the pages from `pgoff` on. */
export function map(
  mm: AddressSpace,
  start: number,
  end: number,
  access = 'rw-',
  file: MmFile | null = null,
  pgoff = 0,
  flags: number = MAP_PRIVATE,
): number | string {
  return mm.mmap(
    start * PAGE_SIZE,
    (end - start) * PAGE_SIZE,
    prot(access),
    flags | MAP_FIXED,
    file,
    pgoff * PAGE_SIZE,
  );
}

/** Shared mapping of a file. */
export function share(mm: AddressSpace, start: number, end: number, file: MmFile | null, pgoff = 0): number | string {
  return map(mm, start, end, 'rw-', file, pgoff, MAP_SHARED);
}

function word(vma: Vma): string {
  const letter = (bit: number, name: string): string => ((vma.flags & bit) !== 0 ? name : '-');
  const access = letter(VM_READ, 'r') + letter(VM_WRITE, 'w') + letter(VM_EXEC, 'x');
  const shared = (vma.flags & VM_SHARED) !== 0 ? 's' : '';
  const file = vma.file?.name ? ` ${vma.file.name}@${vma.pgoff}` : '';
  return `${vma.start}-${vma.end} ${access}${shared}${file}${vma.anonVma ? ' anon' : ''}`;
}

/** What is mapped, in pages: "0-4 rw-, 6-8 r-- a@2 anon". */
export function shape(mm: AddressSpace): string {
  return mm.vmas().map(word).join(', ');
}

/** Fails if the space is not in order. */
export function expectValid(mm: AddressSpace): void {
  expect(mm.validate()).toEqual([]);
}

/** The rules that break while `work` runs. */
export function rulesBrokenBy(work: () => void): string[] {
  const rules: string[] = [];
  debug.on = true;
  debug.onWarn = (rule) => {
    if (!rules.includes(rule)) rules.push(rule);
  };
  try {
    work();
  } finally {
    debug.on = false;
    debug.onWarn = null;
  }
  return rules;
}

/** The events that happen while `work` runs, by number. */
export function eventsOf(work: () => void): Set<number> {
  debug.on = true;
  debug.eventCount = 0;
  try {
    work();
  } finally {
    debug.on = false;
  }
  return new Set(debug.events.subarray(0, debug.eventCount));
}
