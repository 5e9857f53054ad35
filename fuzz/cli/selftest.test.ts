/**
 * What keeps the self-test from running is one line, exit 3.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createProgram } from './program';

const ground = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-selftest-'));
afterAll(() => fs.rmSync(ground, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

/** What the verb says on standard error. */
async function complaint(...args: string[]): Promise<string> {
  const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const words = ['selftest', '--list', ...args];
  await createProgram(words).parseAsync(words, { from: 'user' });
  expect(process.exitCode).toBe(3);
  const text = written.mock.calls.join('');
  written.mockRestore();
  return text;
}

it('a folder without planted bugs, no folder, and a damaged bug are named', async () => {
  expect(await complaint('--mutants', ground)).toBe(
    `maple-fuzz: --mutants ${ground}: no planted bugs (*.patch) there\n`,
  );
  expect(await complaint('--mutants', `${ground}/x`)).toBe(`maple-fuzz: --mutants ${ground}/x: no such folder\n`);
  fs.writeFileSync(path.join(ground, 'a.patch'), 'nonsense');
  expect(await complaint('--mutants', ground)).toMatch(/^maple-fuzz: .*a\.patch: no patch\n$/);
});
