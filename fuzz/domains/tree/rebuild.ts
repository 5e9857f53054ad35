/**
 * Short sequences on a tree: a build of one of a few layouts, at most two operations, and the failing one, with ranges
 * that begin and end at or beside edges of the build.
 *
 *     bulk [0 2 4 6 8 10]      store 5..6 null
 */

import type { DomainFormat } from '../../format/domain';
import { isIndex } from '../../format/spelling';
import { type FieldValue, MAX_INDEX, type Operation, type Sequence, type TreeEntry } from '../../format/types';
import type { Stream } from '../../generate/stream';
import type { ShortSequences } from '../../minimize/minimizing';
import { allPoints } from '../../minimize/renumber';
import { fieldKinds } from '../../minimize/simplify';
import type { Trial } from '../../minimize/trial';
import { SMALL_NODES } from '../nodes';
import type { TreeHeader } from './header';
import { storesRange } from './substitute';

/** Contents have at most so many entries; half of them have far fewer. */
const MOST_ENTRIES = 64;
const FEW_ENTRIES = 12;
/** At most so many operations come between build and failure. */
const MOST_BETWEEN = 2;

/** Entry `i` of `count`. */
type Layout = (i: number, count: number) => TreeEntry;

const LAYOUTS: readonly Layout[] = [
  // An index and a gap in turn.
  (i) => [2 * i, 2 * i, 1],
  (i) => [2 * i + 1, 2 * i + 1, 1],
  // No gap but the one behind all; none at all.
  (i) => [i, i, 1],
  (i, count) => [i, i === count - 1 ? MAX_INDEX : i, 1],
  // Ranges with gaps; pairs of entries with gaps.
  (i) => [3 * i, 3 * i + 1, 1],
  (i) => [i + (i >> 1), i + (i >> 1), 1],
];

const PLAIN_STORE: Operation = { op: 'store_range', first: 0, last: 0, value: null };

export class ShortTreeSequences implements ShortSequences {
  /** Operations that may come between: one of each name, and a plain store. */
  private readonly kinds: readonly Operation[];
  /** Where the entries of the build begin and end. */
  private edges: readonly number[] = [];

  private readonly domain: DomainFormat;
  private readonly header: TreeHeader;

  constructor(
    private readonly stream: Stream,
    { domain, header, operations }: Trial,
    private readonly failing: Operation,
  ) {
    this.domain = domain;
    this.header = header as TreeHeader;
    const kinds = new Map<string, Operation>([[PLAIN_STORE.op, PLAIN_STORE]]);
    for (const operation of operations) if (operation.op !== 'bulk') kinds.set(operation.op, operation);
    this.kinds = [...kinds.values()];
  }

  make(most: number): Sequence {
    const { stream, failing } = this;
    const slots = this.slots();
    const header = slots === undefined ? this.header : { ...this.header, slots };
    const build = this.build();
    const end = this.placed(storesRange(failing) && stream.chance(50) ? this.plainStore() : failing);
    const between: Operation[] = [];
    for (let more = stream.chance(50) ? 0 : stream.between(1, MOST_BETWEEN); more > 0; more--) {
      const next = this.placed(this.kinds[stream.below(this.kinds.length)]);
      if (1 + between.length + next.length + end.length <= most) between.push(...next);
    }
    // Where only two operations may be, a state stands as it is.
    const operations = [build, ...between, ...end].slice(-Math.max(2, most));
    return { header, operations };
  }

  vary(operations: readonly Operation[]): Operation[] {
    const { stream } = this;
    this.edges = [...new Set([0, ...allPoints(this.domain, operations)])];
    const varied = [...operations];
    for (let changes = stream.between(1, 2); changes > 0; changes--) {
      const at = stream.below(varied.length);
      varied[at] =
        varied[at].op === 'bulk' ? this.rebuilt(varied[at]) : this.changed(varied[at], at === varied.length - 1);
    }
    return varied;
  }

  /** A build with an entry less, or one more where there is room for it. */
  private rebuilt(build: Operation): Operation {
    const entries = [...(build.entries as readonly TreeEntry[])];
    const at = this.stream.below(entries.length + 1);
    if (this.stream.chance(50) && entries.length > 1) {
      entries.splice(at, 1);
      return { ...build, entries };
    }
    const first = at === 0 ? 0 : entries[at - 1][1] + 1;
    const end = at === entries.length ? first + 3 : entries[at][0];
    // Beside its neighbours, or with a gap on each side.
    const index = Math.min(first + this.stream.below(2), end - 1);
    if (first >= end || !isIndex(index)) return build;
    entries.splice(at, 0, [index, index, 1]);
    return { ...build, entries };
  }

  /** An operation with one argument drawn anew, or with all; other than the failing one it may become another. */
  private changed(operation: Operation, isLast: boolean): Operation {
    const { stream } = this;
    if (!isLast && stream.chance(20)) return this.redrawn(this.kinds[stream.below(this.kinds.length)]);
    const drawn = this.redrawn(operation);
    if (stream.chance(50)) return drawn;
    const names = fieldKinds(this.domain, operation).map(([name]) => name);
    if (names.length === 0) return operation;
    const name = names[stream.below(names.length)];
    const changed = { ...operation, [name]: drawn[name] };
    const isTurned = LIMITS.some(([low, high]) => (changed[low] as number) > (changed[high] as number));
    return isTurned ? operation : changed;
  }

  private slots(): TreeHeader['slots'] {
    const kind = this.stream.below(100);
    if (kind < 35) return SMALL_NODES[0];
    return kind < 45 ? this.header.slots : SMALL_NODES[this.stream.below(SMALL_NODES.length)];
  }

  private build(): Operation {
    const { stream } = this;
    const count = stream.between(1, stream.chance(50) ? FEW_ENTRIES : MOST_ENTRIES);
    const layout = LAYOUTS[stream.below(LAYOUTS.length)];
    const entries = Array.from({ length: count }, (_, i) => layout(i, count));
    this.edges = entries.flatMap((entry) => entry.slice(0, 2));
    return { op: 'bulk', entries };
  }

  private plainStore(): Operation {
    const { fail } = this.failing;
    return fail === undefined ? PLAIN_STORE : { ...PLAIN_STORE, fail };
  }

  /** An operation with other arguments, behind what sets its state. */
  private placed(kind: Operation): Operation[] {
    const operation = this.redrawn(kind);
    if (!kind.op.startsWith('mas_') || kind.op.startsWith('mas_set')) return [operation];
    const r = operation.r as number;
    if (kind.op === 'mas_store') return [this.redrawn({ op: 'mas_set_range', r, first: 0, last: 0 }), operation];
    const index = typeof operation.first === 'number' ? operation.first : this.index();
    return [{ op: 'mas_set', r, index }, operation];
  }

  private redrawn(kind: Operation): Operation {
    const operation: Record<string, FieldValue | undefined> = { ...kind };
    for (const [name, fieldKind] of fieldKinds(this.domain, kind)) {
      if (fieldKind === 'index') operation[name] = this.index();
      if (fieldKind === 'value-or-null') operation[name] = this.stream.chance(50) ? null : 1;
    }
    for (const [low, high] of LIMITS) {
      const [a, b] = [operation[low], operation[high]];
      if (typeof a === 'number' && typeof b === 'number' && a > b) [operation[low], operation[high]] = [b, a];
    }
    return operation as Operation;
  }

  /** The lowest index, or where an entry begins or ends, or one beside that. */
  private index(): number {
    const { stream, edges } = this;
    if (stream.chance(30)) return 0;
    const index = edges[stream.below(edges.length)] + stream.between(-1, 1);
    return isIndex(index) ? index : 0;
  }
}

/** Fields of which the first is not above the second. */
const LIMITS = [
  ['first', 'last'],
  ['min', 'max'],
] as const;
