/**
 * What can be mapped: regular files, devices, and the nameless objects behind shared anonymous memory.
 *
 * Two mappings are of the same file only if they refer to the same object. The hooks are plain properties: a close hook
 * forbids a merge to remove a mapping, a split hook refuses every split, a failing mmap hook refuses the mapping
 * itself.
 */
import { DONT_DUMP, DONT_EXPAND, IO, MIXED, PFN } from './flags';

export interface FileObject {
  /** As it is called in the sequence; null for shared anonymous memory. */
  readonly name: string | null;
  /** Pages that can be touched, counted from offset 0; Infinity if all can. */
  readonly pages: number;
  /** What its mmap hook adds to the flags of a mapping. */
  readonly adds: number;
  /** Whether a mapping may become executable (the file system of `dev` is mounted noexec). */
  readonly mayExec: boolean;
  /** Not a regular file: no hole can be punched into it, userfaultfd does not take it. */
  readonly device: boolean;
  /** Its mappings have a close hook. */
  readonly closes: boolean;
  /** Its mappings refuse to be split. */
  readonly refusesSplit: boolean;
  /** Its mmap hook fails. */
  readonly failsMmap: boolean;
}

const regular: FileObject = {
  name: null,
  pages: 64,
  adds: 0,
  mayExec: true,
  device: false,
  closes: false,
  refusesSplit: false,
  failsMmap: false,
};

/** All named files; there is one object of each, whatever the process. */
const FILES: readonly FileObject[] = [
  { ...regular, name: 'a' },
  { ...regular, name: 'b' },
  { ...regular, name: 'c' },
  { ...regular, name: 'dev', pages: 4, adds: DONT_EXPAND, mayExec: false, device: true },
  { ...regular, name: 'closer', closes: true },
  { ...regular, name: 'nosplit', refusesSplit: true },
  { ...regular, name: 'pfn', pages: Number.POSITIVE_INFINITY, adds: PFN | IO, device: true },
  { ...regular, name: 'mixed', pages: Number.POSITIVE_INFINITY, adds: MIXED, device: true },
  { ...regular, name: 'failing', failsMmap: true },
  { ...regular, name: 'nodump', adds: DONT_DUMP },
];

/** The file of that name, or null. */
export function fileNamed(name: string): FileObject | null {
  return FILES.find((file) => file.name === name) ?? null;
}

/** A new object for shared anonymous memory of that many pages. */
export function sharedMemory(pages: number): FileObject {
  return { ...regular, pages };
}
