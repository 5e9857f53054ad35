/**
 * The subjects that run in JavaScript, by name. The kernel's C is not here: it is a program of its own (kernel/).
 * Each runs in a process of its own, which loads this list but creates only one kind of map, so that no peer's calls
 * turn polymorphic because of another.
 */
import { MapleTree } from '../../src/maple-tree';
import { FlattenIntervalTree, intervalTreeCannot } from './interval-tree';
import { MapleNumbers, MapleObjects } from './maple';
import { RedBlackMap } from './ordered-map';
import type { Peer } from './range-map';
import { SortedArray } from './sorted-array';
import { SortedBTree } from './sorted-btree';

export const peers: readonly Peer[] = [
  {
    name: 'maple',
    about: 'MapleTree of this project, numbers as values',
    create: (ranges) => new MapleNumbers(new MapleTree<number>({ ranges })),
  },
  {
    name: 'maple-objects',
    about: 'the same, objects as values',
    create: (ranges) => new MapleObjects(new MapleTree<{ readonly id: number }>({ ranges })),
  },
  {
    name: 'sorted-btree',
    about: 'npm sorted-btree with ranges on top of it',
    create: () => new SortedBTree(),
  },
  {
    name: 'ordered-map',
    about: 'npm @js-sdsl/ordered-map (red-black tree) with ranges on top of it',
    create: () => new RedBlackMap(),
  },
  {
    name: 'interval-tree',
    about: 'npm @flatten-js/interval-tree',
    cannot: intervalTreeCannot,
    create: () => new FlattenIntervalTree(),
  },
  {
    name: 'sorted-array',
    about: 'three sorted arrays, binary search, splice',
    create: () => new SortedArray(),
    fromEntries: (entries) => SortedArray.fromEntries(entries),
  },
];

export function peerNamed(name: string): Peer {
  const peer = peers.find((one) => one.name === name);
  if (peer === undefined)
    throw new Error(`no peer named ${name}; there are ${peers.map((one) => one.name).join(', ')}`);
  return peer;
}
