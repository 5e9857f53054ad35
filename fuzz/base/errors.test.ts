/**
 * What a user reads when a command ends: the place, and why, in our words.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exitOf, UsageError } from './errors';

const caught = (action: () => unknown): unknown => {
  try {
    action();
    return null;
  } catch (error) {
    return error;
  }
};

it.each([
  ['/proc/none/x', '/proc/none/x: there is no such file or folder'],
  [__dirname, `${__dirname}: it is a folder, not a file`],
  [`${__filename}/x`, `${__filename}/x: a part of the path is a file, not a folder`],
])('reading %s', (place, text) => {
  const error = caught(() => fs.readFileSync(place));
  const { code } = exitOf(error);
  expect(code).toBe(3);
  expect(exitOf(Object.assign(error as Error, { path: place })).text).toBe(text);
});

it('names both ends of a rename', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-errors-'));
  const error = caught(() => fs.renameSync(path.join(folder, 'a'), path.join(folder, 'b')));
  fs.rmSync(folder, { recursive: true });
  expect(exitOf(error).text).toBe(`${folder}/a to ${folder}/b: there is no such file or folder`);
});

it('tells usage from what the world has to say, and both from a mistake of its own', () => {
  expect(exitOf(new UsageError('--for x'))).toEqual({ code: 2, text: '--for x' });
  expect(exitOf(new Error('odd')).text).toMatch(/^a mistake in maple-fuzz itself: /);
});
