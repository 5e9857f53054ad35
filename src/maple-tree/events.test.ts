import { debug } from '../debug';
import { MUST_REACH, TREE_EVENT_COUNT, treeEventName } from './events';
import { MAX_INDEX } from './layout';
import { MapleState } from './state';
import { Model, optionsOf, randomSource, randomWrites, SIZES } from './testing/model';
import { MapleTree } from './tree';
import { STORE_KINDS } from './wr-state';

describe('events', () => {
  it('have names of their own', () => {
    const names = Array.from({ length: TREE_EVENT_COUNT }, (_, event) => treeEventName(event));
    expect(new Set(names).size).toBe(TREE_EVENT_COUNT);
    expect(names).not.toContain(null);
    expect(treeEventName(TREE_EVENT_COUNT)).toBeNull();
    expect(names).toEqual(expect.arrayContaining([...MUST_REACH]));
  });

  it('tell of every kind of store, and no assertion breaks on the way', () => {
    const seen = new Set<string>();
    debug.on = true;
    try {
      for (const size of SIZES.slice(0, 3)) {
        const random = randomSource(size[0] + size[1]);
        for (const space of [12, 300, 2000]) {
          const tree = new MapleTree<number>(optionsOf(size));
          const model = new Model();
          randomWrites(tree, model, random, 300, space, (step) => {
            if (step % 100 === 0) {
              const value = step % 200 === 0 ? 5 : null;
              tree.storeRange(0, MAX_INDEX, value);
              model.store(0, MAX_INDEX, value);
            }
            for (let i = 0; i < debug.eventCount; i++)
              seen.add((treeEventName(debug.events[i]) as string).split(' ')[0]);
            debug.eventCount = 0;
          });
        }
      }
      const small = new MapleTree<number>();
      small.storeRange(3, 5, 1);
      debug.eventCount = 0;
      small.storeRange(0, MAX_INDEX, 2);
      expect(treeEventName(debug.events[0])).toBe('wrNewRoot of value, height 1, leaf: below the minimum');
      seen.add('wrNewRoot');
      debug.eventCount = 0;
      const state = new MapleState(new MapleTree<number>());
      state.walk();
      expect(treeEventName(debug.events[0])).toBe('walk start -> none');
    } finally {
      debug.on = false;
      debug.eventCount = 0;
    }
    expect([...seen]).toEqual(expect.arrayContaining(STORE_KINDS.slice(1)));
  });
});
