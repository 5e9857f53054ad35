/**
 * What the generator sees of an address space: the oracle's mappings, read in place.
 *
 * Arguments are drawn from it ("the end of mapping k", "gap k") and resolved when
 * the operation runs; what is saved is the resolved number, so that a saved sequence stands alone.
 * Everything here is a plain read without allocation, for it runs several times a step.
 */
import { CODES, type OracleAddressSpace } from '../../../oracle/mm';
import type { View } from '../../lockstep/types';

/** An address space's mappings in ascending order; addresses in bytes from the window's start. */
export interface MmView extends View {
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

interface HoldsSpace {
  readonly oracle: OracleAddressSpace;
}

const bit = (code: string): number => 1 << CODES.indexOf(code);
const SHARED = bit('sh');
const GROWS_DOWN = bit('gd');
const LOCKED = bit('lo');
/** Protections by the lowest three bits of the flags: read, write, execute. */
const PROTS = ['---', 'r--', '-w-', 'rw-', '--x', 'r-x', '-wx', 'rwx'];

export class OracleMmView implements MmView {
  constructor(private readonly holder: HoldsSpace) {}

  count(): number {
    return this.holder.oracle.count;
  }

  start(k: number): number {
    return this.holder.oracle.at(k).start;
  }

  end(k: number): number {
    return this.holder.oracle.at(k).end;
  }

  prot(k: number): string {
    return PROTS[this.holder.oracle.at(k).flags & 7];
  }

  shared(k: number): boolean {
    return (this.holder.oracle.at(k).flags & SHARED) !== 0;
  }

  growsdown(k: number): boolean {
    return (this.holder.oracle.at(k).flags & GROWS_DOWN) !== 0;
  }

  file(k: number): string | null {
    return this.holder.oracle.at(k).file?.name ?? null;
  }

  pgoff(k: number): number {
    return this.holder.oracle.at(k).pgoff;
  }

  policy(k: number): number {
    return this.holder.oracle.at(k).policy;
  }

  uffd(k: number): number {
    return this.holder.oracle.at(k).uffd;
  }

  name(k: number): string | null {
    return this.holder.oracle.at(k).name;
  }

  faulted(k: number): boolean {
    return this.holder.oracle.at(k).anon !== 0;
  }

  locked(k: number): boolean {
    return (this.holder.oracle.at(k).flags & LOCKED) !== 0;
  }

  brk(): number {
    return this.holder.oracle.heapEnd ?? -1;
  }
}
