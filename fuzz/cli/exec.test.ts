import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { CouldNotRun } from '../base/errors';
import { createAnswering } from '../targets/answering';
import { ORACLE } from '../targets/list';
import { answerStream, LineSplitter, runExec } from './exec';

const TREE = '{"format":"maple-fuzz/1","domain":"tree"}';
const STORE = '{"op":"store_range","first":1,"last":2,"value":3}';
const LOAD = '{"op":"load","index":1}';

function answerAll(lines: readonly string[]): string[] {
  const answer = createAnswering(ORACLE);
  return lines.map(answer);
}

describe('answering', () => {
  it('names the operations of the domain and keeps one subject a sequence', () => {
    const [greeting, ret, loaded, second, again] = answerAll([TREE, STORE, LOAD, TREE, LOAD]);
    expect(JSON.parse(greeting)).toMatchObject({ ok: true, name: expect.stringContaining('maple-fuzz oracle') });
    expect(JSON.parse(greeting).ops).toContain('mas_find_range_rev');
    expect([ret, loaded, again]).toEqual(['{"ret":0}', '{"ret":3}', '{"ret":null}']);
    expect(JSON.parse(second).ok).toBe(true);
  });

  it('names the files of an address space, the extensions too', () => {
    const [greeting] = answerAll(['{"format":"maple-fuzz/1","domain":"mm"}']);
    expect(JSON.parse(greeting).files).toEqual([
      'a',
      'b',
      'c',
      'dev',
      'closer',
      'nosplit',
      'pfn',
      'mixed',
      'failing',
      'nodump',
    ]);
  });

  it('answers every wrong line with an error and goes on', () => {
    const answers = answerAll([
      LOAD,
      'nonsense',
      TREE,
      '{"op":"load"}',
      '[1]',
      '{"op":"store_range","first":5,"last":2,"value":3}',
      STORE,
    ]);
    expect(answers.map((answer) => Object.keys(JSON.parse(answer)).join())).toEqual([
      'error',
      'error',
      'ok,name,ops,headers',
      'error',
      'error',
      'ret',
      'ret',
    ]);
    expect(answers[3]).toContain('load: field index is missing');
    expect(answers[5]).toBe('{"ret":"EINVAL"}');
  });

  it('refuses what follows a refused header, until the next one', () => {
    const answers = answerAll([TREE, STORE, '{"format":"maple-fuzz/1","domain":"tree","ranges":7}', LOAD, TREE, LOAD]);
    expect(JSON.parse(answers[2]).error).toContain('field ranges is 7');
    expect(JSON.parse(answers[3]).error).toContain('refused');
    expect(answers[5]).toBe('{"ret":null}');
  });

  it('spells high indexes, and the state that an operation works on', () => {
    const lines = [
      TREE,
      '{"op":"store_range","first":"max-5","last":"max","value":3}',
      '{"op":"mas_set","r":2,"index":7}',
      '{"op":"mas_walk","r":2}',
      '{"op":"dump"}',
    ];
    expect(answerAll(lines).slice(2)).toEqual([
      '{"ret":0,"mas":[7,7,"start"]}',
      '{"ret":null,"mas":[0,"max-6","active"]}',
      '{"ret":{"entries":[["max-5","max",3]]}}',
    ]);
  });

  it('keeps operations in the window, dev in its one form, and page advice out', () => {
    const errors = [
      '{"op":"munmap","addr":28672,"len":8192}',
      '{"op":"mmap","addr":28672,"len":8192,"prot":"rw-","flags":["private","fixed"],"file":null}',
      '{"op":"mremap","addr":0,"old_len":4096,"new_len":4096,"flags":["maymove","fixed"],"new_addr":32768}',
      '{"op":"mremap","addr":0,"old_len":4096,"new_len":4096,"flags":["maymove","dontunmap"]}',
      '{"op":"touch","addr":32768}',
      '{"op":"brk","addr":16384}',
      '{"op":"mmap","addr":0,"len":4096,"prot":"rw-","flags":["shared"],"file":"dev"}',
      '{"op":"mmap","addr":0,"len":16384,"prot":"rw-","flags":["private"],"file":"dev"}',
      '{"op":"mmap","addr":0,"len":16384,"prot":"r--","flags":["shared"],"file":"dev"}',
      '{"op":"madvise","addr":32768,"len":1,"advice":"collapse"}',
    ];
    const fine = [
      '{"op":"mprotect","addr":32768,"len":0,"prot":"rw-"}',
      '{"op":"mmap","addr":409600,"len":4096,"prot":"rw-","flags":["private"],"file":null}',
    ];
    const [, ...answers] = answerAll([
      '{"format":"maple-fuzz/1","domain":"mm","pages":8}',
      ...errors,
      ...fine,
      '{"op":"madvise","addr":0,"len":4096,"advice":"collapse"}',
    ]);
    for (const [i] of errors.entries()) expect(Object.keys(JSON.parse(answers[i]))).toEqual(['error']);
    expect(answers.slice(errors.length)).toEqual(['{"ret":0}', '{"ret":28672}', '{"unsupported":true}']);
  });
});

/** Takes a while for each write, as a slow reader does. */
class SlowOutput extends Writable {
  text = '';
  largestBacklog = 0;

  constructor() {
    super({ highWaterMark: 1024, decodeStrings: false });
  }

  finished(): Promise<void> {
    return new Promise((resolve) => this.end(() => resolve()));
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    this.largestBacklog = Math.max(this.largestBacklog, this.writableLength);
    setImmediate(done);
  }
}

describe('the stream', () => {
  it('answers what has come in before more comes', async () => {
    const input = new PassThrough();
    const output = new SlowOutput();
    const done = answerStream(input, output, createAnswering(ORACLE));
    input.write(`${TREE}\n${STORE}\n{"op":"lo`);
    while (output.text.split('\n').length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(output.text).toContain('{"ret":0}\n');
    input.end('ad","index":1}\r\n\n# the end\n{"op":"load","index":9}');
    await done;
    await output.finished();
    expect(output.text.split('\n').slice(2)).toEqual(['{"ret":3}', '{"ret":null}', '']);
  });

  it('does not gather answers for a slow reader', async () => {
    const input = new PassThrough();
    const output = new SlowOutput();
    const done = answerStream(input, output, createAnswering(ORACLE));
    input.end(`${TREE}\n${`${LOAD}\n`.repeat(50_000)}`);
    await done;
    await output.finished();
    expect(output.text.split('\n')).toHaveLength(50_002);
    expect(output.largestBacklog).toBeLessThan(200_000);
  });

  it('ends when nobody reads any more', async () => {
    const input = new PassThrough();
    const output = new SlowOutput();
    const done = answerStream(input, output, createAnswering(ORACLE));
    output.destroy();
    input.write(`${TREE}\n${LOAD}\n`);
    await done;
    expect(output.text).toBe('');
  });

  it('puts lines together that come in pieces', () => {
    const splitter = new LineSplitter();
    expect(splitter.push('a')).toEqual([]);
    expect(splitter.push('b\nc\nd')).toEqual(['ab', 'c']);
    expect(splitter.push('e')).toEqual([]);
    expect(splitter.end()).toEqual(['de']);
    expect(splitter.end()).toEqual([]);
  });
});

describe('exec with a program that answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maple-fuzz-exec-'));
  const truncated = join(folder, 'truncated.ndjson.gz');
  const asFolder = join(folder, 'd.gz');

  beforeAll(() => {
    writeFileSync(truncated, gzipSync(`${TREE}\n${`${LOAD}\n`.repeat(1000)}`).subarray(0, 60));
    mkdirSync(asFolder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ENDLESS = `${process.execPath} -e 'setInterval(() => {}, 1000)'`;

  it.each([
    ['a truncated archive', truncated, ENDLESS],
    ['a folder', folder, ENDLESS],
    ['a folder that is named like an archive', asFolder, ENDLESS],
    ['a truncated archive, in this process', truncated, 'oracle'],
    ['a folder that is named like an archive, in this process', asFolder, 'oracle'],
  ])('says that %s cannot be read, and waits for nobody', async (_name, file, target) => {
    const failed = runExec(file, { target });
    await expect(failed).rejects.toThrow(CouldNotRun);
    await expect(failed).rejects.toThrow(`cannot read ${file}: `);
  });

  it('lets go of the input when the target ends first', () => {
    const bin = join(__dirname, '..', '..', 'bin', 'maple-fuzz.js');
    const child = spawn(process.execPath, [bin, 'exec', '-', '--target', 'false'], { stdio: 'pipe' });
    // Nobody ends the input.
    return expect(new Promise((resolve) => child.once('close', resolve))).resolves.toBe(3);
  });
});
