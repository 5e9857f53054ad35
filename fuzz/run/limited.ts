/**
 * Runs what may never end, in this process: whoever calls gets control back after a limit of processor time.
 *
 * An endless loop is ended by the engine itself, from outside of the loop, so neither a process nor what it has loaded is
 * lost, and the next run can follow at once. That makes a sequence that hangs as easy to minimize as any other.
 *
 * Rules that hold here:
 * - The limit counts processor time, so that a busy machine makes nothing hang. What was interrupted without having had its
 *   time begins anew with a longer limit; so it must be possible to call it again.
 * - What was interrupted is broken: its lockstep is dropped. Modules of the program keep no state from one sequence to the
 *   next; whoever wants to be sure runs what came out once more in a fresh process.
 * - Memory is not limited: an endless loop that allocates may still take the process along.
 */
import vm from 'node:vm';
import type { DomainName, Operation, Sequence } from '../format/types';
import type { Difference, Invariant, Lockstep, RunSequence } from '../lockstep/types';
import { smallestHeader } from '../sequence/header';
import { type AnyLockstep, createLockstep, isLong, runOn } from './create';

/** An interrupted call had its time if it got so much of it. */
const ENOUGH = 0.5;
/** How often a call that did not have its time is begun anew, with the limit doubled each time. */
const ATTEMPTS = 6;

/** Milliseconds of processor time of this process. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Long sequences may take longer: so many milliseconds an operation, several times what one takes with all checks. */
const MS_PER_OPERATION = 2;

/** The limit for a run of this sequence, of which one step may take `stepMs`. */
export function limitFor(stepMs: number, sequence: Sequence): number {
  return stepMs + MS_PER_OPERATION * sequence.operations.length;
}

/** Calls functions with a limit of time. */
export class LimitedCall {
  private call: () => void = () => {};
  private readonly context = vm.createContext({ call: () => this.call() });
  private readonly script = new vm.Script('call()');

  /** Calls `call`, and says whether it came to its end in so many milliseconds of processor time. What it throws passes. */
  ends(limitMs: number, call: () => void): boolean {
    this.call = call;
    let timeout = limitMs;
    for (let attempt = 1; ; attempt++) {
      const before = cpuMs();
      if (this.endsWithin(timeout)) return true;
      if (cpuMs() - before >= ENOUGH * limitMs || attempt === ATTEMPTS) return false;
      timeout *= 2;
    }
  }

  private endsWithin(timeout: number): boolean {
    try {
      this.script.runInContext(this.context, { timeout });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw error;
    }
  }
}

/** Hands everything on to another lockstep, and notes it: what is under way when a step never ends. */
export class Recorder<L extends Lockstep> implements Lockstep {
  header: Sequence['header'] | null = null;
  readonly operations: Operation[] = [];

  constructor(readonly inner: L) {}

  begin(header: Sequence['header']): Difference | null {
    this.header = header;
    this.operations.length = 0;
    return this.inner.begin(header);
  }

  step(operation: Operation): Difference | null {
    this.operations.push(operation);
    return this.inner.step(operation);
  }

  end(): Difference | null {
    return this.inner.end();
  }

  view(): L extends { view(): infer V } ? V : never {
    return (this.inner as unknown as { view(): L extends { view(): infer V } ? V : never }).view();
  }
}

/** That the last operation noted, or the start of the sequence, never ended. */
export function hangOf(operations: readonly Operation[], limitMs: number): Difference {
  const step = operations.length - 1;
  const operation = operations[step] ?? null;
  return { step, operation, rule: 'hang', foundBy: 'hang', detail: `the step did not end within ${limitMs / 1000} s` };
}

/** Runs on new locksteps with a limit; what is loaded when a domain first begins is no sequence's time. */
class LimitedRuns {
  private readonly limited = new LimitedCall();
  private readonly loaded = new Set<DomainName>();

  constructor(private readonly invariants: readonly Invariant[]) {}

  make(thorough: boolean): Recorder<AnyLockstep> {
    return new Recorder(createLockstep({ invariants: this.invariants, thorough }));
  }

  run(recorder: Recorder<AnyLockstep>, sequence: Sequence, limitMs: number): Difference | null {
    const { domain } = sequence.header;
    if (!this.loaded.has(domain)) load(domain, this.invariants);
    this.loaded.add(domain);
    let difference: Difference | null = null;
    const ended = this.limited.ends(limitFor(limitMs, sequence), () => {
      difference = runOn(recorder, sequence);
    });
    return ended ? difference : hangOf(recorder.operations, limitMs);
  }

  /** As runAfresh: thoroughly, and if that finds nothing, at the pace of the loop. */
  afresh(sequence: Sequence, limitMs: number): Difference | null {
    return this.run(this.make(true), sequence, limitMs) ?? this.run(this.make(false), sequence, limitMs);
  }
}

/** Loads what sequences of a domain need, where an interruption would leave it half loaded. */
export function load(domain: DomainName, invariants: readonly Invariant[]): void {
  runOn(createLockstep({ invariants }), { header: smallestHeader(domain), operations: [] });
}

/**
 * Like createRunSequence, but for sequences that may hang: a run in which a step takes longer than `limitMs` ends with the
 * difference "hang" at that operation. After the first that hangs, `shortMs` will do: its shorter forms have less to do.
 */
export function createLimitedRun(invariants: readonly Invariant[], limitMs: number, shortMs = limitMs): RunSequence {
  const runs = new LimitedRuns(invariants);
  let quick = runs.make(false);
  let present = limitMs;
  return (sequence) => {
    const first = runs.run(quick, sequence, present);
    if (first === null) return null;
    if (first.rule === 'hang') {
      // Interrupted somewhere: of no more use.
      quick = runs.make(false);
      present = Math.min(limitMs, shortMs);
      return first;
    }
    // What an earlier sequence left behind is not this one's failure.
    return runs.afresh(sequence, present);
  };
}

/** Shorter forms of what hangs are given up after so many milliseconds. */
const SHORT_MS = 300;

/** How src and oracle alone run whole sequences. */
export interface PairRuns {
  /** Thoroughly. */
  readonly again: RunSequence;
  /** Variants of a failing sequence, of which there are many. */
  readonly variants: RunSequence;
}

/** All runs of src and oracle alone, with a limit: for whoever must come to an end in this process. */
export function createLimitedPair(invariants: readonly Invariant[], limitMs: number): PairRuns {
  const runs = new LimitedRuns(invariants);
  const long = createLimitedRun(invariants, limitMs);
  return {
    again: (sequence) => (isLong(sequence) ? long(sequence) : runs.afresh(sequence, limitMs)),
    variants: createLimitedRun(invariants, limitMs, SHORT_MS),
  };
}
