/**
 * Calls what may never end, in this process: control comes back after a limit of processor time.
 *
 * An endless loop is ended by the engine itself, from outside of the loop, so neither a process nor what it has loaded
 * is lost, and the next run can follow at once. That makes a sequence that hangs as easy to minimize as any other.
 *
 * Rules that hold here:
 * - The limit counts processor time, so that a busy machine makes nothing hang. What was interrupted without having had
 *   its time begins anew with a longer limit; so it must be possible to call it again.
 * - What was interrupted stands still in the middle of a step, `finally` blocks included, and so does the state that
 *   modules of src, oracle and the invariants keep. The lockstep is dropped; what modules keep is set anew by the next
 *   `begin` (a lockstep refuses a step before it) and by the next operation. To be sure, what came out is run again in
 *   a new process.
 * - Memory is not limited: an endless loop that allocates may still take the process along.
 */
import vm from 'node:vm';
import type { Operation, Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';

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

  /**
   * Calls `call`, and says whether it came to its end in so many milliseconds of processor time. What it throws passes.
   */
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

/** That the last operation noted, or the start of the sequence, never ended. */
export function hangOf(operations: readonly Operation[], limitMs: number): Difference {
  const step = operations.length - 1;
  const operation = operations[step] ?? null;
  return { step, operation, rule: 'hang', foundBy: 'hang', detail: `the step did not end within ${limitMs / 1000} s` };
}
