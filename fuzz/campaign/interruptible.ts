/**
 * Runs sequences in a process that must live on: a step that never ends is interrupted, and is a difference.
 *
 *     src and oracle, limited  --ends-->  targets outside, if there are any, each with a limit of its own
 *              +--does not end-->  "hang" at the last operation; everything that took part is made anew
 */
import type { Observer } from '../coverage/observer';
import { INVARIANTS } from '../domains/invariants';
import type { ViewedLockstep } from '../generate/source';
import { createLockstep } from '../run/create';
import { hangOf, LimitedCall, Recorder } from '../run/limited';
import type { CampaignRun, Sequences } from './sequences';

export class InterruptibleRuns {
  private readonly limited = new LimitedCall();
  private recorder: Recorder<ViewedLockstep>;

  constructor(
    private readonly sequences: Sequences,
    private readonly observer: Observer,
    /**
     * Whether targets outside take part. A talk with a program cannot be interrupted: src and oracle run ahead of it.
     */
    private readonly outside: boolean,
    private readonly limitMs: number,
    /** Makes the lockstep of the observer anew. */
    private readonly renew: () => void,
  ) {
    this.recorder = this.makeRecorder();
  }

  run(n: number): CampaignRun {
    const result: { run?: CampaignRun } = {};
    const { recorder, observer } = this;
    const { steps, fingerprint } = observer;
    const ended = this.limited.ends(this.limitMs, () => {
      // On a busy machine it may be called again, for it did not have its time: the first attempt does not count.
      observer.steps = steps;
      observer.fingerprint = fingerprint;
      result.run = this.sequences.run(n, recorder);
    });
    if (ended && result.run !== undefined) return this.outside ? this.sequences.run(n, this.observer) : result.run;
    const { header } = recorder;
    if (header === null) throw new Error(`sequence ${n} did not come to its header within ${this.limitMs} ms`);
    const operations = [...recorder.operations];
    this.sequences.renew();
    this.renew();
    this.recorder = this.makeRecorder();
    return { n, header, operations, difference: hangOf(operations, this.limitMs), parents: [] };
  }

  private makeRecorder(): Recorder<ViewedLockstep> {
    return new Recorder(this.outside ? createLockstep({ invariants: INVARIANTS }) : this.observer);
  }
}
