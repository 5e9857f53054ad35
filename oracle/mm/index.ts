/**
 * The naive address space: the rules of mmap and its family, to be read as their specification.
 *
 *     address-space.ts    the class, a method an operation; running out of memory
 *     space.ts            the state and the few moves on it: look up, cut, insert, remove
 *     join.ts             when two neighbours become one mapping
 *     change.ts           what happens when something about a part of a mapping changes
 *     place.ts            where the kernel puts what may go anywhere
 *     fault.ts            touching, populating, anon_vmas, growing stacks
 *     map.ts              mmap, remap_file_pages         unmap.ts    munmap
 *     protect.ts          mprotect                       advise.ts   madvise
 *     lock.ts             mlock, mlockall                seal.ts     mseal
 *     heap.ts             brk                            fork.ts     fork
 *     remap.ts, resize.ts, move.ts, remap-6.12.ts        mremap
 *     attributes.ts       mbind, userfaultfd, names
 *     limits.ts           counters, the limit of locked memory
 *     flags.ts, files.ts, vma.ts, sorted.ts, dump.ts     what it is made of, and how it is shown
 *
 * Where a rule comes from stands in each file's head: a name in brackets is a sequence of the reference data
 * (fact-NAME), the rest are functions of the kernel.
 */
export { OracleAddressSpace } from './address-space';
export { CODES } from './flags';
export type { Vma } from './vma';
