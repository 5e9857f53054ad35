/**
 * In which order the calls of a log count.
 *
 * When a call is cut in two, what frees memory or makes a process counts from its beginning, everything else from its
 * end: another thread can be given the freed range, or the child can run, before the call is seen to return.
 */
import { childOf } from './arguments';
import { type Call, FORKS, isEarly } from './call';

/**
 * Where each call counts, as a line. With -z a call is shown when it has ended, so that a child can be seen before the
 * call that made it: that counts just before the child's first line.
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

export function inOrder(calls: Call[]): Call[] {
  const lines = effectiveLines(calls);
  return calls.sort((a, b) => lines.get(a)! - lines.get(b)!);
}
