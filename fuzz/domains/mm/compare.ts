/**
 * src and oracle in step, domain mm.
 *
 * src's mappings are read from the nodes of its tree, the oracle's from its array: all of them by turns, those around
 * the operation's place after every step (fuzz/domains/mm/window.ts). Compared is all that a mapping has, the hidden
 * part too: the page offset of anonymous memory, whether there is an anon_vma, whether it came over a fork, and whether
 * two neighbours share it. (Its number means nothing: each side counts by itself.)
 *
 *     src    [12,15) rw- anon@12 anon_vma 7        pages, VM_* bits
 *     oracle [49152,61440) rw- anon@12 anon 3      bytes, bits of its own
 *
 * An operation with `fail` has several right outcomes: which of the oracle's steps corresponds to src's n-th allocation
 * is not defined. The oracle lists them; src must be one of them, and the oracle goes on with that one.
 */
import { CODES, type OracleAddressSpace, type Vma as OracleVma } from '../../../oracle/mm';
import { flagCodes } from '../../../src/mm/vm-flags';
import type { Vma } from '../../../src/mm/vma';
import { type Header, type Operation, PAGE, type Ret } from '../../format/types';
import { type Found, isShort, PairLockstep } from '../../lockstep/lockstep';
import { sameRet } from '../../lockstep/same';
import type { Comparison, Invariant } from '../../lockstep/types';
import type { MmInvariant } from './context';
import type { MmHeader } from './header';
import { beginLists, listAfter, type VmaList } from './lists';
import { isAnsweredByFormat, type MmSpec, mmSpec } from './operations';
import { makeOracleMm } from './oracle-mm';
import { SrcMm } from './src-mm';
import { type MmView, OracleMmView } from './view';

/** src's flag bits as the oracle's, a byte at a time: this is asked of every mapping at every step. */
class FlagTable {
  private readonly bytes = Int32Array.from({ length: 4 * 256 }, (_, i) => oracleBits((i & 255) << (8 * (i >> 8))));

  bitsOf(flags: number): number {
    const { bytes } = this;
    return (
      bytes[flags & 255] |
      bytes[256 | ((flags >>> 8) & 255)] |
      bytes[512 | ((flags >>> 16) & 255)] |
      bytes[768 | (flags >>> 24)]
    );
  }
}

/** By way of the format's codes. */
function oracleBits(flags: number): number {
  let bits = 0;
  for (const code of flagCodes(flags).split(' ')) if (code !== '') bits |= 1 << CODES.indexOf(code);
  return bits;
}

export class MmLockstep extends PairLockstep<MmSpec, MmHeader, SrcMm, OracleAddressSpace> {
  private readonly oracleView = new OracleMmView(this.context);
  private readonly flags = new FlagTable();
  /** A space of the oracle's that is not needed at present: outcomes of failures are tried in it. */
  private spare: OracleAddressSpace | null = null;

  constructor(invariants: readonly MmInvariant[] = [], thorough = false) {
    super(invariants, thorough);
  }

  /** What the generator may look at: the oracle's content. */
  view(): MmView {
    return this.oracleView;
  }

  protected makeOracle(header: Header): void {
    if (header.domain !== 'mm') throw new TypeError(`an mm lockstep was given a header of domain ${header.domain}`);
    this.spare = null;
    beginLists();
    this.context.header = header as MmHeader;
    this.context.oracle = makeOracleMm(this.context.header);
  }

  protected makeSrc(): void {
    this.context.src = new SrcMm(this.context.header);
  }

  /** The outcomes of a failure are told apart by all that they leave. */
  protected isAboutAll(spec: MmSpec): boolean {
    return spec.concernsAll || this.context.fail !== 0;
  }

  protected specOf(op: string): MmSpec | undefined {
    return mmSpec(op);
  }

  protected refuses(spec: MmSpec, operation: Operation): boolean {
    return isAnsweredByFormat(spec, operation, this.context.header, this.context.oracle);
  }

  protected applySrc(spec: MmSpec, operation: Operation): Ret {
    return spec.apply(this.context.src, operation);
  }

  protected applyOracle(spec: MmSpec, operation: Operation): Found | null {
    if (this.context.fail !== 0) return this.takeOutcome(spec, operation);
    const expected = spec.apply(this.context.oracle, operation);
    const actual = this.context.ret;
    if (sameRet(expected, actual)) return null;
    const detail = `${operation.op} answers something else`;
    if (isShort(expected) && isShort(actual)) {
      return { rule: 'answer', foundBy: 'answer', expected: { ret: expected }, actual: { ret: actual }, detail };
    }
    return this.content() ?? { rule: 'answer', foundBy: 'answer', detail: dumpDetail(expected, actual) };
  }

  /** Takes the outcome that src came to, out of those that are right. */
  private takeOutcome(spec: MmSpec, operation: Operation): Found | null {
    const { context } = this;
    const { oracle, ret } = context;
    const apply = (space: OracleAddressSpace): number | string => spec.apply(space, operation) as number | string;
    const rets: (number | string)[] = [];
    // Undisturbed first: mostly the failure did not come, or the step could do without.
    this.spare ??= makeOracleMm(context.header);
    for (let step = 0; ; step++) {
      const outcome = oracle.failedOutcome(step, apply, this.spare);
      if (outcome === null) break;
      rets.push(outcome.ret);
      if (!sameRet(outcome.ret, ret)) continue;
      context.oracle = outcome.space;
      if (this.compareContent() !== null) continue;
      this.spare = oracle;
      return null;
    }
    context.oracle = oracle;
    const answers = [...new Set(rets)].join(', ');
    return {
      rule: 'fail-outcome',
      foundBy: 'answer',
      actual: { ret },
      detail:
        `allocation ${operation.fail} of ${operation.op} failed: src is in none of the ${rets.length} states ` +
        `that this may leave (their answers: ${answers})`,
    };
  }

  protected compareCursors(): Found | null {
    return null;
  }

  protected compareContent(): Found | null {
    const { src, oracle } = this.context;
    const heap = oracle.heapEnd ?? -1;
    if (src.mm.brkAddr !== heap) return contentDiffers('the break', String(heap), String(src.mm.brkAddr));
    const list = listAfter(this.context);
    // The oracle's mappings from number `from` to `to`, exclusive, should be those of the list.
    const from = list.whole ? 0 : oracle.indexAt(list.low * PAGE);
    const found = this.compareList(list, from);
    if (found !== null) return found;
    const to = from + list.count;
    const missing = to < oracle.count && (list.whole || oracle.at(to).start < list.high * PAGE);
    return missing ? contentDiffers(`mapping ${to}`, oracleText(oracle.at(to)), 'no mapping') : null;
  }

  /** Mappings as the tree's nodes hold them, with the oracle's from number `from` on. */
  private compareList({ first, last, vma, count }: VmaList, from: number): Found | null {
    const { oracle } = this.context;
    let below: Vma | null = null;
    let expectedBelow: Readonly<OracleVma> | null = null;
    for (let k = 0; k < count; k++) {
      const actual = vma[k];
      if (from + k >= oracle.count) return contentDiffers(`mapping ${from + k}`, 'no mapping', this.srcText(actual));
      const expected = oracle.at(from + k);
      const found = this.compareOne(from + k, first[k], last[k], actual, expected, below, expectedBelow);
      if (found !== null) return found;
      below = actual;
      expectedBelow = expected;
    }
    return null;
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
    if (below === null || sharesAnon(below, actual) === oracleSharesAnon(expectedBelow!, expected)) return null;
    return this.anonDiffers(i, below, actual);
  }

  private sameVma(actual: Vma, expected: Readonly<OracleVma>): boolean {
    return (
      actual.start * PAGE === expected.start &&
      actual.end * PAGE === expected.end &&
      this.flags.bitsOf(actual.flags) === expected.flags &&
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

  private differs(i: number, actual: Vma, expected: Readonly<OracleVma>): Found {
    return contentDiffers(`mapping ${i}`, oracleText(expected), this.srcText(actual));
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
    const what = shares ? 'shares' : 'does not share';
    const detail = `mapping ${i}: ${what} the anon_vma of the one below it: ${this.srcText(vma)}`;
    return { rule: 'anon-vma', foundBy: 'answer', detail };
  }

  private srcText(vma: Vma): string {
    const anon = vma.anonVma === null ? '' : vma.anonVma.inherited ? ' anon_vma inherited' : ' anon_vma';
    const file = vma.file === null ? 'anon' : (vma.file.name ?? 'shared');
    const extra = extraText(vma.policy, vma.uffdCtx, vma.name);
    return `${vma.start * PAGE}-${vma.end * PAGE} ${flagCodes(vma.flags)} ${file}@${vma.pgoff}${anon}${extra}`;
  }
}

function sharesAnon(a: Vma, b: Vma): boolean {
  return a.anonVma !== null && a.anonVma === b.anonVma;
}

function oracleSharesAnon(a: Readonly<OracleVma>, b: Readonly<OracleVma>): boolean {
  return a.anon !== 0 && a.anon === b.anon;
}

function extraText(policy: number, uffd: number, name: string | null): string {
  const named = name === null ? '' : ` name ${JSON.stringify(name)}`;
  return `${policy === 0 ? '' : ` policy ${policy}`}${uffd === 0 ? '' : ` uffd ${uffd}`}${named}`;
}

function oracleText(vma: Readonly<OracleVma>): string {
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

export const mmComparison: Comparison = {
  createLockstep(invariants, thorough) {
    return new MmLockstep(invariants.filter(isOurs), thorough);
  },
};

function isOurs(invariant: Invariant): invariant is MmInvariant {
  return invariant.domain === 'mm';
}
