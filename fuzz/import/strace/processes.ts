/**
 * Who has which address space, from the calls of a log.
 *
 *     execve            a new, empty address space: a new sequence
 *     clone, CLONE_VM   a thread (or vfork): the same address space, the same sequence
 *     fork, clone       a copy: the child's sequence is the parent's up to there, then `fork`, then what the child does
 *
 * Process life is in the log only if it was asked for (`-e trace=%memory,execve,clone,clone3,fork,vfork`). Where it is
 * not, a process that begins by asking for its break is taken for a new program, any other for a thread of the first.
 */
import { basename } from 'node:path';
import type { ImportReport } from '../report';
import { childOf, fieldsOf, numberOf, quotedOf, resultOf, splitArguments } from './arguments';
import { type Call, EXECS, FORKS } from './call';
import { Log, type Outcome } from './calls/handler';
import { HANDLERS } from './calls/table';
import { Descriptors, Serial } from './descriptors';
import { effectOf, knownName } from './effects';
import { Space } from './space';

const CLONE_VM = 0x100;
const CLONE_FILES = 0x400;
const ENDS: ReadonlySet<string> = new Set(['exit', 'exit_group']);

interface Process {
  readonly space: Space;
  readonly descriptors: Descriptors;
}

interface Shares {
  readonly memory: boolean;
  readonly files: boolean;
}

/** What the child of a clone shares; null if the log does not tell. */
function sharesOf(name: string, args: readonly string[]): Shares | null {
  if (name === 'vfork') return { memory: true, files: false };
  if (name === 'fork') return { memory: false, files: false };
  const named = args.find((argument) => argument.startsWith('flags='))?.slice('flags='.length);
  const flags = fieldsOf(args[0])?.get('flags') ?? named ?? (name === 'clone' ? args[0] : undefined);
  if (flags === undefined) return null;
  const bits = numberOf(flags);
  if (bits !== null) return { memory: (bits & CLONE_VM) !== 0, files: (bits & CLONE_FILES) !== 0 };
  if (!/\b(?:CLONE_|SIG)/.test(flags)) return null;
  return { memory: /\bCLONE_VM\b/.test(flags), files: /\bCLONE_FILES\b/.test(flags) };
}

/**
 * No result that strace prints: damage, as nothing else has it. A call that changes no mapping may return what it
 * likes.
 */
const isGarbled = ({ name, result }: Call): boolean =>
  effectOf(name) !== null && resultOf(result).kind === 'unknown' && !result.startsWith('?');

const GARBLED = { lost: true, reason: 'its result was not understood' };

export class Processes {
  /** All address spaces, in the order in which they came up. */
  readonly spaces: Space[] = [];
  private readonly ofPid = new Map<number, Process>();
  /** Children whose id the log does not tell; the last made last. */
  private readonly unclaimed: Process[] = [];
  /** Children with an id that no line had yet. Once one had its own, ids of calls are those of lines. */
  private readonly unseen = new Map<number, Process>();
  private idsAgree = false;
  private readonly log: Log;
  private readonly serial = new Serial();

  /** @param orderIsGuess whether calls of threads may have had another order than here */
  constructor(
    private readonly report: ImportReport,
    orderIsGuess = false,
  ) {
    this.log = new Log(orderIsGuess);
  }

  take(seen: Call): void {
    const call = { ...seen, name: knownName(seen.name) };
    if (ENDS.has(call.name)) return;
    if (this.unseen.delete(call.pid)) this.idsAgree = true;
    const process = this.ofPid.get(call.pid) ?? this.unknown(call);
    if (FORKS.has(call.name)) this.clone(process, call);
    else if (EXECS.has(call.name)) this.exec(call);
    else this.apply(process, call);
  }

  private create(program: string): Process {
    const space = Space.create(program, this.report);
    this.spaces.push(space);
    return { space, descriptors: new Descriptors(this.serial) };
  }

  /** A process that the log does not show being made. */
  private unknown(call: Call): Process {
    const process = this.unclaimed.pop() ?? this.foreign() ?? this.unmade(call);
    this.ofPid.set(call.pid, process);
    return process;
  }

  /** The child made first that has no line: in another pid namespace it has another id there than here. */
  private foreign(): Process | undefined {
    const [first] = this.unseen;
    if (first === undefined || this.idsAgree) return undefined;
    this.unseen.delete(first[0]);
    this.report.note('processes whose maker was guessed, as calls and lines have other ids (another pid namespace)');
    return first[1];
  }

  private unmade(call: Call): Process {
    const first = this.spaces[0];
    const asksForBreak = call.name === 'brk' && numberOf(call.args) === 0;
    if (first === undefined || EXECS.has(call.name) || asksForBreak) return this.create('unknown program');
    this.report.note('processes taken for threads of the first, as the log does not show who made them');
    return { space: first, descriptors: new Descriptors(this.serial) };
  }

  private lose(call: Call, reason: string): void {
    this.report.lose(call.name, reason, effectOf(call.name)!, call.firstLine);
  }

  private clone(parent: Process, call: Call): void {
    const result = resultOf(call.result);
    if (result.kind === 'error' || (result.kind === 'value' && result.value === 0)) return;
    const shares = sharesOf(call.name, splitArguments(call.args) ?? []);
    if (shares === null || isGarbled(call)) {
      this.lose(call, shares === null ? 'its arguments were not understood' : GARBLED.reason);
      return;
    }
    const space = shares.memory ? parent.space : parent.space.fork();
    if (space !== parent.space) this.spaces.push(space);
    const descriptors = shares.files ? parent.descriptors : parent.descriptors.copy();
    const child = childOf(call.result);
    if (child === null) this.unclaimed.push({ space, descriptors });
    else {
      this.ofPid.set(child, { space, descriptors });
      this.unseen.set(child, { space, descriptors });
    }
  }

  private exec(call: Call): void {
    if (isGarbled(call)) this.lose(call, GARBLED.reason);
    if (resultOf(call.result).kind !== 'value') return;
    const args = splitArguments(call.args) ?? [];
    const path = quotedOf(args[call.name === 'execveat' ? 1 : 0])?.text ?? '';
    const process = this.create(path === '' ? 'unknown program' : basename(path));
    process.space.isSeenToBegin = true;
    this.ofPid.set(call.pid, process);
  }

  private apply(process: Process, call: Call): void {
    const handler = HANDLERS[call.name];
    const outcome = handler === undefined ? this.withoutHandler(call) : this.handle(process, call);
    if (outcome === null) this.report.keep(call.name);
    else if (!outcome.lost) this.report.skip(call.name, outcome.reason);
    else this.lose(call, outcome.reason);
  }

  private withoutHandler({ name, result }: Call): Outcome {
    const lost = effectOf(name) !== null && resultOf(result).kind === 'value';
    return { lost, reason: 'not an operation of the format' };
  }

  private handle(given: Process, call: Call): Outcome {
    const args = splitArguments(call.args);
    const result = resultOf(call.result);
    if (isGarbled(call)) return GARBLED;
    // strace can be told to make a call return what it likes, without the kernel.
    if (/\(INJECTED\)/.test(call.result)) return { lost: false, reason: 'never reached the kernel' };
    const process = call.name === 'brk' ? this.afterHiddenExec(given, call) : given;
    const { log } = this;
    const outcome: Outcome =
      args === null
        ? { lost: effectOf(call.name) !== null, reason: 'its arguments were not understood' }
        : HANDLERS[call.name]({ log, ...process, name: call.name, args, result });
    if (!outcome?.lost || result.kind === 'value') return outcome;
    return { lost: false, reason: result.kind === 'error' ? `failed with ${result.errno}` : 'the process ended in it' };
  }

  /**
   * A break that is asked for and is not where it was: another program runs here since an execve that the log lacks.
   */
  private afterHiddenExec(process: Process, call: Call): Process {
    const result = resultOf(call.result);
    const { brk } = process.space;
    const asks = numberOf(call.args) === 0 && result.kind === 'value';
    if (!asks || brk === null || brk === result.value) return process;
    this.report.note('programs begun by an execve that is not in the log');
    const fresh = this.create('unknown program');
    this.ofPid.set(call.pid, fresh);
    return fresh;
  }
}
