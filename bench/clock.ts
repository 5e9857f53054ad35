/**
 * CPU time, because the machine may be shared: wall time then measures the neighbours. The process's time counts the
 * helpers of the garbage collector and the compiler as well; the main thread's is reported beside it.
 */
import { readFileSync } from 'node:fs';

export interface Moment {
  /** Nanoseconds of CPU of the whole process, all its threads. */
  cpu: number;
  /** Nanoseconds of CPU of the main thread, or NaN where /proc does not tell. */
  main: number;
  wall: number;
}

/** The scheduler's account of the main thread. cpuUsage() before it brings the account up to now. */
function mainThread(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[0]);
  } catch {
    return Number.NaN;
  }
}

/** Nanoseconds of CPU of the process since it began. */
export function cpuNow(): number {
  const usage = process.cpuUsage();
  return (usage.user + usage.system) * 1000;
}

export function now(): Moment {
  const cpu = cpuNow();
  return { cpu, main: mainThread(), wall: Number(process.hrtime.bigint()) };
}
