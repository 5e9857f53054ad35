/** The checker must find each kind of damage, and say where and what. */
import { MAX_INDEX } from './layout';
import { MapleTree } from './tree';

/** Height 3, gaps between all entries. */
function sound(): MapleTree<number> {
  const tree = new MapleTree<number>({ ranges: true, leafSlots: 4, innerSlots: 4 });
  for (let i = 0; i < 30; i++) tree.storeRange(i * 10, i * 10 + 4, i);
  expect(tree.height).toBeGreaterThanOrEqual(3);
  expect(tree.validate()).toEqual([]);
  return tree;
}

/** The leaf that holds an index, the internal node above it, and the slot taken there. */
function placeOf(tree: MapleTree<number>, index: number): { leaf: number; parent: number; slot: number } {
  const { pool } = tree;
  let node = tree.root;
  let parent = 0;
  let slot = 0;
  for (let d = 1; d < tree.height; d++) {
    parent = node;
    slot = 0;
    while (pool.innerPivots[node * pool.innerSlots + slot] < index) slot++;
    node = pool.innerChildren[node * pool.innerSlots + slot];
  }
  return { leaf: node, parent, slot };
}

interface Damage {
  readonly name: string;
  readonly says: RegExp;
  readonly damage: (tree: MapleTree<number>, leaf: number, parent: number, slot: number) => void;
}

const DAMAGES: readonly Damage[] = [
  {
    name: 'a pivot that does not rise',
    says: /^pivot\[1\] of leaf \d+ at \d+-\d+: \d+, not above \d+ before it$/,
    damage: ({ pool }, leaf) => {
      pool.leafPivots[leaf * 4 + 1] = pool.leafPivots[leaf * 4];
    },
  },
  {
    name: 'a last pivot that is not the maximum',
    says: /^leaf \d+ at \d+-\d+: last pivot \d+, but the maximum is \d+$/,
    damage: ({ pool }, leaf) => {
      pool.leafPivots[leaf * 4 + pool.leafEnds[leaf]]--;
    },
  },
  {
    name: 'two empty ranges side by side',
    says: /two empty ranges side by side$/,
    damage: ({ pool }, leaf) => {
      pool.leafValues.fill(null, leaf * 4, leaf * 4 + 2);
    },
  },
  {
    name: 'an empty slot at the end of a leaf',
    says: /slot \d at its end is empty$/,
    damage: ({ pool }, leaf) => {
      const at = leaf * 4 + pool.leafEnds[leaf];
      if (pool.leafValues[at] === null) throw new Error('the last leaf of the tree');
      pool.leafValues[at] = null;
    },
  },
  {
    name: 'too few slots in use',
    says: /^leaf \d+ at \d+-\d+: 1 slots in use, fewer than the minimum 2$/,
    damage: ({ pool }, leaf) => {
      pool.leafEnds[leaf] = 0;
    },
  },
  {
    name: 'more slots in use than there are',
    says: /^internal node \d+ at \d+-\d+: 5 slots in use, but there are 4$/,
    damage: ({ pool }, _leaf, parent) => {
      pool.innerEnds[parent] = 4;
    },
  },
  {
    name: 'a value behind the last slot',
    says: /slot 3 behind the last one \d holds a value$/,
    damage: ({ pool }, leaf) => {
      if (pool.leafEnds[leaf] === 3) throw new Error('the leaf is full');
      pool.leafValues[leaf * 4 + 3] = 5;
    },
  },
  {
    name: 'a pivot behind the last slot of an internal node',
    says: /^internal node \d+ at \d+-\d+: slot 3 behind the last one 2 has a pivot$/,
    damage: ({ pool }, _leaf, parent) => {
      pool.innerEnds[parent] = 2;
      pool.innerPivots[parent * 4 + 2] = pool.innerPivots[parent * 4 + 3];
      pool.innerPivots[parent * 4 + 3] = 1;
    },
  },
  {
    name: 'a gap that is not the real one',
    says: /^gap\[\d\] of internal node \d+ at depth \d, \d+-\d+: stored 4, real 5$/,
    damage: ({ pool }, _leaf, parent, slot) => {
      pool.innerGaps[parent * 4 + slot] = 4;
    },
  },
  {
    name: 'a pivot between two children',
    says: /last pivot \d+, but the maximum is \d+$/,
    damage: ({ pool }, _leaf, parent) => {
      pool.innerPivots[parent * 4]++;
    },
  },
  {
    name: 'a child that is no node',
    says: /^child at depth \d: leaf 999, but numbers end at \d+$/,
    damage: ({ pool }, _leaf, parent, slot) => {
      pool.innerChildren[parent * 4 + slot] = 999;
    },
  },
  {
    name: 'a child that hangs in two places',
    says: /^leaf \d+ at depth \d is reached twice$/,
    damage: ({ pool }, leaf, parent, slot) => {
      pool.innerChildren[parent * 4 + (slot === 0 ? 1 : 0)] = leaf;
    },
  },
  {
    name: 'a node that was never given back',
    says: /^pool: \d+ leaves in use, but \d+ reached from the root$/,
    damage: ({ pool }) => {
      pool.reserve(1, 0);
      pool.takeLeaf();
    },
  },
  {
    name: 'a node that is free and in use',
    says: /^pool: leaf \d+ is free, but reached from the root$/,
    damage: ({ pool }, leaf) => {
      pool.freeLeaves.push(leaf);
    },
  },
  {
    name: 'a budget that went below nothing',
    says: /^pool: -1 leaves and 0 internal nodes reserved, below 0$/,
    damage: ({ pool }) => {
      pool.release(1, 0);
    },
  },
  {
    name: 'nodes beyond the limit',
    says: /^pool: \d+ nodes in use or reserved, but the limit is 3$/,
    damage: ({ pool }) => {
      pool.limit = 3;
    },
  },
  {
    name: 'a root that holds an entry beside the node',
    says: /^height \d, but the root holds an entry too$/,
    damage: (tree) => {
      tree.rootEntry = 5;
    },
  },
];

describe('validate', () => {
  it.each(DAMAGES.map((damage) => [damage.name, damage] as const))('sees %s', (_name, { says, damage }) => {
    let seen = 0;
    // The last slot of a node is as good as any other: damage is done in every leaf that can take it.
    for (let index = 0; index < 300; index += 10) {
      const tree = sound();
      const { leaf, parent, slot } = placeOf(tree, index);
      try {
        damage(tree, leaf, parent, slot);
      } catch {
        continue;
      }
      const found = tree.validate();
      expect(found.length).toBeGreaterThan(0);
      if (found.some((message) => says.test(message))) seen++;
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('sees damage in the last slot of each node', () => {
    const tree = sound();
    const { leaf, parent } = placeOf(tree, MAX_INDEX);
    tree.pool.innerGaps[parent * 4 + tree.pool.innerEnds[parent]] = 1;
    expect(tree.validate()[0]).toMatch(
      new RegExp(`^gap\\[${tree.pool.innerEnds[parent]}\\] of internal node ${parent} `),
    );
    expect(leaf).toBeGreaterThanOrEqual(0);
  });
});

describe('dump', () => {
  it('shows nodes and slots', () => {
    const tree = new MapleTree<string>({ leafSlots: 4, ranges: true });
    expect(tree.dump()).toBe('empty');
    tree.storeRange(0, 0, 'a');
    expect(tree.dump()).toBe('ptr\n  0 a');
    for (const at of [4, 8, 12]) tree.storeRange(at, at + 1, `v${at}`);
    expect(tree.dump()).toMatch(
      /^node, height 2, \d nodes\ninternal 0: 0-max\n {2}leaf \d+: 0-\d+ gap \d+\n {4}0 a\n {4}1-3 -\n/,
    );
    expect(tree.dump()).toMatch(/\n {4}14-max -$/);
  });
});
