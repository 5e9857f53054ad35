/**
 * The loop of one process, from a planted mistake to the finding's folder, and what it says meanwhile.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LoopOutput } from '../cli/check-output';
import { type FuzzFlags, readFuzzOptions } from '../cli/fuzz-options';
import { SrcTree } from '../domains/tree/src-tree';
import { type FindingFacts, listFindings } from '../findings/store';
import { readSequences } from '../sequence/files';
import { FuzzLoop, type LoopStatus } from './loop';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-loop-'));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

async function runLoop(flags: FuzzFlags): Promise<{ status: LoopStatus; text: string }> {
  const options = readFuzzOptions({ seed: 'loop', out: path.join(folder, 'findings'), ...flags });
  let text = '';
  const output = new LoopOutput(options, { write: (more: string) => (text += more) });
  output.begin();
  const loop = new FuzzLoop(options, output);
  const status = await loop.run();
  output.end(status);
  loop.close();
  return { status, text };
}

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

it('finds nothing where nothing is wrong, and leaves no folder', async () => {
  const { status, text } = await runLoop({ runs: '20' });
  expect(status.sequences).toBe(20);
  expect(status.findings).toEqual([]);
  expect(text.split('\n')[0]).toBe('seed loop: tree and mm for 20 sequences');
  expect(text).toMatch(/nothing found/);
  expect(fs.existsSync(path.join(folder, 'findings'))).toBe(false);
});

it('writes a finding down, minimized, with the commands to go on, and counts it when it comes again', async () => {
  const { status, text } = await withMistake(() => runLoop({ runs: '30', only: 'store_range,erase,load' }));
  // One mistake may have a few shortest forms; each is one finding, however often it is seen.
  expect(status.findings.length).toBeLessThanOrEqual(3);
  expect(status.seen).toBeGreaterThan(status.findings.length);
  const [finding] = status.findings;
  const files = fs.readdirSync(finding.folder).sort();
  expect(files).toEqual(['README.txt', 'finding.json', 'minimal.ndjson', 'original.ndjson']);
  const [minimal] = readSequences(path.join(finding.folder, 'minimal.ndjson'));
  expect(minimal.operations).toHaveLength(2);
  const [original] = readSequences(path.join(finding.folder, 'original.ndjson'));
  expect(original.operations.length).toBeGreaterThan(3);
  const facts = JSON.parse(fs.readFileSync(path.join(finding.folder, 'finding.json'), 'utf8')) as FindingFacts;
  expect(facts).toMatchObject({ rule: 'answer', operation: 'erase', seed: 'loop', minimized: 'yes', minimalLength: 2 });
  expect(text).toContain('npx maple-fuzz replay');
  expect(listFindings(path.join(folder, 'findings'))).toHaveLength(status.findings.length);
});

it('takes an endless loop in src for a finding, and goes on', async () => {
  const right = SrcTree.prototype.erase;
  let calls = 0;
  SrcTree.prototype.erase = function endless(this: SrcTree, index: number) {
    while (this.tree.load(index) !== null) calls++;
    return right.call(this, index);
  };
  try {
    const flags = { runs: '12', domain: 'tree', only: 'store_range,erase,load', stepTimeout: '200ms' };
    const { status } = await runLoop(flags);
    expect(calls).toBeGreaterThan(0);
    expect(status.sequences).toBe(12);
    const [{ sequence, difference }] = status.findings;
    expect(difference).toMatchObject({ rule: 'hang', foundBy: 'hang', operation: { op: 'erase' } });
    expect(sequence.operations).toHaveLength(2);
  } finally {
    SrcTree.prototype.erase = right;
  }
});

it('says everything in JSON when asked to', async () => {
  const { text } = await withMistake(() => runLoop({ domain: 'tree', runs: '8', json: true }));
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => Object.keys(JSON.parse(line) as object)[0]);
  expect(rows[0]).toBe('seed');
  expect(rows).toContain('finding');
  expect(rows.at(-1)).toBe('summary');
});

describe('flags', () => {
  it.each([
    [{ domain: 'trees' }, '--domain trees: tree or mm expected'],
    [{ runs: '0' }, '--runs 0: a number of sequences from 1 expected'],
    [{ for: '0' }, '--for 0: a time such as 60s, 10m or 8h expected'],
    [{ for: 'long' }, '--for long: a time such as 60s, 10m or 8h expected'],
    [{ only: 'store_range,stoer' }, '--only stoer: no such operation'],
    [{ without: 'mmap', domain: 'tree' }, '--without mmap: no such operation'],
  ] as const)('%j', (flags, message) => {
    expect(() => readFuzzOptions(flags)).toThrow(message);
  });

  it('default to both domains for a minute, with a seed of its own each time', () => {
    const one = readFuzzOptions({});
    expect(one).toMatchObject({ domains: ['tree', 'mm'], forMs: 60_000, runs: null });
    expect(readFuzzOptions({}).seed).not.toBe(one.seed);
  });
});
