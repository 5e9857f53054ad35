/**
 * Swarm profiles of the tree domain: what one generated sequence is like as a whole.
 *
 * Each sequence draws its own subset of operations with its own weights, an index space, node sizes, a length and a
 * number of entries around which the content swings: it grows to that, shrinks to a part of it, and grows again, so
 * that nodes split and merge and trees get three levels and more.
 *
 *      entries
 *      target |        /\            /\
 *             |   grow/  \shrink    /  \
 *             |      /    \/\/churn/
 *             +-----------------------------> steps
 */

import { FORMAT, MAX_INDEX } from '../../format/types';
import type { Stream } from '../../generate/stream';
import {
  drawSwarm,
  type GenerateOptions,
  isAllowed,
  mayHave,
  NO_FACTORS,
  scaled,
  type Weights,
  WeightTable,
} from '../../generate/weights';
import type { TreeHeader } from './header';
import { TREE_OPERATIONS } from './operations';

/** The part of the index range that a sequence lives in. */
export interface IndexSpace {
  readonly name: string;
  /** Lowest and highest index that plain numbers are drawn from, inclusive. */
  readonly low: number;
  readonly high: number;
  /** Ranges begin at multiples of this and end one below one, mostly. */
  readonly grain: number;
}

export interface TreeProfile {
  readonly header: TreeHeader;
  readonly length: number;
  readonly space: IndexSpace;
  /** About as many entries as the content swings up to. */
  readonly target: number;
  /** How many of the four maple states are used. */
  readonly states: number;
  /** Of a hundred writes, how many have an allocation fail. */
  readonly failPercent: number;
  /** Of a hundred new ranges, how many start right behind the last entry. */
  readonly appendPercent: number;
  /** Up to how many entries a wide write covers. */
  readonly reach: number;
  /** Whether the first operation is a build. */
  readonly bulkFirst: boolean;
  /** Whether a value is used once only; otherwise values repeat. */
  readonly distinct: boolean;
  /** Of a hundred cursor moves, how many are followed by what a holder of the state would do next. */
  readonly followPercent: number;
  /** Leaves out what the kernel's own code answers by layout, or crashes on. */
  readonly strict: boolean;
  /** Whether an operation may be drawn at all, in whatever sequence. */
  readonly allows: (op: string) => boolean;
  readonly grow: WeightTable;
  readonly churn: WeightTable;
  readonly shrink: WeightTable;
}

/** How often each operation is drawn when nothing pulls in a direction. */
export const TREE_WEIGHTS: Weights = new Map(TREE_OPERATIONS.map(({ op, weight }) => [op, weight]));

/** What a phase does to the weights; names that are left out keep theirs. */
const GROWING: Weights = new Map([
  ['store_range', 3],
  ['insert_range', 4],
  ['alloc_range', 4],
  ['alloc_rrange', 4],
  ['bulk', 4],
  ['erase', 0.2],
  ['mas_erase', 0.2],
  ['destroy', 0],
]);

const SHRINKING: Weights = new Map([
  ['erase', 5],
  ['mas_erase', 5],
  ['insert_range', 0.2],
  ['alloc_range', 0.2],
  ['alloc_rrange', 0.2],
  ['alloc_cyclic', 0.2],
  ['bulk', 0],
]);

/** Without one of these nothing is ever stored. */
const STORERS = ['store_range', 'mas_store', 'mas_set_range', 'insert_range', 'erase'];

const SPACES: readonly IndexSpace[] = [
  // One entry or two, at 0 or beside it: the root holds an entry without a node, or has just got its first node.
  { name: 'root', low: 0, high: 3, grain: 1 },
  { name: 'tiny', low: 0, high: 14, grain: 1 },
  { name: 'small', low: 0, high: 60, grain: 1 },
  { name: 'small', low: 0, high: 60, grain: 1 },
  { name: 'medium', low: 0, high: 5000, grain: 1 },
  { name: 'medium', low: 0, high: 5000, grain: 1 },
  { name: 'top', low: MAX_INDEX - 300, high: MAX_INDEX, grain: 1 },
  { name: 'page-like', low: 0x1000, high: 0x1000 * 700 - 1, grain: 0x1000 },
  { name: 'wide', low: 0, high: 1e6, grain: 1 },
  { name: 'whole', low: 0, high: MAX_INDEX, grain: 1 },
];

/** Instead of the whole for targets that are not ours: in the middle 64 bits are longer than 53. */
const LOW_HALF: IndexSpace = { name: 'low half', low: 0, high: 2 ** 50, grain: 1 };

/** Draws the profile of one sequence. */
export function drawTreeProfile(stream: Stream, options: GenerateOptions): TreeProfile {
  const drawn = SPACES[stream.below(SPACES.length)];
  const space = options.strict === true && drawn.name === 'whole' ? LOW_HALF : drawn;
  const ranges = stream.chance(60) && (options.can === undefined || mayHave(options, 'ranges'));
  const header = drawHeader(stream, ranges);
  const target = drawTarget(stream, space);
  const gaps = ranges ? TREE_WEIGHTS : scaled(TREE_WEIGHTS, NO_GAPS);
  const life = space.name === 'root' ? AT_THE_ROOT : stream.chance(10) ? MANY_LIVES : NO_FACTORS;
  const base = scaled(scaled(gaps, life), options.strict && options.can === undefined ? PLAIN : NO_FACTORS);
  const swarm = drawSwarm(stream, base, stream.between(45, 100), STORERS, options);
  return {
    header,
    length: drawLength(stream, target),
    space,
    target,
    states: stream.between(1, 4),
    failPercent: stream.chance(30) && options.strict !== true ? stream.between(2, 40) : 0,
    appendPercent: stream.chance(25) ? stream.between(20, 90) : stream.below(10),
    reach: stream.chance(50) ? stream.between(1, 4) : stream.between(2, 40),
    bulkFirst: stream.chance(15),
    distinct: stream.chance(85),
    followPercent: stream.between(20, 80),
    strict: options.strict === true,
    allows: (op) => isAllowed(options, op),
    grow: new WeightTable(swarm, GROWING),
    churn: new WeightTable(swarm),
    shrink: new WeightTable(swarm, SHRINKING),
  };
}

/** For targets that are not ours: without the format's extensions. */
const PLAIN: Weights = new Map(TREE_OPERATIONS.filter(({ inKernel }) => !inKernel).map(({ op }) => [op, 0]));

/** Empty again and again: only an empty tree can come to hold an entry in its root. */
const AT_THE_ROOT: Weights = new Map([
  ['destroy', 40],
  ['dup', 15],
  ['erase', 2],
]);

/** One life after the other: destroyed, duplicated, built anew. */
const MANY_LIVES: Weights = new Map([
  ['destroy', 20],
  ['dup', 10],
  ['bulk', 4],
]);

/** A search for gaps in a tree without them is EINVAL: rare, but not never. */
const NO_GAPS: Weights = new Map([
  ['alloc_range', 0.1],
  ['alloc_rrange', 0.1],
  ['alloc_cyclic', 0.1],
  ['mas_empty_area', 0.1],
  ['mas_empty_area_rev', 0.1],
]);

function drawHeader(stream: Stream, ranges: boolean): TreeHeader {
  const head = { format: FORMAT, domain: 'tree', ranges } as const;
  const kind = stream.below(100);
  if (kind < 35) return head;
  if (kind < 60) return { ...head, slots: [4, 4] };
  return { ...head, slots: [stream.between(4, 17), stream.between(4, 12)] };
}

function drawTarget(stream: Stream, space: IndexSpace): number {
  const kind = stream.below(100);
  const most = Math.max(2, Math.floor((space.high - space.low) / space.grain / 2));
  let target = stream.between(1, 12);
  if (kind >= 20) target = stream.between(8, 60);
  if (kind >= 60) target = stream.between(50, 300);
  if (kind >= 97) target = stream.between(300, 1500);
  return Math.min(target, most);
}

/** Long enough to reach the target and to come down again, most of the time. */
function drawLength(stream: Stream, target: number): number {
  const kind = stream.below(100);
  if (kind < 15 || target < 4) return stream.between(10, 60);
  const swings = stream.between(2, kind < 90 ? 6 : 14);
  return Math.min(4000, 20 + target * swings + stream.below(60));
}
