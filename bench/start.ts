/**
 * Start-up: how long `maple-fuzz --help` takes, a fuzz run until its first sequence begins, and a whole run
 * of one sequence. The beginning is seen from outside: a worker names the sequence in its slot file right
 * before it draws and runs it. Wall clock, because waiting is what counts, and CPU time of the command and its workers
 * beside it, which tells what of the waiting the machine's other work caused. From an installed package (npm pack, laid
 * out as npm does) and from the checkout.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CampaignFolder } from '../fuzz/campaign/settings';
import { readSlot } from '../fuzz/campaign/slot';
import { install, ROOT } from './install';
import type { StartRow } from './results';

/** CPU time of all children that ended, in milliseconds; in steps of 10, as Linux counts it. NaN elsewhere. */
function childrenCpu(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1].split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}

interface Times {
  wall: number;
  cpu: number;
  /** Until the first sequence of the campaign in the folder `out`. */
  firstStep: number | undefined;
}

/** Runs a command to its end; `out` is the folder of its campaign, if it has one. */
async function timed(bin: string, args: string[], cwd: string, out: string | undefined): Promise<Times> {
  const cpu = childrenCpu();
  const start = process.hrtime.bigint();
  const since = () => Number(process.hrtime.bigint() - start) / 1e6;
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const slot = out && new CampaignFolder(out).slotFile(0);
  let firstStep: number | undefined;
  while (slot && firstStep === undefined && child.exitCode === null) {
    if ((readSlot(slot)?.to ?? 0) > 0) firstStep = since();
    else await setTimeout(2);
  }
  const code = await ended;
  const wall = since();
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return { wall, cpu: childrenCpu() - cpu, firstStep };
}

const COMMANDS = [
  { name: '--help', args: ['--help'], fuzzes: false },
  {
    name: 'a run of one sequence',
    args: ['fuzz', '--domain', 'tree', '--runs', '1', '--workers', '1', '--seed', 'start'],
    fuzzes: true,
  },
];

/** Measures the commands in turn, from the package and from the checkout. */
export async function measureStart(rounds: number, progress: (line: string) => void): Promise<StartRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-start-'));
  const rows = new Map<string, number[]>();
  const note = (name: string, value: number) => rows.set(name, [...(rows.get(name) ?? []), value]);
  try {
    progress('packing and installing');
    const ways = [
      { suffix: '', bin: install(folder) },
      { suffix: ' (checkout)', bin: join(ROOT, 'bin', 'maple-fuzz.js') },
    ];
    for (let round = 0; round <= rounds; round++)
      for (const { suffix, bin } of ways)
        for (const { name, args, fuzzes } of COMMANDS) {
          progress(`start-up, ${name}${suffix}`);
          // A campaign wants a folder of its own.
          const out = fuzzes ? join(folder, `findings-${round}${suffix.trim()}`) : undefined;
          const times = await timed(bin, out === undefined ? args : [...args, '--out', out], folder, out);
          if (round === 0) continue;
          if (times.firstStep !== undefined) note(`first fuzz step${suffix}`, times.firstStep);
          note(`${name}${suffix}`, times.wall);
          note(`${name}${suffix}, CPU`, times.cpu);
        }
    return [...rows].map(([name, values]) => ({ name, rounds: values }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
