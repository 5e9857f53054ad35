/**
 * Draws the next operation of an address-space sequence: its name by weight, its arguments from the present mappings.
 *
 * What makes neighbours merge is drawn on purpose: new mappings continue present ones (same protection, same file, the
 * offset running on), protections are copied from the neighbour, moved mappings go back to where they came from.
 *
 * Rules that hold here:
 * - An operation is complete: every field of the table is there, defaults too.
 * - What is drawn depends on the profile, the stream and the view alone, so the same seed gives the same sequence.
 * - Ranges lie inside the window, but for spoilt ones: outside is an error of the format, the same for everybody.
 */
import { MAX_INDEX, type Operation, PAGE } from '../../format/types';
import type { Drawer } from '../../generate/generation';
import type { Stream } from '../../generate/stream';
import { MmArguments } from './arguments';
import { mmSpec } from './operations';
import type { MmProfile } from './profile';
import type { MmView } from './view';

const FILE_PAGES = 64;
const DEV_LENGTH = 16384;
const HUGE_PAGES = 512;
/** What a stack keeps free below itself. */
const GUARD_PAGES = 256;

/** Of a hundred draws during a sweep, how many go on with it. */
const SWEEP_PERCENT = 80;
/** Of a hundred operations that are to join neighbours, how many have one of those touched before. */
const TOUCH_PERCENT = 12;

/** Fields that hold bytes and can be spoilt. */
const SPOILABLE = ['addr', 'len', 'old_len', 'new_len', 'new_addr', 'offset', 'pgoff'];

const NAMES = [null, 'heap', 'pool', 'x'];

/** Offsets in bytes end at 2^53; those in pages, which remap_file_pages may have set, go on. */
function spellableOffset(offset: number): number {
  return offset > MAX_INDEX ? 0 : Math.max(0, offset);
}

export class MmDrawer implements Drawer {
  private readonly arguments: MmArguments;
  private growing = true;
  private size = 0;
  /** The last move, for moving back: from, to, length. */
  private movedFrom = 0;
  private movedTo = -1;
  private movedLength = 0;
  /** The operation of which one allocation after the other is made to fail, the next one, and how many are left. */
  private swept: Operation | null = null;
  private sweepNext = 0;
  private sweepsLeft = 0;
  /** Whether the operation just drawn is to join neighbours. */
  private joins = false;
  /** What is to come next: operations that prepare a join, and the join as the last. */
  private readonly pending: Operation[] = [];

  private profile!: MmProfile;
  private view!: MmView;

  constructor(private readonly stream: Stream) {
    this.arguments = new MmArguments(stream);
  }

  /** Starts a sequence; `view` reads a window that is empty now. */
  begin(profile: MmProfile, view: MmView): void {
    this.profile = profile;
    this.view = view;
    this.size = profile.header.pages * PAGE;
    this.arguments.begin(view, this.size);
    this.growing = true;
    this.movedTo = -1;
    this.swept = null;
    this.pending.length = 0;
  }

  /** The next operation, resolved against the present mappings. */
  draw(): Operation {
    const { stream, profile } = this;
    if (this.pending.length > 0) return this.drawPending();
    if (this.swept !== null && stream.chance(SWEEP_PERCENT)) return this.sweep(this.swept);
    const count = this.view.count();
    if (count >= profile.target) this.growing = false;
    else if (count * 3 <= profile.target) this.growing = true;
    const name = (this.growing ? profile.grow : profile.shrink).draw(stream);
    const alike = stream.chance(profile.alikePercent) ? this.drawAlike() : null;
    this.joins = alike !== null;
    let operation = alike ?? this.drawOperation(name);
    if (profile.badPercent > 0 && stream.chance(profile.badPercent)) operation = this.spoil(operation);
    if (this.pending.length > 0) return operation;
    if (this.joins && stream.chance(TOUCH_PERCENT)) return this.touchFirst(operation);
    return this.maybeFailing(operation);
  }

  /** The format defines nothing here that a kernel would not. */
  isLegal(): boolean {
    return true;
  }

  private maybeFailing(operation: Operation): Operation {
    // What is about to merge has the most to undo.
    const failPercent = this.profile.failPercent * (this.joins ? 3 : 1);
    if (failPercent === 0 || mmSpec(operation.op)?.writes !== true) return operation;
    return this.stream.chance(failPercent) ? this.beginSweep(operation) : operation;
  }

  /** Whether what comes before a move between two mappings may be drawn at all, in whatever sequence. */
  private mayPrepare(hole: boolean): boolean {
    const { allows } = this.profile;
    return allows('touch') && (hole || allows('munmap'));
  }

  /**
   * Touches what lies beside the operation's range, on one side: neighbours join in other ways if one of them is
   * faulted.
   */
  private touchFirst(operation: Operation): Operation {
    const start = (operation.new_addr ?? operation.addr) as number;
    const length = (operation.new_len ?? operation.len) as number;
    const addr = this.stream.chance(50) ? start - PAGE : start + length;
    if (!(addr >= 0 && addr < this.size) || !this.profile.grow.has('touch')) return this.maybeFailing(operation);
    this.pending.push(operation);
    return { op: 'touch', addr };
  }

  private drawPending(): Operation {
    const operation = this.pending.shift()!;
    this.joins = this.pending.length === 0;
    return this.joins ? this.maybeFailing(operation) : operation;
  }

  /**
   * The same operation again and again, each time with the next allocation failing, until it succeeds or enough is
   * enough.
   */
  private beginSweep(operation: Operation): Operation {
    const { stream } = this;
    const first = stream.chance(70) ? 1 : stream.between(2, 8);
    this.swept = operation;
    this.sweepNext = first + 1;
    this.sweepsLeft = stream.below(6);
    return { ...operation, fail: first };
  }

  private sweep(operation: Operation): Operation {
    if (this.sweepsLeft-- <= 0) {
      this.swept = null;
      return operation;
    }
    return { ...operation, fail: this.sweepNext++ };
  }

  /** Each record is written out, without spreading parts into it: this is a good part of what a step costs. */
  private drawOperation(op: string): Operation {
    const { stream, arguments: args } = this;
    switch (op) {
      case 'mmap':
        return this.drawMmap();
      case 'mprotect':
        return this.drawMprotect();
      case 'mremap':
        return this.drawMremap();
      case 'madvise': {
        const advice = this.profile.advices[stream.below(this.profile.advices.length)];
        args.range();
        return { op, addr: args.start, len: args.end - args.start, advice };
      }
      case 'mlock': {
        const onfault = stream.chance(30);
        args.range();
        return { op, addr: args.start, len: args.end - args.start, onfault };
      }
      case 'munmap':
      case 'munlock':
      case 'mseal':
      case 'uffd_unregister':
        args.range();
        return { op, addr: args.start, len: args.end - args.start };
      case 'brk':
        return this.drawBrk();
      case 'remap_file_pages':
        return this.drawRemapFilePages();
      case 'touch':
        return { op, addr: stream.chance(25) ? this.belowStack() : args.address() };
      case 'mbind': {
        const policy = stream.below(4);
        args.range();
        return { op, addr: args.start, len: args.end - args.start, policy };
      }
      case 'uffd_register': {
        const ctx = stream.between(1, 3);
        args.range();
        return { op, addr: args.start, len: args.end - args.start, ctx };
      }
      case 'set_vma_name': {
        const name = NAMES[stream.below(NAMES.length)];
        args.range();
        return { op, addr: args.start, len: args.end - args.start, name };
      }
      case 'mlockall':
        return { op, flags: ['current', 'future', 'onfault'].filter(() => stream.chance(50)) };
      default:
        return { op };
    }
  }

  /**
   * Makes two neighbours alike that could be one but for something that an operation can change:
   *
   *     [ rw- policy 1 ][ r-- policy 1 ]      mprotect of one, or of its part at the border, to the other's protection
   *
   * Null if a few looks find no such neighbours, or the sequence does without that operation.
   */
  private drawAlike(): Operation | null {
    const { stream, view, arguments: args } = this;
    const k = this.find((i) => i + 1 < view.count() && this.runsOn(i));
    if (k < 0) return null;
    const lower = stream.chance(50);
    const kind = stream.below(10);
    const changed = lower ? k : k + 1;
    const start = kind < 6 || !lower ? view.start(changed) : args.inside(changed);
    const end = kind < 6 || lower ? view.end(changed) : args.inside(changed) + PAGE;
    args.set(kind === 9 ? view.start(k) : start, kind === 8 ? view.end(k + 1) : end, changed);
    const operation = this.alikeIn(changed, lower ? k + 1 : k);
    return this.profile.grow.has(operation.op) ? operation : null;
  }

  /** Whether mapping k + 1 begins where k ends, in the same file at the offset that follows. */
  private runsOn(k: number): boolean {
    const { view } = this;
    return (
      view.end(k) === view.start(k + 1) &&
      view.file(k) === view.file(k + 1) &&
      view.shared(k) === view.shared(k + 1) &&
      view.pgoff(k) * PAGE + view.end(k) - view.start(k) === view.pgoff(k + 1) * PAGE
    );
  }

  /** Over the range at hand, of mapping k: what makes it more like another one. */
  private alikeIn(k: number, other: number): Operation {
    const { view, stream } = this;
    const { start, end } = this.arguments;
    const range = { addr: start, len: end - start };
    if (view.prot(k) !== view.prot(other)) return { op: 'mprotect', ...range, prot: view.prot(other) };
    if (view.policy(k) !== view.policy(other)) return { op: 'mbind', ...range, policy: view.policy(other) };
    if (view.uffd(k) !== view.uffd(other)) {
      const ctx = view.uffd(other);
      return ctx === 0 ? { op: 'uffd_unregister', ...range } : { op: 'uffd_register', ...range, ctx };
    }
    if (view.name(k) !== view.name(other)) return { op: 'set_vma_name', ...range, name: view.name(other) };
    if (view.locked(k) !== view.locked(other)) {
      const all = stream.chance(30);
      if (all && view.locked(k) && this.profile.grow.has('munlockall')) return { op: 'munlockall' };
      if (all && this.profile.grow.has('mlockall')) return { op: 'mlockall', flags: ['current'] };
      return view.locked(k) ? { op: 'munlock', ...range } : { op: 'mlock', ...range, onfault: stream.chance(30) };
    }
    return { op: 'madvise', ...range, advice: this.profile.advices[stream.below(this.profile.advices.length)] };
  }

  private drawMprotect(): Operation {
    const { arguments: args } = this;
    const drawn = this.drawProt();
    args.range();
    // After the range, so that the neighbour's protection is that of where the range lies.
    const prot = this.stream.chance(40) ? this.neighbourProt() : drawn;
    return { op: 'mprotect', addr: args.start, len: args.end - args.start, prot };
  }

  private drawProt(): string {
    return this.profile.prots[this.stream.below(this.profile.prots.length)];
  }

  /**
   * An address in the hole below a mapping that grows down, if one is found; often a guard gap away from what lies
   * below.
   */
  private belowStack(): number {
    const { view } = this;
    const k = this.find((i) => view.growsdown(i));
    if (k < 0) return this.arguments.address();
    const guard = (k > 0 ? view.end(k - 1) : 0) + (GUARD_PAGES + this.stream.between(-1, 1)) * PAGE;
    if (this.stream.chance(40) && guard < view.start(k)) return guard;
    this.arguments.hole(k - 1);
    return this.arguments.start;
  }

  /** A mapping of some kind: a few are looked at. -1 if it is none of them. */
  private find(wanted: (k: number) => boolean): number {
    const count = this.view.count();
    for (let i = Math.min(count, 6); i > 0; i--) {
      const k = this.arguments.mapping();
      if (wanted(k)) return k;
    }
    return -1;
  }

  /** The protection of a mapping beside the one that the range was drawn at. */
  private neighbourProt(): string {
    const k = this.arguments.at + (this.stream.chance(50) ? 1 : -1);
    return k >= 0 && k < this.view.count() ? this.view.prot(k) : this.drawProt();
  }

  private drawMmap(): Operation {
    const { stream, view, profile } = this;
    if (view.count() > 0 && stream.chance(profile.continuePercent)) return this.drawContinuation();
    const file = profile.files.length > 0 && stream.chance(profile.filePercent) ? this.drawFile() : null;
    if (file === 'dev') return this.drawDevice();
    this.arguments.room();
    const { start } = this.arguments;
    // Lengths of whole huge pages: from 512 pages on they may be placed aligned.
    const huge = profile.header.pages >= 2 * HUGE_PAGES && stream.chance(12);
    const end = huge ? start + this.hugeLength() : this.arguments.end;
    const growsdown = file === null && stream.chance(profile.growsdownPercent);
    const shared = stream.chance(growsdown ? 3 : profile.sharedPercent);
    const flags = [shared ? 'shared' : 'private'];
    if (!huge) this.addPlacement(flags);
    if (growsdown) flags.push('growsdown');
    this.addModifiers(flags);
    const offset = file === null ? 0 : stream.below(stream.chance(80) ? 12 : FILE_PAGES + 4) * PAGE;
    return { op: 'mmap', addr: start, len: end - start, prot: this.drawProt(), flags, file, offset };
  }

  /** Whole huge pages; a page more or less at times. */
  private hugeLength(): number {
    const { stream } = this;
    const odd = stream.chance(30) ? stream.between(-1, 1) : 0;
    return (stream.between(1, 3) * HUGE_PAGES + odd) * PAGE;
  }

  private drawFile(): string {
    return this.profile.files[this.stream.below(this.profile.files.length)];
  }

  private addPlacement(flags: string[]): void {
    const kind = this.stream.below(10);
    if (kind < 6) flags.push('fixed');
    else if (kind < 7) flags.push('fixed_noreplace');
  }

  private addModifiers(flags: string[]): void {
    const { stream, profile } = this;
    if (stream.chance(profile.lockedPercent)) flags.push('locked');
    if (stream.chance(profile.noreservePercent)) flags.push('noreserve');
    if (stream.chance(4)) flags.push('populate');
  }

  /** The device is mapped in one way only. */
  private drawDevice(): Operation {
    this.arguments.room();
    const flags = ['shared'];
    this.addPlacement(flags);
    const addr = Math.max(0, Math.min(this.arguments.start, this.size - DEV_LENGTH));
    return { op: 'mmap', addr, len: DEV_LENGTH, prot: 'rw-', flags, file: 'dev', offset: 0 };
  }

  /**
   * A new mapping that could merge with mapping k: beside it or over a part of it, attributes the same, the offset
   * running on.
   *
   *        [ new ][ VMA k ]        [ VMA k ][ new ]        [ VMA [ new ] k ]
   */
  private drawContinuation(): Operation {
    const { stream, view } = this;
    const args = this.arguments;
    const k = args.mapping();
    const file = view.file(k);
    if (file === 'dev') return this.drawDevice();
    this.joins = true;
    const kind = stream.below(10);
    if (kind < 4) args.hole(k);
    else if (kind < 6) args.behind(k);
    else if (kind < 8) args.below(k);
    else args.part(k);
    const start = args.start;
    const offset =
      file === null
        ? 0
        : view.pgoff(k) * PAGE + (start - view.start(k)) + (stream.chance(10) ? stream.between(1, 3) * PAGE : 0);
    const flags = [view.shared(k) ? 'shared' : 'private', stream.chance(93) ? 'fixed' : 'fixed_noreplace'];
    if (view.growsdown(k) && stream.chance(50)) flags.push('growsdown');
    this.addModifiers(flags);
    const prot = stream.chance(88) ? view.prot(k) : this.drawProt();
    return { op: 'mmap', addr: start, len: args.end - start, prot, flags, file, offset: spellableOffset(offset) };
  }

  private drawMremap(): Operation {
    const { stream, view, profile } = this;
    const args = this.arguments;
    if (this.movedTo >= 0 && stream.chance(20)) return this.moveBack();
    if (profile.header.pages >= 2 * HUGE_PAGES && view.count() > 0 && stream.chance(20)) return this.moveHuge();
    if (view.count() > 1 && stream.chance(25)) {
      const filling = this.moveBetween();
      if (filling !== null) return filling;
    }
    const kind = stream.below(10);
    if (view.count() === 0 || kind < 1) args.range();
    else if (kind < 6) args.whole(args.mapping());
    else if (kind < 8) args.part(args.mapping());
    else args.several(args.mapping());
    const addr = args.start;
    const oldLength = stream.below(40) === 0 ? 0 : args.end - addr;
    const flags = this.drawMremapFlags();
    const newLength = flags.length >= 2 && stream.chance(70) ? oldLength : this.drawNewLength(addr, oldLength);
    if (!flags.includes('fixed') && !flags.includes('dontunmap')) {
      return { op: 'mremap', addr, old_len: oldLength, new_len: newLength, flags };
    }
    const newAddress = this.drawTarget(newLength);
    this.movedFrom = addr;
    this.movedTo = newAddress;
    this.movedLength = newLength;
    return { op: 'mremap', addr, old_len: oldLength, new_len: newLength, flags, new_addr: newAddress };
  }

  /** Growth to whole huge pages, which has to move unless there is room behind: only such a place is aligned. */
  private moveHuge(): Operation {
    const args = this.arguments;
    args.whole(args.mapping());
    const { start, end } = args;
    return { op: 'mremap', addr: start, old_len: end - start, new_len: this.hugeLength(), flags: ['maymove'] };
  }

  /**
   * A move of anonymous memory to where it could join both sides: it fills a hole, or replaces what lies inside a
   * mapping.
   *
   *     [ k ]......[ k+1 ]      [    k    ]          where [******] is the copy, from a mapping of the same protection
   *          [****]                [***]
   *
   * Null if a few looks find no such place, or no such source.
   */
  private moveBetween(): Operation | null {
    const { stream, view } = this;
    const anonymous = (i: number): boolean => view.file(i) === null && !view.shared(i);
    const hole = stream.chance(35);
    const k = this.find((i) => anonymous(i) && (hole ? this.facesAlike(i) : this.pagesOf(i) > 2));
    // Of sources, one that was never written to can take over any neighbour's pages.
    const fresh = stream.chance(60);
    const fits = (i: number): boolean =>
      i !== k && anonymous(i) && view.prot(i) === view.prot(k) && !(fresh && view.faulted(i));
    const j = k < 0 ? -1 : this.find(fits);
    if (j < 0) return null;
    const low = hole ? view.end(k) : view.start(k) + PAGE;
    const high = hole ? view.start(k + 1) : view.end(k) - PAGE;
    const source = view.start(j);
    const oldLength = Math.min(high - low, view.end(j) - source);
    const flags = stream.chance(85) ? ['maymove', 'fixed'] : ['maymove', 'fixed', 'dontunmap'];
    const newLength = flags.length > 2 ? oldLength : high - low;
    this.movedFrom = source;
    this.movedTo = low;
    this.movedLength = newLength;
    this.joins = true;
    const move = { op: 'mremap', addr: source, old_len: oldLength, new_len: newLength, flags, new_addr: low };
    const upper = stream.chance(60);
    const faulted = view.faulted(k) || (hole && view.faulted(k + 1));
    if (faulted || stream.chance(25) || !this.mayPrepare(hole)) return move;
    // One side is written to before: it has something to give, and the other something to take.
    const touch = { op: 'touch', addr: upper ? high : low - PAGE };
    if (hole) {
      this.pending.push(move);
      return touch;
    }
    this.pending.push(touch, move);
    return { op: 'munmap', addr: low, len: high - low };
  }

  /** Whether mappings k and k + 1, with a hole between them, are alike as far as a profile's few kinds go. */
  private facesAlike(k: number): boolean {
    const { view } = this;
    const next = k + 1;
    return (
      next < view.count() &&
      view.end(k) < view.start(next) &&
      view.prot(k) === view.prot(next) &&
      view.file(k) === view.file(next) &&
      view.shared(k) === view.shared(next) &&
      view.pgoff(next) - view.pgoff(k) === (view.start(next) - view.start(k)) / PAGE
    );
  }

  private pagesOf(k: number): number {
    return (this.view.end(k) - this.view.start(k)) / PAGE;
  }

  private drawMremapFlags(): string[] {
    const kind = this.stream.below(100);
    if (kind < 25) return [];
    if (kind < 45) return ['maymove'];
    if (kind < 80) return ['maymove', 'fixed'];
    if (kind < 88) return ['maymove', 'dontunmap'];
    if (kind < 97) return ['maymove', 'fixed', 'dontunmap'];
    return kind < 99 ? ['fixed'] : ['dontunmap'];
  }

  /** The same, a few pages less or more, or up to the next mapping. */
  private drawNewLength(addr: number, oldLength: number): number {
    const { stream, view } = this;
    // To whole huge pages: a mapping that has to move may then be placed aligned.
    if (this.profile.header.pages >= 2 * HUGE_PAGES && stream.chance(15)) return this.hugeLength();
    const kind = stream.below(10);
    if (kind < 2) return oldLength;
    if (kind < 5) return Math.max(PAGE, oldLength - stream.between(1, 4) * PAGE);
    const k = this.arguments.at;
    if (kind < 7 && k >= 0 && k < view.count()) {
      const next = k + 1 < view.count() ? view.start(k + 1) : this.size;
      return Math.max(PAGE, next - addr + (stream.chance(15) ? PAGE : 0));
    }
    return oldLength + this.arguments.pages() * PAGE;
  }

  /** Where to move to: right behind or below some mapping, or anywhere that holds the length. */
  private drawTarget(length: number): number {
    const { stream, view } = this;
    const highest = Math.max(0, this.size - length);
    let addr = stream.belowWide(this.size / PAGE) * PAGE;
    if (view.count() > 0 && stream.chance(70)) {
      const k = this.arguments.mapping();
      addr = stream.chance(50) ? view.end(k) : view.start(k) - length;
    }
    return Math.max(0, Math.min(addr, highest));
  }

  private moveBack(): Operation {
    const length = this.movedLength;
    const addr = this.movedTo;
    const to = Math.min(this.movedFrom, Math.max(0, this.size - length));
    this.movedTo = -1;
    return { op: 'mremap', addr, old_len: length, new_len: length, flags: ['maymove', 'fixed'], new_addr: to };
  }

  private drawBrk(): Operation {
    const { stream, view } = this;
    const now = view.brk();
    if (now < 0) return { op: 'brk', addr: stream.belowWide(this.size) };
    const kind = stream.below(100);
    let addr = now + stream.between(-4, 8) * PAGE;
    if (kind < 15) addr = now + stream.between(-5000, 5000);
    else if (kind < 25) addr = (this.profile.header.brk ?? 0) * PAGE + stream.between(-1, 3) * PAGE;
    else if (kind < 45) addr = this.arguments.address() - stream.between(0, 2) * PAGE;
    return { op: 'brk', addr: Math.max(0, addr) };
  }

  private drawRemapFilePages(): Operation {
    const { view } = this;
    const k = this.stream.chance(80) ? this.find((i) => view.shared(i)) : -1;
    if (k < 0) this.arguments.range();
    else if (this.stream.chance(50)) this.arguments.several(k);
    else this.arguments.part(k);
    const { start, end } = this.arguments;
    return { op: 'remap_file_pages', addr: start, len: end - start, pgoff: this.stream.below(20) };
  }

  /** Makes one argument bad: unaligned, zero, overflowing, outside. */
  private spoil(operation: Operation): Operation {
    const { stream } = this;
    const fields = SPOILABLE.filter((field) => typeof operation[field] === 'number');
    if (fields.length === 0 || operation.file === 'dev') return operation;
    const field = fields[stream.below(fields.length)];
    const value = operation[field] as number;
    const kind = stream.below(100);
    let bad = value + stream.between(1, PAGE - 1);
    if (kind >= 45) bad = 0;
    if (kind >= 65) bad = Math.max(0, value - stream.between(1, PAGE - 1));
    if (kind >= 80) bad = 2 ** stream.between(46, 52);
    if (kind >= 86) bad = Number.MAX_SAFE_INTEGER - stream.below(3) * PAGE;
    if (kind >= 90) bad = Math.max(0, this.size + stream.between(-2, 2) * PAGE);
    return { ...operation, [field]: bad };
  }
}
