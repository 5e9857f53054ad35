/**
 * What a tree is to the code that works on it: the pool of nodes and how the root is held.
 *
 *      height 0, rootEntry null      "empty"    nothing stored
 *      height 0, rootEntry A         "ptr"      A at index 0 alone, without a node
 *      height 1                      "node"     the root is leaf number `root`
 *      height 2 and more             "node"     the root is internal node number `root`
 *
 * Rules that hold here:
 * - Once there is a node, the tree never goes back to "ptr"; it goes back to "empty" when all is erased.
 * - `version` changes with each change of the nodes. A position noted under another version is worthless.
 */
import { checkSlots, DEFAULT_SLOTS, type Errno } from './layout';
import { NodePool } from './pool';

/** How a tree is made; all of it optional. */
export interface TreeOptions {
  /** Whether the tree tracks gaps, which the searches for free room and the alloc functions need. Default false. */
  readonly ranges?: boolean;
  /** Slots of a leaf, 4 to 64. Default 16. */
  readonly leafSlots?: number;
  /** Slots of an internal node, 4 to 64. Default 16. */
  readonly internalSlots?: number;
  /** Nodes that the tree may use and reserve at most; beyond, writes answer 'ENOMEM'. Default without limit. */
  readonly nodeLimit?: number;
}

export class TreeCore<T> {
  readonly pool: NodePool<T>;
  root = 0;
  height = 0;
  rootEntry: T | null = null;
  version = 0;
  /** Whether allocCyclic gave out the top index, and the next success is to say that it wrapped. */
  wrapped = false;
  /** Why the last erase through the tree or a state changed nothing though there was an entry; else null. */
  errno: Errno | null = null;

  /** With `pool` the tree takes that pool, and its options. */
  constructor(options: TreeOptions = {}, pool?: NodePool<T>) {
    if (pool !== undefined) {
      this.pool = pool;
      return;
    }
    const ranges = options.ranges ?? false;
    const leafSlots = options.leafSlots ?? DEFAULT_SLOTS;
    const innerSlots = options.internalSlots ?? DEFAULT_SLOTS;
    const limit = options.nodeLimit ?? Number.POSITIVE_INFINITY;
    checkSlots('leafSlots', leafSlots);
    checkSlots('internalSlots', innerSlots);
    if (!(limit >= 0)) throw new RangeError(`nodeLimit must be a number from 0, but is ${String(limit)}`);
    this.pool = new NodePool<T>(leafSlots, innerSlots, ranges, limit);
  }

  /** Whether nothing is stored and there is no node. */
  get isEmpty(): boolean {
    return this.height === 0 && this.rootEntry === null;
  }

  /** Drops all entries and nodes at once; keeps the options, the arrays and the flag of allocCyclic. */
  dropAll(): void {
    this.pool.clear();
    this.root = 0;
    this.height = 0;
    this.rootEntry = null;
    this.version++;
  }
}
