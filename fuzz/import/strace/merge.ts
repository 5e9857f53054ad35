/**
 * Puts the logs of single threads (`strace -ff`) together as one list of calls.
 *
 * With times they are merged by when each call counts: what frees memory when it begins, all else when it ends (`-T`
 * tells how long it took). Without, a child's log is put where its maker made it.
 */
import type { Content } from '../input';
import { ImportError, type ImportReport } from '../report';
import { childOf } from './arguments';
import { type Call, FORKS } from './call';
import { callsOf } from './joiner';
import { durationOf } from './line';
import { UNNAMED } from './pids';

export interface StraceFile {
  /** Its end tells the process, as `strace -ff` names its files: "log.4711". */
  readonly name: string;
  readonly content: Content;
}

function pidOfFile(name: string): number {
  return Number(/\.(\d+)(?:\.gz)?$/.exec(name)?.[1] ?? UNNAMED);
}

function callsOfFile(file: StraceFile, report: ImportReport, isOne: boolean): Call[] {
  try {
    return callsOf(file.content, pidOfFile(file.name), report);
  } catch (error) {
    if (isOne || !(error instanceof ImportError)) throw error;
    throw new ImportError(0, `${file.name}: ${error.message}`);
  }
}

/** A thread's log with who made it in front; each log once. */
function byMaker(lists: readonly (readonly Call[])[]): Call[] {
  const byPid = new Map(lists.filter((list) => list.length > 0).map((list) => [list[0].pid, list]));
  const merged: Call[] = [];
  // Not by recursion: a chain of makers is as long as a log likes.
  const stack: { readonly list: readonly Call[]; next: number }[] = [];
  const enter = (pid: number): void => {
    const list = byPid.get(pid);
    byPid.delete(pid);
    if (list !== undefined) stack.push({ list, next: 0 });
  };
  const pids = [...byPid.keys()].sort((a, b) => a - b);
  for (const pid of pids) {
    enter(pid);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const call = top.list[top.next++];
      if (call === undefined) stack.pop();
      else {
        merged.push(call);
        const child = FORKS.has(call.name) ? childOf(call.result) : null;
        if (child !== null) enter(child);
      }
    }
  }
  return merged;
}

export interface Merged {
  readonly calls: readonly Call[];
  /**
   * Whether times of beginnings alone gave the order, so that a contradiction shows that it was another. Without any
   * times all of the order is assumed, and the report says so.
   */
  readonly isGuess: boolean;
}

/** All logs as one list of calls, in the order in which they count. @throws ImportError */
export function mergedCalls(files: readonly StraceFile[], report: ImportReport): Merged {
  const lists = files.map((file) => callsOfFile(file, report, files.length === 1));
  if (lists.length === 1) return { calls: lists[0], isGuess: false };
  const all = lists.flat();
  if (all.every(({ time }) => time !== null)) {
    const isGuess = !all.some(({ result }) => durationOf(result) !== null);
    return { calls: all.sort((a, b) => a.time! - b.time!), isGuess };
  }
  report.note('logs of single threads without times, put together by who made whom');
  return { calls: byMaker(lists), isGuess: false };
}
