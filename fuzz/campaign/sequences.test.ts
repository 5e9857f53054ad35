/**
 * Sequence n depends on n, the seed and the kept sequences that n may use; not on what else its worker was told of.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createLockstep } from '../run/create';
import { EPOCH } from './epochs';
import { Sequences, savedText } from './sequences';
import { CampaignFolder, type CampaignSettings } from './settings';

const SETTINGS: CampaignSettings = {
  version: 'test',
  commit: null,
  node: 'test',
  seed: 'usable',
  domain: 'tree',
  only: ['store_range', 'erase', 'load'],
  without: [],
  targets: ['src', 'oracle'],
  strict: false,
  feedback: true,
  stepTimeoutMs: 1000,
};

const lockstep = createLockstep({ invariants: [] });
const folder = new CampaignFolder(fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-sequences-')));

/** Kept in the first epoch, and in the two after it. */
const EARLY = [8, 40];
const LATE = [EPOCH + 4, 2 * EPOCH + 12];

beforeAll(() => {
  folder.create(SETTINGS);
  const sequences = new Sequences(SETTINGS, folder);
  for (const n of [...EARLY, ...LATE]) {
    const run = sequences.run(n, lockstep);
    fs.writeFileSync(folder.keptFile(n), savedText(SETTINGS, run, run.operations));
  }
});

afterAll(() => fs.rmSync(folder.folder, { recursive: true }));

/** The bred ones of a few sequences from `from` on, run by somebody who was told of these kept ones. */
function bred(from: number, kept: readonly number[]): string[] {
  const sequences = new Sequences(SETTINGS, folder);
  sequences.addUsable(kept);
  return [3, 7, 11, 15].map((turn) => {
    const run = sequences.run(from + turn, lockstep);
    expect(run.parents).toHaveLength(2);
    return savedText(SETTINGS, run, run.operations);
  });
}

it('one that comes late, after a death, uses no more than it would have in its turn', () => {
  expect(bred(2 * EPOCH, [...EARLY, ...LATE])).toEqual(bred(2 * EPOCH, EARLY));
});

it('one of a later epoch uses what was kept since', () => {
  const texts = bred(4 * EPOCH, [...EARLY, ...LATE]);
  expect(texts).not.toEqual(bred(4 * EPOCH, EARLY));
  expect(texts.some((text) => text.includes(`sequence ${LATE[1]}`))).toBe(true);
});

it.each([
  ['not there', null, /8\.ndjson is not there/],
  ['empty', '', /8\.ndjson: no sequence/],
  ['no sequence', 'x\n', /8\.ndjson: line 1: /],
])('a kept sequence that is %s is named', (_what, text, message) => {
  const file = folder.keptFile(8);
  const before = fs.readFileSync(file);
  if (text === null) fs.rmSync(file);
  else fs.writeFileSync(file, text);
  expect(() => bred(2 * EPOCH, [8])).toThrow(message);
  fs.writeFileSync(file, before);
});
