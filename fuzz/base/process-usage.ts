/**
 * What a process uses, asked of the system from outside; and whether it hangs.
 *
 * A step hangs when it has used its time of the processor, not when the clock on the wall has moved on: on a busy
 * machine a process that does nothing wrong may wait for minutes.
 *
 *     speaks        speaks                                        limit used: hangs
 *       |-- works ----|-- works -- waits for a processor -- works --|
 *                     0 s          (counts for nothing)            10 s
 *
 * Rules that hold here:
 * - Only the main thread counts: it runs the steps. Garbage collection and compilation on other threads do not.
 * - A process that neither works nor speaks is blocked. It gets much longer, by the wall clock, since whatever it waits
 *   for (a target outside) has a limit of its own.
 * - Where the system tells nothing (no /proc) the wall clock counts, with the same generous factor.
 */
import fs from 'node:fs';

export interface ProcessUsage {
  /** Processor time of the main thread since it started, milliseconds. */
  readonly cpuMs: number;
  /** Resident memory. */
  readonly memoryMb: number;
}

/** USER_HZ: what /proc counts in, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Null where the system does not tell, or the process is gone. */
export function readUsage(pid: number | undefined): ProcessUsage | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    return parseUsage(stat, status);
  } catch {
    return null;
  }
}

/** From the texts of `stat` and `status`; null if they are not what they should be. */
export function parseUsage(stat: string, status: string): ProcessUsage | null {
  // The name in parentheses may hold anything, parentheses too; utime and stime are the 12th and 13th word behind it.
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(words[11]) + Number(words[12]);
  // In kB on every machine. A process that is ending has none.
  const memoryKb = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  return Number.isFinite(ticks) ? { cpuMs: (ticks * 1000) / TICKS_PER_SECOND, memoryMb: memoryKb / 1024 } : null;
}

/**
 * How many times its limit a process may be silent while it does not work at all, or where its work cannot be measured.
 */
const BLOCKED_FACTOR = 30;

/** Watches one process: how much it has worked since its last word. */
export class SilenceWatch {
  private spoke = true;
  /** Processor time at its last word; null where it is not known. */
  private cpuAtWordMs: number | null = null;
  private cpuLastMs: number | null = null;
  /** When it last spoke or worked. */
  private aliveMs = 0;

  /** It said something, or was given something new to do. */
  heard(): void {
    this.spoke = true;
  }

  /**
   * Whether it has used `limitMs` since its last word, as far as it is known. To be asked a few times a second.
   * @param cpuMs its processor time so far; null if the system does not tell
   */
  hangs(nowMs: number, cpuMs: number | null, limitMs: number): boolean {
    if (this.spoke || (cpuMs === null) !== (this.cpuAtWordMs === null)) {
      this.spoke = false;
      this.cpuAtWordMs = this.cpuLastMs = cpuMs;
      this.aliveMs = nowMs;
      return false;
    }
    if (cpuMs !== this.cpuLastMs) this.aliveMs = nowMs;
    this.cpuLastMs = cpuMs;
    if (cpuMs !== null && this.cpuAtWordMs !== null && cpuMs - this.cpuAtWordMs > limitMs) return true;
    return nowMs - this.aliveMs > BLOCKED_FACTOR * limitMs;
  }
}

/** Who a process is, beyond its number: another may have that later. */
export interface ProcessIdentity {
  /** When it started, in ticks since the machine did, and which start of the machine that was. */
  readonly start: string;
  /** Dead, and its parent has not asked for its end yet: it does nothing any more. */
  readonly isZombie: boolean;
}

/** Null if there is none of that number, or the system does not tell. */
export function identityOf(pid: number): ProcessIdentity | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return parseIdentity(stat, boot);
  } catch {
    return null;
  }
}

/** The state is the first word behind the name in parentheses, the start the 20th. */
function parseIdentity(stat: string, boot: string): ProcessIdentity {
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { start: `${words[19]} ${boot}`, isZombie: words[0] === 'Z' || words[0] === 'X' };
}
