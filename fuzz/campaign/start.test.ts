/**
 * The command of --on-finding gets the finding's folder as one argument, whatever its path looks like.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tell } from './start';

const ground = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-start-'));
afterAll(() => fs.rmSync(ground, { recursive: true }));

it.each(['plain', 'with space', "quote'd", '$HOME `x` "y" *'])(
  'a folder named %s is one argument, the last',
  (name) => {
    const told = path.join(ground, 'told.txt');
    tell(`f() { for word; do echo "$word"; done > '${told}'; }; f first`, path.join(ground, name));
    expect(fs.readFileSync(told, 'utf8')).toBe(`first\n${path.join(ground, name)}\n`);
  },
);

it('a command that fails is mentioned, and no more', () => {
  const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  tell('exit 7;', ground);
  expect(written.mock.calls).toEqual([['maple-fuzz: --on-finding ended with 7\n']]);
  written.mockRestore();
});
