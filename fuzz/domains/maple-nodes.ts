/**
 * The nodes of one of src's trees, as values with names, for a trace.
 *
 *     height      2              pivot@1.0    29     internal node 1, slot 0       pivot@L3.0   9    leaf 3, slot 0
 *     root        1              child@1.0    L3     what is below it              slot@L3.0    A    what is stored
 *                                gap@1.0      8      the longest empty range
 *
 * Rules that hold here:
 * - Internal nodes are named by their number, leaves by L and theirs.
 * - It ends whatever the nodes hold: no node is read twice, and none that the pool never gave out.
 */
import type { MapleTree } from '../../src/maple-tree/tree';
import { showIndex } from '../format/spelling';
import type { Put } from './domain';

export function putNodes<T>(tree: MapleTree<T>, text: (value: T) => string, put: Put): void {
  put('height', String(tree.height));
  if (tree.height === 0) {
    put('root', tree.rootEntry === null ? '-' : text(tree.rootEntry));
    return;
  }
  put('root', nameOf(tree.root, tree.height));
  const seen = new Set<string>();
  const visit = (node: number, levels: number): void => {
    const name = nameOf(node, levels);
    if (seen.has(name)) return;
    seen.add(name);
    if (levels === 1) putLeaf(tree, node, text, put);
    else for (const child of putInner(tree, node, levels, put)) visit(child, levels - 1);
  };
  visit(tree.root, tree.height);
}

function nameOf(node: number, levels: number): string {
  return levels === 1 ? `L${node}` : String(node);
}

function putLeaf<T>({ pool }: MapleTree<T>, leaf: number, text: (value: T) => string, put: Put): void {
  const { leafSlots, leafTop } = pool;
  if (!(leaf >= 0 && leaf < leafTop)) return;
  const end = Math.min(pool.leafEnds[leaf], leafSlots - 1);
  put(`end@L${leaf}`, String(end));
  for (let slot = 0; slot <= end; slot++) {
    const value = pool.leafValues[leaf * leafSlots + slot];
    put(`pivot@L${leaf}.${slot}`, showIndex(pool.leafPivots[leaf * leafSlots + slot]));
    put(`slot@L${leaf}.${slot}`, value === null ? '-' : text(value));
  }
}

/** Puts an internal node, and gives its children. */
function putInner<T>({ pool }: MapleTree<T>, node: number, levels: number, put: Put): number[] {
  const { innerSlots, innerTop } = pool;
  if (!(node >= 0 && node < innerTop)) return [];
  const end = Math.min(pool.innerEnds[node], innerSlots - 1);
  const children: number[] = [];
  put(`end@${node}`, String(end));
  for (let slot = 0; slot <= end; slot++) {
    const at = node * innerSlots + slot;
    const child = pool.innerChildren[at];
    put(`pivot@${node}.${slot}`, showIndex(pool.innerPivots[at]));
    put(`child@${node}.${slot}`, nameOf(child, levels - 1));
    if (pool.tracksGaps) put(`gap@${node}.${slot}`, showIndex(pool.innerGaps[at]));
    children.push(child);
  }
  return children;
}
