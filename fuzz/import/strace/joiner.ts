/**
 * From the lines of an strace log to whole calls, in an order in which they can be replayed.
 *
 * A call may be cut in two by a line of another process, by a remark of strace, or by what the program itself prints:
 *
 *     23892 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>
 *     23890 02:51:49.014647 munmap(0x7f7fa8000000, 4096) = 0
 *     23892 <... mmap resumed>)               = 0x7f7fac000000
 *     write(1, "hello\n", 6hello
 *     )                                       = 6
 *
 * Rules that hold here:
 * - A line that is none of strace's shapes is skipped, counted and shown. If it shows a call that changes mappings, that call
 *   is lost; not at the very end, where a log may be cut: it is then one that ends before that call.
 * - When a call is cut in two, what frees memory or makes a process counts from its beginning, everything else from its
 *   end: another thread can be given the freed range, or the child can run, before the call is seen to return.
 */
import { refuseIfMostlyBad } from '../imported';
import { type Content, linesOf } from '../input';
import { ImportError, type ImportReport } from '../report';
import { childOf, splitArguments } from './arguments';
import { changeIn, effectOf, knownName } from './effects';
import {
  durationOf,
  interruptionOf,
  lateResultOf,
  type Prefix,
  prefixOf,
  type Shape,
  shapeOf,
  TABLE_HEAD,
  TABLE_LINE,
} from './line';
import { Pids, UNNAMED } from './pids';

export interface Call {
  readonly pid: number;
  readonly name: string;
  /** What stands between the parentheses. */
  readonly args: string;
  /** What stands behind the equals sign; `?` if the log does not have it. */
  readonly result: string;
  /** Where the call began and ended: line numbers, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Seconds, when it counts; null if the log has no absolute times. */
  readonly time: number | null;
}

export const FORKS: ReadonlySet<string> = new Set(['fork', 'vfork', 'clone', 'clone3']);
export const EXECS: ReadonlySet<string> = new Set(['execve', 'execveat']);

/** Calls that count from their beginning. */
export const isEarly = (name: string): boolean => name === 'munmap' || FORKS.has(name);

interface Begun {
  readonly name: string;
  readonly args: string;
  readonly line: number;
  readonly time: number | null;
}

/** A line that began a call and did not end it, and the lines since then. */
interface Held {
  readonly prefix: Prefix;
  readonly line: number;
  readonly text: string;
  /** Whether a remark of strace cut it, so that it goes on without a space. */
  readonly isCut: boolean;
  readonly pieces: { readonly line: number; readonly text: string }[];
}

/**
 * Whether a line is strace's own, and not what a program printed while its call was shown. Blank lines and marks of stack
 * traces can be the program's; what looks like the beginning of a call is taken for one only if it would matter.
 */
function isOwn(shape: Shape, text: string): boolean {
  if (shape.kind === 'open') return effectOf(knownName(shape.name)) !== null;
  return shape.kind !== 'other' && (shape.kind !== 'remark' || text.length > 3);
}

/** What a line must have to end a call: a result, or that it is cut again. */
const END_OF_CALL = /= |\.\.\.>/;

/** A call is wrapped into no more lines than this. */
const MOST_JOINED = 40;

/** So many lines can a program print within one call. */
const MOST_PIECES = 10_000;

const HALF_DAY = 43_200;
const DAY = 86_400;

class Joiner {
  readonly calls: Call[] = [];
  good = 0;
  sawTable = false;
  private inTable = false;
  private held: Held | null = null;
  private readonly begun = new Map<number, Begun>();
  private readonly pids: Pids;
  /** Times of day start again at midnight. */
  private lastTime = 0;
  private days = 0;

  constructor(
    filePid: number,
    private readonly report: ImportReport,
  ) {
    this.pids = new Pids(filePid);
  }

  take(raw: string, line: number): void {
    if (this.inTable && TABLE_LINE.test(raw.trim())) return;
    this.inTable = TABLE_HEAD.test(raw.trimStart());
    if (this.inTable) {
      this.sawTable = true;
      return;
    }
    const prefix = prefixOf(raw);
    const shape = shapeOf(prefix.rest);
    if (this.held !== null && !isOwn(shape, prefix.rest)) {
      if (this.goesOn(this.held, raw, line)) return;
      this.held.pieces.push({ line, text: raw });
      if (this.held.pieces.length > MOST_PIECES) this.drop(false);
      return;
    }
    this.drop(false);
    this.takeShape(prefix, shape, raw, line);
  }

  private takeShape(prefix: Prefix, shape: Shape, raw: string, line: number): void {
    if (shape.kind === 'remark' && prefix.rest === '') return;
    if (shape.kind === 'open' || shape.kind === 'other') {
      this.takeOpen(prefix, shape.kind, raw, line);
      return;
    }
    this.good++;
    this.takeOwn(prefix, shape, line);
  }

  /** A line that is not whole: something was written into it, or it is not strace's. */
  private takeOpen(prefix: Prefix, kind: 'open' | 'other', raw: string, line: number): void {
    const cut = interruptionOf(prefix.rest);
    if (cut !== null) {
      if (cut.event === 'attached') this.pids.attached(cut.pid);
      if (cut.event === 'detached') this.pids.gone(cut.pid);
      this.held = { prefix, line, text: cut.before, isCut: true, pieces: [] };
    } else if (kind === 'open') this.held = { prefix, line, text: prefix.rest, isCut: false, pieces: [] };
    else this.bad(line, raw, false);
  }

  /** Whether a line is the end of the one that is held. */
  private goesOn(held: Held, raw: string, line: number): boolean {
    if (!END_OF_CALL.test(raw)) return false;
    const whole = held.pieces.length === 0 ? [] : [[held.text, ...held.pieces.map(({ text }) => text), raw].join(' ')];
    const joined = [`${held.text} ${raw.trim()}`, held.text + raw];
    for (const text of [...(held.pieces.length > MOST_JOINED ? [] : whole), ...(held.isCut ? joined.reverse() : joined)]) {
      const shape = shapeOf(text.trimEnd());
      if (shape.kind !== 'call' && shape.kind !== 'begin') continue;
      if (effectOf(knownName(shape.name)) !== null && splitArguments(shape.args) === null) continue;
      return this.complete(held, shape, line, text === whole[0]);
    }
    const result = lateResultOf(raw);
    const closed = /^(\w+)\((.*?)\)/s.exec(held.text);
    if (result === null || closed === null) return false;
    return this.complete(held, { kind: 'call', name: closed[1], args: closed[2], result }, line, false);
  }

  private complete(held: Held, shape: Shape, line: number, usedPieces: boolean): boolean {
    this.held = null;
    if (!usedPieces && held.pieces.length > 0) {
      this.report.note('lines that the program printed within a call', held.pieces.length);
    }
    this.good++;
    this.takeOwn(held.prefix, shape, line, held.line);
    return true;
  }

  /** What was held never ended. */
  private drop(atEnd: boolean): void {
    const { held } = this;
    this.held = null;
    if (held === null) return;
    this.bad(held.line, held.text, atEnd);
    for (const { line, text } of held.pieces) this.bad(line, text, atEnd);
  }

  private bad(line: number, text: string, atEnd: boolean): void {
    this.report.badLine(line, text);
    const name = changeIn(text);
    if (name !== null && !atEnd) this.lose(name, 'its line is damaged', line);
  }

  private lose(name: string, reason: string, line: number): void {
    const effect = effectOf(knownName(name));
    if (effect === null) this.report.skip(name, reason);
    else this.report.lose(name, reason, effect, line);
  }

  private pidOf({ pid }: Prefix, resumed: string | null): number {
    const first = this.begun.get(UNNAMED);
    return this.pids.of(
      pid,
      () => resumed !== null && first?.name === resumed && pid !== null && this.begun.get(pid)?.name !== resumed,
      () => first !== undefined && FORKS.has(first.name),
    );
  }

  /** A line of one of strace's own shapes. */
  private takeOwn(prefix: Prefix, shape: Shape, line: number, firstLine = line): void {
    if (shape.kind === 'attached') {
      this.pids.attached(shape.pid);
      return;
    }
    if (shape.kind === 'detached') {
      this.pids.gone(shape.pid);
      return;
    }
    const pid = this.pidOf(prefix, shape.kind === 'resume' ? shape.name : null);
    const time = this.timeOf(prefix);
    if (shape.kind === 'exit') this.gone(pid);
    else if (shape.kind === 'superseded') this.supersede(pid, this.pids.known(shape.by));
    else if (shape.kind === 'begin') this.begin(pid, { name: shape.name, args: shape.args, line: firstLine, time });
    else if (shape.kind === 'resume') this.resume(pid, shape.name, shape.text, line, time);
    else if (shape.kind === 'call') this.whole(pid, shape, { firstLine, lastLine: line, began: time, ended: null });
  }

  private timeOf({ time }: Prefix): number | null {
    if (time === null) return null;
    if (time < DAY && time < this.lastTime - HALF_DAY) this.days++;
    this.lastTime = time;
    return time + this.days * DAY;
  }

  private gone(pid: number): void {
    this.pids.gone(pid);
    this.unended(pid);
  }

  /** A call that a process died in, or that went on when the log ended. */
  private unended(pid: number): void {
    const call = this.begun.get(pid);
    this.begun.delete(pid);
    if (call === undefined) return;
    if (!FORKS.has(call.name)) this.report.skip(call.name, 'its end is not in the log');
    // The child may be in the log all the same.
    else this.calls.push({ ...call, pid, result: '?', firstLine: call.line, lastLine: call.line });
  }

  /** The thread `by` goes on under the id of its process; what the others were in never ends. */
  private supersede(pid: number, by: number): void {
    this.unended(pid);
    const call = this.begun.get(by);
    this.begun.delete(by);
    if (call !== undefined) this.begun.set(pid, call);
    if (by !== pid) this.pids.gone(by);
  }

  private begin(pid: number, call: Begun): void {
    const before = this.begun.get(pid);
    if (before !== undefined) this.lose(before.name, 'its end is not in the log', before.line);
    this.begun.set(pid, call);
  }

  private resume(pid: number, name: string, rest: string, line: number, ended: number | null): void {
    if (EXECS.has(name) && this.begun.get(pid)?.name !== name) this.supersedeUnsaid(pid, name);
    const call = this.begun.get(pid);
    this.begun.delete(pid);
    if (call === undefined) {
      this.lose(name, 'its beginning is not in the log', line);
      return;
    }
    if (call.name !== name) {
      this.lose(call.name, `a call of ${name} is resumed in its place`, call.line);
      this.lose(name, 'its beginning is not in the log', line);
      return;
    }
    const shape = shapeOf(`${name}(${call.args}${rest}`);
    const times = { firstLine: call.line, lastLine: line, began: call.time, ended };
    if (shape.kind === 'call') this.whole(pid, shape, times);
    else if (shape.kind === 'begin') this.begun.set(pid, { ...call, args: shape.args });
    else this.bad(line, `${name}(${call.args}${rest}`, false);
  }

  /** With -qq nothing says that a thread's execve took over; only one thread can be in one. */
  private supersedeUnsaid(pid: number, name: string): void {
    const others = [...this.begun].filter(([other, call]) => other !== pid && call.name === name);
    if (others.length === 1) this.supersede(pid, others[0][0]);
  }

  private whole(
    pid: number,
    call: { readonly name: string; readonly args: string; readonly result: string },
    at: {
      readonly firstLine: number;
      readonly lastLine: number;
      readonly began: number | null;
      readonly ended: number | null;
    },
  ): void {
    const { name, args, result } = call;
    if (FORKS.has(name)) {
      const child = childOf(result);
      if (child !== null) this.pids.born(child);
    }
    const end = at.ended ?? (at.began === null ? null : at.began + (durationOf(result) ?? 0));
    const time = isEarly(name) ? at.began : end;
    this.calls.push({ pid, name, args, result, firstLine: at.firstLine, lastLine: at.lastLine, time });
  }

  end(): void {
    this.drop(true);
    for (const pid of [...this.begun.keys()]) this.unended(pid);
  }
}

/**
 * Where each call counts, as a line. With -z a call is shown when it has ended, so that a child can be seen before the call
 * that made it: that counts just before the child's first line.
 */
function effectiveLines(calls: readonly Call[]): ReadonlyMap<Call, number> {
  const firstOf = new Map<number, number>();
  for (const { pid, firstLine } of calls) firstOf.set(pid, Math.min(firstLine, firstOf.get(pid) ?? firstLine));
  const lastOf = new Map<number, number>();
  const lines = new Map<Call, number>();
  for (const call of calls) {
    let line = isEarly(call.name) ? call.firstLine : call.lastLine;
    const child = FORKS.has(call.name) ? childOf(call.result) : null;
    const born = child === null ? undefined : firstOf.get(child);
    // An id can be that of an earlier process: it was in use before its maker did what it did last.
    if (born !== undefined && born < line && born > (lastOf.get(call.pid) ?? 0)) line = born - 0.5;
    lastOf.set(call.pid, call.lastLine);
    lines.set(call, line);
  }
  return lines;
}

/**
 * The calls of one log, in the order in which they count.
 * @param filePid the process of lines that name none, if the file's name tells; else UNNAMED
 * @throws ImportError if most of its lines are not strace's
 */
export function callsOf(content: Content, filePid: number, report: ImportReport): Call[] {
  const joiner = new Joiner(filePid, report);
  const badBefore = report.badLines;
  let line = 0;
  for (const text of linesOf(content)) joiner.take(text, ++line);
  joiner.end();
  report.lines += line;
  if (report.badLines > badBefore) refuseIfMostlyBad(report, joiner.good, 'strace');
  if (joiner.sawTable && joiner.calls.length === 0) {
    throw new ImportError(1, 'the log has only a table of counts (strace -c), no calls');
  }
  const lines = effectiveLines(joiner.calls);
  return joiner.calls.sort((a, b) => lines.get(a)! - lines.get(b)!);
}
