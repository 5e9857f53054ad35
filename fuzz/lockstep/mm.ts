/**
 * src and oracle in step, domain mm.
 *
 * src's mappings are read from the nodes of its tree (in big windows, around the operation's place, through a maple state of
 * the lockstep's own), the judge's from its array; compared is
 * all that a mapping has, the hidden part too: the page offset of anonymous memory, whether there is an anon_vma, whether it
 * came over a fork, and whether two neighbours share it. (Its number means nothing: each side counts by itself.)
 *
 *     src   [12,15) rw- anon@12 anon_vma 7        pages, VM_* bits
 *     judge [49152,61440) rw- anon@12 anon 3      bytes, bits of its own
 *
 * An operation with `fail` has several right outcomes: which of the judge's steps corresponds to src's n-th allocation is not
 * defined. The judge lists them; src must be one of them, and the judge goes on with that one.
 */
import { CODES, type OracleAddressSpace, type Vma as OracleVma } from '../../oracle/mm';
import { MapleState } from '../../src/maple-tree/state';
import type { MapleTree } from '../../src/maple-tree/tree';
import { flagCodes } from '../../src/mm/vm-flags';
import type { Vma } from '../../src/mm/vma';
import { OracleMmView } from '../generate/oracle-views';
import type { MmView } from '../generate/view';
import { beginLists, listAfter } from '../invariants/mm-lists';
import { isPageAdvice } from '../operations/mm';
import type { MmSpec } from '../operations/spec';
import { mmSpec } from '../operations/table';
import { type Header, MAX_INDEX, type MmHeader, type Operation, PAGE, type Ret } from '../sequence/types';
import { makeOracleMm } from '../targets/oracle-mm';
import { SrcMm } from '../targets/src-mm';
import { CHEAP_SIZE } from './pace';
import { type Found, isShort, PairLockstep } from './pair';
import { sameRet } from './same';

/** Mappings on each side of an operation's place that are compared at once when the whole is too big. */
const WINDOW = 4;

export class MmLockstep extends PairLockstep<MmSpec, MmHeader, SrcMm, OracleAddressSpace> {
  private walker: MapleState<Vma> | null = null;
  private walked: MapleTree<Vma> | null = null;
  private readonly judgeView = new OracleMmView(this.context);
  /** src's flag bits to the judge's; there are only so many combinations. */
  private readonly flagBits = new Map<number, number>();
  private lastFlags = 0;
  private lastBits = 0;
  /** A space of the judge's that is not needed at present: outcomes of failures are tried in it. */
  private spare: OracleAddressSpace | null = null;

  /** What the generator may look at: the judge's content. */
  view(): MmView {
    return this.judgeView;
  }

  protected makeOracle(header: Header): void {
    if (header.domain !== 'mm') throw new TypeError(`an mm lockstep was given a header of domain ${header.domain}`);
    this.walker = null;
    this.spare = null;
    beginLists();
    this.context.header = header;
    this.context.oracle = makeOracleMm(header);
  }

  protected makeSrc(): void {
    this.context.src = new SrcMm(this.context.header);
  }

  protected specOf(op: string): MmSpec | undefined {
    return mmSpec(op);
  }

  protected refuses(spec: MmSpec, operation: Operation): boolean {
    if (isPageAdvice(operation)) return true;
    if (spec.refuse === undefined) return false;
    return spec.refuse(operation, this.context.header, this.context.oracle) !== null;
  }

  protected applySrc(spec: MmSpec, operation: Operation): Ret {
    return spec.apply(this.context.src, operation);
  }

  protected judge(spec: MmSpec, operation: Operation): Found | null {
    if (operation.fail !== undefined) return this.judgeFailure(spec, operation);
    const expected = spec.apply(this.context.oracle, operation);
    const actual = this.context.ret;
    if (sameRet(expected, actual)) return null;
    const detail = `${operation.op} answers something else`;
    if (isShort(expected) && isShort(actual)) {
      return { rule: 'answer', foundBy: 'answer', expected: { ret: expected }, actual: { ret: actual }, detail };
    }
    return this.content(true) ?? { rule: 'answer', foundBy: 'answer', detail: dumpDetail(expected, actual) };
  }

  /** Takes the outcome that src came to, out of those that are right. */
  private judgeFailure(spec: MmSpec, operation: Operation): Found | null {
    const { context } = this;
    const { oracle, ret } = context;
    const apply = (space: OracleAddressSpace): number | string => spec.apply(space, operation) as number | string;
    const rets: string[] = [];
    // Undisturbed first: mostly the failure did not come, or the step could do without.
    this.spare ??= makeOracleMm(context.header);
    for (let step = 0; ; step++) {
      const outcome = oracle.failedOutcome(step, apply, this.spare);
      if (outcome === null) break;
      rets.push(String(outcome.ret));
      if (!sameRet(outcome.ret, ret)) continue;
      context.oracle = outcome.space;
      if (this.compareContent(true) !== null) continue;
      this.spare = oracle;
      return null;
    }
    context.oracle = oracle;
    const answers = [...new Set(rets)].join(', ');
    return {
      rule: 'fail-outcome',
      foundBy: 'answer',
      actual: { ret },
      detail: `allocation ${operation.fail} of ${operation.op} failed: of the ${rets.length} states that may be left (answers ${answers}) this is none`,
    };
  }

  protected compareCursors(): Found | null {
    return null;
  }

  protected compareContent(whole: boolean): Found | null {
    const { src, oracle } = this.context;
    const heap = oracle.heapEnd ?? -1;
    if (src.mm.brk !== heap) return contentDiffers('the break', String(heap), String(src.mm.brk));
    if (whole || oracle.count <= CHEAP_SIZE) return this.compareAll();
    const from = Math.max(0, this.placeOfOperation() - WINDOW);
    return this.compareFrom(from, Math.min(oracle.count, from + 2 * WINDOW));
  }

  /** All mappings, as the tree's nodes hold them. */
  private compareAll(): Found | null {
    const { oracle } = this.context;
    const { first, last, vma, count } = listAfter(this.context);
    const common = Math.min(count, oracle.count);
    let below: Vma | null = null;
    let expectedBelow: Readonly<OracleVma> | null = null;
    for (let i = 0; i < common; i++) {
      const actual = vma[i];
      const expected = oracle.at(i);
      const found = this.compareOne(i, first[i], last[i], actual, expected, below, expectedBelow);
      if (found !== null) return found;
      below = actual;
      expectedBelow = expected;
    }
    if (count < oracle.count) return contentDiffers(`mapping ${count}`, judgeText(oracle.at(count)), 'no mapping');
    if (count === oracle.count) return null;
    return contentDiffers(`mapping ${oracle.count}`, 'no mapping', this.srcText(vma[oracle.count]));
  }

  /** Mapping i, which lies over `first` to `last` in the tree; `below` is the one before, if that is looked at too. */
  private compareOne(
    i: number,
    first: number,
    last: number,
    actual: Vma,
    expected: Readonly<OracleVma>,
    below: Vma | null,
    expectedBelow: Readonly<OracleVma> | null,
  ): Found | null {
    if (first !== actual.start || last !== actual.end - 1) return this.misplaced(first, last, actual);
    if (!this.sameVma(actual, expected)) return this.differs(i, actual, expected);
    if (below === null || sharesAnon(below, actual) === judgeSharesAnon(expectedBelow!, expected)) return null;
    return this.anonDiffers(i, below, actual);
  }

  /** The number of the judge's first mapping that ends above the operation's address. */
  private placeOfOperation(): number {
    const { oracle, operation, ret } = this.context;
    const at = typeof ret === 'number' && ret > 0 ? ret : ((operation!.addr as number | undefined) ?? 0);
    let low = 0;
    let high = oracle.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (oracle.at(middle).end > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Mappings from number `from` to `to`, exclusive; at the end of the content also that src has no more. */
  private compareFrom(from: number, to: number): Found | null {
    const { oracle } = this.context;
    const walker = this.walkerOf();
    walker.set(from === 0 ? 0 : oracle.at(from).start / PAGE);
    let below: Vma | null = null;
    let expectedBelow: Readonly<OracleVma> | null = null;
    for (let i = from; i < to; i++) {
      const actual = walker.find(MAX_INDEX);
      const expected = oracle.at(i);
      if (actual === null) return contentDiffers(`mapping ${i}`, judgeText(expected), 'no mapping');
      const found = this.compareOne(i, walker.index, walker.last, actual, expected, below, expectedBelow);
      if (found !== null) return found;
      below = actual;
      expectedBelow = expected;
    }
    if (to < oracle.count) return null;
    const more = walker.find(MAX_INDEX);
    return more === null ? null : contentDiffers(`mapping ${to}`, 'no mapping', this.srcText(more));
  }

  private sameVma(actual: Vma, expected: Readonly<OracleVma>): boolean {
    return (
      actual.start * PAGE === expected.start &&
      actual.end * PAGE === expected.end &&
      this.bitsOf(actual.flags) === expected.flags &&
      actual.pgoff === expected.pgoff &&
      (actual.file === null) === (expected.file === null) &&
      (actual.file === null || actual.file.name === expected.file!.name) &&
      (actual.anonVma !== null) === (expected.anon !== 0) &&
      (actual.anonVma?.inherited ?? false) === expected.inherited &&
      actual.policy === expected.policy &&
      actual.uffdCtx === expected.uffd &&
      actual.name === expected.name
    );
  }

  /** Flags by the judge's bits, by way of the format's codes. */
  private bitsOf(flags: number): number {
    // Neighbours are often alike, and this is asked of every mapping.
    if (flags === this.lastFlags) return this.lastBits;
    let bits = this.flagBits.get(flags);
    if (bits === undefined) {
      bits = 0;
      for (const code of flagCodes(flags).split(' ')) {
        if (code !== '') bits |= 1 << CODES.indexOf(code);
      }
      this.flagBits.set(flags, bits);
    }
    this.lastFlags = flags;
    this.lastBits = bits;
    return bits;
  }

  private differs(i: number, actual: Vma, expected: Readonly<OracleVma>): Found {
    return contentDiffers(`mapping ${i}`, judgeText(expected), this.srcText(actual));
  }

  private misplaced(first: number, last: number, vma: Vma): Found {
    const place = `${first * PAGE}-${(last + 1) * PAGE}`;
    return {
      rule: 'tree-and-mapping',
      foundBy: 'structure',
      detail: `the tree holds ${this.srcText(vma)} at ${place}`,
    };
  }

  private anonDiffers(i: number, below: Vma, vma: Vma): Found {
    const shares = sharesAnon(below, vma);
    const detail = `mapping ${i}: ${shares ? 'shares' : 'does not share'} the anon_vma of the one below it: ${this.srcText(vma)}`;
    return { rule: 'anon-vma', foundBy: 'answer', detail };
  }

  private srcText(vma: Vma): string {
    const anon = vma.anonVma === null ? '' : vma.anonVma.inherited ? ' anon_vma inherited' : ' anon_vma';
    const file = vma.file === null ? 'anon' : (vma.file.name ?? 'shared');
    const extra = extraText(vma.policy, vma.uffdCtx, vma.name);
    return `${vma.start * PAGE}-${vma.end * PAGE} ${flagCodes(vma.flags)} ${file}@${vma.pgoff}${anon}${extra}`;
  }

  /** A state for reading src's tree; a child of fork has another tree and needs another. */
  private walkerOf(): MapleState<Vma> {
    const { tree } = this.context.src.mm;
    if (this.walker === null || this.walked !== tree) {
      this.walker = new MapleState(tree);
      this.walked = tree;
    }
    return this.walker;
  }
}

function sharesAnon(a: Vma, b: Vma): boolean {
  return a.anonVma !== null && a.anonVma === b.anonVma;
}

function judgeSharesAnon(a: Readonly<OracleVma>, b: Readonly<OracleVma>): boolean {
  return a.anon !== 0 && a.anon === b.anon;
}

function extraText(policy: number, uffd: number, name: string | null): string {
  const named = name === null ? '' : ` name ${JSON.stringify(name)}`;
  return `${policy === 0 ? '' : ` policy ${policy}`}${uffd === 0 ? '' : ` uffd ${uffd}`}${named}`;
}

function judgeText(vma: Readonly<OracleVma>): string {
  const anon = vma.anon === 0 ? '' : vma.inherited ? ' anon_vma inherited' : ' anon_vma';
  const file = vma.file === null ? 'anon' : (vma.file.name ?? 'shared');
  const codes = CODES.filter((_code, i) => (vma.flags & (1 << i)) !== 0).join(' ');
  return `${vma.start}-${vma.end} ${codes} ${file}@${vma.pgoff}${anon}${extraText(vma.policy, vma.uffd, vma.name)}`;
}

function contentDiffers(place: string, expected: string, actual: string): Found {
  return { rule: 'content', foundBy: 'answer', detail: `${place}: expected ${expected}, got ${actual}` };
}

/** Two dumps whose mappings agree: what else differs is short. */
function dumpDetail(expected: unknown, actual: unknown): string {
  const rest = (dump: unknown): string => JSON.stringify({ ...(dump as object), vmas: undefined });
  return `the dumps differ, though the mappings agree: expected ${rest(expected)}, got ${rest(actual)}`;
}
