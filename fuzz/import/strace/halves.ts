/**
 * From the lines of strace to whole calls: which process a line is of, which halves belong together, when a call was.
 *
 *     23892 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>
 *     23890 02:51:49.014647 munmap(0x7f7fa8000000, 4096) = 0
 *     23892 <... mmap resumed>)               = 0x7f7fac000000
 */
import type { ImportReport } from '../report';
import { childOf } from './arguments';
import { type Call, EXECS, FORKS, isEarly } from './call';
import { effectOf, knownName } from './effects';
import { durationOf, type Prefix, type Shape, shapeOf } from './line';
import { Pids, UNNAMED } from './pids';

interface Begun {
  readonly name: string;
  readonly args: string;
  readonly line: number;
  readonly time: number | null;
}

const HALF_DAY = 43_200;
const DAY = 86_400;

export class Halves {
  readonly calls: Call[] = [];
  readonly pids: Pids;
  private readonly begun = new Map<number, Begun>();
  /** Times of day start again at midnight. */
  private lastTime = 0;
  private days = 0;

  constructor(
    filePid: number,
    private readonly report: ImportReport,
  ) {
    this.pids = new Pids(filePid);
  }

  lose(name: string, reason: string, line: number): void {
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
  take(prefix: Prefix, shape: Shape, line: number, firstLine = line): void {
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
    else this.lose(name, 'its line is damaged', line);
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
    for (const pid of [...this.begun.keys()]) this.unended(pid);
  }
}
