/**
 * `replay` of findings: what everybody asks after a fix.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { newFinding } from '../findings/finding';
import { FindingsStore } from '../findings/store';
import { parseSequences } from '../sequence/parse';
import { define } from './replay';
import { runVerb } from './testing/run-verb';

/** Says `ret` to everything but a header. */
const driver = (ret: number): string =>
  `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) =>
  console.log(line.includes('format') ? '{"ok":true,"name":"says","ops":["load"]}' : '{"ret":${ret}}'));
`;

let folder: string;
let program: string;
let target: string;

/** A campaign whose one finding is that a driver answers 7 to a load of nothing. */
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-recheck-'));
  program = path.join(folder, 'driver.cjs');
  target = `oracle,${process.execPath} ${program}`;
  const settings = { ...{ seed: 'a', domain: 'tree', only: null, without: [], strict: true, feedback: false } };
  const campaign = {
    ...settings,
    version: '0',
    commit: null,
    node: '',
    targets: target.split(','),
    stepTimeoutMs: 9000,
  };
  fs.writeFileSync(path.join(folder, 'campaign.json'), JSON.stringify(campaign));
  fs.writeFileSync(path.join(folder, 'journal.ndjson'), '{"started":"now"}\n');
  const [sequence] = parseSequences('{"format":"maple-fuzz/1","domain":"tree"}\n{"op":"load","index":1}\n');
  const [operation] = sequence.operations;
  const difference = { step: 0, operation, rule: 'answer', foundBy: 'answer', detail: 'it says 7\nand more' } as const;
  const seen = { seed: 'a', n: 1, version: '0', origin: null, targets: target };
  const store = new FindingsStore(path.join(folder, 'findings'));
  store.save(newFinding(sequence, difference, seen));
  fs.writeFileSync(path.join(folder, 'findings', 'settled.ndjson'), '{"was":"x","name":"y","duplicate":false}\n');
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const places = (): string[] => {
  const findings = path.join(folder, 'findings');
  return [folder, findings, path.join(findings, new FindingsStore(findings).read().keys().next().value!)];
};

it('says of a campaign, of its findings and of one of them what still fails', async () => {
  fs.writeFileSync(program, driver(7));
  for (const place of places()) {
    const { text, code } = await runVerb(define, [place]);
    expect(text).toMatch(
      /^still fails {2}load-answer-\w+: answer at load: it says 7\n(.|\n)*1 finding: 1 still fails\n$/,
    );
    expect(code).toBe(1);
  }
});

it('says what is fixed, with the targets of the campaign', async () => {
  fs.writeFileSync(program, driver(7).replace('{"ret":7}', '{"ret":null}'));
  const { text, code } = await runVerb(define, [folder, '--json']);
  const [fixed, compared] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(fixed).toMatchObject({ finding: expect.stringContaining('load-answer-'), fixed: true });
  expect(Object.keys(compared.compared as object)).toEqual(target.split(','));
  expect(code).toBe(0);
});

it('is not green with a target that compared nothing', async () => {
  fs.writeFileSync(program, driver(7).replace('{"ret":7}', '{"unsupported":true}'));
  await expect(runVerb(define, [folder])).rejects.toThrow(/^nothing was compared with .*driver\.cjs$/);
});

it('runs again at each save with --watch, until Ctrl-C', async () => {
  fs.writeFileSync(program, driver(7));
  const root = path.join(__dirname, '..', '..');
  const child = spawn(process.execPath, [path.join(root, 'bin', 'maple-fuzz.js'), 'replay', folder, '--watch']);
  let text = '';
  const heard = (what: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!what.test(text)) return;
        child.stdout.off('data', look);
        resolve();
      };
      child.stdout.on('data', look);
      look();
    });
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await heard(/1 still fails(.|\n)*waiting for a save/);
  fs.writeFileSync(program, driver(7).replace('{"ret":7}', '{"ret":null}'));
  await heard(/saved .*driver\.cjs(.|\n)*1 finding: all fixed(.|\n)*waiting/);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
