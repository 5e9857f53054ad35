/**
 * A file of recorded answers: what is read from it, and what is refused.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownAnswers, parseRecorded, Recorded } from './recorded';

const FILE = `{"ok":true,"name":"recorded","ops":["mmap","munmap"],"operations":2,"note":"x"}
{"ret":65536}
{"unsupported":true}
# a comment

{"ok":true,"name":"recorded","ops":["brk"]}
{"ret":"ENOMEM"}
`;

describe('recorded answers', () => {
  let folder: string;
  const written = (text: string): string => {
    const file = join(folder, 'case.out.ndjson');
    writeFileSync(file, text);
    return file;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-recorded-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are given as they stand, sequence by sequence', () => {
    const recorded = Recorded.read(written(FILE));
    expect(recorded.greeting).toEqual({
      name: 'recorded',
      ops: ['mmap', 'munmap', 'brk'],
      files: [],
      headers: null,
      lacks: [],
    });
    const first = recorded.exchange(2);
    expect(first.answers).toEqual(['{"ret":65536}', '{"unsupported":true}']);
    expect(first.header).toBe(FILE.split('\n')[0]);
    expect(knownAnswers(first)).toBe(1);
    expect(recorded.exchange(1).answers).toEqual(['{"ret":"ENOMEM"}']);
    expect(recorded.exchange(2, 0).answers).toEqual(first.answers);
  });

  it('are for one sequence and no other', () => {
    const file = written(FILE);
    expect(() => Recorded.read(file).exchange(3)).toThrow(
      `${file}: 2 answers from line 1 on, for a sequence of 3 operations`,
    );
    expect(() => Recorded.read(file).exchange(1, 2)).toThrow(`${file}: answers to 2 sequences, none to sequence 3`);
  });

  it.each([
    ['nothing', '\n# x\n', 'no answers: {"ok":true,…} expected first'],
    ['no header', '{"ret":0}\n', 'line 1: an answer before that of a header'],
    ['no JSON', `${FILE}{"ret":`, 'line 8: not JSON'],
    ['no object', `${FILE}[1]`, 'line 8: not an answer: a JSON object expected'],
  ])('%s is refused', (_name, text, what) => {
    expect(() => parseRecorded(text)).toThrow(what);
    const file = written(text);
    expect(() => Recorded.read(file)).toThrow(`${file}: `);
  });
});
