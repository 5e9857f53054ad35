/**
 * A maple state of the naive tree: a range, a status, and where it stands.
 *
 * No position is kept but an index (`at`): the slot that holds it is looked for anew at each step, so nothing can go
 * stale.
 */
import type { Status } from './cursor-rules';

/** Of no slot. */
const NOWHERE = -1;

/** A maple state. */
export class OracleState {
  index = 0;
  last = 0;
  status: Status = 'start';
  /** Some index of the slot on which it stands; NOWHERE if it has not walked in a tree with nodes. */
  at = NOWHERE;
  /** Its own store made the first node, and it has not walked since (steps do not count): see legal.ts. */
  madeNodes = false;

  get standing(): boolean {
    return this.at !== NOWHERE;
  }

  /** Takes a new range; the position is lost. */
  set(index: number, last: number): void {
    this.index = index;
    this.last = last;
    this.become('start');
  }

  /** Keeps index and last, and stands nowhere from now on. */
  become(status: Status): void {
    this.status = status;
    this.at = NOWHERE;
    this.madeNodes = false;
  }
}
