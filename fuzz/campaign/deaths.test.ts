/**
 * What a worker wrote down before it died is read back, however far it came.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readCareful } from './deaths';
import { startFailureText } from './roster';
import { CampaignFolder } from './settings';

const HEADER = '{"format":"maple-fuzz/1","domain":"tree","ranges":false}\n';

describe('a worker that ran carefully', () => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-deaths-'));
  const folder = new CampaignFolder(place);
  beforeAll(() => fs.mkdirSync(folder.workers));
  afterAll(() => fs.rmSync(place, { recursive: true }));

  it.each([
    ['nothing, not even a file', null, null],
    ['an empty file', '', null],
    ['half a header', HEADER.slice(0, 20), null],
    ['a header alone', HEADER, 0],
    ['a header and half an operation', `${HEADER}{"op":"er`, 0],
    ['a header and an operation', `${HEADER}{"op":"erase","index":1}\n`, 1],
    ['the same and half of the next', `${HEADER}{"op":"erase","index":1}\n{"op"`, 1],
  ])('and left %s', (_what, text, operations) => {
    const file = folder.carefulFile(0);
    fs.rmSync(file, { force: true });
    if (text !== null) fs.writeFileSync(file, text);
    expect(readCareful(file)?.operations.length ?? null).toBe(operations);
  });
});

it.each([
  ['memory', '', /^--memory 10 is too small: a worker needs more MB/],
  ['exit status 1', ' no such module\n', /^a worker cannot be started \(exit status 1\): no such module$/],
  ['SIGABRT', '', /^a worker cannot be started \(SIGABRT\)$/],
])('a worker that ends with %s before it is ready', (death, stderr, text) => {
  expect(startFailureText(death, stderr, 10)).toMatch(text);
});
