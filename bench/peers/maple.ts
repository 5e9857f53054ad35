/**
 * The project's own MapleTree, with numbers or with objects as values. Iteration and gap searches go through a
 * MapleState, as the kernel's callers do.
 */
import { MapleState, type MapleTree } from '../../src/maple-tree';
import type { RangeMap } from './range-map';

const TOP = Number.MAX_SAFE_INTEGER;

export class MapleNumbers implements RangeMap {
  private readonly state: MapleState<number>;

  constructor(private readonly tree: MapleTree<number>) {
    this.state = new MapleState(tree);
  }

  store(first: number, last: number, value: number): void {
    this.tree.storeRange(first, last, value === 0 ? null : value);
  }

  load(index: number): boolean {
    return this.tree.load(index) !== null;
  }

  erase(index: number): boolean {
    return this.tree.erase(index) !== null;
  }

  forward(): number {
    const state = this.state;
    state.set(0);
    let sum = 0;
    for (let entry = state.find(TOP); entry !== null; entry = state.next(TOP)) sum += state.last - state.index + 1;
    return sum;
  }

  backward(): number {
    const state = this.state;
    state.set(TOP);
    let sum = 0;
    for (let entry = state.prev(0); entry !== null; entry = state.prev(0)) sum += state.last - state.index + 1;
    return sum;
  }

  lowestGap(low: number, high: number, size: number): number {
    this.state.reset();
    return this.state.emptyArea(low, high, size) === 0 ? this.state.index : -1;
  }

  highestGap(low: number, high: number, size: number): number {
    this.state.reset();
    return this.state.emptyAreaRev(low, high, size) === 0 ? this.state.last : -1;
  }

  duplicate(): MapleNumbers {
    return new MapleNumbers(this.tree.dup());
  }

  destroy(): void {
    this.tree.destroy();
  }

  validate(): boolean {
    return this.tree.validate().length === 0;
  }

  each(visit: (first: number, last: number, value: number) => void): void {
    for (const [first, last, value] of this.tree) visit(first, last, value);
  }

  bytes(): number {
    return this.tree.pool.usedBytes;
  }
}

interface Named {
  readonly id: number;
}

/** The objects that stand for the values 1, 2, … in all maps; made before the clock starts. */
const objects: (Named | null)[] = [null];

export class MapleObjects implements RangeMap {
  private readonly state: MapleState<Named>;

  constructor(private readonly tree: MapleTree<Named>) {
    this.state = new MapleState(tree);
  }

  prepare(highest: number): void {
    for (let id = objects.length; id <= highest; id++) objects.push({ id });
  }

  store(first: number, last: number, value: number): void {
    this.tree.storeRange(first, last, objects[value]);
  }

  load(index: number): boolean {
    return this.tree.load(index) !== null;
  }

  erase(index: number): boolean {
    return this.tree.erase(index) !== null;
  }

  forward(): number {
    const state = this.state;
    state.set(0);
    let sum = 0;
    for (let entry = state.find(TOP); entry !== null; entry = state.next(TOP)) sum += state.last - state.index + 1;
    return sum;
  }

  backward(): number {
    const state = this.state;
    state.set(TOP);
    let sum = 0;
    for (let entry = state.prev(0); entry !== null; entry = state.prev(0)) sum += state.last - state.index + 1;
    return sum;
  }

  lowestGap(low: number, high: number, size: number): number {
    this.state.reset();
    return this.state.emptyArea(low, high, size) === 0 ? this.state.index : -1;
  }

  highestGap(low: number, high: number, size: number): number {
    this.state.reset();
    return this.state.emptyAreaRev(low, high, size) === 0 ? this.state.last : -1;
  }

  duplicate(): MapleObjects {
    return new MapleObjects(this.tree.dup());
  }

  destroy(): void {
    this.tree.destroy();
  }

  validate(): boolean {
    return this.tree.validate().length === 0;
  }

  each(visit: (first: number, last: number, value: number) => void): void {
    for (const [first, last, value] of this.tree) visit(first, last, value.id);
  }

  bytes(): number {
    return this.tree.pool.usedBytes;
  }
}
