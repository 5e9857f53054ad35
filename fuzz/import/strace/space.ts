/**
 * The address space of a process of a log, as far as the log tells: the operations so far, and which pages are mapped.
 *
 * Addresses in here are the real ones; they move into a window when a sequence is made. What is mapped is known in part
 * only: a log does not show what `execve` maps, nor how a stack grows. So a call that succeeded on pages which are not
 * mapped here is taken as a proof that they were: `assumeMapped` maps them first.
 *
 * A forked child has its parent's past by reference, so that forks cost neither time nor memory:
 *
 *     parent   op op op op op op op op
 *                    \ fork
 *     child           op op               its sequence: the parent's first 3, fork, op, op
 */
import { type Operation, PAGE } from '../../format/types';
import { FileIds, type RealFile } from '../files';
import type { RecordedAnswer } from '../imported';
import { PageMap } from '../page-map';
import type { ImportReport } from '../report';
import { spanOf } from '../window';

/** What is known of mapped pages. */
export interface Mapped {
  readonly file: RealFile | null;
  /** What this piece belongs to, for memory that is removed as a whole (shmat, io_setup); else null. */
  readonly attachment: Attachment | null;
  /** The protection of a growsdown mapping, whose start matters to PROT_GROWSDOWN; null for others. */
  readonly growsdown: string | null;
}

export interface Attachment {
  readonly addr: number;
  readonly len: number;
}

export const ANONYMOUS: Mapped = { file: null, attachment: null, growsdown: null };

const SHOWN_BREAK = 'breaks that the log shows only later to be above the start of the heap';

export class Space {
  /** Its own, with real addresses. */
  readonly operations: Operation[] = [];
  /** What the log says that each answered; addresses are real ones too. */
  readonly answers: RecordedAnswer[] = [];
  readonly policies: Map<string, number>;
  /** What is removed as a whole, by its address. */
  readonly attachments: Map<number, Attachment>;
  /** Contexts of userfaultfd by descriptor, and where they are registered. */
  readonly contexts: Map<number, { readonly id: number; ranges: Attachment[] }>;
  /** The lowest break seen, and the present one; null before the first. */
  heap: number | null = null;
  brk: number | null = null;
  growsdown = false;
  /** Whether the log shows the execve that it began with. */
  isSeenToBegin = false;
  /** How many results the log tells, those of the parent's past included. */
  results: number;

  private constructor(
    /** The program's name, without its folders. */
    readonly program: string,
    readonly report: ImportReport,
    readonly parent: Space | null,
    readonly mapped: PageMap<Mapped>,
    readonly files: FileIds,
  ) {
    /** How many of the parent's own operations are the child's past. */
    this.parentOwn = parent?.operations.length ?? 0;
    this.inherited = parent === null ? 0 : parent.inherited + this.parentOwn;
    this.results = parent?.results ?? 0;
    this.policies = new Map(parent?.policies);
    this.attachments = new Map(parent?.attachments);
    this.contexts = new Map();
    if (parent === null) return;
    this.heap = parent.heap;
    this.brk = parent.brk;
    this.growsdown = parent.growsdown;
    this.push({ op: 'fork' }, 0);
  }

  readonly parentOwn: number;
  /** How many operations are a parent's, from before the fork. */
  readonly inherited: number;

  static create(program: string, report: ImportReport): Space {
    return new Space(program, report, null, new PageMap(), new FileIds());
  }

  /** The child of a fork: what was done so far, then the fork. */
  fork(): Space {
    const { program, report, mapped, files } = this;
    return new Space(program, report, this, mapped.copy(), files);
  }

  /** Whether it did anything since it was made. */
  get isIdle(): boolean {
    return this.operations.length <= (this.parent === null ? 0 : 1);
  }

  /** The whole past in order, in pieces. */
  past(): { readonly operations: readonly Operation[]; readonly answers: readonly RecordedAnswer[] } {
    const spaces: { space: Space; end: number }[] = [];
    let end = this.operations.length;
    for (let space: Space | null = this; space !== null; space = space.parent) {
      spaces.push({ space, end });
      end = space.parentOwn;
    }
    const [operations, answers]: [Operation[], RecordedAnswer[]] = [[], []];
    for (const piece of spaces.reverse()) {
      for (let i = 0; i < piece.end; i++) {
        operations.push(piece.space.operations[i]);
        answers.push(piece.space.answers[i]);
      }
    }
    return { operations, answers };
  }

  push(operation: Operation, answer: RecordedAnswer): void {
    this.operations.push(operation);
    this.answers.push(answer);
    if (answer !== null) this.results++;
  }

  /** Asks where the break is, or moves it. Returns why that is not done, or null. */
  moveBreak(asked: number, is: number): string | null {
    if (this.heap === null) this.heap = is;
    else if (is < this.heap) {
      this.heap = is;
      this.report.note(SHOWN_BREAK);
    }
    const was = this.brk ?? is;
    if (asked !== 0 && asked !== is) return 'refused for a reason that the mappings do not show';
    this.brk = is;
    this.push({ op: 'brk', addr: asked }, is);
    const [from, to] = [Math.ceil(was / PAGE), Math.ceil(is / PAGE)];
    if (to < from) this.mapped.store(to, from, null);
    else this.mapped.store(from, to, ANONYMOUS);
    return null;
  }

  map(addr: number, length: number, what: Mapped): void {
    const { first, end } = spanOf(addr, length);
    this.mapped.store(first, end, what);
  }

  unmap(addr: number, length: number): void {
    if (length === 0) return;
    const { first, end } = spanOf(addr, length);
    this.mapped.store(first, end, null);
  }

  /** Whether nothing is known to be mapped in a range. */
  isFree(addr: number, length: number): boolean {
    const { first, end } = spanOf(addr, length);
    return this.mapped.isFree(first, end);
  }

  /** Whether a range has a page that is not known to be mapped. */
  hasHole(addr: number, length: number): boolean {
    const { first, end } = spanOf(addr, length);
    return this.mapped.holes(first, end).length > 0;
  }

  /** The files side by side with a range. */
  neighbours(addr: number, length: number): (RealFile | null)[] {
    const { first, end } = spanOf(addr, length);
    return [this.mapped.at(first - 1)?.tag.file ?? null, this.mapped.at(end)?.tag.file ?? null];
  }

  /** Removes the pieces of an attachment that are still there. The first is what the log has an answer for. */
  detach(attachment: Attachment): void {
    this.attachments.delete(attachment.addr);
    const { first, end } = spanOf(attachment.addr, attachment.len);
    const pieces: { first: number; end: number }[] = [];
    for (const run of this.mapped.runs(first, end)) {
      if (run.tag.attachment !== attachment) continue;
      const below = pieces.at(-1);
      if (below?.end === run.first) below.end = run.end;
      else pieces.push({ first: run.first, end: run.end });
    }
    for (const [i, piece] of pieces.entries()) {
      this.push({ op: 'munmap', addr: piece.first * PAGE, len: (piece.end - piece.first) * PAGE }, i === 0 ? 0 : null);
      this.mapped.store(piece.first, piece.end, null);
    }
  }

  /** Maps the pages of a range that must have been mapped before the log began. */
  assumeMapped(addr: number, length: number, growsdown = false): void {
    const { first: from, end: to } = spanOf(addr, length);
    for (const [first, end] of this.mapped.holes(from, to)) {
      const [at, len] = [first * PAGE, (end - first) * PAGE];
      this.report.note('ranges mapped before the log began, or out of its sight (assumed private, anonymous, rw-)');
      const flags = growsdown ? ['private', 'fixed', 'growsdown'] : ['private', 'fixed'];
      this.push({ op: 'mmap', addr: at, len, prot: 'rw-', flags, file: null, offset: 0 }, null);
      this.map(at, len, growsdown ? { ...ANONYMOUS, growsdown: 'rw-' } : ANONYMOUS);
      this.growsdown ||= growsdown;
    }
  }
}
