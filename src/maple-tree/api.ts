/**
 * The maple tree as users of the library see it: types alone, so that no part of the inside is promised to them.
 *
 * `MapleTree` and `MapleState` (tree.ts, state.ts) implement these interfaces; src/index.ts gives them out under these
 * types. What is public and not named here is for the files of this folder, and for tests that look inside.
 *
 * Rules that hold for every method:
 * - An index is an integer from 0 to MAX_INDEX (2^53 - 1); anything else throws a RangeError that names the argument.
 * - A range is inclusive at both ends.
 * - A value is anything but null and undefined. null means "nothing stored".
 * - An operation that cannot be done answers the name of an error, and then nothing has changed.
 */

/**
 * The names of the errors of a tree.
 *
 * - 'EINVAL': the arguments make no sense, or the tree cannot do it.
 * - 'EEXIST': there is an entry already.
 * - 'EBUSY': no free range fits.
 * - 'ENOMEM': the nodes that a write may need go beyond `nodeLimit`.
 */
export type TreeErrno = 'EINVAL' | 'EEXIST' | 'EBUSY' | 'ENOMEM';

/** The status of a maple state, in the kernel's words. */
export type Status = 'start' | 'active' | 'root' | 'none' | 'pause' | 'overflow' | 'underflow' | 'error';

/** A range of indexes, inclusive at both ends, and its value. */
export type Entry<T> = readonly [first: number, last: number, value: T];

/** How a tree is made; all of it optional. */
export interface TreeOptions {
  /** Whether the tree tracks gaps, which the searches for free room and the alloc functions need. Default false. */
  readonly ranges?: boolean;
  /** Slots of a leaf, 4 to 64. Default 16. */
  readonly leafSlots?: number;
  /** Slots of an inner node, 4 to 64. Default 16. */
  readonly innerSlots?: number;
  /** Nodes that the tree may use and reserve at most; beyond, writes answer 'ENOMEM'. Default without limit. */
  readonly nodeLimit?: number;
}

/**
 * A map of ranges of indexes, each to one value, with the functions of the kernel's maple tree (lib/maple_tree.c).
 *
 *     const tree = new MapleTree<string>({ ranges: true });
 *     tree.storeRange(10, 19, 'a');            // 0
 *     tree.load(12);                           // 'a'
 *     tree.insertRange(15, 24, 'b');           // 'EEXIST'
 *     tree.allocRange(5, 0, 99, 'c');          // 0, the lowest place with 5 free indexes
 *     [...tree];                               // [[0, 4, 'c'], [10, 19, 'a']]
 */
export interface MapleTree<T> extends Iterable<[first: number, last: number, value: T]> {
  /** Whether nothing is stored. */
  readonly isEmpty: boolean;

  /**
   * Stores `value` over first to last, whatever was there; null empties the range.
   *
   * Answers 0; 'EINVAL' if first > last; 'ENOMEM'. (mtree_store_range)
   */
  storeRange(first: number, last: number, value: T | null): 0 | TreeErrno;

  /**
   * Stores `value` over first to last if nothing is stored there.
   *
   * Answers 0; 'EINVAL' if first > last; 'EEXIST' if any index of the range is taken; 'ENOMEM'. (mtree_insert_range)
   */
  insertRange(first: number, last: number, value: T): 0 | TreeErrno;

  /**
   * Erases the whole range that holds `index`.
   *
   * Answers its value; null if there is none; 'ENOMEM'. Only a tree with a `nodeLimit` answers 'ENOMEM'; do not store
   * that word as a value in one. (mtree_erase)
   */
  erase(index: number): T | null | 'ENOMEM';

  /** The value at `index`, or null. (mtree_load) */
  load(index: number): T | null;

  /**
   * Stores `value` over the lowest free range of `size` indexes within min to max.
   *
   * Answers its first index; 'EINVAL' in a tree without `ranges`, for size 0, min > max or size > max - min + 1;
   * 'EBUSY' if no gap fits; 'ENOMEM'. (mtree_alloc_range)
   */
  allocRange(size: number, min: number, max: number, value: T): number | TreeErrno;

  /** As allocRange, but the highest such range. (mtree_alloc_rrange: the second r is for "reverse") */
  allocRrange(size: number, min: number, max: number, value: T): number | TreeErrno;

  /**
   * Stores `value` at the first free index from max(min, next) to max, or else at the first one from min on.
   *
   * Answers [index, the `next` for the call that follows, 1 if the search began anew at min, else 0]; 'EINVAL' in a
   * tree without `ranges`, or if min > max; 'EBUSY' if all are taken; 'ENOMEM'. After MAX_INDEX was given out the next
   * success says 1 too, once. (mtree_alloc_cyclic)
   */
  allocCyclic(
    min: number,
    max: number,
    next: number,
    value: T,
  ): [index: number, next: number, wrapped: 0 | 1] | TreeErrno;

  /**
   * The first entry at or above `index` that starts at or below `max`: its value, and the index behind its end, with
   * which `findAfter` goes on (0 behind MAX_INDEX). Or null. (mt_find)
   *
   *     for (let hit = tree.find(0, MAX_INDEX); hit !== null; hit = tree.findAfter(hit[1], MAX_INDEX)) use(hit[0]);
   */
  find(index: number, max: number): [value: T, next: number] | null;

  /** As find; but null for index 0, where a search that goes on has come round. (mt_find_after) */
  findAfter(index: number, max: number): [value: T, next: number] | null;

  /** The first entry above the one at `index` (or above index) that starts at or below `max`, or null. (mt_next) */
  next(index: number, max: number): T | null;

  /** The last entry below the one at `index` (or below index) that ends at or above `min`, or null. (mt_prev) */
  prev(index: number, min: number): T | null;

  /** A tree with the same entries, options and nodes, made by copying arrays. (mtree_dup) */
  dup(): MapleTree<T>;

  /** Drops all entries and nodes. The options stay, and what allocCyclic remembers. (mtree_destroy) */
  destroy(): void;

  /**
   * Stores entries in ascending order, all beyond what is in the tree.
   *
   * Answers 0, or 'ENOMEM'. Throws a RangeError for entries that are out of order, overlap, or do not lie beyond.
   */
  bulk(entries: readonly Entry<T>[]): 0 | TreeErrno;

  /** All entries in ascending order. A write during the iteration makes it go on behind the entry given last. */
  [Symbol.iterator](): IterableIterator<[first: number, last: number, value: T]>;

  /**
   * Checks the whole structure. Answers what is wrong, one message each, with the place and both numbers; best is [].
   */
  validate(): string[];

  /** The tree as text, node by node, for people. */
  dump(): string;
}

/** What `new MapleTree` and its static functions are. */
export interface MapleTreeConstructor {
  /** An empty tree. Throws a RangeError for an option beyond its limits. */
  new <T>(options?: TreeOptions): MapleTree<T>;

  /**
   * A tree of `entries`, which come in ascending order and do not overlap; leaves are packed full.
   *
   * Throws a RangeError if they do not, and an Error if `nodeLimit` is too low.
   */
  build<T>(entries: readonly Entry<T>[], options?: TreeOptions): MapleTree<T>;
}

/**
 * A cursor with a range: the kernel's maple state, with the names of its mas_ functions.
 *
 *     const state = new MapleState(tree, 20);
 *     for (let entry = state.find(99); entry !== null; entry = state.find(99)) use(state.index, state.last, entry);
 *
 * After a write through the tree or through another state, a state's place is worthless: call `reset` (go on at index)
 * or `pause` (go on behind the range) on it, as the kernel's users do after they dropped the lock.
 */
export interface MapleState<T> {
  /** The tree that the state is of. */
  readonly tree: MapleTree<T>;
  /** The first index of its range; set, setRange and config change it, and so do answers. */
  readonly index: number;
  /** The last index of its range. */
  readonly last: number;
  /** The kernel's word for what the state stands on. */
  readonly status: Status;

  /** Forgets the place and takes the range [index, index]. (mas_set) */
  set(index: number): void;

  /** Forgets the place and takes the range [first, last]; first must not be above last. (mas_set_range) */
  setRange(first: number, last: number): void;

  /**
   * Takes another range and keeps the place, for a store that follows; first must not be below the state's index.
   * (__mas_set_range)
   */
  config(first: number, last: number): void;

  /** Forgets the place and keeps the range: the next step walks to index. (mas_reset) */
  reset(): void;

  /** Forgets the place: a find that follows goes on behind the range. (mas_pause) */
  pause(): void;

  /** Walks to index and takes the range of the slot there. Answers its value, or null. (mas_walk) */
  walk(): T | null;

  /** The next entry that starts at or below `max`, or null. (mas_next) */
  next(max: number): T | null;

  /** As next, slot by slot: null for an empty one too. (mas_next_range) */
  nextRange(max: number): T | null;

  /** The entry before that ends at or above `min`, or null. (mas_prev) */
  prev(min: number): T | null;

  /** As prev, slot by slot. (mas_prev_range) */
  prevRange(min: number): T | null;

  /** The first time the entry at index or the next above it; then the next ones; up to `max`. (mas_find) */
  find(max: number): T | null;

  /** As find, slot by slot. (mas_find_range) */
  findRange(max: number): T | null;

  /** The first time the entry at index or the next below it; then those before; down to `min`. (mas_find_rev) */
  findRev(min: number): T | null;

  /** As findRev, slot by slot. (mas_find_range_rev) */
  findRangeRev(min: number): T | null;

  /**
   * Stores `value` over index to last; null empties the range, which then grows over the empty ranges that touch it.
   *
   * Answers 0; 'ENOMEM'; 'EINVAL' in status 'error'. Throws a RangeError if index > last. (mas_store_gfp)
   */
  store(value: T | null): 0 | TreeErrno;

  /**
   * Erases the whole entry at index, whatever last is; the range becomes that of the gap.
   *
   * Answers its value; null if there is none; 'ENOMEM', as MapleTree.erase does. (mas_erase)
   */
  erase(): T | null | 'ENOMEM';

  /**
   * Reserves the nodes that a store of `value` over index to last may need; what is reserved already counts.
   *
   * Answers 0; 'ENOMEM', and then none are reserved any more; 'EINVAL' in status 'error'. (mas_preallocate)
   */
  preallocate(value: T | null): 0 | TreeErrno;

  /**
   * A store that cannot fail: preallocate was called for this range before. Gives back the nodes that it did not need.
   * (mas_store_prealloc)
   */
  storePrealloc(value: T | null): void;

  /** Gives back the nodes that preallocate reserved and no store used. The state may be used on. (mas_destroy) */
  destroy(): void;

  /**
   * The lowest empty range of `size` within min to max becomes the state's range.
   *
   * Answers 0; 'EINVAL' in a tree without `ranges`, for size 0, min > max or size > max - min + 1; 'EBUSY' if there is
   * none. (mas_empty_area)
   */
  emptyArea(min: number, max: number, size: number): 0 | TreeErrno;

  /** As emptyArea, but the highest. (mas_empty_area_rev) */
  emptyAreaRev(min: number, max: number, size: number): 0 | TreeErrno;
}

/** What `new MapleState` is. */
export interface MapleStateConstructor {
  /** A state of `tree` at index..last, both inclusive; index is 0 and last is index if left out. Status 'start'. */
  new <T>(tree: MapleTree<T>, index?: number, last?: number): MapleState<T>;
}
