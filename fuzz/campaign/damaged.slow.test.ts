/**
 * What is damaged in a campaign's folder is the user's to mend: one line with the file and the place, exit 3, no stack.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EXIT, exitOf } from '../base/errors';
import { makeFolder } from '../base/files';
import { readFacts, readFindings } from '../findings/store';
import { Journal } from './journal';
import { CampaignFolder } from './settings';
import { Totals } from './totals';

let ground = '';
beforeEach(() => {
  ground = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-damaged-'));
});
afterEach(() => fs.rmSync(ground, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(ground, name);
  fs.writeFileSync(file, text);
  return file;
}

/** The line that ends a command in which the action throws. */
function lineOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    const { code, text } = exitOf(error);
    expect(code).toBe(EXIT.couldNotRun);
    expect(text).not.toMatch(/\n|mistake in maple-fuzz/);
    return text.replace(ground, '.');
  }
  throw new Error('nothing was thrown');
}

it.each(['nonsense', '5', 'null', '[1]', '{"done":5}', '{"reached":1}'])('a line of the journal: %s', (line) => {
  const file = write('journal.ndjson', '{"done":[0,1],"steps":3}\n');
  const journal = new Journal(file);
  expect(journal.readOn()).toHaveLength(1);
  fs.appendFileSync(file, `{"done":[1,2],"steps":3}\n${line}\n`);
  expect(lineOf(() => journal.readOn())).toBe(`./journal.ndjson: line 3 is damaged: ${line}`);
  journal.close();
});

const BAD = ['', '{"rule"', '{\n "seed": 1,\n x', 'null', '[]', '{}'];

it.each(BAD)('campaign.json and finding.json: %j', (text) => {
  write('campaign.json', text);
  write('finding.json', text);
  fs.mkdirSync(path.join(ground, 'findings', 'x'), { recursive: true });
  write('findings/x/finding.json', text);
  expect(lineOf(() => new CampaignFolder(ground).readSettings())).toMatch(/^\.\/campaign\.json is damaged: ./);
  expect(lineOf(() => readFacts(ground))).toMatch(/^\.\/finding\.json is damaged: ./);
  expect(lineOf(() => readFindings(path.join(ground, 'findings')))).toMatch(
    /^\.\/findings\/x\/finding\.json is damaged/,
  );
});

it.each(['', '{"steps":', 'null', '{"steps":"7"}', '{"features":5}', '{"operations":{"mmap":1}}'])(
  'counts that are damaged begin anew: %j',
  (text) => {
    const totals = new Totals();
    expect(totals.restore(write('features.json', text))).toMatch(/features\.json is damaged: .*begin anew$/);
    expect([totals.steps, totals.features.size]).toEqual([0, 0]);
    totals.save(path.join(ground, 'features.json'));
    expect(totals.restore(path.join(ground, 'features.json'))).toBeNull();
  },
);

it('a file where a folder should be', () => {
  expect(lineOf(() => makeFolder(write('file', '')))).toBe('./file is not a folder');
});
