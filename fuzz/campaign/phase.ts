/**
 * How far a campaign is. It only ever moves to the right:
 *
 *     running ---> ending ---> over           no more sequences; findings that wait are minimized for a while
 *        |            |
 *        +------------+----> hurried ---> over      Ctrl-C: nothing is minimized, and no hang is waited for
 */
type PhaseName = 'running' | 'ending' | 'hurried' | 'over';

const ORDER: readonly PhaseName[] = ['running', 'ending', 'hurried', 'over'];

export class Phase {
  name: PhaseName = 'running';
  /** Why it ends, in words; empty while it runs. */
  reason = '';
  /** When the end began, milliseconds. */
  sinceMs = 0;

  /** Begins the end. False if it had begun before: the first reason stands. */
  end(reason: string, nowMs: number, name: 'ending' | 'hurried' = 'ending'): boolean {
    if (this.name !== 'running') return false;
    this.reason = reason;
    this.sinceMs = nowMs;
    this.moveTo(name);
    return true;
  }

  hurry(): void {
    this.moveTo('hurried');
  }

  finish(): void {
    this.moveTo('over');
  }

  private moveTo(name: PhaseName): void {
    if (ORDER.indexOf(name) > ORDER.indexOf(this.name)) this.name = name;
  }
}
