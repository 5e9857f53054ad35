/**
 * Turns logs of `strace -f -e trace=%memory` into sequences for an address space, one for each address space.
 *
 *     execve            a new, empty address space: a new sequence
 *     clone, CLONE_VM   a thread (or vfork): the same address space, the same sequence
 *     fork, clone       a copy: the child's sequence is the parent's up to there, then `fork`, then what the child does
 *
 * Process life is in the log only if it was asked for (`-e trace=%memory,execve,clone,clone3,fork,vfork`). Where it is not, a
 * process that begins by asking for its break is taken for a new program, any other for a thread of the first.
 */

import { basename } from 'node:path';
import type { MmHeader } from '../domains/mm/header';
import { FORMAT, PAGE, type Sequence } from '../format/types';
import { ImportReport } from './report';
import { Space } from './space';
import { numberOf, quotedOf, resultOf, splitArguments } from './strace-arguments';
import { HANDLERS } from './strace-calls';
import { type Call, callsOf } from './strace-lines';
import { moveAnswer, moveOperation, spansOf, Window } from './window';

export interface StraceFile {
  /** Its end tells the process, as `strace -ff` names its files: "log.4711". */
  readonly name: string;
  readonly text: string;
}

export interface ImportOptions {
  /** For the headers: where the log comes from. */
  readonly origin?: string;
  /** What the log is of; each sequence adds which process it is. */
  readonly note?: string;
}

export interface Imported {
  readonly sequences: Sequence[];
  /** Per sequence, what its operations answered when they were recorded, as far as their order in the log can tell. */
  readonly answers: (number | string)[][];
  readonly report: ImportReport;
}

const CLONE_VM = 0x100;
/** Stands for the process of lines that name none. */
const UNNAMED = 0;
const FORKS: ReadonlySet<string> = new Set(['fork', 'vfork', 'clone', 'clone3']);
const EXECS: ReadonlySet<string> = new Set(['execve', 'execveat']);
const ENDS: ReadonlySet<string> = new Set(['exit', 'exit_group']);

/** Whether a clone's child shares the address space. */
function sharesMemory(call: Call): boolean {
  if (call.name === 'vfork') return true;
  if (call.name === 'fork') return false;
  const flags = /flags=([^,}]*)/.exec(call.args)?.[1] ?? call.args.split(',')[0];
  if (/\bCLONE_VM\b/.test(flags)) return true;
  const bits = numberOf(flags);
  return bits !== null && (bits & CLONE_VM) !== 0;
}

/** All logs as one list of calls. Files of single threads are merged by time if they have it, else by who made whom. */
function merge(files: readonly StraceFile[], report: ImportReport): Call[] {
  const lists = files.map(({ name, text }) => callsOf(text, Number(/\.(\d+)$/.exec(name)?.[1] ?? UNNAMED), report));
  if (lists.length === 1) return lists[0];
  const all = lists.flat();
  if (all.every((call) => call.time !== null)) return all.sort((a, b) => a.time! - b.time!);
  report.note('logs of single threads without times, put together by who made whom');
  const byPid = new Map(lists.filter((list) => list.length > 0).map((list) => [list[0].pid, list]));
  const merged: Call[] = [];
  const take = (list: readonly Call[]): void => {
    for (const call of list) {
      merged.push(call);
      const result = FORKS.has(call.name) ? resultOf(call.result) : null;
      const child = result?.kind === 'value' ? byPid.get(result.value) : undefined;
      if (result?.kind === 'value') byPid.delete(result.value);
      if (child !== undefined) take(child);
    }
  };
  while (byPid.size > 0) {
    const pid = Math.min(...byPid.keys());
    const list = byPid.get(pid)!;
    byPid.delete(pid);
    take(list);
  }
  return merged;
}

class Processes {
  readonly spaces: Space[] = [];
  private readonly ofPid = new Map<number, Space>();
  /** The id of the first process, if the log names it only from the second one on (strace without -o). */
  private firstPid = UNNAMED;
  /** Process life is in the log, so children are known before they do anything. */
  private sawFork = false;

  constructor(private readonly report: ImportReport) {}

  take(seen: Call): void {
    const space = this.ofPid.get(this.pidOf(seen)) ?? this.unknown(seen);
    const call = { ...seen, pid: this.pidOf(seen) };
    if (FORKS.has(call.name)) this.clone(space, call);
    else if (EXECS.has(call.name)) this.exec(call);
    else if (!ENDS.has(call.name)) this.apply(space, call);
  }

  private pidOf(call: Call): number {
    return call.pid === this.firstPid ? UNNAMED : call.pid;
  }

  private create(program: string): Space {
    const space = new Space(program, this.report);
    this.spaces.push(space);
    return space;
  }

  /** A process that nobody was seen to make. */
  private unknown(call: Call): Space {
    const isNew =
      this.spaces.length === 0 || EXECS.has(call.name) || (call.name === 'brk' && numberOf(call.args) === 0);
    const unnamed = this.ofPid.get(UNNAMED);
    if (unnamed !== undefined && this.firstPid === UNNAMED && (this.sawFork || !isNew)) {
      this.firstPid = call.pid;
      return unnamed;
    }
    const space = isNew ? this.create('unknown program') : this.spaces[0];
    if (!isNew) this.report.note('processes taken for threads of the first, as the log does not show who made them');
    this.ofPid.set(call.pid, space);
    return space;
  }

  private clone(parent: Space, call: Call): void {
    const result = resultOf(call.result);
    if (result.kind !== 'value' || result.value === 0) return;
    this.sawFork = true;
    if (sharesMemory(call)) {
      this.ofPid.set(result.value, parent);
      return;
    }
    const child = parent.fork();
    this.spaces.push(child);
    this.ofPid.set(result.value, child);
  }

  private exec(call: Call): void {
    if (resultOf(call.result).kind !== 'value') return;
    const args = splitArguments(call.args);
    const path = quotedOf(args[call.name === 'execveat' ? 1 : 0]);
    this.ofPid.set(call.pid, this.create(path === null || path === '' ? 'unknown program' : basename(path)));
  }

  private apply(given: Space, call: Call): void {
    const handler = HANDLERS[call.name];
    if (handler === undefined) {
      this.report.skip(call.name, 'not an operation of the format');
      return;
    }
    const args = splitArguments(call.args);
    const space = call.name === 'brk' ? this.afterHiddenExec(given, call) : given;
    const reason = handler(space, args, resultOf(call.result));
    if (reason === null) this.report.keep(call.name);
    else this.report.skip(call.name, reason);
  }

  /** A break that is asked for and is not where it was: another program runs here since an execve that the log lacks. */
  private afterHiddenExec(space: Space, call: Call): Space {
    const result = resultOf(call.result);
    const asks = numberOf(call.args) === 0 && result.kind === 'value';
    if (!asks || space.brk === null || space.brk === result.value) return space;
    this.report.note('programs begun by an execve that is not in the log');
    const fresh = this.create('unknown program');
    this.ofPid.set(call.pid, fresh);
    return fresh;
  }
}

interface Made {
  readonly sequence: Sequence;
  readonly answers: (number | string)[];
}

function makeSequence(space: Space, options: ImportOptions, number: number): Made {
  const { heap, operations } = space;
  const window = new Window(
    operations.flatMap((operation) => spansOf(operation, heap)),
    space.growsdown,
  );
  const forked = space.inherited > 0 ? ', a forked child' : '';
  const which = `${space.program}, address space ${number} of the log${forked}`;
  const header: MmHeader = {
    format: FORMAT,
    domain: 'mm',
    pages: window.pages,
    ...(heap === null ? {} : { brk: Math.floor(window.move(heap) / PAGE) }),
    note: options.note === undefined ? which : `${options.note}: ${which}`,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
  };
  return {
    sequence: { header, operations: operations.map((operation) => moveOperation(operation, window, heap)) },
    answers: operations.map((operation, i) => moveAnswer(operation, space.answers[i], window)),
  };
}

/** One log, or the logs of single threads (`-ff`). @throws ImportError with the line of a damaged log. */
export function importStraceFiles(files: readonly StraceFile[], options: ImportOptions = {}): Imported {
  const report = new ImportReport();
  const processes = new Processes(report);
  for (const call of merge(files, report)) processes.take(call);
  const made: Made[] = [];
  for (const space of processes.spaces) {
    if (space.operations.length > space.inherited) made.push(makeSequence(space, options, made.length + 1));
    else if (space.inherited > 0) report.note('forked children that did nothing to their memory');
  }
  report.sequences = made.length;
  return { sequences: made.map(({ sequence }) => sequence), answers: made.map(({ answers }) => answers), report };
}
