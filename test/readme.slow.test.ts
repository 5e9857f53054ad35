/**
 * Every command of the README runs as written, in its order, in a folder that has only what a checkout has.
 *
 * Two things are not done here, for they are what runs this test: `npm ci` and `npm test` are looked up in package.json
 * and the lock file instead. Times of the searches are cut to one second, and numbers of runs to 20.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { VERBS } from '../fuzz/cli';

const ROOT = join(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map((match) => match[1]);
}

/** The commands between `&&`, one by one. */
function commands(): string[] {
  return blocks('sh').flatMap((block) =>
    block
      .trim()
      .split('\n')
      .flatMap((line) => line.split(' && ')),
  );
}

function shortened(command: string): string {
  return command.replace(/--for \S+/, '--for 1s').replace(/--runs \d+/, '--runs 20');
}

describe('the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-readme-'));

  beforeAll(() => {
    symlinkSync(join(ROOT, 'corpus'), join(folder, 'corpus'));
    const npx = join(folder, 'npx');
    const bin = join(ROOT, 'bin', 'maple-fuzz.js');
    writeFileSync(
      npx,
      ['#!/bin/sh', '[ "$1" = maple-fuzz ] || exit 9', 'shift', `exec "${process.execPath}" "${bin}" "$@"`, ''].join(
        '\n',
      ),
    );
    chmodSync(npx, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (command: string): Promise<{ code: number; text: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, NO_COLOR: '1' };
      execFile('sh', ['-c', command], { cwd: folder, env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), text: out + err });
      });
    });

  it('has its two commands', () => {
    expect(blocks('sh').slice(0, 2)).toEqual(['npm ci && npx maple-fuzz fuzz --for 60s\n', 'npm ci && npm test\n']);
  });

  it.each([...new Set(commands())])(
    '%s',
    async (command) => {
      if (command.startsWith('npm ')) {
        const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
        if (command === 'npm ci') expect(existsSync(join(ROOT, 'package-lock.json'))).toBe(true);
        else expect(Object.keys(scripts)).toContain(command.replace(/^npm (run )?/, ''));
        return;
      }
      expect(command).toMatch(/^npx maple-fuzz /);
      const { code, text } = await run(shortened(command));
      expect(`${text.slice(-2000)}exit code ${code}`).toMatch(/exit code 0$/);
    },
    120_000,
  );

  it('runs its example of the library', async () => {
    const [example] = blocks('js');
    const source = example.replace("'maple-fuzz'", JSON.stringify(join(ROOT, 'src', 'index.ts')));
    writeFileSync(join(folder, 'example.js'), source);
    const { text } = await run(`node -r "${ROOT}/scripts/register.cjs" example.js`);
    expect(text).toBe('10 19 a\n');
  });

  it('names every verb, and every file that it points to is there', () => {
    for (const { name } of VERBS) expect(README).toContain(`| \`${name}\` |`);
    for (const [, path] of README.matchAll(/\]\(([^)]+)\)/g))
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  });
});
