/**
 * The one counter through which every allocation goes that can fail: mappings, anon_vmas, and the reservation of tree
 * nodes before a write. `failAt(n)` makes the n-th allocation from now on fail, so that the paths that undo half-done
 * work can be reached.
 *
 * Rules that hold here:
 * - Code that allocates asks `take()` first, and gives up with -ENOMEM if it answers false.
 * - A reservation of nodes counts as one allocation, however many nodes it needs: it succeeds as a whole or not at all.
 * - What the kernel allocates with __GFP_NOFAIL does not ask.
 */

export class Allocations {
  /** Allocations since `failAt` or `restart` was called. */
  made = 0;
  /** Whether one was made to fail since then. */
  failed = false;
  private failing = 0;

  /** The n-th allocation from now on fails (n from 1); 0: none does. */
  failAt(n: number): void {
    this.failing = n;
    this.made = 0;
    this.failed = false;
  }

  /** A failure that has not come will not come; `made` and `failed` stay. */
  callOff(): void {
    this.failing = 0;
  }

  /** Whether the next allocation succeeds. */
  take(): boolean {
    if (++this.made !== this.failing) return true;
    this.failing = 0;
    this.failed = true;
    return false;
  }
}
