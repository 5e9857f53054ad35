/**
 * What a worker wrote down before it died is read back, however far it came.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cameToAnOperation, startFailureText } from './deaths';
import { CampaignFolder } from './settings';

const HEADER = '{"format":"maple-fuzz/1","domain":"tree","ranges":false}\n';

describe('a worker that ran carefully', () => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-deaths-'));
  const folder = new CampaignFolder(place);
  beforeAll(() => fs.mkdirSync(folder.workers));
  afterAll(() => fs.rmSync(place, { recursive: true }));

  it.each([
    ['nothing, not even a file', null, false],
    ['an empty file', '', false],
    ['half a header', HEADER.slice(0, 20), false],
    ['a header alone', HEADER, false],
    ['a header and half an operation', `${HEADER}{"op":"er`, false],
    ['a header and an operation', `${HEADER}{"op":"erase","index":1}\n`, true],
    ['the same and half of the next', `${HEADER}{"op":"erase","index":1}\n{"op"`, true],
  ])('and left %s', (_what, text, came) => {
    const file = folder.carefulFile(0);
    fs.rmSync(file, { force: true });
    if (text !== null) fs.writeFileSync(file, text);
    expect(cameToAnOperation(folder, 0)).toBe(came);
  });
});

it.each([
  ['memory', '', /^--memory 10 is too small: a worker needs more MB/],
  ['exit status 1', ' no such module\n', /^a worker cannot be started \(exit status 1\): no such module$/],
  ['SIGABRT', '', /^a worker cannot be started \(SIGABRT\)$/],
])('a worker that ends with %s before it is ready', (death, stderr, text) => {
  expect(startFailureText(death, stderr, 10)).toMatch(text);
});
