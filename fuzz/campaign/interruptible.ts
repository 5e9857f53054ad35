/**
 * Runs generated sequences in a process that must live on: a step that never ends is interrupted, and is a difference.
 *
 *     src and oracle, limited  --ends-->  targets outside, if there are any, each with a limit of its own
 *              +--does not end-->  "hang" at the last operation; all that took part is made anew
 */
import type { Observer } from '../coverage/observer';
import { INVARIANTS } from '../domains/invariants';
import type { RunListener } from '../lockstep/run';
import { createJudging, type Judging } from '../referee/judging';
import { createLockstep } from '../run/create';
import { LimitedGeneration } from '../run/runner';
import { type CampaignRun, sourceOf } from './sequences';
import type { CampaignSettings } from './settings';

/** What runs sequence n of a campaign without feedback: none is bred from others. */
export function interruptibleRuns(
  settings: CampaignSettings,
  judging: Judging,
  observer: Observer,
): (n: number) => CampaignRun {
  const { targets, stepTimeoutMs } = settings;
  const makeLockstep = () =>
    // A talk with a program cannot be interrupted: src and oracle run ahead of it.
    judging.outside
      ? createLockstep({ invariants: INVARIANTS })
      : createJudging(targets.join(','), INVARIANTS).lockstep;
  const limited = new LimitedGeneration(() => sourceOf(settings), makeLockstep, stepTimeoutMs);
  const asked = judging.outside ? sourceOf(settings) : null;
  return (n) => {
    if (asked === null) return { ...limited.run(n, [new Restart(observer), observer]), parents: [] };
    const ahead = limited.run(n);
    if (ahead.difference?.rule !== 'hang') return { ...asked.run(n, judging.lockstep, [observer]), parents: [] };
    observer.begin(ahead.header);
    return { ...ahead, parents: [] };
  };
}

/** On a busy machine a sequence may begin again, for it did not have its time: the first attempt does not count. */
class Restart implements RunListener {
  private readonly steps: number;
  private readonly fingerprint: number;

  constructor(private readonly observer: Observer) {
    this.steps = observer.steps;
    this.fingerprint = observer.fingerprint;
  }

  begin(): void {
    this.observer.steps = this.steps;
    this.observer.fingerprint = this.fingerprint;
  }

  beforeStep(): void {}

  afterStep(): void {}
}
