/**
 * Runs sequences in a process that must live on: a step that never ends is interrupted, and is a difference.
 *
 *     src and oracle, limited  --ends-->  targets outside, if there are any, each with a limit of its own
 *              +--does not end-->  "hang" at the last operation; everything that took part is made anew
 */
import type { Observer } from '../coverage/observer';
import { INVARIANTS } from '../domains/invariants';
import type { Header, Operation } from '../format/types';
import type { RunListener } from '../lockstep/run';
import type { Lockstep } from '../lockstep/types';
import type { TargetRuns } from '../referee/target-runs';
import { createLockstep } from '../run/create';
import { hangOf, LimitedCall } from '../run/limited';
import type { CampaignRun, Sequences } from './sequences';

/** What is under way. */
class Recording implements RunListener {
  header: Header | null = null;
  readonly operations: Operation[] = [];

  begin(header: Header): void {
    this.header = header;
    this.operations.length = 0;
  }

  beforeStep(operation: Operation): void {
    this.operations.push(operation);
  }

  afterStep(): void {}
}

export class InterruptibleRuns {
  /** Of all targets: another one after an interruption. */
  lockstep: Lockstep;
  /** What runs with a limit: the same, or src and oracle alone, for a talk with a program cannot be interrupted. */
  private limitedLockstep: Lockstep;
  private readonly limited = new LimitedCall();
  private readonly recording = new Recording();

  constructor(
    private readonly sequences: Sequences,
    private readonly observer: Observer,
    private readonly targets: TargetRuns,
    private readonly limitMs: number,
  ) {
    this.lockstep = targets.lockstep;
    this.limitedLockstep = this.makeLimited();
  }

  private makeLimited(): Lockstep {
    return this.targets.outside ? createLockstep({ invariants: INVARIANTS }) : this.lockstep;
  }

  run(n: number): CampaignRun {
    const result: { run?: CampaignRun } = {};
    const { recording, observer, sequences, targets } = this;
    const { steps, fingerprint } = observer;
    const listeners = targets.outside ? [recording] : [observer, recording];
    recording.header = null;
    const ended = this.limited.ends(this.limitMs, () => {
      // On a busy machine it may be called again, for it did not have its time: the first attempt does not count.
      observer.steps = steps;
      observer.fingerprint = fingerprint;
      result.run = sequences.run(n, this.limitedLockstep, listeners);
    });
    if (ended && result.run !== undefined) {
      return targets.outside ? sequences.run(n, this.lockstep, [observer]) : result.run;
    }
    return this.hang(n);
  }

  /** What took part stands still somewhere, and is of no more use. */
  private hang(n: number): CampaignRun {
    const { header, operations } = this.recording;
    if (header === null) throw new Error(`sequence ${n} did not come to its header within ${this.limitMs} ms`);
    this.sequences.renew();
    if (!this.targets.outside) this.lockstep = this.targets.makeLockstep();
    this.limitedLockstep = this.makeLimited();
    const begun = [...operations];
    return { n, header, operations: begun, difference: hangOf(begun, this.limitMs), parents: [] };
  }
}
