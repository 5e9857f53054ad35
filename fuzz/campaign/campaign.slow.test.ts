/**
 * Campaigns as a user runs them: mistakes that are planted, a step that hangs, a disk that fills up.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listFindings, readFacts } from '../findings/store';
import { ended, failing, Ground, MINUTES, sleep, timesDone } from './testing/command';

const ground = new Ground('campaign');

const TREE = ['--domain', 'tree', '--seed', 'kills'];

describe('a campaign', () => {
  it(
    'reports a step that never returns, with its sequence, and goes on',
    async () => {
      const out = ground.at('hang');
      const end = await ground.command.fuzz(
        [...TREE, '--stop-on', 'first', '--for', '1h', '--out', out, '--step-timeout', '3s'],
        'hang',
      );
      expect(end).toMatchObject({ code: 1 });
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
    10 * MINUTES,
  );

  it(
    'reports a worker that outgrows its memory',
    async () => {
      const out = ground.at('leak');
      const end = await ground.command.fuzz(
        [...TREE, '--stop-on', 'first', '--for', '1h', '--out', out, '--memory', '400'],
        'leak',
      );
      expect(end).toMatchObject({ code: 1 });
      const names = listFindings(path.join(out, 'findings'));
      expect(names.map((name) => readFacts(path.join(out, 'findings', name)).rule)).toEqual(['memory']);
    },
    10 * MINUTES,
  );

  it(
    'tells known findings from new ones by the exit code, and counts what comes again',
    async () => {
      const first = ground.at('first');
      const second = ground.at('second');
      const args = [...TREE, '--runs', '150', '--minimize-share', '60%', '--only', 'store_range,destroy'];
      expect(await ground.command.fuzz([...args, '--out', first], 'wrong')).toMatchObject({ code: 1 });
      const known = listFindings(path.join(first, 'findings'));
      expect(failing(first).length).toBeGreaterThan(known.length);
      const again = await ground.command.fuzz([...args, '--out', second, '--known', first], 'wrong');
      expect(again).toMatchObject({ code: 4 });
      expect(again.output).toMatch(/none new, \d+ known/);
      // What is known does not end a campaign, not even as long as it is not minimized.
      const args2 = [...args, '--known', first, '--stop-on', 'first', '--for', '1h', '--out', ground.at('third')];
      expect(await ground.command.fuzz(args2, 'wrong')).toMatchObject({
        code: 4,
        output: expect.stringContaining('150 sequences are done'),
      });
    },
    10 * MINUTES,
  );

  it(
    'runs a command with the folder of each new finding',
    async () => {
      const out = ground.at('told');
      const list = ground.at('told.txt');
      const script = `f() { echo "$1" >> ${list}; }; f`;
      await ground.command.fuzz(
        [
          ...TREE,
          '--stop-on',
          'first',
          '--for',
          '1h',
          '--out',
          out,
          '--on-finding',
          script,
          '--only',
          'store_range,destroy',
        ],
        'wrong',
      );
      const told = fs.readFileSync(list, 'utf8').trim().split('\n');
      expect(fs.existsSync(path.join(told[0], 'minimal.ndjson'))).toBe(true);
    },
    10 * MINUTES,
  );

  it(
    'ends after the present sequences on Ctrl-C, with a summary',
    async () => {
      const out = ground.at('interrupted');
      const child = ground.command.start([...TREE, '--for', '10m', '--out', out], null);
      const end = ended(child);
      while (!fs.existsSync(path.join(out, 'stats.ndjson')) || fs.statSync(path.join(out, 'stats.ndjson')).size === 0) {
        await sleep(100);
      }
      child.kill('SIGINT');
      expect(await end).toMatchObject({ code: 0, output: expect.stringContaining('it was interrupted') });
      expect(fs.readFileSync(path.join(out, 'SUMMARY.md'), 'utf8')).toContain('# What the campaign came to');
    },
    10 * MINUTES,
  );

  it(
    'takes along a target that hangs when a second Ctrl-C ends it at once',
    async () => {
      const file = ground.at('endless.pid');
      const driver = ground.at('endless.cjs');
      fs.writeFileSync(
        driver,
        `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
          const greeting = '{"ok":true,"name":"endless","ops":["load","store_range"]}';
          if (line.includes('"format"')) return console.log(greeting);
          require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid));
          for (;;);
        });`,
      );
      const target = `src,${process.execPath} ${driver}`;
      const args = ['--for', '10m', '--out', ground.at('endless'), '--target', target, '--step-timeout', '10m'];
      const child = ground.command.start([...TREE, ...args, '--workers', '1']);
      const end = ended(child);
      while (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') === '') await sleep(50);
      child.kill('SIGINT');
      await sleep(200);
      child.kill('SIGINT');
      expect(await end).toMatchObject({ code: 3, output: expect.stringContaining('stopped at once') });
      const pid = Number(fs.readFileSync(file, 'utf8'));
      // It is dead at once, but its number is taken until the system's first process has looked after it.
      for (let waits = 0; waits < 50 && isThere(pid); waits++) await sleep(100);
      expect(isThere(pid)).toBe(false);
    },
    10 * MINUTES,
  );

  it(
    'ends with exit 3 and one line where a folder is wrong',
    async () => {
      const cases: [string[], RegExp][] = [
        [['--resume', ground.at('nowhere')], /^maple-fuzz: .*nowhere holds no campaign/],
        [['--out', '/proc/nowhere/x'], /^maple-fuzz: .*nowhere/],
      ];
      for (const [args, message] of cases) {
        expect(await ground.command.fuzz(args)).toMatchObject({ code: 3, output: expect.stringMatching(message) });
      }
    },
    10 * MINUTES,
  );
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A small file system of its own at a new place, or null: it needs the right to mount one. */
function mountSmallDisk(): string | null {
  const at = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', at], { stdio: 'ignore' });
    return at;
  } catch {
    fs.rmSync(at, { recursive: true });
    return null;
  }
}

function unmount(at: string): void {
  execFileSync('umount', [at]);
  fs.rmdirSync(at);
}

/** Asked when the tests are listed. Nothing may stay mounted then: the test may be one that is not run. */
function mayMount(): boolean {
  const at = mountSmallDisk();
  if (at !== null) unmount(at);
  return at !== null;
}

describe('a full disk', () => {
  let at: string | null = null;
  afterAll(() => {
    if (at !== null) unmount(at);
  });

  (mayMount() ? it : it.skip)(
    'ends the campaign with exit 3, and it goes on when there is room (needs the right to mount)',
    async () => {
      at = mountSmallDisk()!;
      const out = path.join(at, 'campaign');
      const end = await ground.command.fuzz([...TREE, '--for', '10m', '--out', out]);
      expect(end).toMatchObject({ code: 3, output: expect.stringMatching(/disk full: cannot write .*--resume/) });
      execFileSync('mount', ['-o', 'remount,size=64m', at]);
      const before = timesDone(out, 200).filter((t) => t > 0).length;
      expect(before).toBeGreaterThan(0);
      const more = await ground.command.fuzz(['--resume', out, '--runs', '200']);
      expect(more).toMatchObject({ code: 0 });
      expect(timesDone(out, 200).every((t) => t === 1)).toBe(true);
    },
    10 * MINUTES,
  );
});
