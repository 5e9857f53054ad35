/**
 * Whether a process hangs: by its own work, whatever the rest of the machine does.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { parseUsage, readUsage, SilenceWatch } from './process-usage';

const STAT = '77 (a) b (c) R 1 77 77 0 -1 4194560 1 2 3 4 150 25 9 9 20 0 11 0 5 6 7';

describe('what /proc says', () => {
  it('is read behind a name that may hold anything, in milliseconds and MB', () => {
    const status = 'Name:\ta\nVmHWM:\t 9999 kB\nVmRSS:\t   20480 kB\nThreads:\t1\n';
    expect(parseUsage(STAT, status)).toEqual({ cpuMs: 1750, memoryMb: 20 });
  });

  it('has no memory for a process that is ending, and is nothing where it makes no sense', () => {
    expect(parseUsage(STAT, 'Name:\ta\n')).toEqual({ cpuMs: 1750, memoryMb: 0 });
    expect(parseUsage('', '')).toBeNull();
    expect(readUsage(undefined)).toBeNull();
  });
});

describe('a silence', () => {
  const LIMIT = 1000;

  /** Asks each 100 ms of the wall clock, in which the process gets `share` of a processor; when it hangs, or null. */
  function hangsAfter(share: number | null, forMs: number, watch = new SilenceWatch()): number | null {
    for (let now = 0; now <= forMs; now += 100) {
      if (watch.hangs(now, share === null ? null : now * share, LIMIT)) return now;
    }
    return null;
  }

  it('ends with the limit used, however long that takes', () => {
    expect(hangsAfter(1, 60_000)).toBe(1100);
    expect(hangsAfter(0.125, 60_000)).toBe(8100);
    // At one percent of a processor: twenty times the limit on the wall, a fifth of it in work.
    expect(hangsAfter(0.01, 20_000)).toBeNull();
  });

  it('without any work, or where nothing tells of work, is endured 30 times the limit', () => {
    expect(hangsAfter(0, 60_000)).toBe(30_100);
    expect(hangsAfter(null, 60_000)).toBe(30_100);
  });

  it('begins anew with each word', () => {
    const watch = new SilenceWatch();
    expect(hangsAfter(1, 900, watch)).toBeNull();
    watch.heard();
    expect(watch.hangs(1000, 1000, LIMIT)).toBe(false);
    expect(watch.hangs(1900, 1900, LIMIT)).toBe(false);
    expect(watch.hangs(2100, 2100, LIMIT)).toBe(true);
  });
});

(readUsage(process.pid) === null ? it.skip : it)('a process that waits uses nothing, while others loop', async () => {
  const children: ChildProcess[] = [];
  const start = (code: string): ChildProcess => {
    const child = spawn(process.execPath, ['-e', `${code}; process.stdout.write('.')`], { stdio: 'pipe' });
    children.push(child);
    return child;
  };
  try {
    const waiting = start('setTimeout(() => {}, 60000)');
    await new Promise((resolve) => waiting.stdout?.once('data', resolve));
    // Node goes on for a moment after its first word.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = readUsage(waiting.pid)?.cpuMs ?? Number.NaN;
    const looping = start('setImmediate(() => { for (;;); })');
    const work = (): number => readUsage(looping.pid)?.cpuMs ?? 0;
    while (work() < 500) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((readUsage(waiting.pid)?.cpuMs ?? Number.NaN) - before).toBeLessThan(250);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
});
