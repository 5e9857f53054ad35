/**
 * What one write knows while it runs, and the scratch nodes in which the larger kinds of write lay out their result.
 *
 * There is one of each for the process, so that a write allocates nothing.
 *
 *      the leaf before   | rMin .. rMax | ... | .. endPiv |
 *      slot                 offset             offsetEnd
 *      the write              [first ---------- last]
 *
 * Rules that hold here:
 * - Writes do not nest, for none of them calls code of users.
 * - A write may be ended in the middle, by a timeout of the engine or an exception. Its tree is then broken, and to be
 *   dropped. What it leaves here needs no reset: a write sets all that it reads, and nothing relies on what the last
 *   one cleaned up.
 * - The big node has room for all that a write can bring together: what a spanning store keeps of its two edge nodes
 *   (2 * MAX_SLOTS), the new entry with its rests (3), and a neighbour that is pulled in when that is less than the
 *   minimum (MAX_SLOTS).
 * - The values in it are dropped after use, so that nothing is kept alive.
 */
import { MAX_HEIGHT, MAX_SLOTS, NO_NODE } from './layout';

/** The kinds of store, named as the kernel names them. */
const WR_INVALID = 0;
export const WR_STORE_ROOT = 1;
export const WR_NEW_ROOT = 2;
export const WR_EXACT_FIT = 3;
export const WR_APPEND = 4;
export const WR_SLOT_STORE = 5;
export const WR_NODE_STORE = 6;
export const WR_SPLIT_STORE = 7;
export const WR_REBALANCE = 8;
export const WR_SPANNING_STORE = 9;

/** The names of the kinds, for events, messages and tests. */
export const STORE_KINDS: readonly string[] = [
  'wrInvalid',
  'wrStoreRoot',
  'wrNewRoot',
  'wrExactFit',
  'wrAppend',
  'wrSlotStore',
  'wrNodeStore',
  'wrSplitStore',
  'wrRebalance',
  'wrSpanningStore',
];

/** Slots that the big node has room for. */
const BIG_SLOTS = 3 * MAX_SLOTS + 3;

/** A write under way; the range itself is the cursor's index and last. */
class WriteState {
  kind = WR_INVALID;
  /** First index of the slot in which the write begins. */
  rMin = -0.5;
  /** Last index of the slot in which it ends. */
  endPiv = -0.5;
  offset = 0;
  offsetEnd = 0;
  /** Last slot of the leaf before. */
  end = 0;
  /** What would be the last slot of the leaf after it, however many it has room for. */
  newEnd = 0;
  /** Nodes that the write may need. */
  needLeaves = 0;
  needInners = 0;
  /** Slots in use of the big node. */
  count = 0;
  /** Nodes in outNodes. */
  outs = 0;
  /** Nodes in spareNodes. */
  spares = 0;
}

export const wr = new WriteState();

/** The big node: slots that are to be laid out over one, two or three nodes. */
export const bigPivots = new Float64Array(BIG_SLOTS);
export const bigGaps = new Float64Array(BIG_SLOTS);
export const bigChildren = new Int32Array(BIG_SLOTS);
export const bigValues: unknown[] = new Array<unknown>(BIG_SLOTS).fill(null);

/** The edge paths of a write by depth, 0 for the root: the node, and the slot taken in it. */
export const leftNodes = new Int32Array(MAX_HEIGHT).fill(NO_NODE);
export const leftSlots = new Int32Array(MAX_HEIGHT);
export const rightNodes = new Int32Array(MAX_HEIGHT).fill(NO_NODE);
export const rightSlots = new Int32Array(MAX_HEIGHT);

/** The nodes that a level hands to the level above: at most three, in order. */
export const outNodes = new Int32Array(3);
export const outPivots = new Float64Array(3);
export const outGaps = new Float64Array(3);

/** The nodes of a level whose slots are in the big node, and which may be written anew: edges and those pulled in. */
export const spareNodes = new Int32Array(8);
