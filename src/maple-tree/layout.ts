/**
 * The shape of a node, and the numbers that all files of the tree share.
 *
 * A tree maps the indexes 0 to MAX_INDEX without a hole: a slot is a stored range or a whole empty range, and an empty
 * range is never cut in two. Each slot has a pivot, the last index that it covers; where it begins follows from the
 * pivot before it.
 *
 *      internal        pivots   [  29  |  63  |  max ]        one more array when the tree tracks gaps:
 *      (end = 2)       children [   0  |   2  |   1  ]        gaps [ 8 | 0 | 2^53-65 ]: the longest empty
 *                                  |      |      `--------.   range below each child
 *                       .---------'      `----.            `-----------.
 *      leaf 0           v            leaf 2   v          leaf 1         v
 *      pivots [ 4 | 9 | 17 | 29 ]    [ 40 | 63 ]         [ 64 | max ]
 *      values [ - | A |  - |  B ]    [  C |  D ]         [  E |  -  ]       A = [5,9], B = [18,29], C = [30,40], ...
 *      end = 3                       end = 1             end = 1
 *
 * Rules that hold here:
 * - A node of n slots has n - 1 pivots that divide it; the pivot of its last slot in use equals the node's maximum and
 *   is kept too, so that a scan for an index ends by itself.
 * - `end` is the number of the last slot in use.
 * - Leaves and internal nodes are numbered apart. Which of the two a number means follows from its depth: all leaves
 *   have the same.
 * - No leaf ends with an empty slot, but the last one of the tree. So an empty range lies in one leaf alone.
 */
import type { Status } from './api';

/** The top index of a tree: 2^53 - 1, what ULONG_MAX is to the kernel's. */
export const MAX_INDEX = Number.MAX_SAFE_INTEGER;

/** No node. */
export const NO_NODE = -1;

/** The pivot of a slot of an internal node that is out of use: above every index. */
export const PADDING = Number.POSITIVE_INFINITY;

/** Fewest and most slots of a node. */
const MIN_SLOTS = 4;
export const MAX_SLOTS = 64;

/**
 * Slots of a node, as the kernel's have. Its internal nodes with gaps have 10, because more do not fit into 256 bytes;
 * that does not bind us, and 16 were faster. childAt is written for this number.
 */
export const DEFAULT_SLOTS = 16;

/** No tree is higher: an internal node has two children or more, and there are fewer than 2^31 leaves. */
export const MAX_HEIGHT = 32;

// The status of a maple state as a number, which is how the state keeps it.
export const START = 0;
export const ACTIVE = 1;
export const ROOT = 2;
export const NONE = 3;
export const PAUSE = 4;
export const OVERFLOW = 5;
export const UNDERFLOW = 6;
export const ERROR = 7;

/** The words of the numbers above, as users see them. */
export const STATUS: readonly Status[] = ['start', 'active', 'root', 'none', 'pause', 'overflow', 'underflow', 'error'];

/**
 * The fewest slots in use of a node that is not the root, for a node of `slots` slots.
 *
 * Half, as the kernel has it: then a node one too full gives two that are full enough, and one that is one too empty
 * either fits into a neighbour or the two together give two that are full enough.
 */
export function minSlots(slots: number): number {
  return slots >> 1;
}

/** Throws a RangeError that names the argument and the limits, unless `index` is an index of the tree. */
export function checkIndex(name: string, index: number): void {
  if (index >>> 0 !== index) checkLarge(name, index); // one comparison for all that fits into 32 bits
}

/** A function of its own, and so is what throws, because V8 inlines small functions more readily. */
function checkLarge(name: string, index: number): void {
  if (!(index >= 0 && index <= MAX_INDEX && Math.floor(index) === index)) throw badIndex(name, index);
}

function badIndex(name: string, index: number): RangeError {
  return new RangeError(`${name} must be an integer from 0 to 2^53 - 1 (${MAX_INDEX}), but is ${String(index)}`);
}

/** As checkIndex, for the number of slots of a node. */
export function checkSlots(name: string, slots: number): void {
  if (!(slots >= MIN_SLOTS && slots <= MAX_SLOTS && Math.floor(slots) === slots)) {
    throw new RangeError(`${name} must be an integer from ${MIN_SLOTS} to ${MAX_SLOTS}, but is ${String(slots)}`);
  }
}
