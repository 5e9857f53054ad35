/**
 * Each way in which a program on the wire can misbehave: a tiny program in testing/ does it, and the complaint is
 * checked.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Header, Operation } from '../../format/types';
import { Connection, LIMITS } from './connection';
import { SyncTarget, sleepWhile } from './sync';
import { ProcessTarget, wireHeader } from './target';

const header: Header = { format: 'maple-fuzz/1', domain: 'tree', ranges: false };
const loads = (count: number): Operation[] => Array.from({ length: count }, (_, index) => ({ op: 'load', index }));

function words(program: string): string[] {
  const file = join(__dirname, 'testing', program);
  return program.endsWith('.cjs') ? [process.execPath, file] : ['sh', file];
}

type Some = Partial<Parameters<typeof ProcessTarget.start>[1]>;

async function run(program: string, options: Some = {}, operations = loads(5)) {
  const target = await ProcessTarget.start(words(program), { domain: 'tree', ...options });
  try {
    return { first: await target.runSequence(header, operations), again: await target.runSequence(header, loads(0)) };
  } finally {
    await target.close();
  }
}

describe('a program on the wire', () => {
  it('is asked what it supports, and answers whole sequences', async () => {
    const target = await ProcessTarget.start(words('good.cjs'), { domain: 'tree' });
    expect(target.greeting).toMatchObject({ name: 'a test', ops: ['load', 'store_range', 'dump'] });
    const operations: Operation[] = [...loads(2), { op: 'store_range', first: 1, last: 2, value: 3 }, { op: 'dump' }];
    const { answers, failure } = await target.runSequence(header, operations);
    expect(failure).toBeUndefined();
    expect(answers).toEqual([{ ret: null }, { ret: null }, { ret: 0 }, { ret: { entries: [] } }]);
    await target.close();
  });

  it('cannot lock up with us: more lines and answers than any pipe holds', async () => {
    const { first } = await run('slow-reader.cjs', {}, loads(60_000));
    expect(first.failure).toBeUndefined();
    expect(first.answers).toHaveLength(60_000);
  });

  it.each([
    // program, rule, step, what the detail must say, options
    [
      'exits.cjs',
      'target-died',
      1,
      /ended with status 7 after 1 of 5 answers; its last words:\n {2}first words\n {2}assertion/,
      {},
    ],
    ['crashes.cjs', 'target-died', 1, /ended with SIGSEGV after 1 of 5 answers/, {}],
    ['hangs.cjs', 'target-hangs', 0, /no answer for 0.3 s after 0 of 5 answers; it was killed/, { stepTimeout: 300 }],
    ['too-few.cjs', 'too-few-answers', 4, /too few answers: the next header's came after 4 of 5 answers/, {}],
    ['too-many.cjs', 'too-many-answers', 4, /too many answers: one more after all 5/, {}],
    ['prints.cjs', 'not-json', 1, /not JSON: inserting 5\.\.9/, {}],
    ['garbles.cjs', 'not-json', 1, /not JSON: \{"ret":0$/, {}],
    ['misshapes.cjs', 'bad-answer', 1, /no known shape, "ret" is missing: \{"result":0\}/, {}],
    ['says-null.cjs', 'bad-answer', 1, /no known shape, not a JSON object: null$/, {}],
    ['says-list.cjs', 'bad-answer', 1, /no known shape, not a JSON object: \[\]$/, {}],
    ['closes-output.sh', 'closed-output', 1, /closed its standard output after 1 of 5 answers/, {}],
    ['closes-input.sh', 'closed-input', 1, /closed its standard input after 1 of 5 answers/, { stepTimeout: 300 }],
    ['floods.cjs', 'answer-too-long', 1, /more than 1000000 characters without a line end/, { line: 1_000_000 }],
  ] as const)('%s: %s', async (program, rule, step, detail, options) => {
    // Answering 2 lines before it hangs, it is started, greets, and answers one header.
    const { first, again } = await run(program, options);
    expect(first.failure).toMatchObject({ rule, step, detail: expect.stringMatching(detail) });
    expect(again.failure?.rule).not.toBe('target-died'); // the next sequence got a fresh process
  });

  it.each([
    ['too-few.cjs', 'too-few-answers', 1],
    ['too-many.cjs', 'too-many-answers', 2],
  ])('%s with a dump behind: its count, not the shape of the answers that follow', async (program, rule, step) => {
    const { first } = await run(program, {}, [...loads(2), { op: 'dump' }, ...loads(2)]);
    expect(first.failure).toMatchObject({ rule, step });
  });

  it('talks-later.cjs: what nobody asked for is found by the next sequence', async () => {
    const target = await ProcessTarget.start(words('talks-later.cjs'), { domain: 'tree' });
    expect((await target.runSequence(header, loads(3))).failure).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await target.runSequence(header, loads(3))).failure).toMatchObject({ rule: 'too-many-answers', step: -1 });
    expect((await target.runSequence(header, loads(1))).failure).toBeUndefined();
    await target.close();
  });
});

describe('a program that cannot start', () => {
  it.each([
    [['/nowhere/driver'], /^cannot start the target \/nowhere\/driver: .*no such file/],
    [words('refuses.cjs'), /to a header it answers \{"error":"no trees here"\}$/],
    [[process.execPath, '-e', 'console.error("no licence"); process.exit(3)'], /ended with status 3 .*no licence$/],
  ])('%j', async (command, message) => {
    await expect(ProcessTarget.start(command, { domain: 'tree' })).rejects.toThrow(message);
  });
});

describe('a program called in step', () => {
  it('gives its answers to a caller that sleeps', () => {
    const target = new SyncTarget(words('good.cjs'), { domain: 'tree' });
    expect(target.greeting.name).toBe('a test');
    for (const oneByOne of [false, true]) {
      target.send({ header: wireHeader(header), lines: ['{"op":"load","index":1}'], oneByOne });
      const answers = target.receive();
      expect(answers.header).toContain('"ok":true');
      expect([answers.next(), answers.finish()]).toEqual(['{"ret":null}', undefined]);
    }
    target.close();
  });

  it('may say much: answers come as they are read, and none is lost', () => {
    const target = new SyncTarget(words('chatters.cjs'), { domain: 'tree' });
    target.send({ header: wireHeader(header), lines: loads(300).map((operation) => JSON.stringify(operation)) });
    const answers = target.receive();
    let characters = 0;
    for (let i = 0; i < 300; i++) characters += answers.next()!.length;
    expect(answers.finish()).toBeUndefined();
    expect(characters).toBeGreaterThan(29e6);
    target.close();
  });

  it('that dies with answers it has not flushed tells when, asked line by line', () => {
    const target = new SyncTarget(words('dies-unflushed.cjs'), { domain: 'tree' });
    const lines = loads(5).map((operation) => JSON.stringify(operation));
    const stepOf = (oneByOne: boolean) => {
      target.send({ header: wireHeader(header), lines, oneByOne });
      return target.receive().finish();
    };
    expect(stepOf(false)).toMatchObject({ rule: 'target-died', step: -1 });
    expect(stepOf(true)).toMatchObject({
      rule: 'target-died',
      step: 3,
      detail: expect.stringContaining('after 3 of 5'),
    });
    target.close();
  });

  it('says in one line why it cannot start', () => {
    expect(() => new SyncTarget('/nowhere/driver', { domain: 'tree' })).toThrow(
      /^cannot start the target.*no such file/,
    );
  });

  it.each([
    ['does not load', "require('/nowhere/worker.js')", /^the thread of the target failed: Cannot find module/],
    ['fails later', "setTimeout(() => { throw new Error('late'); })", /^the thread of the target failed: late$/],
    ['ends', 'process.exit()', /^the thread of the target gave no reply$/],
  ])('does not sleep for ever when the thread %s', (_, load, message) => {
    expect(() => new SyncTarget(words('good.cjs'), { domain: 'tree' }, load)).toThrow(message);
  });

  it('sleeps on when it is called for what it has got already', async () => {
    const words = new Int32Array(new SharedArrayBuffer(8));
    // Two hundred calls that wake the sleeper and bring nothing; then the change.
    const code = `
      const { workerData: words } = require('node:worker_threads');
      let woken = 0;
      while (woken < 200) woken += Atomics.notify(words, 0);
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);
    `;
    const worker = new Worker(code, { eval: true, workerData: words });
    sleepWhile(words, 0, 0);
    expect(Atomics.load(words, 0)).toBe(1);
    await worker.terminate();
  });
});

describe('answers that are taken slowly', () => {
  const lines = [wireHeader(header), ...loads(100).map((operation) => JSON.stringify(operation)), wireHeader(header)];

  it('are not read ahead, and their program does not hang for it', async () => {
    const connection = await Connection.start(words('chatters.cjs'), { ...LIMITS, stepTimeout: 3000 });
    const sizes: number[] = [];
    let isTaken = true;
    const take = (answers: string[]) => {
      expect(isTaken).toBe(true);
      sizes.push(answers.length);
      if (sizes.length !== 3) return null;
      // Longer than a program may be silent.
      isTaken = false;
      return new Promise<void>((resolve) => {
        setTimeout(() => {
          isTaken = true;
          resolve();
        }, 4000);
      });
    };
    const { answers, failure } = await connection.talk({ lines, operations: 100, take });
    expect(failure).toBeUndefined();
    expect(sizes.reduce((sum, size) => sum + size, answers.length)).toBe(lines.length);
    expect(sizes.length).toBeGreaterThan(5);
    connection.kill();
  });
});
