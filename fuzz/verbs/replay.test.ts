/**
 * `replay --json`: what it prints can be pasted back into a file.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { cleanUp } from './cleanup';
import { define } from './replay';

/** Says 7 for everything. */
const DRIVER = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) =>
  console.log(line.includes('format') ? '{"ok":true,"name":"seven","ops":["load"]}' : '{"ret":7}'));
`;

it('spells the operation of a difference as the format does', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-replay-'));
  const file = path.join(folder, 'load.ndjson');
  fs.writeFileSync(file, '{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"load","index":"max-1"}\n');
  fs.writeFileSync(path.join(folder, 'seven.cjs'), DRIVER);
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const command = new Command();
  define(command, (action) => async (...given) => {
    await action(...given);
  });
  try {
    const target = `oracle,${process.execPath} ${folder}/seven.cjs`;
    await command.parseAsync([file, '--json', '--target', target], { from: 'user' });
  } finally {
    cleanUp();
    jest.restoreAllMocks();
    fs.rmSync(folder, { recursive: true });
  }
  expect(JSON.parse(lines[0])).toMatchObject({ ok: false, difference: { operation: { op: 'load', index: 'max-1' } } });
});
