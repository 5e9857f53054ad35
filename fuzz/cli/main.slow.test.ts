/**
 * The command as a user meets it: exit codes, one-line errors, help. Each case starts a process, so there are few.
 */
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommanderError } from 'commander';
import { VERBS } from '.';
import { createProgram } from './program';

const BIN = join(__dirname, '..', '..', 'bin', 'maple-fuzz.js');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function maple(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, ...args],
      { env: { ...process.env, NO_COLOR: '1' } },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      },
    );
    child.stdin!.end();
  });
}

/** Parses without a process of its own. */
async function parse(...args: string[]): Promise<{ code: string; out: string; err: string }> {
  let out = '';
  let err = '';
  const program = createProgram(args);
  const commands = program.commands.flatMap((verb) => [verb, ...verb.commands]);
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        err += text;
      },
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return { code: (error as CommanderError).code, out, err };
  }
  return { code: 'none', out, err };
}

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-cli-'));
  const damaged = join(folder, 'damaged.ndjson');
  const fine = join(folder, 'fine.ndjson');
  const header = '{"format":"maple-fuzz/1","domain":"tree"}\n';

  beforeAll(() => {
    writeFileSync(damaged, `${header}{"op":"store_range","first":-1,"last":2,"value":1}\n`);
    writeFileSync(fine, `${header}{"op":"store_range","first":1,"last":2,"value":1}\n{"op":"mas_find","max":"max"}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lists its verbs and the exit codes', async () => {
    const { code, out } = await maple('--help');
    expect(code).toBe(0);
    for (const { name } of VERBS) expect(out).toContain(`  ${name} `);
    expect(out).toContain('0 nothing found');
  });

  it.each(VERBS.map(({ name }) => name))('%s --help has long flags only', async (name) => {
    const { code, out } = await parse(name, '--help');
    expect(code).toBe('commander.helpDisplayed');
    expect(out).toContain(`Usage: maple-fuzz ${name}`);
    const short = out.split('\n').filter((line) => /^\s+-[a-zA-Z][, ]/.test(line) && !line.includes('-h, --help'));
    expect(short).toEqual([]);
  });

  it.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['replay', '--nonsense', 'x'], "unknown option '--nonsense'"],
    [['replay'], "missing required argument 'path'"],
  ])('usage: %j', async (args, text) => {
    const { code, err } = await parse(...args);
    expect(code).toMatch(/^commander\.(unknown|missing)/);
    expect(err).toContain(`maple-fuzz: ${text}`);
  });

  it.each([
    [['replay', '--nonsense', 'x'], '(maple-fuzz replay --help lists the flags)'],
    [['corpus', 'cull', 'x', '--json'], '(maple-fuzz corpus cull --help lists the flags)'],
    [['corpus', 'add', 'x'], '(maple-fuzz corpus add --help lists the flags)'],
    [['corpus', 'nonsense'], '(maple-fuzz corpus --help lists the commands)'],
  ])('names the help that has the flags: %j', async (args, text) => {
    expect((await parse(...args)).err).toContain(text);
  });

  it('says what is wrong with the command line, and exits with 2', async () => {
    const { code, err } = await maple('exec', '--frobnicate');
    expect([code, err]).toEqual([
      2,
      "maple-fuzz: unknown option '--frobnicate'\n(maple-fuzz exec --help lists the flags)\n",
    ]);
  });

  it.each([
    [['exec', join(folder, 'absent.ndjson')], 'absent.ndjson'],
    [['replay', damaged], 'damaged.ndjson: line 2: store_range: field first is -1; an index'],
  ])('cannot be done: %j', async (args, text) => {
    const { code, err } = await maple(...args);
    expect(code).toBe(3);
    expect(err).toContain(text);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('a folder that cannot be read, or has nothing in it', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { code, err } = await maple('replay', empty);
    expect([code, err]).toEqual([3, expect.stringContaining('no *.ndjson under')]);
    chmodSync(empty, 0);
    const locked = await maple('replay', empty);
    chmodSync(empty, 0o700);
    expect(locked.code).toBe(3);
  });

  it('replays a file, for people and for machines', async () => {
    const json = await maple('replay', fine, '--json');
    expect(JSON.parse(json.out.split('\n')[0])).toEqual({ file: fine, sequence: 1, steps: 2, ok: true });
    const steps = await maple('replay', fine, '--step');
    expect(steps.out).toContain('{"ret":1,"mas":[1,2,"active"]}');
    expect(steps.out).toMatch(/0 +1 +3 +max/);
    expect([steps.code, steps.err]).toEqual([0, '']);
    expect(steps.out).toContain('1 sequence, 2 steps: all agree\n');
  });

  it('goes on with a campaign that nobody reads, to its end', async () => {
    const out = join(folder, 'campaign');
    const flags = ['--domain', 'tree', '--runs', '20', '--workers', '1', '--json'];
    const child = spawn(process.execPath, [BIN, 'fuzz', ...flags, '--out', out], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.destroy();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect([existsSync(join(out, 'SUMMARY.md')), existsSync(join(out, 'lock'))]).toEqual([true, false]);
  });

  it('ends quietly when its reader goes away', async () => {
    const child = spawn(process.execPath, [BIN, 'exec', '-', '--target', 'oracle'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(header);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdout.destroy();
    const pump = setInterval(() => child.stdin.write('{"op":"dump"}\n'.repeat(1000)), 5);
    const code = await new Promise((resolve) => child.once('close', resolve));
    clearInterval(pump);
    expect([code, err]).toEqual([0, '']);
  });
});
