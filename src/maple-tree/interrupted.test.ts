/** A write that is ended in the middle breaks its own tree, and no other: the scratch of wr-state.ts needs no reset. */
import { interruptAt } from '../testing/interrupt';
import { NodePool } from './pool';
import { Model, randomSource, randomWrites } from './testing/model';
import { MapleTree } from './tree';

/** Writes of every kind, in small nodes: splits, rebalances, spanning stores. */
function work(): void {
  const tree = new MapleTree<number>({ ranges: true, leafSlots: 4, innerSlots: 4 });
  const random = randomSource(7);
  for (let i = 0; i < 60; i++) tree.storeRange(i * 3, i * 3 + 1, i);
  for (let i = 0; i < 40; i++) {
    const first = random(180);
    tree.storeRange(first, first + random(60), i % 3 === 0 ? null : i);
  }
  tree.dup().destroy();
  tree.bulk([[1000, 1001, 1]]);
}

it('leaves later trees alone, wherever it was', () => {
  let ended = 0;
  for (let k = 1; interruptAt(k, [NodePool.prototype], work); k += 7) {
    ended++;
    const tree = new MapleTree<number>({ ranges: true, leafSlots: 5, innerSlots: 4 });
    const model = new Model();
    if (k % 2 === 0) {
      for (let i = 0; i < 9; i++) model.store(i * 4, i * 4 + 1, i);
      expect(tree.bulk(model.ranges)).toBe(0);
    }
    randomWrites(tree, model, randomSource(k), 25, 90, () => {});
    expect([...tree]).toEqual(model.ranges);
    expect(tree.validate()).toEqual([]);
    expect(tree.pool.reservedLeaves + tree.pool.reservedInners).toBe(0);
  }
  expect(ended).toBeGreaterThan(50);
});
