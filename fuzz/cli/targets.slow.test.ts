/**
 * `--target` on the command line: exit statuses and the one line, with programs that cannot start, and the live kernel.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelTrouble } from '../targets/kernel/build';

const BIN = join(__dirname, '..', '..', 'bin', 'maple-fuzz.js');
const MM = '{"format":"maple-fuzz/1","domain":"mm","pages":8}\n{"op":"touch","addr":0}\n';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-targets-'));
  writeFileSync(join(folder, 'mm.ndjson'), `# a comment, which the wire does not have\n\n${MM}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const options = { encoding: 'utf8' as const, env: { ...process.env, ...env }, cwd: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], options);
  return { status, stdout, stderr };
}

describe('--target', () => {
  it.each([
    ['src,src', 2, /^maple-fuzz: --target src,src: .*src comes twice/],
    [
      'oracle,/nowhere/driver',
      3,
      /^maple-fuzz: cannot start the target \/nowhere\/driver: .*no such file or folder\n$/,
    ],
  ])('replay with %s ends with %d', (target, status, line) => {
    const ended = run(['replay', 'mm.ndjson', '--target', target]);
    expect(ended.stderr).toMatch(line);
    expect(ended.status).toBe(status);
  });

  it('exec asks one target', () => {
    const ended = run(['exec', 'mm.ndjson', '--target', 'src,oracle']);
    expect(ended.stderr).toMatch(/^maple-fuzz: --target 'src,oracle': exec asks one: src, oracle, kernel or a command/);
    expect(ended.status).toBe(2);
  });

  it('kernel without a compiler is one line, and the rest works', () => {
    const env = { CC: '/nowhere/cc', XDG_CACHE_HOME: folder };
    const ended = run(['fuzz', '--domain', 'mm', '--target', 'src,oracle,kernel', '--runs', '1'], env);
    expect(ended.stderr).toMatch(/^maple-fuzz: kernel: needs (a C compiler|Linux).*\n$/);
    expect(ended.status).toBe(3);
    expect(run(['replay', 'mm.ndjson'], env)).toMatchObject({ status: 0, stdout: '1 sequence, 1 steps: all agree\n' });
  });

  it('check replays the corpus on the target too', () => {
    const driver = join(folder, 'always-fine.cjs');
    const greeting = '{"ok":true,"name":"always fine","ops":["touch","dump"]}';
    writeFileSync(
      driver,
      `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const said = line.includes('"format"') ? '${greeting}'
          : line.includes('mbind') ? '{"unsupported":true}'
          : line.includes('dump') ? '{"vmas":[],"brk":null}'
          : '{"ret":0}';
        process.stdout.write(said + '\\n');
      });\n`,
    );
    const target = `src,oracle,${process.execPath} ${driver}`;
    const args = [
      'check',
      '--corpus',
      'mm.ndjson',
      '--domain',
      'mm',
      '--runs',
      '1',
      '--only',
      'touch',
      '--out',
      folder,
    ];
    expect(run([...args, '--target', target])).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/always-fine.*stands alone.*corpus: 1 sequences, 1 with a difference/s),
    });
    expect(run(args)).toMatchObject({ status: 0, stdout: expect.stringContaining('corpus: 1 sequences, 0 with') });
    writeFileSync(join(folder, 'lacking.ndjson'), MM.replace('"touch"', '"mbind","len":4096,"policy":1'));
    const [note] = run([...args, '--corpus', 'lacking.ndjson', '--target', target, '--json']).stdout.split('\n');
    expect(note).toMatch(/^\{"note":".*always-fine.* lacks mbind.*","times":1\}$/);
  });

  it('that compares nothing is said at the end of replay and fuzz, or not used at all', () => {
    const driver = join(folder, 'mute.cjs');
    writeFileSync(
      driver,
      `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const said = line.includes('"format"') ? { ok: true, ops: process.argv.slice(2) } : { unsupported: true };
        process.stdout.write(JSON.stringify(said) + '\\n');
      });\n`,
    );
    const target = `src,oracle,${process.execPath} ${driver}`;
    const { stdout } = run(['replay', 'mm.ndjson', '--target', target]);
    expect(stdout).toMatch(/^once: .*mute.cjs names no operation of the domain mm in its "ops"$/m);
    expect(stdout).toMatch(/^once: .*mute.cjs lacks touch, and sat out the rest of a sequence$/m);
    expect(run(['replay', 'mm.ndjson', '--json', '--target', target]).stdout).toMatch(/^\{"note":".* lacks touch/m);
    const fuzz = ['fuzz', '--domain', 'mm', '--runs', '1', '--workers', '1', '--out'];
    const refused = run([...fuzz, join(folder, 'never'), '--target', target]);
    expect(refused.stderr).toMatch(/^maple-fuzz: cannot use the target .*mute.cjs: its "ops".* name no operation.*\n$/);
    expect(refused.status).toBe(3);
    const touches = run([...fuzz, join(folder, 'touches'), '--target', `${target} touch`]);
    expect(touches.stdout).toMatch(/^targets {3}.*mute.cjs touch lacks touch, and sat out the rest of a sequence$/m);
  });

  it('minimize asks a target for nothing that it lacks', () => {
    const driver = join(folder, 'three-stores.cjs');
    const asked = join(folder, 'asked.txt');
    writeFileSync(
      driver,
      `let stores = [];
      const answer = (line) => {
        const { format, op, first, last, value, index } = JSON.parse(line);
        if (format) stores = [];
        if (format) return { ok: true, name: 'three stores', ops: ['store_range', 'load'] };
        if (op === 'store_range') return { ret: stores.unshift([first, last, value]) * 0 };
        const hit = stores.find(([low, high]) => low <= index && index <= high);
        return op === 'load' ? { ret: stores.length < 3 ? (hit?.[2] ?? null) : 7 } : { unsupported: true };
      };
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        require('node:fs').appendFileSync(${JSON.stringify(asked)}, line + '\\n');
        process.stdout.write(JSON.stringify(answer(line)) + '\\n');
      });\n`,
    );
    const store = (first: number): string => `{"op":"store_range","first":${first},"last":${first + 3},"value":1}`;
    const lines = ['{"format":"maple-fuzz/1","domain":"tree"}', ...[5, 20, 40].map(store), '{"op":"load","index":900}'];
    writeFileSync(join(folder, 'stores.ndjson'), `${lines.join('\n')}\n`);
    const target = `oracle,${process.execPath} ${driver}`;
    const { status, stdout } = run(['minimize', 'stores.ndjson', '--target', target]);
    expect(stdout).toContain('4 operations -> 4');
    expect(status).toBe(1);
    const said = readFileSync(asked, 'utf8');
    expect(said).toContain('"load"');
    // Stores could be gathered into one bulk, and become shorter ones by that.
    expect(said).not.toContain('"bulk"');
  });

  (kernelTrouble() === null ? it : it.skip)('exec with kernel prints what the live kernel answers', () => {
    const { status, stdout } = run(['exec', 'mm.ndjson', '--target', 'kernel']);
    expect(status).toBe(0);
    const [greeting, answer] = stdout.trimEnd().split('\n');
    expect(JSON.parse(greeting)).toMatchObject({ ok: true, name: expect.stringContaining('Linux') });
    expect(answer).toBe('{"ret":"EFAULT"}');
  });
});
