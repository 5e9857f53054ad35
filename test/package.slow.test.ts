/**
 * The package as users get it: packed, installed in an empty folder, used without TypeScript, and with types.
 *
 * npm takes the dependencies from its cache; where they are not in it, they are linked from this checkout. Without npm
 * the tests are skipped.
 */
import { execFileSync, spawnSync } from 'node:child_process';
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
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

function runs(command: string, args: readonly string[], cwd: string): string | null {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch {
    return null;
  }
}

/** Runs, or fails with what the command had to say. */
function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')}:\n${stdout}\n${stderr}`);
  }
}

const hasNpm = runs('npm', ['--version'], tmpdir()) !== null;

/** Unpacks the package by hand, its dependencies linked from here. */
function installByHand(tarball: string, app: string): void {
  const modules = join(app, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  run('tar', ['xzf', tarball, '-C', modules], app);
  run('mv', ['package', 'maple-fuzz'], modules);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('.') || existsSync(join(modules, name))) continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  symlinkSync(join('..', 'maple-fuzz', 'bin', 'maple-fuzz.js'), join(modules, '.bin', 'maple-fuzz'));
}

(hasNpm ? describe : describe.skip)('the installed package (needs npm)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-package-'));
  const app = join(folder, 'app');
  const bin = join(app, 'node_modules', '.bin', 'maple-fuzz');
  const maple = (...args: string[]): string => run(bin, args, app);

  beforeAll(() => {
    run('npm', ['pack', '--pack-destination', folder], ROOT);
    const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), '{"private":true}');
    const install = ['install', '--offline', '--no-audit', '--no-fund', tarball];
    if (runs('npm', install, app) === null) {
      rmSync(join(app, 'node_modules'), { recursive: true, force: true });
      installByHand(tarball, app);
    }
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has what it needs and no sources', () => {
    const installed = join(app, 'node_modules', 'maple-fuzz');
    expect(readdirSync(installed).sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin',
      'corpus',
      'dist',
      'fuzz',
      'package.json',
    ]);
    expect(readdirSync(join(installed, 'fuzz', 'targets', 'kernel'))).toEqual(['helper.c']);
    const drivers = readdirSync(join(installed, 'fuzz', 'targets', 'linux')).sort();
    expect(drivers).toEqual(['compat.h', 'crash.h', 'tree.c', 'wire.h']);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(maple('--version')).toBe(`${version}\n`);
  });

  it('replays, and fuzzes', () => {
    const file = join(app, 'case.ndjson');
    writeFileSync(
      file,
      '{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"store_range","first":1,"last":2,"value":1}\n',
    );
    expect(maple('replay', file)).toBe('1 sequence, 1 steps: all agree\n');
    expect(
      maple('fuzz', '--runs', '10', '--workers', '1', '--seed', 'package', '--out', join(app, 'campaign')),
    ).toContain('findings  none new');
  }, 120_000);

  it('says why the self-test is not in it', () => {
    const { status, stderr } = spawnSync(process.execPath, [bin, 'selftest', '--quick'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      3,
      'maple-fuzz: selftest plants bugs in the sources: it needs a checkout, not an installed package\n',
    ]);
    expect(existsSync(join(app, 'node_modules', 'maple-fuzz', 'dist', 'fuzz', 'selftest'))).toBe(false);
  });

  it('is a library with types', () => {
    const library = [
      "const { MapleTree } = require('maple-fuzz');",
      "const t = new MapleTree(); t.storeRange(1, 2, 'a'); console.log([...t].join())",
    ].join(' ');
    expect(run(process.execPath, ['-e', library], app)).toBe('1,2,a\n');
    const source = [
      "import { AddressSpace, MapleState, MapleTree } from 'maple-fuzz';",
      'const tree = new MapleTree<string>({ ranges: true });',
      "tree.storeRange(1, 2, 'a');",
      'const found: string | null = new MapleState(tree).find(10);',
      '// @ts-expect-error a number is no string',
      'tree.storeRange(1, 2, 5);',
      'export { AddressSpace, found };',
    ];
    writeFileSync(join(app, 'user.ts'), source.join('\n'));
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
    const flags = ['--noEmit', '--strict', '--module', 'node16', 'user.ts'];
    expect(run(process.execPath, [compiler, ...flags], app)).toBe('');
  }, 120_000);
});
