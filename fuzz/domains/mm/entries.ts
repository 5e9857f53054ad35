/**
 * The entries of one of src's trees, read from its nodes from left to right.
 *
 *      nodes      [ . 9 | 19 | max ]         firsts    5   20
 *                  /      |                  lasts     9   29
 *      [ -4 | 5-9 ]  [ -19 | 20-29 | … ]     values    a   b
 *
 * Why not by a maple state: a wrong content and a walk that goes wrong are two findings; and it is several times
 * faster, so that all of a content can be looked at after every step. What states see of the content is looked at as
 * well.
 *
 * Rules that hold here:
 * - Nothing is allocated but when a content is larger than any before.
 * - It ends whatever the nodes hold: no more leaves are read than the pool ever gave out.
 */
import type { MapleTree } from '../../../src/maple-tree/tree';

export class Entries<T> {
  firsts = new Float64Array(64);
  /** Inclusive. */
  lasts = new Float64Array(64);
  /** Those from `count` on are left from before. */
  readonly values: T[] = [];
  count = 0;
  private above = 0;
  private leavesLeft = 0;

  read(tree: MapleTree<T>): void {
    this.count = 0;
    this.above = 0;
    this.leavesLeft = tree.pool.leafTop;
    if (tree.height > 0) this.readNode(tree, tree.root, tree.height);
    else if (tree.rootEntry !== null) {
      this.firsts[0] = this.lasts[0] = 0;
      this.values[0] = tree.rootEntry;
      this.count = 1;
    }
  }

  /**
   * Only entries that reach into [low, high], both inclusive; the way to them is that of the internal nodes' pivots.
   */
  readRange(tree: MapleTree<T>, low: number, high: number): void {
    if (tree.height === 0) {
      this.read(tree);
      return;
    }
    this.count = 0;
    this.above = 0;
    this.leavesLeft = tree.pool.leafTop;
    this.readNodeRange(tree, tree.root, tree.height, low, high);
  }

  private readNodeRange(tree: MapleTree<T>, node: number, levels: number, low: number, high: number): void {
    if (levels === 1) {
      this.readLeaf(tree, node, low, high);
      return;
    }
    const { innerChildren, innerEnds, innerPivots, innerSlots } = tree.pool;
    const base = node * innerSlots;
    for (let slot = 0; slot <= innerEnds[node] && slot < innerSlots; slot++) {
      const pivot = innerPivots[base + slot];
      if (pivot >= low) this.readNodeRange(tree, innerChildren[base + slot], levels - 1, low, high);
      if (pivot >= high) return;
      this.above = pivot + 1;
    }
  }

  /** `levels` is 1 for a leaf. */
  private readNode(tree: MapleTree<T>, node: number, levels: number): void {
    if (levels === 1) {
      this.readLeaf(tree, node, 0, Number.POSITIVE_INFINITY);
      return;
    }
    const { innerChildren, innerEnds, innerSlots } = tree.pool;
    for (let slot = 0; slot <= innerEnds[node] && slot < innerSlots; slot++) {
      this.readNode(tree, innerChildren[node * innerSlots + slot], levels - 1);
    }
  }

  /** What of a leaf reaches into [low, high]. */
  private readLeaf(tree: MapleTree<T>, leaf: number, low: number, high: number): void {
    const { leafPivots, leafValues, leafEnds, leafSlots } = tree.pool;
    if (this.leavesLeft-- <= 0) return;
    const base = leaf * leafSlots;
    const end = base + Math.min(leafEnds[leaf], leafSlots - 1);
    this.makeRoom(this.count + leafSlots);
    const { firsts, lasts, values } = this;
    let { count, above } = this;
    for (let at = base; at <= end && above <= high; at++) {
      const last = leafPivots[at];
      const value = leafValues[at];
      if (value !== null && last >= low) {
        firsts[count] = above;
        lasts[count] = last;
        values[count++] = value;
      }
      above = last + 1;
    }
    this.count = count;
    this.above = above;
  }

  private makeRoom(length: number): void {
    const { firsts, lasts } = this;
    if (length <= firsts.length) return;
    this.firsts = new Float64Array(length * 2);
    this.firsts.set(firsts);
    this.lasts = new Float64Array(length * 2);
    this.lasts.set(lasts);
  }
}
