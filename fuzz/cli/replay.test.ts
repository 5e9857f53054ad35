/**
 * `replay --json`: what it prints can be pasted back into a file.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { define } from './replay';
import { runVerb } from './testing/run-verb';

/** Says 7 for everything. */
const DRIVER = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) =>
  console.log(line.includes('format') ? '{"ok":true,"name":"seven","ops":["load"]}' : '{"ret":7}'));
`;

it('spells the operation of a difference as the format does', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-replay-'));
  const file = path.join(folder, 'load.ndjson');
  fs.writeFileSync(file, '{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"load","index":"max-1"}\n');
  fs.writeFileSync(path.join(folder, 'seven.cjs'), DRIVER);
  const target = `oracle,${process.execPath} ${folder}/seven.cjs`;
  const { text } = await runVerb(define, [file, '--json', '--target', target]).finally(() => {
    jest.restoreAllMocks();
    fs.rmSync(folder, { recursive: true });
  });
  expect(JSON.parse(text.split('\n')[0])).toMatchObject({
    ok: false,
    difference: { operation: { op: 'load', index: 'max-1' } },
  });
});
