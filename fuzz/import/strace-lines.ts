/**
 * From the lines of an strace log to whole calls, in an order in which they can be replayed.
 *
 * A line may begin with a process id and a time; a call of one thread may be cut in two by a line of another:
 *
 *     23892 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>
 *     23890 02:51:49.014647 munmap(0x7f7fa8000000, 4096) = 0
 *     23892 <... mmap resumed>)               = 0x7f7fac000000
 *
 * Rules that hold here:
 * - A line that is none of strace's shapes is an error with its number, so that a damaged log is not half imported.
 * - When a call is cut in two, what frees memory or makes a process counts from its beginning, everything else from its
 *   end: another thread can be given the freed range, or the child can run, before the call is seen to return.
 */
import { clip, ImportError, type ImportReport } from './report';

export interface Call {
  readonly pid: number;
  readonly name: string;
  /** What stands between the parentheses. */
  readonly args: string;
  /** What stands behind the equals sign. */
  readonly result: string;
  /** Where the call began and ended: line numbers, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Seconds, when it began; null if the log has no absolute times. */
  readonly time: number | null;
}

const PREFIX =
  /^(?:\[pid\s+(\d+)\]\s*|(\d+)\s+)?(?:(\d+:\d\d:\d\d(?:\.\d+)?|\d+\.\d+)\s+)?(?:\(\+\s*[\d.]+\)\s*)?(?:\[[^\]]*\]\s*)*/;
const WHOLE = /^([\w?]+)\((.*)\)\s+= (.*)$/;
const BEGINNING = /^([\w?]+)\((.*?)\s*<(?:unfinished|detached) \.\.\.>$/;
const REST = /^<\.\.\. ([\w?]+) resumed>(.*)$/;
/** Exits and signals, remarks of strace itself, stack traces. */
const REMARK = /^(?:\+\+\+ .* \+\+\+|--- .* ---|strace: .*| > .*|)$/;

/** Without -o strace writes its remarks into the middle of the lines of its log, which go on behind them. */
const INTERRUPTED = /^(.+)strace: Process \d+ (?:attached|detached)$/;

/** Calls that count from their beginning. */
const EARLY: ReadonlySet<string> = new Set(['munmap', 'fork', 'vfork', 'clone', 'clone3']);

/** Times of day and of the epoch are absolute; small numbers (-r) tell the distance to the line before. */
function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parts = text.split(':').map(Number);
  if (parts.length === 3) return parts[0] * 3600 + parts[1] * 60 + parts[2];
  return parts[0] > 1e6 ? parts[0] : null;
}

interface Begun {
  readonly name: string;
  readonly args: string;
  readonly line: number;
  readonly time: number | null;
}

class Joiner {
  readonly calls: Call[] = [];
  private readonly begun = new Map<number, Begun>();

  constructor(
    private readonly filePid: number,
    private readonly report: ImportReport,
  ) {}

  take(raw: string, line: number): void {
    const prefix = PREFIX.exec(raw)!;
    const rest = raw.slice(prefix[0].length).trimEnd();
    if (REMARK.test(rest) || raw.startsWith(' > ')) return;
    const pid = Number(prefix[1] ?? prefix[2] ?? this.filePid);
    const time = secondsOf(prefix[3]);
    const beginning = BEGINNING.exec(rest);
    const end = REST.exec(rest);
    if (beginning !== null) this.begin(pid, { name: beginning[1], args: beginning[2], line, time });
    else if (end !== null) this.resume(pid, end[1], end[2], line);
    else this.whole(pid, rest, line, line, time, raw);
  }

  private begin(pid: number, call: Begun): void {
    const before = this.begun.get(pid);
    if (before !== undefined) this.report.skip(before.name, 'its end is not in the log');
    this.begun.set(pid, call);
  }

  private resume(pid: number, name: string, rest: string, line: number): void {
    const call = this.begun.get(pid);
    this.begun.delete(pid);
    if (call === undefined) {
      this.report.skip(name, 'its beginning is not in the log');
      return;
    }
    if (call.name !== name) {
      throw new ImportError(line, `${name} is resumed, but line ${call.line} began ${call.name} in process ${pid}`);
    }
    const text = `${name}(${call.args}${rest}`;
    this.whole(pid, text, call.line, line, call.time, text);
  }

  private whole(
    pid: number,
    text: string,
    firstLine: number,
    lastLine: number,
    time: number | null,
    raw: string,
  ): void {
    const call = WHOLE.exec(text);
    if (call === null) throw new ImportError(lastLine, `not a line of strace: ${clip(raw)}`);
    this.calls.push({ pid, name: call[1], args: call[2], result: call[3].trim(), firstLine, lastLine, time });
  }

  end(): void {
    for (const call of this.begun.values()) this.report.skip(call.name, 'its end is not in the log');
  }
}

const effectiveLine = (call: Call): number => (EARLY.has(call.name) ? call.firstLine : call.lastLine);

/** The calls of one log, in the order in which they count. `filePid` is for lines without a process id. */
export function callsOf(text: string, filePid: number, report: ImportReport): Call[] {
  const joiner = new Joiner(filePid, report);
  const lines = text.split('\n');
  let begun = '';
  for (let i = 0; i < lines.length; i++) {
    const line = begun + lines[i].replace(/\r$/, '');
    begun = INTERRUPTED.exec(line)?.[1] ?? '';
    if (begun === '') joiner.take(line, i + 1);
  }
  if (begun !== '') throw new ImportError(lines.length, `the log ends within a line: ${clip(begun)}`);
  report.lines += lines.length - (lines.at(-1) === '' ? 1 : 0);
  joiner.end();
  return joiner.calls.sort((a, b) => effectiveLine(a) - effectiveLine(b));
}
