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
import type { TreeOptions } from './api';
import { checkSlots, DEFAULT_SLOTS } from './layout';
import { NodePool } from './pool';

export class TreeCore<T> {
  readonly pool: NodePool<T>;
  root = 0;
  height = 0;
  rootEntry: T | null = null;
  version = 0;
  /** Whether allocCyclic gave out the top index, and the next success is to say that it wrapped. */
  wrapped = false;

  constructor(options: TreeOptions = {}) {
    const ranges = options.ranges ?? false;
    const leafSlots = options.leafSlots ?? DEFAULT_SLOTS;
    const innerSlots = options.innerSlots ?? DEFAULT_SLOTS;
    const limit = options.nodeLimit ?? Number.POSITIVE_INFINITY;
    checkSlots('leafSlots', leafSlots);
    checkSlots('innerSlots', innerSlots);
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
