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
