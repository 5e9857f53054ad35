/**
 * A third domain, for tests: a set of numbers, held as intervals. It shows all that a domain has to say, in one file.
 *
 *     add 2..5, add 9..9          [2,5] [9,9]
 *     remove 3..4                 [2,2] [5,5] [9,9]      src with the mistake planted: [2,2] [9,9]
 */
import { PLAIN } from '../../format/answer-shape';
import { findRows } from '../../format/domain';
import type { OperationSpec } from '../../format/spec';
import type { Subject } from '../../format/subject';
import { FORMAT, type Header, type Operation, type Ret } from '../../format/types';
import type { Drawer, Profile } from '../../generate/generation';
import type { Stream } from '../../generate/stream';
import { type Found, PairLockstep } from '../../lockstep/lockstep';
import { sameRet } from '../../lockstep/same';
import type { Invariant, InvariantOf, StepContext, View } from '../../lockstep/types';
import type { Domain } from '../domain';

const HIGHEST = 63;

interface IntervalSet extends Subject {
  add(first: number, last: number): Ret;
  remove(first: number, last: number): Ret;
  has(index: number): Ret;
  /** Every index that is in the set, ascending. */
  dump(): number[];
}

/** The optimized one: intervals in ascending order. */
export class SrcIntervals implements IntervalSet {
  /** Plants a mistake: what lies above a removed part of an interval is lost. */
  static isWrong = false;
  intervals: (readonly [first: number, last: number])[] = [];

  failAllocation(): void {}

  add(first: number, last: number): Ret {
    if (first > last) return 'EINVAL';
    let [low, high] = [first, last];
    const rest: (readonly [number, number])[] = [];
    for (const [begin, end] of this.intervals) {
      if (end + 1 < first || begin > last + 1) rest.push([begin, end]);
      else [low, high] = [Math.min(low, begin), Math.max(high, end)];
    }
    this.intervals = [...rest, [low, high] as const].sort((a, b) => a[0] - b[0]);
    return 0;
  }

  remove(first: number, last: number): Ret {
    if (first > last) return 'EINVAL';
    const rest: (readonly [number, number])[] = [];
    for (const [begin, end] of this.intervals) {
      if (begin < first) rest.push([begin, Math.min(end, first - 1)]);
      if (end > last && !(SrcIntervals.isWrong && begin < first)) rest.push([Math.max(begin, last + 1), end]);
    }
    this.intervals = rest;
    return 0;
  }

  has(index: number): Ret {
    return this.intervals.some(([first, last]) => first <= index && index <= last) ? 1 : 0;
  }

  dump(): number[] {
    return this.intervals.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  }
}

/** The naive one. */
class OracleIntervals implements IntervalSet {
  private readonly members = new Set<number>();

  failAllocation(): void {}

  add(first: number, last: number): Ret {
    for (let i = first; i <= last; i++) this.members.add(i);
    return first > last ? 'EINVAL' : 0;
  }

  remove(first: number, last: number): Ret {
    for (let i = first; i <= last; i++) this.members.delete(i);
    return first > last ? 'EINVAL' : 0;
  }

  has(index: number): Ret {
    return this.members.has(index) ? 1 : 0;
  }

  dump(): number[] {
    return [...this.members].sort((a, b) => a - b);
  }

  get count(): number {
    return this.members.size;
  }
}

interface Row extends OperationSpec {
  apply(subject: IntervalSet, operation: Operation): Ret;
}

const MOST = {
  extension: false,
  inKernel: false,
  cursor: false,
  concernsAll: false,
  weight: 1,
  answer: PLAIN,
  about: 'see the head of this file',
  answers: 'see the head of this file',
  refuse: undefined,
  unsupported: undefined,
  variant: undefined,
};

function row(op: string, names: readonly string[], writes: boolean, apply: Row['apply']): Row {
  const fields = names.map((name) => ({ name, kind: 'index' as const }));
  return { ...MOST, op, fields, writes, apply };
}

const ROWS: readonly Row[] = [
  row('add', ['first', 'last'], true, (set, { first, last }) => set.add(first as number, last as number)),
  row('remove', ['first', 'last'], true, (set, { first, last }) => set.remove(first as number, last as number)),
  row('has', ['index'], false, (set, { index }) => set.has(index as number)),
  row('dump', [], false, (set) => set.dump()),
];

const rowOf = findRows(ROWS);

export const INTERVALS_HEADER: Header = { format: FORMAT, domain: 'intervals' };

type IntervalsContext = StepContext<Header, SrcIntervals, OracleIntervals>;
type IntervalsInvariant = InvariantOf<IntervalsContext>;

const apart: IntervalsInvariant = {
  name: 'intervals-apart',
  domain: 'intervals',
  about: 'Between two intervals there is a number that is in neither.',
  moment: 'write',
  check({ src: { intervals } }) {
    const at = intervals.findIndex(([first], i) => i > 0 && first <= intervals[i - 1][1] + 1);
    return at < 0
      ? null
      : `interval ${at} begins at ${intervals[at][0]}, the one below ends at ${intervals[at - 1][1]}`;
  },
};

class IntervalsLockstep extends PairLockstep<Row, Header, SrcIntervals, OracleIntervals> {
  view(): View {
    const { context } = this;
    return { count: () => context.oracle.count };
  }

  protected makeOracle(header: Header): void {
    this.context.header = header;
    this.context.oracle = new OracleIntervals();
  }

  protected makeSrc(): void {
    this.context.src = new SrcIntervals();
  }

  protected specOf(op: string): Row | undefined {
    return rowOf(op);
  }

  protected isAboutAll(): boolean {
    return false;
  }

  protected refuses(): boolean {
    return false;
  }

  protected applySrc(spec: Row, operation: Operation): Ret {
    return spec.apply(this.context.src, operation);
  }

  protected applyOracle(spec: Row, operation: Operation): Found | null {
    const expected = spec.apply(this.context.oracle, operation);
    const actual = this.context.ret;
    if (sameRet(expected, actual)) return null;
    return {
      rule: 'answer',
      foundBy: 'answer',
      expected: { ret: expected },
      actual: { ret: actual },
      detail: 'differs',
    };
  }

  protected compareCursors(): null {
    return null;
  }

  protected compareContent(): Found | null {
    const [expected, actual] = [this.context.oracle.dump(), this.context.src.dump()];
    const detail = `expected ${expected}, got ${actual}`;
    return sameRet(expected, actual) ? null : { rule: 'content', foundBy: 'answer', detail };
  }
}

class IntervalsDrawer implements Drawer {
  constructor(private readonly stream: Stream) {}

  begin(): void {}

  draw(): Operation {
    const { stream } = this;
    const op = ROWS[stream.below(ROWS.length)].op;
    const first = stream.below(HIGHEST);
    if (op === 'dump') return { op };
    return op === 'has' ? { op, index: first } : { op, first, last: stream.between(first, HIGHEST) };
  }

  isLegal(): boolean {
    return true;
  }
}

const isOurs = (invariant: Invariant): invariant is IntervalsInvariant => invariant.domain === 'intervals';

export const intervals: Domain = {
  name: 'intervals',
  about: 'a set of numbers, as intervals',
  header: { parse: () => null, spell: () => ({}), smallest: INTERVALS_HEADER },
  operations: ROWS,
  spec: rowOf,
  greeting: {},
  subjects: { src: () => new SrcIntervals(), oracle: () => new OracleIntervals() },
  generation: {
    drawProfile: (stream): Profile => ({ header: INTERVALS_HEADER, length: stream.between(10, 40) }),
    createDrawer: (stream) => new IntervalsDrawer(stream),
  },
  comparison: {
    createLockstep: (invariants, thorough) => new IntervalsLockstep(invariants.filter(isOurs), thorough),
  },
  invariants: [apart],
  minimizing: { range: ['first', 'last'] },
  coverage: { eventName: () => null, cellsOf: () => [], cells: [], mustReach: [] },
  referee: {
    isLegal: () => true,
    piecesOf: () => null,
    usualHeaders: [],
    usualFiles: [],
    isSame: sameRet,
    inDialect: (answer) => answer,
  },
  picture: {
    draw(subject, _header, operation) {
      const isMarked = (index: number): boolean =>
        index >= Number(operation?.first) && index <= Number(operation?.last);
      const cells = (subject as IntervalSet).dump().map((index) => ({
        first: index,
        last: index,
        label: String(index),
        text: 'in',
        marked: isMarked(index),
      }));
      return { cells, end: String(HIGHEST) };
    },
  },
};
