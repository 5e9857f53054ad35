/**
 * The generator's views of the oracle, read in place.
 */
import { CODES, type OracleAddressSpace } from '../../oracle/mm';
import { kernelCorner, type OracleTree } from '../../oracle/tree';
import type { MasStatus, Operation, Ret } from '../format/types';
import type { MmView, TreeView } from '../format/view';

/** What a lockstep of the tree domain holds; the oracle is another one with each sequence. */
interface HoldsTree {
  readonly oracle: OracleTree;
  /** What the last operation answered. */
  readonly ret: Ret;
}

interface HoldsSpace {
  readonly oracle: OracleAddressSpace;
}

export class OracleTreeView implements TreeView {
  constructor(private readonly holder: HoldsTree) {}

  count(): number {
    return this.holder.oracle.count;
  }

  first(k: number): number {
    return this.holder.oracle.firstAt(k);
  }

  last(k: number): number {
    return this.holder.oracle.lastAt(k);
  }

  masIndex(r: number): number {
    return this.holder.oracle.mas(r).index;
  }

  masLast(r: number): number {
    return this.holder.oracle.mas(r).last;
  }

  masStatus(r: number): MasStatus {
    return this.holder.oracle.mas(r).status;
  }

  failed(): boolean {
    return this.holder.ret === 'ENOMEM';
  }

  isCorner(operation: Operation): boolean {
    return kernelCorner(this.holder.oracle, operation) !== null;
  }
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
