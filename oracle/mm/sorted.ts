/**
 * A sorted array of mappings that stays cheap to insert into when there are thousands.
 *
 *      order   [ 4 | 0 | 7 | 1 | ...      numbers, sorted by the address of what they stand for
 *      pool    [ vma, vma, -, vma, ...    the mappings, anywhere
 *
 * To the rules it is an array: `at(i)`, `length`, insert and remove. Why not just an array of objects: an engine that
 * collects garbage by generations looks at every reference that moves, so that a splice in the middle of 10,000 costs
 * some 6 us; moving small numbers costs a tenth of that.
 */
import type { Vma } from './vma';

export class SortedVmas {
  private order = new Int32Array(64);
  private pool: Vma[] = [];
  private unused: number[] = [];
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** The mapping number i; as with an array, undefined where there is none. */
  at(i: number): Vma {
    return i >= 0 && i < this.count ? this.pool[this.order[i]] : (undefined as unknown as Vma);
  }

  /** Puts a mapping at place i; those from there on move up by one. */
  insert(i: number, vma: Vma): void {
    if (this.count === this.order.length) {
      const longer = new Int32Array(this.count * 2);
      longer.set(this.order);
      this.order = longer;
    }
    const id = this.unused.pop() ?? this.pool.length;
    this.pool[id] = vma;
    this.order.copyWithin(i + 1, i, this.count);
    this.order[i] = id;
    this.count++;
  }

  /** Takes out the `n` mappings from place i on. */
  remove(i: number, n: number): void {
    for (let k = i; k < i + n; k++) this.unused.push(this.order[k]);
    this.order.copyWithin(i, i + n, this.count);
    this.count -= n;
  }

  *[Symbol.iterator](): Generator<Vma> {
    for (let i = 0; i < this.count; i++) yield this.pool[this.order[i]];
  }

  /** Replaces everything by these mappings, which are sorted. */
  fill(vmas: Iterable<Vma>): void {
    this.pool = [...vmas];
    this.unused = [];
    this.count = this.pool.length;
    if (this.order.length < this.count) this.order = new Int32Array(this.count * 2);
    for (let i = 0; i < this.count; i++) this.order[i] = i;
  }

  /** Becomes a copy of another one, mappings included. What was here before is overwritten, not let go. */
  copyFrom(other: SortedVmas): void {
    const { count } = other;
    if (this.order.length < count) this.order = new Int32Array(count * 2);
    for (let i = 0; i < count; i++) {
      const vma = other.at(i);
      if (i < this.pool.length) this.pool[i].become(vma);
      else this.pool.push(vma.copy());
      this.order[i] = i;
    }
    this.count = count;
    this.unused.length = 0;
    for (let id = this.pool.length - 1; id >= count; id--) this.unused.push(id);
  }
}
