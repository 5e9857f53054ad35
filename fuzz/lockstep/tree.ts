/**
 * src and oracle in step, domain tree.
 *
 *     before-hooks -> src -> its assertions -> oracle -> ret, four cursors -> content -> invariants
 *
 * Rules that hold here:
 * - The hot path builds no text and no list: contents are compared entry by entry, src through a maple state of the
 *   lockstep's own, the judge's by its arrays.
 * - An operation that src refuses for want of memory (`fail`) is not given to the judge: nothing may have changed but the
 *   status of the other states.
 * - Content is compared after operations that write; in a thorough run after every operation.
 */
import { kernelCorner } from '../../oracle/tree/legal';
import { OracleTree } from '../../oracle/tree/tree';
import { MapleState } from '../../src/maple-tree';
import type { TreeView } from '../generate/view';
import { STATES } from '../operations/fields';
import type { TreeSpec } from '../operations/spec';
import { treeSpec } from '../operations/table';
import type { AnyRet } from '../sequence/answers';
import { showIndex } from '../sequence/print';
import { type Answer, type Header, MAX_INDEX, type Operation, type Ret, type TreeHeader } from '../sequence/types';
import { SrcTree } from '../targets/src-tree';
import { CHEAP_SIZE, Pace } from './pace';
import { isShort, sameRet } from './same';
import type { Difference, FoundBy, Lockstep, TreeContext, TreeInvariant } from './types';
import { describeCrash, Watch } from './watch';

/** Entries on each side of an operation's place that are compared at once when the whole is too big. */
const WINDOW = 4;

type Found = Omit<Difference, 'step' | 'operation'>;

/** The one object that invariants see; its fields change with each step. */
class Context implements TreeContext {
  header!: TreeHeader;
  src!: SrcTree;
  oracle!: OracleTree;
  operation: Operation | null = null;
  writes = false;
  ret: Ret = null;
  step = -1;
}

export class TreeLockstep implements Lockstep {
  private readonly context = new Context();
  private readonly watch = new Watch();
  private readonly pace: Pace;
  private readonly hooks: readonly TreeInvariant[];
  private readonly onStep: readonly TreeInvariant[];
  private readonly onWrite: readonly TreeInvariant[];
  private walker: MapleState<number> | null = null;
  /** Whether src refused the present operation for want of memory. */
  private refused = false;

  constructor(
    private readonly invariants: readonly TreeInvariant[],
    private readonly thorough: boolean,
  ) {
    this.pace = new Pace(thorough);
    this.hooks = invariants.filter((invariant) => invariant.before !== undefined);
    this.onStep = invariants.filter((invariant) => invariant.moment === 'step');
    this.onWrite = invariants.filter((invariant) => invariant.moment !== 'end');
  }

  begin(header: Header): Difference | null {
    if (header.domain !== 'tree') throw new TypeError(`a tree lockstep was given a header of domain ${header.domain}`);
    const { context } = this;
    context.header = header;
    context.operation = null;
    context.step = -1;
    context.ret = null;
    context.writes = false;
    this.walker = null;
    this.pace.begin();
    try {
      context.oracle = new OracleTree(header.ranges);
      context.src = new SrcTree(header);
    } catch (error) {
      return this.place(crash('src', error));
    }
    for (const invariant of this.invariants) invariant.begin?.(context);
    return null;
  }

  step(operation: Operation): Difference | null {
    const spec = treeSpec(operation.op);
    if (spec === undefined) throw new TypeError(`no operation ${operation.op} in the domain tree`);
    const { context } = this;
    context.step++;
    context.operation = operation;
    context.writes = spec.writes;
    if (spec.refuse !== undefined && spec.refuse(operation, context.header, context.oracle) !== null) return null;
    const due = this.pace.isDue(context.oracle.count);
    const found = this.run(spec, operation, due);
    return found === null ? null : this.place(found);
  }

  end(): Difference | null {
    const { context } = this;
    context.operation = null;
    context.step++;
    const found = this.content(true) ?? this.check(this.invariants);
    return found === null ? null : this.place(found);
  }

  /** What the generator may look at: the judge's content. */
  view(): TreeView {
    const { oracle } = this.context;
    return {
      count: () => oracle.count,
      first: (k) => oracle.firstAt(k),
      last: (k) => oracle.lastAt(k),
      masIndex: (r) => oracle.mas(r).index,
      masLast: (r) => oracle.mas(r).last,
      masStatus: (r) => oracle.mas(r).status,
      isCorner: (operation) => kernelCorner(oracle, operation) !== null,
    };
  }

  /** Both sides as they are now, for print-outs. */
  get sides(): TreeContext {
    return this.context;
  }

  private place(found: Found): Difference {
    return { step: this.context.step, operation: this.context.operation, ...found };
  }

  private run(spec: TreeSpec, operation: Operation, due: boolean): Found | null {
    if (due) {
      const broken = this.before();
      if (broken !== null) return broken;
    }
    return (
      this.apply(spec, operation) ??
      this.cursors(spec, operation) ??
      (spec.writes || this.thorough ? this.content(due) : null) ??
      (due ? this.check(spec.writes || this.thorough ? this.onWrite : this.onStep) : null)
    );
  }

  private before(): Found | null {
    for (const invariant of this.hooks) {
      const broken = invariant.before!(this.context);
      if (broken !== null) return violation(invariant, broken);
    }
    return null;
  }

  private check(invariants: readonly TreeInvariant[]): Found | null {
    for (const invariant of invariants) {
      let broken: string | null;
      try {
        broken = invariant.check(this.context);
      } catch (error) {
        broken = describeCrash('the check', error);
      }
      if (broken !== null) return violation(invariant, broken);
    }
    return null;
  }

  /** Runs the operation on both sides and compares `ret`. */
  private apply(spec: TreeSpec, operation: Operation): Found | null {
    const { context, watch } = this;
    const { src, oracle } = context;
    const failing = operation.fail !== undefined;
    let actual: Ret;
    watch.arm();
    try {
      if (failing) src.failAllocation(operation.fail as number);
      actual = spec.apply(src, operation);
    } catch (error) {
      return crash('src', error);
    } finally {
      watch.disarm();
      if (failing) src.failAllocation(0);
    }
    context.ret = actual;
    if (watch.rule !== null) return { rule: watch.rule, foundBy: 'assertion', detail: watch.detail };
    this.refused = failing && actual === 'ENOMEM';
    if (this.refused) {
      oracle.failedWrite(spec.cursor ? (operation.r as number) : null);
      return null;
    }
    let expected: Ret;
    try {
      expected = spec.apply(oracle, operation);
    } catch (error) {
      return crash('oracle', error);
    }
    if (sameRet(expected, actual)) return null;
    return this.answers('answer', spec, operation, expected, actual, `${operation.op} answers something else`);
  }

  /** All four states: also those that the operation only had to invalidate. */
  private cursors(spec: TreeSpec, operation: Operation): Found | null {
    const { src, oracle } = this.context;
    for (let r = 0; r < STATES; r++) {
      const actual = src.mas(r);
      const expected = oracle.mas(r);
      if (
        actual.index === expected.index &&
        actual.last === expected.last &&
        (actual.status === expected.status || (this.refused && spec.cursor && r === operation.r))
      ) {
        continue;
      }
      const detail =
        `state ${r}: expected [${showIndex(expected.index)}, ${showIndex(expected.last)}, ${expected.status}], ` +
        `got [${showIndex(actual.index)}, ${showIndex(actual.last)}, ${actual.status}]`;
      const { ret } = this.context;
      if (spec.cursor && r === operation.r) return this.answers('cursor', spec, operation, ret, ret, detail);
      return { rule: 'other-cursor', foundBy: 'answer', detail };
    }
    return null;
  }

  private answers(
    rule: string,
    spec: TreeSpec,
    operation: Operation,
    expected: AnyRet,
    actual: AnyRet,
    detail: string,
  ): Found {
    const { src, oracle } = this.context;
    if (!isShort(expected) || !isShort(actual)) {
      return this.content(true) ?? { rule, foundBy: 'answer', detail: `${detail}; the contents agree` };
    }
    const answer = (ret: AnyRet, side: SrcTree | OracleTree): Answer => {
      if (!spec.cursor) return { ret: ret as Ret };
      const { index, last, status } = side.mas(operation.r as number);
      return { ret: ret as Ret, mas: [index, last, status] };
    };
    return { rule, foundBy: 'answer', expected: answer(expected, oracle), actual: answer(actual, src), detail };
  }

  // -- content -------------------------------------------------------------------------------------------------------

  /** Compares what both hold: all of it, or what lies around the operation's place. */
  private content(whole: boolean): Found | null {
    try {
      const { oracle } = this.context;
      if (whole || oracle.count <= CHEAP_SIZE) return this.compareFrom(0, oracle.count);
      const from = Math.max(0, this.placeOfOperation() - WINDOW);
      return this.compareFrom(from, Math.min(oracle.count, from + 2 * WINDOW));
    } catch (error) {
      return crash('src, when its content was read,', error);
    }
  }

  /** The judge's entry at or above where the operation was at work. */
  private placeOfOperation(): number {
    const { oracle, operation } = this.context;
    const { first, index, r } = operation!;
    let at = 0;
    if (typeof r === 'number') at = oracle.mas(r).index;
    else if (typeof first === 'number') at = first;
    else if (typeof index === 'number') at = index;
    else if (typeof this.context.ret === 'number') at = this.context.ret;
    return oracle.ranges.placeAtOrAbove(at);
  }

  /** Entries from number `from` to `to`, exclusive; at the end of the content also that src has no more. */
  private compareFrom(from: number, to: number): Found | null {
    const { src, oracle } = this.context;
    const walker = this.walkerOf(src);
    walker.set(from === 0 ? 0 : oracle.firstAt(from));
    for (let i = from; i < to; i++) {
      const value = walker.find(MAX_INDEX);
      const first = oracle.firstAt(i);
      const last = oracle.lastAt(i);
      if (value === oracle.valueAt(i) && walker.index === first && walker.last === last) continue;
      const expected = `${showIndex(first)}-${showIndex(last)}: ${oracle.valueAt(i)}`;
      return contentDiffers(i, expected, value === null ? 'no entry' : this.entryText(walker, value));
    }
    if (to < oracle.count) return null;
    const value = walker.find(MAX_INDEX);
    return value === null ? null : contentDiffers(to, 'no entry', this.entryText(walker, value));
  }

  private entryText(walker: MapleState<number>, value: number): string {
    return `${showIndex(walker.index)}-${showIndex(walker.last)}: ${value}`;
  }

  /** A state for reading src's tree; a duplicate is another tree and needs another. */
  private walkerOf(src: SrcTree): MapleState<number> {
    if (this.walker === null || this.walker.tree !== src.tree) this.walker = new MapleState(src.tree);
    return this.walker;
  }
}

function contentDiffers(i: number, expected: string, actual: string): Found {
  return { rule: 'content', foundBy: 'answer', detail: `entry ${i}: expected ${expected}, got ${actual}` };
}

function crash(who: string, error: unknown): Found {
  return {
    rule: who.startsWith('src') ? 'crash' : 'oracle-crash',
    foundBy: 'crash',
    detail: describeCrash(who, error),
  };
}

function violation(invariant: TreeInvariant, detail: string): Found {
  const foundBy: FoundBy = invariant.foundBy ?? 'invariant';
  return { rule: invariant.name, foundBy, detail };
}
