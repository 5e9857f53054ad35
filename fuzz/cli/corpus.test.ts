/**
 * `corpus add`: what it does with a sequence that fails, and with a note.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ReachMeter } from '../coverage/cull';
import { findSequenceFiles, readSequences } from '../sequence/files';
import { define } from './corpus';
import { runVerb } from './testing/run-verb';

const SEQUENCE = '{"format":"maple-fuzz/1","domain":"tree","note":"was"}\n{"op":"load","index":1}\n';

let folder: string;
let file: string;
let corpus: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'maple-fuzz-corpus-'));
  file = path.join(folder, 'load.ndjson');
  corpus = path.join(folder, 'corpus');
  fs.writeFileSync(file, SEQUENCE);
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

/** What every sequence comes to: an implementation without mistakes has none to offer. */
function letAllFail(): void {
  jest.spyOn(ReachMeter.prototype, 'measure').mockImplementation((name, sequence) => {
    const difference = { step: 0, operation: null, rule: 'structure', foundBy: 'structure', detail: 'x' } as const;
    return { file: name, sequence, features: [], difference };
  });
}

async function add(...flags: string[]): Promise<{ text: string; code: number; saved: string[] }> {
  const ended = await runVerb(define, ['add', file, '--to', corpus, ...flags]);
  return { ...ended, saved: findSequenceFiles([corpus]) };
}

it('leaves alone what fails, and says what to do', async () => {
  letAllFail();
  const { text, code, saved } = await add('--always');
  expect(text).toContain(
    'load.ndjson: fails (structure); it is left alone: add it once that is fixed, or with --failing',
  );
  expect([code, saved]).toEqual([1, []]);
});

it('takes it in with --failing', async () => {
  letAllFail();
  const { text, code, saved } = await add('--failing');
  expect(text).toContain(`load.ndjson: fails (structure), saved as ${saved[0]}`);
  expect([code, saved.length]).toEqual([0, 1]);
  expect(fs.readFileSync(saved[0], 'utf8')).toBe(SEQUENCE);
});

it('writes a note into the header', async () => {
  const { code, saved } = await add('--always', '--note', 'a load of nothing');
  expect(code).toBe(0);
  expect(readSequences(saved[0])[0].header).toMatchObject({ domain: 'tree', note: 'a load of nothing' });
  expect((await add()).text).toContain('nothing new (--always adds it nevertheless)');
});

describe('the name of what is added', () => {
  const FINDING = 'load-answer-12345678';

  /** A finding's folder, with both forms. */
  function finding(): string {
    const place = path.join(folder, FINDING);
    fs.mkdirSync(place);
    for (const name of ['original.ndjson', 'minimal.ndjson']) fs.writeFileSync(path.join(place, name), SEQUENCE);
    fs.writeFileSync(path.join(place, 'finding.json'), '{}');
    return place;
  }

  it.each([
    [
      'the finding, of whose forms the minimal one is taken',
      (place: string) => [place],
      /^load-answer-[0-9a-f]{8}\.ndjson$/,
    ],
    ['--name', (place: string) => [place, '--name', 'a-load'], /^a-load-[0-9a-f]{8}\.ndjson$/],
    ['the file', () => [file], /^load-[0-9a-f]{8}\.ndjson$/],
  ])('is after %s', async (_what, argsFor, name) => {
    await runVerb(define, ['add', ...argsFor(finding()), '--to', corpus, '--always']);
    const saved = fs.readdirSync(corpus);
    expect(saved).toEqual([expect.stringMatching(name)]);
  });

  it('is none with a slash', async () => {
    await expect(add('--name', '../x')).rejects.toThrow('--name ../x: letters');
  });
});

it('refuses a folder of another domain', async () => {
  corpus = path.join(folder, 'mm');
  await expect(add('--always')).rejects.toThrow(
    /load\.ndjson is of the domain tree, and --to .*mm has the domain mm only/,
  );
  expect(findSequenceFiles([corpus])).toEqual([]);
});
