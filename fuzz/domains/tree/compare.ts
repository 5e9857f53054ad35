/**
 * src and oracle in step, domain tree.
 *
 * src is read through a maple state of the lockstep's own, the oracle by its arrays. All four states are compared after
 * each step: also those that the operation only had to invalidate.
 *
 * An operation that src refuses for want of memory (`fail`) is not given to the oracle: nothing may have changed but
 * what a failed write does to the states.
 */
import { OracleTree } from '../../../oracle/tree/tree';
import { MapleState } from '../../../src/maple-tree/state';
import type { MapleTree } from '../../../src/maple-tree/tree';
import { STATES } from '../../format/kinds';
import { showIndex } from '../../format/spelling';
import { type Answer, type Header, MAX_INDEX, type Operation, type Ret } from '../../format/types';
import { type Found, isShort, PairLockstep } from '../../lockstep/lockstep';
import { sameRet } from '../../lockstep/same';
import type { Comparison, Invariant } from '../../lockstep/types';
import type { TreeInvariant } from './context';
import type { TreeHeader } from './header';
import { type TreeSpec, treeSpec } from './operations';
import { SrcTree } from './src-tree';
import { OracleTreeView, type TreeView } from './view';
import { beginWalks, placeOf, upAgrees } from './walks';

/** Entries on each side of an operation's place that are compared at once when the whole is too big. */
const WINDOW = 4;

export class TreeLockstep extends PairLockstep<TreeSpec, TreeHeader, SrcTree, OracleTree> {
  private walker: MapleState<number> | null = null;
  private walked: MapleTree<number> | null = null;
  private readonly oracleView = new OracleTreeView(this.context);

  constructor(invariants: readonly TreeInvariant[] = [], thorough = false) {
    super(invariants, thorough);
  }

  protected makeOracle(header: Header): void {
    if (header.domain !== 'tree') throw new TypeError(`a tree lockstep was given a header of domain ${header.domain}`);
    this.walker = null;
    beginWalks();
    this.context.header = header as TreeHeader;
    this.context.oracle = new OracleTree(this.context.header.ranges);
  }

  protected makeSrc(): void {
    this.context.src = new SrcTree(this.context.header);
  }

  /** What the generator may look at: the oracle's content. */
  view(): TreeView {
    return this.oracleView;
  }

  protected isAboutAll(spec: TreeSpec): boolean {
    return spec.concernsAll;
  }

  protected specOf(op: string): TreeSpec | undefined {
    return treeSpec(op);
  }

  protected refuses(spec: TreeSpec, operation: Operation): boolean {
    if (spec.refuse === undefined) return false;
    return spec.refuse(operation, this.context.header, this.context.oracle) !== null;
  }

  protected applySrc(spec: TreeSpec, operation: Operation): Ret {
    return spec.apply(this.context.src, operation);
  }

  protected applyOracle(spec: TreeSpec, operation: Operation): Found | null {
    const { context } = this;
    if (context.fail !== 0 && context.ret === 'ENOMEM') {
      context.oracle.failedWrite();
      return null;
    }
    const expected = spec.apply(context.oracle, operation);
    if (sameRet(expected, context.ret)) return null;
    return this.answers('answer', spec, expected, `${operation.op} answers something else`);
  }

  protected compareCursors(spec: TreeSpec, operation: Operation): Found | null {
    const { src, oracle } = this.context;
    for (let r = 0; r < STATES; r++) {
      const actual = src.mas(r);
      const expected = oracle.mas(r);
      const same =
        actual.index === expected.index && actual.last === expected.last && actual.status === expected.status;
      if (same) continue;
      const detail =
        `state ${r}: expected [${showIndex(expected.index)}, ${showIndex(expected.last)}, ${expected.status}], ` +
        `got [${showIndex(actual.index)}, ${showIndex(actual.last)}, ${actual.status}]`;
      if (spec.cursor && r === operation.r) return this.answers('cursor', spec, this.context.ret, detail);
      return { rule: 'other-cursor', foundBy: 'answer', detail };
    }
    return null;
  }

  /** A difference with both answers; what a dump has to say is told by comparing the contents. */
  private answers(rule: string, spec: TreeSpec, expected: Ret, detail: string): Found {
    const { src, oracle, ret, operation } = this.context;
    if (!isShort(expected) || !isShort(ret)) {
      return this.content() ?? { rule, foundBy: 'answer', detail: `${detail}; the contents agree` };
    }
    const answer = (value: Ret, side: SrcTree | OracleTree): Answer => {
      if (!spec.cursor) return { ret: value };
      const { index, last, status } = side.mas(operation!.r as number);
      return { ret: value, mas: [index, last, status] };
    };
    return { rule, foundBy: 'answer', expected: answer(expected, oracle), actual: answer(ret, src), detail };
  }

  /** The entries as a state meets them: all of them when it is their turn, else those around the operation's place. */
  protected compareContent(): Found | null {
    const { oracle, whole } = this.context;
    if (whole || oracle.count <= 2 * WINDOW) return this.compareFrom(0, oracle.count);
    if (upAgrees(this.context)) return null;
    const from = Math.max(0, placeOf(this.context) - WINDOW);
    return this.compareFrom(from, Math.min(oracle.count, from + 2 * WINDOW));
  }

  private oracleEntry(i: number): string {
    const { oracle } = this.context;
    return entryText(oracle.firstAt(i), oracle.lastAt(i), oracle.valueAt(i));
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
      return contentDiffers(i, this.oracleEntry(i), stateText(walker, value));
    }
    if (to < oracle.count) return null;
    const value = walker.find(MAX_INDEX);
    return value === null ? null : contentDiffers(to, 'no entry', stateText(walker, value));
  }

  /** A state for reading src's tree; a duplicate is another tree and needs another. */
  private walkerOf(src: SrcTree): MapleState<number> {
    if (this.walker === null || this.walked !== src.tree) {
      this.walker = new MapleState(src.tree);
      this.walked = src.tree;
    }
    return this.walker;
  }
}

function entryText(first: number, last: number, value: number): string {
  return `${showIndex(first)}-${showIndex(last)}: ${value}`;
}

function stateText(walker: MapleState<number>, value: number | null): string {
  return value === null ? 'no entry' : entryText(walker.index, walker.last, value);
}

function contentDiffers(i: number, expected: string, actual: string): Found {
  return { rule: 'content', foundBy: 'answer', detail: `entry ${i}: expected ${expected}, got ${actual}` };
}

export const treeComparison: Comparison = {
  createLockstep(invariants, thorough) {
    return new TreeLockstep(invariants.filter(isOurs), thorough);
  },
};

function isOurs(invariant: Invariant): invariant is TreeInvariant {
  return invariant.domain === 'tree';
}
