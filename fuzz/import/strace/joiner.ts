/**
 * From the lines of a file to lines of strace, whole.
 *
 * A line may be cut by a remark of strace, by what the program itself prints, or by who wrapped it:
 *
 *     clone(child_stack=NULL, flags=SIGCHLDstrace: Process 812 attached        write(1, "hello\n", 6hello
 *      <unfinished ...>                                                         )                     = 6
 *
 * A line that is none of strace's shapes is skipped, counted and shown. If it shows a call that changes mappings, that
 * call is lost; not at the very end, where a log may be cut: it is then one that ends before that call.
 */
import { refuseIfMostlyBad } from '../imported';
import { type Content, linesOf } from '../input';
import { type BadLine, clip, ImportError, type ImportReport } from '../report';
import { splitArguments } from './arguments';
import { type Call, isPage, MAPPING } from './call';
import { changeIn, effectOf, knownName } from './effects';
import { Halves } from './halves';
import {
  interruptionOf,
  lateResultOf,
  type Prefix,
  prefixOf,
  type Shape,
  shapeOf,
  TABLE_HEAD,
  TABLE_LINE,
} from './line';
import { inOrder } from './order';

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
 * Whether a line is strace's own, and not what a program printed while its call was shown. Blank lines and marks of
 * stack traces can be the program's; what looks like the beginning of a call is taken for one only if it would matter.
 */
function isOwn(shape: Shape, text: string): boolean {
  if (shape.kind === 'open') return effectOf(knownName(shape.name)) !== null;
  return shape.kind !== 'other' && (shape.kind !== 'remark' || text.length > 3);
}

/** What a line must have to end a call: a result, or that it is cut again. */
const END_OF_CALL = /= |\.\.\.>/;

/**
 * Whether arguments are whole: brackets closed, and no space within a name or number, as from a line that was wrapped.
 */
function isClean(args: string): boolean {
  const parts = splitArguments(args);
  return parts?.every((part) => /["'{[</~]/.test(part) || !/\s/.test(part)) ?? false;
}

/** A call is wrapped into no more lines than this. */
const MOST_JOINED = 40;

/** So many lines can a program print within one call. */
const MOST_PIECES = 10_000;

class Joiner {
  good = 0;
  bad = 0;
  firstBad: BadLine | undefined;
  sawTable = false;
  private inTable = false;
  private held: Held | null = null;

  constructor(
    private readonly halves: Halves,
    private readonly report: ImportReport,
  ) {}

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
    this.halves.take(prefix, shape, line);
  }

  /** A line that is not whole: something was written into it, or it is not strace's. */
  private takeOpen(prefix: Prefix, kind: 'open' | 'other', raw: string, line: number): void {
    const cut = interruptionOf(prefix.rest);
    if (cut !== null) {
      if (cut.event === 'attached') this.halves.pids.attached(cut.pid);
      if (cut.event === 'detached') this.halves.pids.gone(cut.pid);
      this.held = { prefix, line, text: cut.before, isCut: true, pieces: [] };
    } else if (kind === 'open') this.held = { prefix, line, text: prefix.rest, isCut: false, pieces: [] };
    else if (!this.behindOutput(raw, line)) this.skip(line, raw, false);
  }

  /** Whether a line is the end of the one that is held. */
  private goesOn(held: Held, raw: string, line: number): boolean {
    if (!END_OF_CALL.test(raw) && !held.text.trimEnd().endsWith('=')) return false;
    const pieces = [held.text, ...held.pieces.map(({ text }) => text), raw];
    const wraps = held.pieces.length > MOST_JOINED ? [] : [pieces.join(' '), pieces.join('')];
    const ends = [`${held.text} ${raw.trim()}`, held.text + raw];
    for (const text of [...wraps, ...(held.isCut ? ends.reverse() : ends)]) {
      const shape = shapeOf(text.trimEnd());
      if (shape.kind !== 'call' && shape.kind !== 'begin') continue;
      if (effectOf(knownName(shape.name)) !== null && !isClean(shape.args)) continue;
      return this.complete(held, shape, line, wraps.includes(text));
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
    this.halves.take(held.prefix, shape, line, held.line);
    return true;
  }

  /** What was held never ended. */
  private drop(atEnd: boolean): void {
    const { held } = this;
    this.held = null;
    if (held === null) return;
    this.skip(held.line, held.text, atEnd);
    for (const { line, text } of held.pieces) this.skip(line, text, atEnd);
  }

  /** A line that was wrapped within an address goes on with digits alone, and only both together are one of a page. */
  private endsResult(line: number, text: string): boolean {
    const { calls } = this.halves;
    const last = calls.at(-1);
    if (last?.lastLine !== line - 1 || !/^[0-9a-f]{1,15}$/.test(text.trim())) return false;
    const result = last.result + text.trim();
    const isCut = /^0x[0-9a-f]+$/.test(result) && MAPPING.has(last.name) && !isPage(last.result) && isPage(result);
    if (isCut) calls[calls.length - 1] = { ...last, result, lastLine: line };
    return isCut;
  }

  /** Output without an end of its own line stands before a line of strace, which on a terminal has a process. */
  private behindOutput(raw: string, line: number): boolean {
    const found = /^.+?(\[pid\s+\d+(?:<.*?>)?\] .*)$/s.exec(raw);
    if (found === null) return false;
    const prefix = prefixOf(found[1]);
    const shape = shapeOf(prefix.rest);
    if (shape.kind === 'other' || shape.kind === 'open') return false;
    this.report.note('lines of strace behind output of the program');
    this.takeShape(prefix, shape, found[1], line);
    return true;
  }

  private skip(line: number, text: string, atEnd: boolean): void {
    if (this.endsResult(line, text)) return;
    this.report.badLine(line, text);
    this.bad++;
    this.firstBad ??= { line, text: clip(text) };
    const name = changeIn(text);
    if (name !== null && !atEnd) this.halves.lose(name, 'its line is damaged', line);
  }

  end(): void {
    this.drop(true);
    this.halves.end();
  }
}

/**
 * The calls of one log, in the order in which they count.
 * @param filePid the process of lines that name none, if the file's name tells; else UNNAMED
 * @throws ImportError if most of its lines are not strace's
 */
export function callsOf(content: Content, filePid: number, report: ImportReport): Call[] {
  const halves = new Halves(filePid, report);
  const joiner = new Joiner(halves, report);
  let line = 0;
  for (const text of linesOf(content)) joiner.take(text, ++line);
  joiner.end();
  report.lines += line;
  refuseIfMostlyBad(joiner.firstBad, joiner.bad, joiner.good, 'strace');
  if (joiner.sawTable && halves.calls.length === 0) {
    throw new ImportError(1, 'the log has only a table of counts (strace -c), no calls');
  }
  return inOrder(halves.calls);
}
