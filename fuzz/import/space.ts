/**
 * The address space of a process of a log, as far as the log tells: the operations so far, and which pages are mapped.
 *
 * Addresses in here are the real ones; they move into a window when a sequence is made. What is mapped is known in part
 * only: a log does not show what `execve` maps, nor how a stack grows. So a call that succeeded on pages which are not mapped
 * here is taken as a proof that they were: `assumeMapped` maps them first.
 */
import { Ranges } from '../../oracle/tree/ranges';
import { PLAIN_FILES } from '../format/kinds';
import { type Operation, PAGE } from '../format/types';
import type { ImportReport } from './report';
import { spanOf } from './window';

const FILES = PLAIN_FILES.filter((file) => file !== 'dev');

/** Gives files one of the few ids in turn, so that files in use at the same time rarely share one. */
export class FileIds {
  private readonly ids = new Map<string, string>();
  /** Without paths in the log: what each descriptor number means now, and where that file was mapped first. */
  private readonly opened = new Map<number, { key: string; addr: number; end: number }>();
  private unnamed = 0;

  ofPath(path: string): string {
    let id = this.ids.get(path);
    if (id === undefined) this.ids.set(path, (id = FILES[this.ids.size % FILES.length]));
    return id;
  }

  /**
   * The id for a descriptor without a path. Numbers are used again for other files: a mapping from offset 0 that does not
   * lie in the one before is taken for a new file (a loader maps a library whole, then its parts over it).
   */
  ofDescriptor(fd: number, addr: number, length: number, offset: number): string {
    const before = this.opened.get(fd);
    const within = before !== undefined && before.addr <= addr && addr < before.end;
    if (before !== undefined && (within || offset > 0)) return this.ofPath(before.key);
    const key = `file ${++this.unnamed}`;
    this.opened.set(fd, { key, addr, end: addr + length });
    return this.ofPath(key);
  }

  copy(): FileIds {
    const copy = new FileIds();
    for (const [path, id] of this.ids) copy.ids.set(path, id);
    for (const [fd, file] of this.opened) copy.opened.set(fd, file);
    copy.unnamed = this.unnamed;
    return copy;
  }
}

/** 0, an address, or the name of an error. */
export type Answered = number | string;

export class Space {
  /** With real addresses. */
  operations: Operation[] = [];
  /** What the log says that each answered; addresses are real ones too. */
  answers: Answered[] = [];
  /** How many of them are a parent's, from before a fork, and the fork itself. */
  inherited = 0;
  files = new FileIds();
  readonly policies = new Map<string, number>();
  /** Pages that are mapped; all with the value 1. */
  readonly mapped = new Ranges();
  /** The lowest break seen, and the present one; null before the first. */
  heap: number | null = null;
  brk: number | null = null;
  growsdown = false;

  constructor(
    /** The program's name, without its folders. */
    public program: string,
    readonly report: ImportReport,
  ) {}

  /** The child of a fork: what was done so far, then the fork. */
  fork(): Space {
    const child = new Space(this.program, this.report);
    child.operations = [...this.operations, { op: 'fork' }];
    child.answers = [...this.answers, 0];
    child.inherited = child.operations.length;
    child.files = this.files.copy();
    for (const [key, policy] of this.policies) child.policies.set(key, policy);
    const { firsts, lasts } = this.mapped;
    for (let i = 0; i < firsts.length; i++) child.mapped.store(firsts[i], lasts[i], 1);
    child.heap = this.heap;
    child.brk = this.brk;
    child.growsdown = this.growsdown;
    return child;
  }

  push(operation: Operation, answer: Answered): void {
    this.operations.push(operation);
    this.answers.push(answer);
  }

  map(addr: number, length: number): void {
    const { first, end } = spanOf(addr, length);
    this.mapped.store(first, end - 1, 1);
  }

  unmap(addr: number, length: number): void {
    const { first, end } = spanOf(addr, length);
    if (length > 0) this.mapped.store(first, end - 1, null);
  }

  /** Whether nothing is known to be mapped in a range. */
  isFree(addr: number, length: number): boolean {
    const { first, end } = spanOf(addr, length);
    return this.mapped.isFree(first, end - 1);
  }

  /** Whether a range has a page that is not known to be mapped. */
  hasHole(addr: number, length: number): boolean {
    return this.holes(addr, length).length > 0;
  }

  private holes(addr: number, length: number): [first: number, end: number][] {
    const { first, end } = spanOf(addr, length);
    const holes: [number, number][] = [];
    let page = first;
    while (page < end) {
      const place = this.mapped.placeAtOrAbove(page);
      const taken = place < this.mapped.count ? this.mapped.firsts[place] : end;
      if (page < taken) holes.push([page, Math.min(taken, end)]);
      page = place < this.mapped.count ? this.mapped.lasts[place] + 1 : end;
    }
    return holes;
  }

  /** Maps the pages of a range that must have been mapped before the log began. */
  assumeMapped(addr: number, length: number): void {
    for (const [first, end] of this.holes(addr, length)) {
      const [at, len] = [first * PAGE, (end - first) * PAGE];
      this.report.note('ranges mapped before the log began, or out of its sight (assumed private, anonymous, rw-)');
      this.push({ op: 'mmap', addr: at, len, prot: 'rw-', flags: ['private', 'fixed'], file: null, offset: 0 }, at);
      this.map(at, len);
    }
  }
}
