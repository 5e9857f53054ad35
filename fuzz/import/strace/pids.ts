/**
 * Which process a line is of, in a log that does not name all.
 *
 * On standard error strace names the process of a line only while it follows more than one. So a line without a name is
 * of the only one left, which need not be the first; and what the first is called shows only when it is no longer
 * alone:
 *
 *     clone(…)  = 812                  one process, no name: the first
 *     [pid   812] munmap(…)            812 was made
 *     [pid   811] mprotect(…)          no call made 811: it is the first
 *     [pid   811] +++ exited +++
 *     munmap(…)                        only 812 is left
 */

/** Stands for the first process of a log that did not name it. */
export const UNNAMED = 0;

export class Pids {
  /** What the first is called, once that shows. */
  private firstPid: number | null = null;
  private readonly alive = new Set<number>();
  /** Those that are known to be others than the first. */
  private readonly children = new Set<number>();
  private sawUnnamed = false;
  private announces = false;

  /** @param fixed the process of all lines without a name, from the name of the file (-ff); else UNNAMED */
  constructor(private readonly fixed: number) {}

  /**
   * @param resumes whether the line ends a call that the first began, and that this process did not
   * @param forks whether the first is in a call that makes a process
   */
  of(pid: number | null, resumes: () => boolean, forks: () => boolean): number {
    if (pid === null) return this.unnamed();
    if (pid === this.firstPid) return UNNAMED;
    if (this.firstPid === null && this.sawUnnamed && !this.children.has(pid)) {
      if (resumes() || this.announces || !forks()) {
        this.firstPid = pid;
        return UNNAMED;
      }
      this.born(pid);
    }
    this.alive.add(pid);
    return pid;
  }

  private unnamed(): number {
    if (this.fixed !== UNNAMED) return this.fixed;
    if (!this.sawUnnamed) {
      this.sawUnnamed = true;
      // With -p the remark in front of everything names the first.
      if (this.firstPid === null && this.alive.size === 1) return [...this.alive][0];
      this.alive.add(UNNAMED);
    }
    if (this.alive.size === 1) return [...this.alive][0];
    return UNNAMED;
  }

  /** The id that a remark or a result names. */
  known(pid: number): number {
    return pid === this.firstPid ? UNNAMED : pid;
  }

  /** A process was made: a call returned it. */
  born(pid: number): void {
    if (pid === this.firstPid) return;
    this.children.add(pid);
    this.alive.add(pid);
  }

  /** strace says that it follows one more. */
  attached(pid: number): void {
    this.announces = true;
    this.born(pid);
  }

  gone(pid: number): void {
    this.alive.delete(this.known(pid));
  }
}
