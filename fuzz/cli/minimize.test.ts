/**
 * `minimize` of a folder: it asks the targets that found the findings, and keeps to the time for all of them.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '../base/errors';
import { CampaignFolder, type CampaignSettings } from '../campaign/settings';
import { newFinding } from '../findings/finding';
import { FindingsStore, listFindings, readFacts } from '../findings/store';
import { parseSequences } from '../sequence/parse';
import { define } from './minimize';
import { runVerb } from './testing/run-verb';

/** Says 7 for every load, and in `starts` that it was started. */
const DRIVER = `require('node:fs').appendFileSync(process.argv[2], 'started\\n');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { format, op } = JSON.parse(line);
  const answer = format ? { ok: true, name: 'seven', ops: ['store_range', 'load'] }
    : op === 'load' ? { ret: 7 } : op === 'dump' ? { unsupported: true } : { ret: 0 };
  process.stdout.write(JSON.stringify(answer) + '\\n');
});
`;

const TREE = '{"format":"maple-fuzz/1","domain":"tree"}';
const store = (first: number): string => `{"op":"store_range","first":${first},"last":${first + 3},"value":1}`;

let folder: string;
let campaign: CampaignFolder;
let starts: string;

const SETTINGS: Omit<CampaignSettings, 'targets' | 'stepTimeoutMs'> = {
  version: '0.1.0',
  commit: null,
  node: 'v20',
  seed: 'tonight',
  domain: null,
  only: null,
  without: [],
  strict: false,
  feedback: true,
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-minimize-'));
  starts = path.join(folder, 'starts.txt');
  const driver = path.join(folder, 'seven.cjs');
  fs.writeFileSync(driver, DRIVER);
  campaign = new CampaignFolder(path.join(folder, 'tonight'));
  const targets = ['oracle', `${process.execPath} ${driver} ${starts}`];
  campaign.create({ ...SETTINGS, targets, stepTimeoutMs: 9000 });
  for (const first of [3, 30]) saveFinding(first);
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A wrong load behind two stores that it does not need. */
function saveFinding(first: number): void {
  const load = '{"op":"load","index":900}';
  const [sequence] = parseSequences(`${[TREE, store(first), store(first + 9), load].join('\n')}\n`);
  const operation = sequence.operations[2];
  const difference = { step: 2, operation, rule: 'answer', foundBy: 'answer', detail: 'seven' } as const;
  const seen = { seed: 's', n: first, version: '0', origin: null, targets: 'oracle,seven' };
  new FindingsStore(campaign.findings).save(newFinding(sequence, difference, seen));
}

/** The lines that the verb prints, and its exit code. */
async function minimize(...args: string[]): Promise<{ lines: string[]; code: number }> {
  const { text, code } = await runVerb(define, args);
  return { lines: text.trimEnd().split('\n'), code };
}

const facts = () => listFindings(campaign.findings).map((name) => readFacts(path.join(campaign.findings, name)));

it("a campaign's findings are minimized with its targets, each started once", async () => {
  const { lines, code } = await minimize(campaign.folder);
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.stringContaining('3 operations -> 1, minimized: yes'),
    expect.stringContaining('the same as'),
    '1 group of 1 finding',
    expect.stringMatching(/^ {2}answer at load: 1 operation, .*load-answer-/),
  ]);
  expect(facts()).toEqual([expect.objectContaining({ minimized: 'yes', minimalLength: 1, rule: 'answer' })]);
  expect(fs.readFileSync(starts, 'utf8').trimEnd().split('\n')).toHaveLength(1);
});

it('says where a finding is now, and what came up on the way', async () => {
  const [first, second] = listFindings(campaign.findings);
  fs.rmSync(path.join(campaign.findings, second), { recursive: true });
  const { settle } = FindingsStore.prototype;
  jest.spyOn(FindingsStore.prototype, 'settle').mockImplementationOnce(function (this: FindingsStore, ...args) {
    saveFinding(60);
    return settle.apply(this, args);
  });
  const { lines } = await minimize(path.join(campaign.findings, first));
  const names = listFindings(campaign.findings);
  const other = names.find((name) => readFacts(path.join(campaign.findings, name)).minimized === 'no');
  const now = names.find((name) => name !== other);
  expect(now).not.toBe(first);
  expect(lines).toEqual([
    `${first}: 3 operations -> 1, minimized: yes, now in ${path.join(campaign.findings, now ?? '')}`,
    `  met on the way, a finding of its own: ${path.join(campaign.findings, other ?? '')}`,
  ]);
  const again = await minimize(path.join(campaign.findings, now ?? ''));
  expect(again.lines).toEqual([`${now}: minimized already (1 operation)`]);
});

it.each([
  ['the folder of findings', () => campaign.findings],
  ["a finding's own folder", () => path.join(campaign.findings, listFindings(campaign.findings)[0])],
])('%s has the targets of the campaign around it', async (_name, place) => {
  const { lines } = await minimize(place(), '--json');
  expect(JSON.parse(lines[0])).toMatchObject({ before: 3, after: 1, minimized: 'yes' });
});

it('a --target that is given wins, also the usual one', async () => {
  await minimize(campaign.folder, '--target', 'src,oracle');
  expect(facts()[0].detail).toContain('did not fail again');
  expect(fs.existsSync(starts)).toBe(false);
});

it('keeps to the time for all findings: what it does not reach stays as it was', async () => {
  let now = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
  const { lines } = await minimize(campaign.folder, '--for', '1s');
  const short = lines.map((line) => line.replace(/^.*: 3/, '3'));
  expect(short.slice(0, 2)).toEqual(Array(2).fill('3 operations -> 3, minimized: no'));
  expect(short[2]).toBe('1 group of 2 findings');
  expect(short[3]).toMatch(/^3 operations, not minimized, .*, and 1 like it$/);
  expect(short).toHaveLength(4);
});

it.each([
  ['--runs', '5'],
  ['--out', 'x.ndjson'],
  ['--for', '0'],
])('refuses %s %s with a folder', async (...flag) => {
  await expect(minimize(campaign.folder, ...flag)).rejects.toThrow(UsageError);
});
