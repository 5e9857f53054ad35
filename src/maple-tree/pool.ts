/**
 * The nodes of one tree: a few growing arrays, in which a node is a number.
 *
 *      leafPivots  |  leaf 0: leafSlots doubles  |  leaf 1  | ...      as long as leafCapacity leaves
 *      leafValues  |  leaf 0: leafSlots values   |  leaf 1  | ...      null where nothing is stored
 *      leafEnds    |  1 byte a leaf |
 *      innerPivots, innerChildren, innerGaps (only when gaps are tracked), innerEnds: the same for internal nodes
 *
 * An arena keeps the nodes together and makes a copy of the tree a copy of arrays; it was the fastest of the layouts
 * that were measured, above all for overwriting.
 *
 * Rules that hold here:
 * - The arrays grow in `reserve` alone, at least twofold; large ones may be those of a destroyed tree (spare.ts). A
 *   write reserves all nodes that it may need before it changes anything, so it can hold on to the arrays, and it
 *   cannot fail half-way.
 * - Each node is in use, or free (on the list, or never used: at or above `leafTop`, `innerTop`). Reserved ones are a
 *   number, not particular nodes.
 * - used + reserved never exceeds `limit`.
 * - All value slots of a free leaf are null, so that nothing is kept alive; so are the slots of a used one behind its
 *   end.
 * - The pivots of an internal node behind its end are PADDING, above every index, so that all of its slots may be
 *   compared.
 */
import { NO_NODE, PADDING } from './layout';
import { keepSpare, LEAST_SPARE, takeSpare } from './spare';

/** Above this many slots a fresh JavaScript array becomes a hash table; then values are appended one by one. */
const PLAIN_ARRAY_LIMIT = 1 << 25;

/** What arrays of values grow by: joining arrays without a hole copies memory, and the result has none either. */
const NULLS: null[] = [null];
while (NULLS.length < 4096) NULLS.push(null);

const NO_DOUBLES = new Float64Array(0);
const NO_INTS = new Int32Array(0);
const NO_BYTES = new Uint8Array(0);

/** Grows an array of values to `length`, the new ones null. */
function growValues<T>(old: (T | null)[], length: number): (T | null)[] {
  if (length > PLAIN_ARRAY_LIMIT) {
    for (let i = old.length; i < length; i++) old.push(null);
    return old;
  }
  const more = length - old.length;
  const nulls: null[][] = new Array<null[]>(Math.floor(more / NULLS.length)).fill(NULLS);
  return old.concat(...nulls, NULLS.slice(0, more % NULLS.length));
}

function growDoubles(old: Float64Array, length: number): Float64Array {
  const grown = new Float64Array(length);
  grown.set(old);
  return grown;
}

/** The new capacity: twice the old one, and more in small pools, where making arrays costs more than filling them. */
function roomFor(atLeast: number, capacity: number): number {
  return Math.max(atLeast, capacity < 128 ? capacity * 4 : capacity * 2, 4);
}

export class NodePool<T> {
  readonly leafSlots: number;
  readonly innerSlots: number;
  readonly tracksGaps: boolean;
  /** Nodes in use and reserved together may not be more. */
  limit: number;

  leafPivots: Float64Array = NO_DOUBLES;
  leafValues: (T | null)[] = [];
  leafEnds: Uint8Array = NO_BYTES;
  innerPivots: Float64Array = NO_DOUBLES;
  innerChildren: Int32Array = NO_INTS;
  innerGaps: Float64Array = NO_DOUBLES;
  innerEnds: Uint8Array = NO_BYTES;

  leafCapacity = 0;
  innerCapacity = 0;
  /** Nodes from here on were never used. */
  leafTop = 0;
  innerTop = 0;
  freeLeaves: number[] = [];
  freeInners: number[] = [];
  /** Nodes promised to writes that are under way, and to maple states that preallocated. */
  reservedLeaves = 0;
  reservedInners = 0;
  /** The how-manieth allocation from now on fails; 0 for none. */
  private failing = 0;

  constructor(leafSlots: number, innerSlots: number, tracksGaps: boolean, limit: number) {
    this.leafSlots = leafSlots;
    this.innerSlots = innerSlots;
    this.tracksGaps = tracksGaps;
    this.limit = limit;
  }

  get usedLeaves(): number {
    return this.leafTop - this.freeLeaves.length;
  }

  get usedInners(): number {
    return this.innerTop - this.freeInners.length;
  }

  /** Nodes in use, of both sorts. */
  get used(): number {
    return this.usedLeaves + this.usedInners;
  }

  /** Bytes of the nodes in use: 8 a pivot, a value and a gap, 4 a child, 1 for the end. */
  get usedBytes(): number {
    const leaf = this.leafSlots * 16 + 1;
    const inner = this.innerSlots * (this.tracksGaps ? 20 : 12) + 1;
    return this.usedLeaves * leaf + this.usedInners * inner;
  }

  /** The `n`-th allocation from now on fails, n from 1; 0 switches that off. */
  failAt(n: number): void {
    this.failing = n;
  }

  /** Whether `count` allocations now would meet the one that is to fail; counts them. */
  failsWithin(count: number): boolean {
    if (this.failing === 0) return false;
    if (count >= this.failing) {
      this.failing = 0;
      return true;
    }
    this.failing -= count;
    return false;
  }

  /**
   * Promises nodes to a write: afterwards so many can be taken with takeLeaf and takeInner without fail.
   * Answers false, with nothing changed, if the limit or an injected failure is in the way.
   */
  reserve(leaves: number, inners: number): boolean {
    const count = leaves + inners;
    if (this.failsWithin(count)) return false;
    if (this.used + this.reservedLeaves + this.reservedInners + count > this.limit) return false;
    this.reserveAnyway(leaves, inners);
    return true;
  }

  /** As reserve, whatever limit and failures say. */
  reserveAnyway(leaves: number, inners: number): void {
    this.reservedLeaves += leaves;
    this.reservedInners += inners;
    if (this.usedLeaves + this.reservedLeaves > this.leafCapacity) {
      this.growLeaves(this.usedLeaves + this.reservedLeaves);
    }
    if (this.usedInners + this.reservedInners > this.innerCapacity) {
      this.growInners(this.usedInners + this.reservedInners);
    }
  }

  /** Gives back what a write did not take. */
  release(leaves: number, inners: number): void {
    this.reservedLeaves -= leaves;
    this.reservedInners -= inners;
  }

  /** A leaf out of those reserved. Its contents are whatever they were; its values are null. */
  takeLeaf(): number {
    this.reservedLeaves--;
    const free = this.freeLeaves;
    return free.length > 0 ? (free.pop() as number) : this.leafTop++;
  }

  takeInner(): number {
    this.reservedInners--;
    const free = this.freeInners;
    const inner = free.length > 0 ? (free.pop() as number) : this.innerTop++;
    this.padInner(inner, 0);
    return inner;
  }

  /** To be called when the slots of an internal node from `from` on are out of use. */
  padInner(inner: number, from: number): void {
    const pivots = this.innerPivots;
    const base = inner * this.innerSlots;
    for (let at = base + from, stop = base + this.innerSlots; at < stop; at++) pivots[at] = PADDING;
  }

  freeLeaf(leaf: number): void {
    const base = leaf * this.leafSlots;
    const values = this.leafValues;
    for (let i = base + this.leafEnds[leaf]; i >= base; i--) values[i] = null;
    this.freeLeaves.push(leaf);
  }

  freeInner(inner: number): void {
    this.freeInners.push(inner);
  }

  /** Frees a node and all below it; `levels` is 1 for a leaf. */
  freeSubtree(node: number, levels: number): void {
    if (levels === 1) {
      this.freeLeaf(node);
      return;
    }
    const base = node * this.innerSlots;
    const end = base + this.innerEnds[node];
    for (let i = base; i <= end; i++) this.freeSubtree(this.innerChildren[i], levels - 1);
    this.freeInner(node);
  }

  /** Frees all nodes at once and keeps the arrays, so that the next tree pays no construction. Reservations stay. */
  clear(): void {
    const used = this.leafTop * this.leafSlots;
    this.leafValues.fill(null, 0, used);
    this.leafTop = 0;
    this.innerTop = 0;
    this.freeLeaves.length = 0;
    this.freeInners.length = 0;
  }

  /** After clear: gives the arrays of a large pool to the tree that needs them next. Not while leaves are reserved. */
  giveAway(): void {
    if (this.leafCapacity < LEAST_SPARE || this.usedLeaves + this.reservedLeaves > 0) return;
    const { leafSlots: slots, leafCapacity: capacity } = this;
    keepSpare({ slots, capacity, pivots: this.leafPivots, values: this.leafValues, ends: this.leafEnds });
    this.leafPivots = NO_DOUBLES;
    this.leafValues = [];
    this.leafEnds = NO_BYTES;
    this.leafCapacity = 0;
  }

  /** Copies the leaves of `from` into arrays that were given away. False if there are none for `capacity` leaves. */
  private takeAway(from: NodePool<T>, capacity: number): boolean {
    const arrays = takeSpare(this.leafSlots, capacity);
    if (arrays === undefined) return false;
    const used = from.leafTop * from.leafSlots;
    const values = arrays.values as (T | null)[];
    for (let i = 0; i < used; i++) values[i] = from.leafValues[i];
    arrays.pivots.set(from.leafPivots.subarray(0, used));
    arrays.ends.set(from.leafEnds.subarray(0, from.leafTop));
    this.leafPivots = arrays.pivots;
    this.leafValues = values;
    this.leafEnds = arrays.ends;
    this.leafCapacity = arrays.capacity;
    return true;
  }

  /** Gives a fresh pool of the same options the same nodes under the same numbers, without reservations. */
  copyTo(twin: NodePool<T>): void {
    const { leafTop, innerTop, leafSlots, innerSlots } = this;
    if (!twin.takeAway(this, leafTop)) {
      twin.leafPivots = this.leafPivots.slice(0, leafTop * leafSlots);
      twin.leafValues = this.leafValues.slice(0, leafTop * leafSlots);
      twin.leafEnds = this.leafEnds.slice(0, leafTop);
      twin.leafCapacity = leafTop;
    }
    twin.innerPivots = this.innerPivots.slice(0, innerTop * innerSlots);
    twin.innerChildren = this.innerChildren.slice(0, innerTop * innerSlots);
    twin.innerGaps = this.innerGaps.slice(0, this.tracksGaps ? innerTop * innerSlots : 0);
    twin.innerEnds = this.innerEnds.slice(0, innerTop);
    twin.innerCapacity = innerTop;
    twin.leafTop = leafTop;
    twin.innerTop = innerTop;
    twin.freeLeaves = this.freeLeaves.slice();
    twin.freeInners = this.freeInners.slice();
  }

  private growLeaves(atLeast: number): void {
    const capacity = roomFor(atLeast, this.leafCapacity);
    if (this.takeAway(this, capacity)) return;
    this.leafPivots = growDoubles(this.leafPivots, capacity * this.leafSlots);
    this.leafValues = growValues(this.leafValues, capacity * this.leafSlots);
    const ends = new Uint8Array(capacity);
    ends.set(this.leafEnds);
    this.leafEnds = ends;
    this.leafCapacity = capacity;
  }

  private growInners(atLeast: number): void {
    const capacity = roomFor(atLeast, this.innerCapacity);
    this.innerPivots = growDoubles(this.innerPivots, capacity * this.innerSlots);
    const children = new Int32Array(capacity * this.innerSlots).fill(NO_NODE);
    children.set(this.innerChildren);
    this.innerChildren = children;
    if (this.tracksGaps) this.innerGaps = growDoubles(this.innerGaps, capacity * this.innerSlots);
    const ends = new Uint8Array(capacity);
    ends.set(this.innerEnds);
    this.innerEnds = ends;
    this.innerCapacity = capacity;
  }
}
