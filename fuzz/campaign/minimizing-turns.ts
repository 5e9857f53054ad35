/**
 * Which worker minimizes which finding: one at a time, in pieces.
 *
 *     idle --begin--> running --finished, more to do--> paused --begin, same worker--> running
 *       ^                |                                 |
 *       +-- finished, or its worker is gone --+------------+
 *
 * Rules that hold here:
 * - A finding that is paused goes on in the worker that holds it, and no other begins meanwhile.
 * - With a worker that ended, what it held is gone: the finding is begun again from what is on disk.
 */
import type { FindingsStore } from '../findings/store';
import type { WorkerHandle } from './worker-handle';

type State =
  | { readonly state: 'idle' }
  | { readonly state: 'running' | 'paused'; readonly worker: WorkerHandle; readonly name: string };

export class MinimizingTurns {
  private present: State = { state: 'idle' };

  constructor(private readonly store: FindingsStore) {}

  /** The finding that this worker may go on with or begin; it is its own from now on. Null if there is none for it. */
  begin(worker: WorkerHandle): string | null {
    const { present } = this;
    if (present.state === 'running' || (present.state === 'paused' && present.worker !== worker)) return null;
    const name = present.state === 'paused' ? present.name : this.store.nextToMinimize();
    if (name !== null) this.present = { state: 'running', worker, name };
    return name;
  }

  /** The piece is over; `isPaused`: the worker holds what it came to, and wants another. */
  finished(isPaused: boolean): void {
    const { present } = this;
    if (present.state === 'running') this.present = isPaused ? { ...present, state: 'paused' } : { state: 'idle' };
  }

  gone(worker: WorkerHandle): void {
    if (this.present.state !== 'idle' && this.present.worker === worker) this.present = { state: 'idle' };
  }
}
