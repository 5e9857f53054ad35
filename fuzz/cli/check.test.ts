/**
 * `check`: what it must not pass over in silence.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CouldNotRun } from '../base/errors';
import { SrcTree } from '../domains/tree/src-tree';
import { define } from './check';
import { runVerb } from './testing/run-verb';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-check-'));
  fs.writeFileSync(
    path.join(folder, 'load.ndjson'),
    '{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"load","index":1}\n',
  );
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

const check = (...args: string[]) => runVerb(define, [...args, '--out', path.join(folder, 'findings')]);

it('runs what is in the corpus, then searches', async () => {
  const { text, code } = await check('--corpus', folder, '--runs', '2');
  expect(text).toMatch(/corpus: 1 sequences, 0 with a difference\n.*2 sequences/s);
  expect(code).toBe(0);
});

it('ends, with a finding, where src never does', async () => {
  jest.spyOn(SrcTree.prototype, 'load').mockImplementation(() => {
    for (;;);
  });
  const search = ['--runs', '1', '--only', 'store_range', '--domain', 'tree', '--step-timeout', '100ms'];
  const { text, code } = await check('--corpus', folder, ...search);
  expect(text).toMatch(/hang.*corpus: 1 sequences, 1 with a difference/s);
  expect(text.trimEnd()).toMatch(/the corpus has 1 with a difference \(see above\)$/);
  expect(code).toBe(1);
});

it('shows a case of the corpus that differs as short as it gets', async () => {
  jest.spyOn(SrcTree.prototype, 'load').mockReturnValue(7);
  const loads = Array.from({ length: 40 }, (_, i) => `{"op":"load","index":${i}}\n`).join('');
  fs.writeFileSync(
    path.join(folder, 'load.ndjson'),
    `{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"dump"}\n${loads}`,
  );
  const { text, code } = await check('--corpus', folder, '--runs', '1', '--only', 'store_range', '--domain', 'tree');
  expect(text).toMatch(/shown with 1 of its 41 operations/);
  expect(text).toMatch(/> {5}1 {2}\{"op":"load"/);
  expect(code).toBe(1);
});

it.each([
  ['an empty folder', () => fs.rmSync(path.join(folder, 'load.ndjson')), [], 'no sequence there'],
  ['nothing of the domain', () => {}, ['--domain', 'mm'], 'no sequence of the domain mm there'],
])('a corpus with %s is refused', async (_name, prepare, flags, message) => {
  prepare();
  const checked = check('--corpus', folder, '--runs', '1', ...flags);
  await expect(checked).rejects.toThrow(CouldNotRun);
  await expect(checked).rejects.toThrow(message);
});
