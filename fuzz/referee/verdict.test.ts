import type { Operation } from '../format/types';
import { compareVoices, type Findings, type Script, type Voice } from './verdict';

const GREETING = '{"ok":true,"name":"x","ops":[]}';

/** Two operations with a dump behind the first. */
const operations: Operation[] = [
  { op: 'mmap', addr: 0, len: 4096, prot: 'rw-', flags: ['private'], file: null, offset: 0 },
  { op: 'touch', addr: 0 },
];
const script: Script = {
  domain: 'mm',
  header: '{"format":"maple-fuzz/1","domain":"mm"}',
  lines: ['{"op":"mmap"}', '{"op":"dump"}', '{"op":"touch","addr":0}'],
  steps: [0, 0, 1],
  operations,
};

const vma = (start: number): string => `{"start":${start},"end":${start + 4096},"flags":"rd","file":null,"pgoff":0}`;
const dump = (...starts: number[]): string => `{"vmas":[${starts.map(vma).join(',')}],"brk":null}`;
const GOOD = ['{"ret":0}', dump(0), '{"ret":0}'];

const voice = (name: string, answers: readonly string[], more: Partial<Voice['exchange']> = {}): Voice => ({
  name,
  exchange: { header: GREETING, answers: [...answers], ...more },
});

function judge(voices: Voice[], findings: Partial<Findings> = {}) {
  return compareVoices(script, voices, {
    onRefused: () => {},
    onUnsupported: () => {},
    isDeclared: () => false,
    ...findings,
  });
}

describe('a verdict', () => {
  it('is nothing when all agree, however they spell it', () => {
    const spaced = ['{ "ret": 0 }', dump(0).replaceAll(':', ': '), '{"ret":0}'];
    expect(judge([voice('src', GOOD), voice('oracle', GOOD), voice('driver', spaced)])).toBeNull();
  });

  it('names who stands alone, what the others say, and the step', () => {
    const other = ['{"ret":0}', dump(0, 8192), '{"ret":0}'];
    const found = judge([voice('src', GOOD), voice('oracle', GOOD), voice('kernel', other)]);
    expect(found).toMatchObject({
      step: 0,
      operation: operations[0],
      rule: 'content',
      foundBy: 'answer',
      alone: 'kernel',
    });
    expect(found!.expected).toEqual(JSON.parse(dump(0)));
    expect(found!.actual).toEqual(JSON.parse(dump(0, 8192)));
    expect(found!.detail).toBe(`kernel stands alone. only src and oracle: nothing; only kernel: ${vma(8192)}`);
  });

  it('cannot say who is right between two', () => {
    const found = judge([voice('src', ['{"ret":"ENOMEM"}']), voice('driver', GOOD)]);
    expect(found).toMatchObject({ step: 0, rule: 'answer', actual: { ret: 'ENOMEM' }, expected: { ret: 0 } });
    expect(found!.alone).toBeUndefined();
  });

  it('shows three opinions when there are three', () => {
    const found = judge([voice('a', ['{"ret":1}']), voice('b', ['{"ret":2}']), voice('c', ['{"ret":3}'])]);
    expect(found!.detail).toBe('a: {"ret":1}; b: {"ret":2}; c: {"ret":3}');
    expect(found!.alone).toBeUndefined();
  });

  it('takes one error for another', () => {
    const voices = [voice('a', ['{"error":"x"}', ...GOOD.slice(1)]), voice('b', ['{"error":"y"}', ...GOOD.slice(1)])];
    expect(judge(voices)).toBeNull();
  });

  it('compares counters only where both have them', () => {
    const counted = dump(0).replace('"brk":null', '"brk":null,"counters":{"map_count":1}');
    const other = counted.replace('1}', '2}');
    expect(judge([voice('a', [GOOD[0], counted, GOOD[2]]), voice('b', GOOD)])).toBeNull();
    expect(judge([voice('a', [GOOD[0], counted, GOOD[2]]), voice('b', [GOOD[0], other, GOOD[2]])])).not.toBeNull();
  });
});

describe('a target that leaves a sequence', () => {
  it('lacks an operation: learned, and not compared from there on', () => {
    const learned: string[] = [];
    const quits = ['{"unsupported":true}', dump(), '{"ret":"EFAULT"}'];
    const onUnsupported = (name: string, operation: Operation) => learned.push(`${name} ${operation.op}`);
    expect(judge([voice('src', GOOD), voice('oracle', GOOD), voice('kernel', quits)], { onUnsupported })).toBeNull();
    expect(learned).toEqual(['kernel mmap']);
  });

  it('differs as its version declares; the others go on', () => {
    const [other, worse] = [
      ['{"ret":"EPERM"}', dump(), '{"ret":0}'],
      [...GOOD.slice(0, 2), '{"ret":"EFAULT"}'],
    ];
    const isDeclared = (name: string) => name === 'kernel';
    expect(judge([voice('src', GOOD), voice('oracle', GOOD), voice('kernel', other)], { isDeclared })).toBeNull();
    const found = judge([voice('src', worse), voice('oracle', GOOD), voice('kernel', other)], { isDeclared });
    expect(found).toMatchObject({ step: 1, rule: 'answer' });
  });

  it('refuses the header: the others are compared', () => {
    const refusing = voice('kernel', [], { header: '{"unsupported":true}' });
    const refused: string[] = [];
    const onRefused = (name: string) => refused.push(name);
    expect(judge([voice('src', GOOD), voice('oracle', GOOD), refusing], { onRefused })).toBeNull();
    expect(refused).toEqual(['kernel']);
  });
});

describe('a target that fails', () => {
  const died = { rule: 'target-died' as const, foundBy: 'crash' as const, step: 2, detail: 'ended with SIGSEGV' };

  it('is found at its step', () => {
    const found = judge([voice('src', GOOD), voice('driver', GOOD.slice(0, 2), { failure: died })]);
    expect(found).toEqual({
      step: 1,
      operation: operations[1],
      rule: 'target-died',
      foundBy: 'crash',
      detail: 'driver ended with SIGSEGV',
      alone: 'driver',
    });
  });

  it('after a wrong answer it is the wrong answer that counts', () => {
    const found = judge([voice('src', GOOD), voice('driver', ['{"ret":"EINVAL"}'], { failure: died })]);
    expect(found).toMatchObject({ step: 0, rule: 'answer' });
  });

  it('before its first answer it is found at the header', () => {
    const failure = { ...died, step: -1 };
    expect(judge([voice('src', GOOD), voice('driver', [], { header: '', failure })])).toMatchObject({
      step: -1,
      rule: 'target-died',
    });
  });

  it('is found as well when it is the last one left', () => {
    const quits = voice('kernel', ['{"unsupported":true}', '{"unsupported":true}', '{"unsupported":true}']);
    expect(judge([voice('driver', GOOD.slice(0, 2), { failure: died }), quits])).toMatchObject({
      step: 1,
      rule: 'target-died',
      alone: 'driver',
    });
    expect(judge([voice('driver', [...GOOD.slice(0, 2), 'nonsense']), quits])).toMatchObject({ rule: 'not-json' });
    const refusing = voice('kernel', [], { header: '{"unsupported":true}' });
    expect(judge([voice('driver', GOOD.slice(0, 1), { failure: died }), refusing])).toMatchObject({
      rule: 'target-died',
    });
    expect(judge([voice('driver', GOOD), quits])).toBeNull();
  });

  it('answers with an object where a number belongs', () => {
    const odd = voice('driver', ['{"ret":{"x":1}}', ...GOOD.slice(1)]);
    expect(judge([voice('src', GOOD), odd])).toMatchObject({
      step: 0,
      rule: 'bad-answer',
      foundBy: 'protocol',
      detail: expect.stringContaining('"ret" is {"x":1}, a number, null or an errno name expected'),
    });
  });

  it('garbles an answer', () => {
    expect(judge([voice('src', GOOD), voice('driver', ['{"ret":0'])])).toMatchObject({ step: 0, rule: 'not-json' });
  });
});

describe('a target that does not answer each line once', () => {
  const few = { rule: 'too-few-answers' as const, foundBy: 'protocol' as const, step: 2, detail: 'too few answers' };
  const many = { rule: 'too-many-answers' as const, foundBy: 'protocol' as const, step: 2, detail: 'too many answers' };
  const [src, oracle] = [voice('src', GOOD), voice('oracle', GOOD)];

  it.each([
    ['an answer left out', [dump(0), '{"ret":0}'], few, 0],
    ['an answer twice', ['{"ret":0}', '{"ret":0}', dump(0)], many, 0],
    ['an answer of the same kind', ['{"ret":0}', dump(0), '{"ret":4096}'], many, 1],
    ['another one\'s "unsupported"', ['{"ret":0}', '{"unsupported":true}', '{"ret":0}'], many, 0],
  ])('%s: its count, not what the shifted answers say', (_, answers, failure, step) => {
    const driver = voice('driver', answers, { failure });
    expect(judge([src, driver])).toMatchObject({ rule: failure.rule, step, alone: 'driver' });
    expect(judge([src, oracle, driver])).toMatchObject({ rule: failure.rule, step, alone: 'driver' });
  });

  it('says what is no JSON at all', () => {
    const driver = voice('driver', ['{storing', '{"ret":0}', dump(0)], { failure: many });
    expect(judge([src, driver])).toMatchObject({ rule: 'not-json', step: 0 });
  });

  it('is not blamed where another one stands alone', () => {
    const wrong = voice('wrong', ['{"ret":"EINVAL"}', ...GOOD.slice(1)]);
    const found = judge([src, voice('driver', GOOD, { failure: many }), wrong]);
    expect(found).toMatchObject({ rule: 'answer', alone: 'wrong' });
  });
});

describe('contents of the same pieces', () => {
  const withDump = (name: string, text: string) => voice(name, [GOOD[0], text, GOOD[2]]);

  it('differ in their order, or in how often there is one', () => {
    const found = judge([withDump('a', dump(0, 4096, 8192)), withDump('b', dump(0, 8192, 4096))]);
    expect(found!.detail).toMatch(/^the same, but in another order, a: \{"start":4096.*; b: \{"start":8192/);
    const twice = judge([withDump('a', dump(0)), withDump('b', dump(0, 0))]);
    expect(twice!.detail).toMatch(/^the same, but another number of times, a: brk null; b: \{"start":0/);
  });

  it('differ in their counters only', () => {
    const counted = (count: number) => dump(0).replace('"brk":null', `"brk":null,"counters":{"map_count":${count}}`);
    const found = judge([withDump('a', counted(1)), withDump('b', counted(2))]);
    expect(found!.detail).toContain('"map_count":2');
  });
});
