/**
 * Sizes of nodes in a header: failures that need full nodes are found, and made short, with small ones.
 */
import type { Header } from '../format/types';

/** Slots of a leaf and of an internal node, smallest first. */
export const SMALL_NODES: readonly (readonly [leaf: number, internal: number])[] = [
  [4, 4],
  [5, 4],
  [4, 5],
  [5, 5],
  [6, 4],
  [4, 6],
  [6, 6],
  [8, 4],
  [4, 8],
  [8, 8],
];

/** A header with nodes that are smaller than its own, the smallest first. */
export function withSmallerNodes(header: Header): Header[] {
  const [leaf, internal] = header.slots ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const smaller = SMALL_NODES.filter((slots) => slots[0] + slots[1] < leaf + internal);
  return smaller.map((slots) => ({ ...header, slots }));
}
