/**
 * Start-up: how long somebody waits for `maple-fuzz --help` and for a fuzz run of one sequence, which is more than the
 * first step. Wall clock, because waiting is what counts, and CPU time of the command and its workers beside it, which tells
 * what of the waiting the machine's other work caused. From an installed package (npm pack, laid out as npm does) and from
 * the checkout.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartRow } from './results';

const ROOT = join(__dirname, '..');

function must(command: string, args: string[], cwd: string): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr || done.error?.message}`);
  return done.stdout;
}

/**
 * Packs the project and lays it out as npm would install it, dependencies linked from this checkout (no network); the
 * path of its command.
 */
function install(folder: string): string {
  must('npm', ['pack', '--pack-destination', folder], ROOT);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('npm pack left no archive');
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'maple-fuzz');
  mkdirSync(own, { recursive: true });
  must('tar', ['-xzf', join(folder, archive), '-C', own, '--strip-components=1'], folder);
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.') && !existsSync(join(modules, name)))
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  return join(own, 'bin', 'maple-fuzz.js');
}

/** CPU time of all children that ended, in milliseconds; in steps of 10, as Linux counts it. NaN elsewhere. */
function childrenCpu(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]!.split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}

function timed(bin: string, args: string[], cwd: string): { wall: number; cpu: number } {
  const cpu = childrenCpu();
  const start = process.hrtime.bigint();
  const done = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}`);
  return { wall: ms, cpu: childrenCpu() - cpu };
}

/** Measures both commands in turn, from the package and from the checkout. */
export function measureStart(rounds: number, progress: (line: string) => void): StartRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-start-'));
  try {
    progress('packing and installing');
    const ways = [
      { suffix: '', bin: install(folder) },
      { suffix: ' (checkout)', bin: join(ROOT, 'bin', 'maple-fuzz.js') },
    ];
    const commands = [
      { name: '--help', args: ['--help'] },
      { name: 'first fuzz step', args: ['fuzz', '--domain', 'tree', '--runs', '1', '--seed', 'start', '--out'] },
    ];
    const rows = ways.flatMap(({ suffix, bin }) =>
      commands.map(({ name, args }) => ({
        name: `${name}${suffix}`,
        bin,
        args,
        wall: [] as number[],
        cpu: [] as number[],
      })),
    );
    let runs = 0;
    for (let round = 0; round <= rounds; round++)
      for (const row of rows) {
        progress(`start-up, ${row.name}`);
        const out = join(folder, `findings-${runs++}`); // a campaign wants a folder of its own
        const args = row.args.at(-1) === '--out' ? [...row.args, out] : row.args;
        const { wall, cpu } = timed(row.bin, args, folder);
        if (round === 0) continue;
        row.wall.push(wall);
        row.cpu.push(cpu);
      }
    return rows.flatMap(({ name, wall, cpu }) => [
      { name, rounds: wall },
      { name: `${name}, CPU`, rounds: cpu },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
