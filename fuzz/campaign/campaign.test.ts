/**
 * Campaigns as a user runs them: processes that are killed, mistakes that are planted, a disk that fills up.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EPOCH } from './epochs';
import { readLines } from './files';
import { listFindings, readFacts } from './findings';
import type { Fact } from './journal';

const COMMAND = path.join(__dirname, '..', '..', 'bin', 'maple-fuzz.js');
const PLANT = path.join(__dirname, 'testing', 'plant.cjs');
const MINUTES = 60_000;

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-campaign-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(args: readonly string[], plant: string | null): ChildProcess {
  const env = plant === null ? process.env : { ...process.env, PLANT: plant, NODE_OPTIONS: `--require ${PLANT}` };
  return spawn(process.execPath, [COMMAND, 'fuzz', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

function fuzz(args: readonly string[], plant: string | null = null): Promise<Ended> {
  return ended(start(args, plant));
}

function facts(campaign: string): Fact[] {
  return readLines<Fact>(path.join(campaign, 'journal.ndjson'));
}

/** How often each sequence below `count` is recorded as done. */
function timesDone(campaign: string, count: number): number[] {
  const times = new Array<number>(count).fill(0);
  for (const fact of facts(campaign)) {
    if ('done' in fact) for (let n = fact.done[0]; n < fact.done[1]; n++) times[n]!++;
  }
  return times;
}

/** Numbers of the sequences that failed, each once. */
function failing(campaign: string): number[] {
  const numbers = facts(campaign).flatMap((fact) => ('finding' in fact ? [fact.finding] : []));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function ranges(campaign: string): string[] {
  const lines = facts(campaign).flatMap((fact) =>
    'done' in fact ? [`${fact.done.join('-')}: ${fact.steps} ${fact.print}`] : [],
  );
  return lines.sort();
}

const children = (pid: number): number[] => {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const TREE = ['--domain', 'tree', '--seed', 'kills'];

describe('a campaign', () => {
  it(
    'runs the same sequences, and keeps the same, whatever the number of workers',
    async () => {
      const runs = '2600';
      const [one, two] = [1, 2].map((n) => path.join(folder, `workers-${n}`)) as [string, string];
      const common = [
        '--seed',
        'same',
        '--runs',
        runs,
        '--only',
        'store_range,erase,load,mas_set,mas_store,mas_next,dup',
      ];
      await fuzz([...common, '--out', one, '--workers', '1']);
      await fuzz([...common, '--out', two, '--workers', '2']);
      expect(timesDone(one, 2600).every((t) => t === 1)).toBe(true);
      expect(ranges(two)).toEqual(ranges(one));
      // Of the epoch that is not complete, more may lie there than will be kept.
      const kept = (campaign: string) =>
        fs.readdirSync(path.join(campaign, 'corpus')).filter((name) => Number.parseInt(name, 10) < 2 * EPOCH);
      const names = kept(one).sort();
      expect(kept(two).sort()).toEqual(names);
      const texts = (campaign: string) =>
        names.map((name) => fs.readFileSync(path.join(campaign, 'corpus', name), 'utf8'));
      expect(texts(two)).toEqual(texts(one));
      // Breeding begins with the third epoch.
      const late = fs.readdirSync(path.join(one, 'corpus')).filter((name) => !kept(one).includes(name));
      const isBred = (name: string) => fs.readFileSync(path.join(one, 'corpus', name), 'utf8').includes('bred from');
      expect(late.some(isBred)).toBe(true);
    },
    4 * MINUTES,
  );

  it(
    'loses no finding and skips no sequence in 100 kills of workers and of everything',
    async () => {
      const runs = 1500;
      const calm = path.join(folder, 'calm');
      const killed = path.join(folder, 'killed');
      await fuzz([...TREE, '--runs', String(runs), '--out', calm], 'rare');
      let x = 1;
      const draw = (below: number) => (x = (x * 48271) % 2147483647) % below;
      let kills = 0;
      let args = [...TREE, '--runs', String(runs), '--out', killed, '--workers', '2'];
      while (kills < 100) {
        const child = start(args, 'rare');
        const end = ended(child);
        let over = false;
        void end.then(() => {
          over = true;
        });
        for (let some = 6 + draw(8); some > 0 && !over && kills < 99; some--) {
          await sleep(120 + draw(500));
          const workers = children(child.pid!);
          if (workers.length === 0) continue;
          process.kill(workers[draw(workers.length)]!, 'SIGKILL');
          kills++;
        }
        await sleep(draw(400));
        if (!over) kills++;
        child.kill('SIGKILL');
        await end;
        args = ['--resume', killed, '--runs', String(runs), '--workers', '2'];
      }
      await fuzz(args, 'rare');
      expect(timesDone(killed, runs).indexOf(0)).toBe(-1);
      expect(failing(calm).length).toBeGreaterThan(0);
      expect(failing(killed)).toEqual(failing(calm));
      expect(listFindings(path.join(killed, 'findings')).length).toBeGreaterThan(0);
    },
    8 * MINUTES,
  );

  it(
    'reports a step that never returns, with its sequence, and goes on',
    async () => {
      const out = path.join(folder, 'hang');
      const end = await fuzz([...TREE, '--stop-on', 'first', '--out', out, '--step-timeout', '3s'], 'hang');
      expect(end.code).toBe(1);
      const [name] = listFindings(path.join(out, 'findings'));
      expect(readFacts(path.join(out, 'findings', name!))).toMatchObject({
        rule: 'hang',
        operation: 'dup',
        foundBy: 'hang',
      });
      const original = fs
        .readFileSync(path.join(out, 'findings', name!, 'original.ndjson'), 'utf8')
        .trim()
        .split('\n');
      expect(original.at(-1)).toContain('"dup"');
    },
    3 * MINUTES,
  );

  it(
    'reports a worker that outgrows its memory',
    async () => {
      const out = path.join(folder, 'leak');
      const end = await fuzz([...TREE, '--stop-on', 'first', '--out', out, '--memory', '400'], 'leak');
      expect(end.code).toBe(1);
      const names = listFindings(path.join(out, 'findings'));
      expect(names.map((name) => readFacts(path.join(out, 'findings', name)).rule)).toEqual(['memory']);
    },
    3 * MINUTES,
  );

  it(
    'tells known findings from new ones by the exit code, and counts what comes again',
    async () => {
      const first = path.join(folder, 'first');
      const second = path.join(folder, 'second');
      const args = [...TREE, '--runs', '150', '--minimize-share', '60%', '--only', 'store_range,destroy'];
      expect((await fuzz([...args, '--out', first], 'wrong')).code).toBe(1);
      const known = listFindings(path.join(first, 'findings'));
      expect(failing(first).length).toBeGreaterThan(known.length);
      const again = await fuzz([...args, '--out', second, '--known', first], 'wrong');
      expect(again).toMatchObject({ code: 4 });
      expect(again.output).toMatch(/none new, \d+ known/);
    },
    3 * MINUTES,
  );

  it(
    'runs a command with the folder of each new finding',
    async () => {
      const out = path.join(folder, 'told');
      const list = path.join(folder, 'told.txt');
      const command = `f() { echo "$1" >> ${list}; }; f`;
      await fuzz(
        [...TREE, '--stop-on', 'first', '--out', out, '--on-finding', command, '--only', 'store_range,destroy'],
        'wrong',
      );
      const told = fs.readFileSync(list, 'utf8').trim().split('\n');
      expect(fs.existsSync(path.join(told[0]!, 'minimal.ndjson'))).toBe(true);
    },
    2 * MINUTES,
  );

  it(
    'ends after the present sequences on Ctrl-C, with a summary',
    async () => {
      const out = path.join(folder, 'interrupted');
      const child = start([...TREE, '--for', '10m', '--out', out], null);
      const end = ended(child);
      while (!fs.existsSync(path.join(out, 'stats.ndjson')) || fs.statSync(path.join(out, 'stats.ndjson')).size === 0) {
        await sleep(100);
      }
      child.kill('SIGINT');
      expect(await end).toMatchObject({ code: 0, output: expect.stringContaining('it was interrupted') });
      expect(fs.readFileSync(path.join(out, 'SUMMARY.md'), 'utf8')).toContain('# What the campaign came to');
    },
    2 * MINUTES,
  );

  it(
    'ends with exit 3 and one line where a folder is wrong',
    async () => {
      const cases: [string[], RegExp][] = [
        [['--resume', path.join(folder, 'nowhere')], /^maple-fuzz: .*nowhere holds no campaign/],
        [['--out', '/proc/nowhere/x'], /^maple-fuzz: .*nowhere/],
      ];
      for (const [args, message] of cases) {
        expect(await fuzz(args)).toMatchObject({ code: 3, output: expect.stringMatching(message) });
      }
    },
    2 * MINUTES,
  );
});

/** A file system of its own needs the right to mount one. */
function mountSmallDisk(at: string): boolean {
  fs.mkdirSync(at, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-disk-'));
  const mounted = mountSmallDisk(at);
  afterAll(() => {
    if (mounted) execFileSync('umount', [at]);
    fs.rmSync(at, { recursive: true, force: true });
  });

  (mounted ? it : it.skip)(
    'ends the campaign with exit 3, and it goes on when there is room (needs the right to mount)',
    async () => {
      const out = path.join(at, 'campaign');
      const end = await fuzz([...TREE, '--for', '10m', '--out', out]);
      expect(end).toMatchObject({ code: 3, output: expect.stringMatching(/disk full: cannot write .*--resume/) });
      execFileSync('mount', ['-o', 'remount,size=64m', at]);
      const before = timesDone(out, 200).filter((t) => t > 0).length;
      expect(before).toBeGreaterThan(0);
      const more = await fuzz(['--resume', out, '--runs', '200']);
      expect(more.code).toBe(0);
      expect(timesDone(out, 200).every((t) => t === 1)).toBe(true);
    },
    3 * MINUTES,
  );
});
