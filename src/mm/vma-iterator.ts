/**
 * The VMA iterator: a maple state over the tree of mappings, with the kernel's vma_iter_* names.
 *
 *     tree      |--A--|    gap    |--B--|--C--|
 *     state           ^...........^             addr() and end(): the range on which it stands
 *
 * Rules that hold here:
 * - `next`, `find` skip gaps; from a fresh position they also give what is AT the position. `nextRange`, `prevRange`
 *   stop at gaps too. `prev` gives what is before the range on which the iterator stands.
 * - Before a write the iterator stands on the range that holds the lowest page to be written (or is fresh, and will
 *   walk there). `config` checks that, for it is what keeps the position while it changes the range.
 * - A write through another iterator, or through the tree, leaves this one's place stale: call `invalidate`.
 * - Nodes for a write are reserved before anything is changed: `prealloc`, then `store` or `clear`, which cannot fail;
 *   or `free`, which gives them back.
 */
import { debug, warn } from '../debug';
import { MapleState, type MapleTree } from '../maple-tree';
import type { Allocations } from './allocations';
import { ENOMEM } from './errno';
import { describeVma, type Vma } from './vma';

/** Above every page: what ULONG_MAX is to a walk upwards. */
export const TOP = Number.MAX_SAFE_INTEGER;

export class VmaIterator {
  readonly mas: MapleState<Vma>;
  private readonly allocations: Allocations;

  constructor(tree: MapleTree<Vma>, allocations: Allocations, page = 0) {
    this.mas = new MapleState(tree, page, page);
    this.allocations = allocations;
  }

  /** First page of the range on which it stands (vma_iter_addr). */
  get addr(): number {
    return this.mas.index;
  }

  /** First page behind that range (vma_iter_end). */
  get end(): number {
    return this.mas.last + 1;
  }

  /** Puts it at a page, fresh: it will walk there (vma_iter_set, vma_iter_init). */
  set(page: number): this {
    this.mas.set(page);
    return this;
  }

  /** What is mapped at its page (vma_iter_load). */
  load(): Vma | null {
    return this.mas.walk();
  }

  /** The next mapping, which for a fresh iterator may be the one at its page (vma_next). */
  next(): Vma | null {
    return this.mas.find(TOP);
  }

  /** The same, but only what starts below `end` (vma_find, the step of for_each_vma_range). */
  find(end: number): Vma | null {
    // Below the lowest mapping the state goes on at its page, but not if that is the highest page asked for: with bytes
    // as indexes the two can never be the same, with pages they can.
    if (this.mas.status === 'underflow') this.mas.reset();
    return this.mas.find(end - 1);
  }

  /** The mapping before (vma_prev). */
  prev(): Vma | null {
    return this.mas.prev(0);
  }

  /** The mapping before, if it reaches to `min` or above (vma_prev_limit). */
  prevLimit(min: number): Vma | null {
    return this.mas.prev(min);
  }

  /** One range on, mapping or gap (vma_iter_next_range). */
  nextRange(): Vma | null {
    return this.mas.nextRange(TOP);
  }

  /** One range back (vma_iter_prev_range). */
  prevRange(): Vma | null {
    return this.mas.prevRange(0);
  }

  /** Forgets the place but not the page (vma_iter_reset). */
  reset(): void {
    this.mas.reset();
  }

  /** The tree was changed behind its back: walk again at the next step, going on behind the present range. */
  invalidate(): void {
    this.mas.pause();
  }

  /**
   * Gives the next mapping, and leaves the iterator on the gap before it, behind the previous mapping
   * (vma_iter_next_rewind). The previous mapping is then in `rewoundPrev`.
   */
  nextRewind(): Vma | null {
    const next = this.next();
    const prev = this.prev();
    // Without a previous mapping the step back already ended at the start of the gap.
    if (prev !== null) this.nextRange();
    this.rewoundPrev = prev;
    return next;
  }

  rewoundPrev: Vma | null = null;

  /** Sets the range to be written, and keeps the place (vma_iter_config). `end` is exclusive. */
  config(start: number, end: number): void {
    if (debug.on) this.checkPlace(start, end);
    this.mas.config(start, end - 1);
  }

  /** Reserves nodes for a store over the configured range (vma_iter_prealloc). 0 or -ENOMEM. */
  prealloc(vma: Vma | null): number {
    if (!this.allocations.take()) return -ENOMEM;
    return this.mas.preallocate(vma) === 0 ? 0 : -ENOMEM;
  }

  /** Reserves as `prealloc` does, where the kernel may not fail (__GFP_NOFAIL). */
  preallocNofail(vma: Vma | null): void {
    this.mas.preallocate(vma);
  }

  /** Gives back what was reserved (vma_iter_free). */
  free(): void {
    this.mas.destroy();
  }

  /** Stores with what was reserved (vma_iter_store). */
  store(vma: Vma): void {
    if (debug.on) this.checkStore(vma);
    this.mas.storePrealloc(vma);
  }

  /** Stores over a mapping of the same range, which needs no memory, and goes on behind it (vma_iter_bulk_store). */
  bulkStore(vma: Vma): void {
    const { mas } = this;
    mas.config(vma.start, vma.end - 1);
    mas.store(vma);
    // A mapping of page 0 alone may be held by the root without a node (with bytes as indexes that cannot be), and a
    // state forgets its place when it stores there.
    if (mas.status === 'start') mas.pause();
  }

  /** Empties the configured range with what was reserved (vma_iter_clear). */
  clear(): void {
    this.mas.storePrealloc(null);
  }

  /** Stores a mapping over its own range, allocating as needed (vma_iter_store_gfp). 0 or -ENOMEM. */
  storeGfp(vma: Vma): number {
    this.config(vma.start, vma.end);
    if (!this.allocations.take()) return -ENOMEM;
    return this.mas.store(vma) === 0 ? 0 : -ENOMEM;
  }

  /** Empties a range, allocating as needed (vma_iter_clear_gfp). 0 or -ENOMEM. */
  clearGfp(start: number, end: number): number {
    this.config(start, end);
    if (!this.allocations.take()) return -ENOMEM;
    return this.mas.store(null) === 0 ? 0 : -ENOMEM;
  }

  private checkPlace(start: number, end: number): void {
    const { mas } = this;
    if (start >= end) warn('write-range-empty', `the range to be written is [${start}, ${end})`);
    if (mas.status !== 'active') return;
    if (mas.index <= start && start <= mas.last) return;
    warn(
      'iterator-not-at-write',
      `the lowest page to be written is ${start}, the iterator stands on [${mas.index}, ${mas.last + 1})`,
    );
  }

  private checkStore(vma: Vma): void {
    const { mas } = this;
    if (mas.index !== vma.start || mas.last !== vma.end - 1) {
      warn('store-not-over-vma', `${describeVma(vma)} is stored over [${mas.index}, ${mas.last + 1})`);
    }
    if (vma.detached) warn('store-of-detached', `${describeVma(vma)} is detached`);
  }
}
