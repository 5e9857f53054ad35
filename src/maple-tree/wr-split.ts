/**
 * wrSplitStore and wrRebalance: one leaf comes to have more slots than it holds, or fewer than it must.
 *
 *      split       [ a b c d ] + x     ->   [ a b x ] [ c d ]          or a neighbour takes some
 *      rebalance   [ a ] [ b c d ]     ->   [ a b ] [ c d ]            or both become one
 *
 * Both lay the leaf out in the big node as it will be, and let wr-commit.ts do the rest.
 */
import type { Cursor } from './cursor';
import { bigAddEntry, bigAddLeafSlots } from './wr-big';
import { masCommitBNode, setLeftEdge, setRightEdgeAsLeft } from './wr-commit';
import { wr } from './wr-state';

/** Lays out the leaf in the big node with the write done. */
function storeBNode<T>(c: Cursor<T>, entry: T | null): void {
  const pool = c.pool;
  wr.count = 0;
  bigAddLeafSlots(pool, c.leaf, 0, wr.offset - 1);
  if (c.index > wr.rMin) bigAddEntry(c.index - 1, pool.leafValues[c.leaf * pool.leafSlots + wr.offset]);
  bigAddEntry(c.last, entry);
  const from = wr.offsetEnd + (c.last < wr.endPiv ? 0 : 1);
  bigAddLeafSlots(pool, c.leaf, from, wr.end);
}

export function masWrBNode<T>(c: Cursor<T>, entry: T | null): void {
  storeBNode(c, entry);
  setLeftEdge(c);
  setRightEdgeAsLeft(c.core);
  masCommitBNode(c);
}
