/**
 * What the generator sees of the present state: the judge's content, read in place.
 *
 * Arguments are drawn from it ("edge k of the content plus or minus d", "gap k", "the cursor's index") and resolved when
 * the operation runs; what is saved is the resolved number, so that a saved sequence stands alone.
 * Everything here is a plain read without allocation, for it runs several times a step.
 */
import type { MasStatus, Operation } from './types';

/** A tree's stored ranges in ascending order, and its maple states. */
export interface TreeView {
  /** How many ranges are stored. */
  count(): number;
  /** First index of stored range k, k from 0 to count() - 1. */
  first(k: number): number;
  /** Its last index, inclusive. */
  last(k: number): number;
  masIndex(r: number): number;
  masLast(r: number): number;
  masStatus(r: number): MasStatus;
  /** Whether the last operation found no memory. */
  failed(): boolean;
  /** Whether the kernel's own code would answer the operation by layout, or crash: strict sequences leave it out. */
  isCorner(operation: Operation): boolean;
}

/** An address space's mappings in ascending order; addresses in bytes from the window's start. */
export interface MmView {
  count(): number;
  start(k: number): number;
  /** Exclusive. */
  end(k: number): number;
  /** As `mmap` takes it: "rw-". */
  prot(k: number): string;
  shared(k: number): boolean;
  growsdown(k: number): boolean;
  /** The file's name as `mmap` takes it, or null for anonymous memory (shared anonymous memory too). */
  file(k: number): string | null;
  /** Offset of the mapping's start in its file, in pages. */
  pgoff(k: number): number;
  /** Memory policy, 0 for the default. */
  policy(k: number): number;
  /** Userfaultfd context, 0 for none. */
  uffd(k: number): number;
  /** Name of anonymous memory, or null. */
  name(k: number): string | null;
  locked(k: number): boolean;
  /** Whether it was written to, or hangs together with what was. */
  faulted(k: number): boolean;
  /** The present break in bytes, or -1 in a window without a heap. */
  brk(): number;
}
