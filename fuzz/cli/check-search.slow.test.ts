/**
 * The search of `check`, a campaign of one worker in this process: from a planted mistake to the finding's folder, and
 * what it says meanwhile.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { SrcTree } from '../domains/tree/src-tree';
import { listFindings, readFacts } from '../findings/store';
import { readSequences } from '../sequence/files';
import { define } from './check';
import { runVerb } from './testing/run-verb';

// On a busy machine processor time takes long.
jest.setTimeout(300_000);

let folder: string;
let findings: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-search-'));
  findings = path.join(folder, 'findings');
  fs.mkdirSync(path.join(folder, 'corpus'));
  fs.writeFileSync(
    path.join(folder, 'corpus', 'load.ndjson'),
    '{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"load","index":1}\n',
  );
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

const check = (...args: string[]) =>
  runVerb(define, ['--corpus', path.join(folder, 'corpus'), '--seed', 'loop', '--out', findings, ...args]);

/** While `body` runs, an erase answers wrongly where the erased entry touches the one above. */
async function withMistake<T>(body: () => Promise<T>): Promise<T> {
  const right = SrcTree.prototype.erase;
  SrcTree.prototype.erase = function wrong(this: SrcTree, index: number) {
    const answer = right.call(this, index);
    const above = Math.min(index + 1, Number.MAX_SAFE_INTEGER);
    return answer !== null && this.tree.load(above) !== null ? 9999 : answer;
  };
  try {
    return await body();
  } finally {
    SrcTree.prototype.erase = right;
  }
}

it('finds nothing where nothing is wrong, and leaves no folder, neither for findings nor a temporary one', async () => {
  const made = jest.spyOn(fs, 'mkdtempSync');
  const { text, code } = await check('--runs', '20');
  expect(text.split('\n').slice(0, 2)).toEqual([
    'corpus: 1 sequences, 0 with a difference',
    'seed loop: tree and mm for 20 sequences',
  ]);
  const plain = stripVTControlCharacters(text);
  expect(plain).toMatch(/: 20 sequences, \d+ steps.*\nnothing found\n/);
  expect(plain).toMatch(/\ncompared with src: 21 of 21 sequences.*\ncompared with oracle: 21 of 21 sequences.*\n$/);
  expect(code).toBe(0);
  expect(fs.existsSync(findings)).toBe(false);
  expect(made.mock.results.map(({ value }) => fs.existsSync(value as string))).toEqual([false]);
});

it('writes a finding down, minimized, with the commands to go on, and counts it when it comes again', async () => {
  const { text, code } = await withMistake(() => check('--runs', '30', '--only', 'store_range,erase,load'));
  expect(code).toBe(1);
  const names = listFindings(findings);
  // One mistake may have a few shortest forms; each is one finding, however often it is seen.
  expect(names.length).toBeLessThanOrEqual(3);
  const [, found, failing] =
    /^(\d+) findings? \((\d+) failing sequences\)$/m.exec(stripVTControlCharacters(text)) ?? [];
  expect(Number(found)).toBe(names.length);
  expect(Number(failing)).toBeGreaterThan(names.length);
  for (const name of names) {
    const finding = path.join(findings, name);
    const files = fs.readdirSync(finding).sort();
    expect(files).toEqual(['README.txt', 'finding.json', 'minimal.ndjson', 'original.ndjson']);
    const [minimal] = readSequences(path.join(finding, 'minimal.ndjson'));
    expect(minimal.operations).toHaveLength(2);
    const [original] = readSequences(path.join(finding, 'original.ndjson'));
    expect(original.operations.length).toBeGreaterThan(3);
    const facts = { rule: 'answer', operation: 'erase', seed: 'loop', minimized: 'yes', minimalLength: 2 };
    expect(readFacts(finding)).toMatchObject(facts);
    expect(text).toContain(`npx maple-fuzz replay ${finding}/minimal.ndjson`);
    expect(text).toContain(`  answer at erase: 2 operations, ${finding}\n`);
  }
});

it('leaves findings of an earlier run alone, but fails when it meets them again', async () => {
  const args = ['--domain', 'tree', '--runs', '30', '--only', 'store_range,erase,load'];
  await withMistake(() => check(...args));
  const before = listFindings(findings);
  expect(await check(...args)).toMatchObject({ code: 0, text: expect.stringContaining('nothing found') });
  const again = await withMistake(() => check(...args));
  expect(again.code).toBe(1);
  expect(again.text).toContain(`at erase: 2 operations, ${path.join(findings, before[0])}`);
  expect(listFindings(findings)).toEqual(before);
});

it('takes an endless loop in src for a finding, and goes on', async () => {
  const right = SrcTree.prototype.erase;
  let calls = 0;
  SrcTree.prototype.erase = function endless(this: SrcTree, index: number) {
    while (this.tree.load(index) !== null) calls++;
    return right.call(this, index);
  };
  try {
    const flags = ['--domain', 'tree', '--only', 'store_range,erase,load', '--step-timeout', '100ms'];
    const { text, code } = await check('--runs', '3', ...flags);
    expect(calls).toBeGreaterThan(0);
    expect(code).toBe(1);
    expect(text).toMatch(/: 3 sequences, /);
    const [name] = listFindings(findings);
    expect(readFacts(path.join(findings, name))).toMatchObject({ rule: 'hang', foundBy: 'hang', operation: 'erase' });
    const [minimal] = readSequences(path.join(findings, name, 'minimal.ndjson'));
    expect(minimal.operations).toHaveLength(2);
  } finally {
    SrcTree.prototype.erase = right;
  }
});

it('says everything in JSON when asked to', async () => {
  const { text } = await withMistake(() => check('--domain', 'tree', '--runs', '8', '--json'));
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
  expect(rows[1]).toEqual({ seed: 'loop', domains: ['tree'], limit: '8 sequences' });
  const [name] = listFindings(findings);
  expect(rows.find(({ finding }) => finding !== undefined)?.finding).toMatchObject({
    folder: path.join(findings, name),
    difference: { rule: 'answer', foundBy: 'answer', operation: { op: 'erase' } },
  });
  expect(rows.at(-1)).toMatchObject({ compared: { src: { sequences: 9 }, oracle: { sequences: 9 } } });
  expect(rows.find(({ summary }) => summary !== undefined)?.summary).toMatchObject({
    ended: '8 sequences are done',
    sequences: 8,
    new: [name],
  });
});
