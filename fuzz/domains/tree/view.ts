/**
 * What the generator sees of a tree: the oracle's content, read in place.
 *
 * Arguments are drawn from it ("edge k of the content plus or minus d", "gap k", "the cursor's index") and resolved
 * when the operation runs; what is saved is the resolved number, so that a saved sequence stands alone.
 * Everything here is a plain read without allocation, for it runs several times a step.
 */
import { kernelCorner, type OracleTree } from '../../../oracle/tree';
import type { MasStatus, Operation, Ret } from '../../format/types';
import type { View } from '../../lockstep/types';

/** A tree's stored ranges in ascending order, and its maple states. */
export interface TreeView extends View {
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

/** What a lockstep of the tree domain holds; the oracle is another one with each sequence. */
interface HoldsTree {
  readonly oracle: OracleTree;
  /** What the last operation answered. */
  readonly ret: Ret;
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
