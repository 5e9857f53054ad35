/**
 * The generator's view of the oracle: its arrays, read in place.
 */
import { kernelCorner, type OracleTree } from '../../oracle/tree';
import type { MasStatus, Operation } from '../sequence/types';
import type { TreeView } from './view';

export class OracleTreeView implements TreeView {
  constructor(private readonly tree: OracleTree) {}

  count(): number {
    return this.tree.count;
  }

  first(k: number): number {
    return this.tree.firstAt(k);
  }

  last(k: number): number {
    return this.tree.lastAt(k);
  }

  masIndex(r: number): number {
    return this.tree.mas(r).index;
  }

  masLast(r: number): number {
    return this.tree.mas(r).last;
  }

  masStatus(r: number): MasStatus {
    return this.tree.mas(r).status;
  }

  isCorner(operation: Operation): boolean {
    return kernelCorner(this.tree, operation) !== null;
  }
}
