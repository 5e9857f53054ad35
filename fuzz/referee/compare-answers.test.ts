import type { Operation } from '../format/types';
import type { TargetFailure } from '../targets/process/failure';
import { compareAnswers, type Script, type TargetAnswers, type TargetEvents } from './compare-answers';

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

interface Exchange {
  readonly header?: string;
  readonly failure?: TargetFailure;
}

/** A target that gives these answers. */
function target(
  name: string,
  answers: readonly string[],
  { header = GREETING, failure }: Exchange = {},
): TargetAnswers {
  return {
    names: [name],
    get reader() {
      let at = 0;
      return { header, next: () => answers[at++] ?? null, finish: () => failure };
    },
  };
}

function compare(targets: readonly TargetAnswers[], events: Partial<TargetEvents> = {}) {
  return compareAnswers(script, targets, targets[0].names[0], {
    onRefused: () => {},
    onUnsupported: () => 'want of it',
    declaredReason: () => null,
    onCompared: () => {},
    ...events,
  });
}

describe('a comparison', () => {
  it('is nothing when all agree, however they spell it', () => {
    const spaced = ['{ "ret": 0 }', dump(0).replaceAll(':', ': '), '{"ret":0}'];
    expect(compare([target('src', GOOD), target('oracle', GOOD), target('driver', spaced)])).toBeNull();
  });

  it('names the target that stands alone, what the others say, and the step', () => {
    const other = ['{"ret":0}', dump(0, 8192), '{"ret":0}'];
    const found = compare([target('src', GOOD), target('oracle', GOOD), target('kernel', other)]);
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
    const found = compare([target('src', ['{"ret":"ENOMEM"}']), target('driver', GOOD)]);
    expect(found).toMatchObject({ step: 0, rule: 'answer', actual: { ret: 'ENOMEM' }, expected: { ret: 0 } });
    expect(found!.alone).toBeUndefined();
  });

  it('shows three answers when there are three', () => {
    const found = compare([target('a', ['{"ret":1}']), target('b', ['{"ret":2}']), target('c', ['{"ret":3}'])]);
    expect(found!.detail).toBe('a: {"ret":1}; b: {"ret":2}; c: {"ret":3}');
    expect(found!.alone).toBeUndefined();
  });

  it('takes one error for another', () => {
    const targets = [
      target('a', ['{"error":"x"}', ...GOOD.slice(1)]),
      target('b', ['{"error":"y"}', ...GOOD.slice(1)]),
    ];
    expect(compare(targets)).toBeNull();
  });

  it('compares counters only where both have them', () => {
    const counted = dump(0).replace('"brk":null', '"brk":null,"counters":{"map_count":1}');
    const other = counted.replace('1}', '2}');
    expect(compare([target('a', [GOOD[0], counted, GOOD[2]]), target('b', GOOD)])).toBeNull();
    expect(compare([target('a', [GOOD[0], counted, GOOD[2]]), target('b', [GOOD[0], other, GOOD[2]])])).not.toBeNull();
  });
});

describe('a target that leaves a sequence', () => {
  it('lacks an operation: learned, and not compared from there on', () => {
    const learned: string[] = [];
    const quits = ['{"unsupported":true}', dump(), '{"ret":"EFAULT"}'];
    const onUnsupported = (name: string, _domain: string, operation: Operation) => {
      learned.push(`${name} ${operation.op}`);
      return '';
    };
    expect(
      compare([target('src', GOOD), target('oracle', GOOD), target('kernel', quits)], { onUnsupported }),
    ).toBeNull();
    expect(learned).toEqual(['kernel mmap']);
  });

  it('differs as its version declares; the others go on', () => {
    const [other, worse] = [
      ['{"ret":"EPERM"}', dump(), '{"ret":0}'],
      [...GOOD.slice(0, 2), '{"ret":"EFAULT"}'],
    ];
    const declaredReason = (name: string) => (name === 'kernel' ? 'its version' : null);
    expect(
      compare([target('src', GOOD), target('oracle', GOOD), target('kernel', other)], { declaredReason }),
    ).toBeNull();
    const found = compare([target('src', worse), target('oracle', GOOD), target('kernel', other)], { declaredReason });
    expect(found).toMatchObject({ step: 1, rule: 'answer' });
  });

  it('refuses the header: the others are compared', () => {
    const refusing = target('kernel', [], { header: '{"unsupported":true}' });
    const refused: string[] = [];
    const onRefused = (name: string) => refused.push(name);
    expect(compare([target('src', GOOD), target('oracle', GOOD), refusing], { onRefused })).toBeNull();
    expect(refused).toEqual(['kernel']);
  });
});

describe('a target that fails', () => {
  const died = { rule: 'target-died' as const, foundBy: 'crash' as const, step: 2, detail: 'ended with SIGSEGV' };

  it('is found at its step', () => {
    const found = compare([target('src', GOOD), target('driver', GOOD.slice(0, 2), { failure: died })]);
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
    const found = compare([target('src', GOOD), target('driver', ['{"ret":"EINVAL"}'], { failure: died })]);
    expect(found).toMatchObject({ step: 0, rule: 'answer' });
  });

  it('before its first answer it is found at the header', () => {
    const failure = { ...died, step: -1 };
    expect(compare([target('src', GOOD), target('driver', [], { header: '', failure })])).toMatchObject({
      step: -1,
      rule: 'target-died',
    });
  });

  it('is found as well when it is the last one left', () => {
    const quits = target('kernel', ['{"unsupported":true}', '{"unsupported":true}', '{"unsupported":true}']);
    expect(compare([target('driver', GOOD.slice(0, 2), { failure: died }), quits])).toMatchObject({
      step: 1,
      rule: 'target-died',
      alone: 'driver',
    });
    expect(compare([target('driver', [...GOOD.slice(0, 2), 'nonsense']), quits])).toMatchObject({ rule: 'not-json' });
    const refusing = target('kernel', [], { header: '{"unsupported":true}' });
    expect(compare([target('driver', GOOD.slice(0, 1), { failure: died }), refusing])).toMatchObject({
      rule: 'target-died',
    });
    expect(compare([target('driver', GOOD), quits])).toBeNull();
  });

  it('answers with an object where a number belongs', () => {
    const odd = target('driver', ['{"ret":{"x":1}}', ...GOOD.slice(1)]);
    expect(compare([target('src', GOOD), odd])).toMatchObject({
      step: 0,
      rule: 'bad-answer',
      foundBy: 'protocol',
      detail: expect.stringContaining('"ret" is {"x":1}, a number, null or an errno name expected'),
    });
  });

  it('garbles an answer', () => {
    expect(compare([target('src', GOOD), target('driver', ['{"ret":0'])])).toMatchObject({ step: 0, rule: 'not-json' });
  });
});

describe('a target that does not answer each line once', () => {
  const few = { rule: 'too-few-answers' as const, foundBy: 'protocol' as const, step: 2, detail: 'too few answers' };
  const many = { rule: 'too-many-answers' as const, foundBy: 'protocol' as const, step: 2, detail: 'too many answers' };
  const [src, oracle] = [target('src', GOOD), target('oracle', GOOD)];

  it.each([
    ['an answer left out', [dump(0), '{"ret":0}'], few, 0],
    ['an answer twice', ['{"ret":0}', '{"ret":0}', dump(0)], many, 0],
    ['an answer of the same kind', ['{"ret":0}', dump(0), '{"ret":4096}'], many, 1],
    ['another one\'s "unsupported"', ['{"ret":0}', '{"unsupported":true}', '{"ret":0}'], many, 0],
  ])('%s: its count, not what the shifted answers say', (_, answers, failure, step) => {
    const driver = target('driver', answers, { failure });
    expect(compare([src, driver])).toMatchObject({ rule: failure.rule, step, alone: 'driver' });
    expect(compare([src, oracle, driver])).toMatchObject({ rule: failure.rule, step, alone: 'driver' });
  });

  it('says what is no JSON at all', () => {
    const driver = target('driver', ['{storing', '{"ret":0}', dump(0)], { failure: many });
    expect(compare([src, driver])).toMatchObject({ rule: 'not-json', step: 0 });
  });

  it('is not blamed where another one stands alone', () => {
    const wrong = target('wrong', ['{"ret":"EINVAL"}', ...GOOD.slice(1)]);
    const found = compare([src, target('driver', GOOD, { failure: many }), wrong]);
    expect(found).toMatchObject({ rule: 'answer', alone: 'wrong' });
  });
});

describe('contents of the same pieces', () => {
  const withDump = (name: string, text: string) => target(name, [GOOD[0], text, GOOD[2]]);

  it('differ in their order, or in how often there is one', () => {
    const found = compare([withDump('a', dump(0, 4096, 8192)), withDump('b', dump(0, 8192, 4096))]);
    expect(found!.detail).toMatch(/^the same, but in another order, a: \{"start":4096.*; b: \{"start":8192/);
    const twice = compare([withDump('a', dump(0)), withDump('b', dump(0, 0))]);
    expect(twice!.detail).toMatch(/^the same, but another number of times, a: brk null; b: \{"start":0/);
  });

  it('differ in their counters only', () => {
    const counted = (count: number) => dump(0).replace('"brk":null', `"brk":null,"counters":{"map_count":${count}}`);
    const found = compare([withDump('a', counted(1)), withDump('b', counted(2))]);
    expect(found!.detail).toContain('"map_count":2');
  });
});

describe('what was compared', () => {
  /** How many steps with whom, and why no more. */
  function compared(...targets: TargetAnswers[]): Record<string, [number, string | null]> {
    const all: Record<string, [number, string | null]> = {};
    compare(targets, {
      onUnsupported: (_name, _domain, { op }) => `want of ${op}`,
      declaredReason: (name) => (name === 'old' ? 'its version' : null),
      onCompared: (name, steps, satOut) => {
        all[name] = [steps, satOut];
      },
    });
    return all;
  }

  it('counts operations, not dumps', () => {
    expect(compared(target('a', GOOD), target('b', GOOD))).toEqual({ a: [2, null], b: [2, null] });
  });

  it('is nothing with a target that refuses the header, nor with one that is left alone', () => {
    const refusing = target('b', [], { header: '{"unsupported":true}' });
    expect(compared(target('a', GOOD), refusing)).toEqual({
      a: [0, 'want of another target'],
      b: [0, 'the header, which it answered {"unsupported":true}'],
    });
  });

  it('ends where a target lacks an operation or differs as declared, for that target alone', () => {
    const lacking = target('b', ['{"ret":0}', dump(0), '{"unsupported":true}']);
    const old = target('old', ['{"ret":"EPERM"}', ...GOOD.slice(1)]);
    expect(compared(target('a', GOOD), lacking, old, target('c', GOOD))).toEqual({
      a: [2, null],
      b: [1, 'want of touch'],
      old: [0, 'its version'],
      c: [2, null],
    });
  });

  it('is up to the first difference', () => {
    expect(compared(target('a', GOOD), target('b', [...GOOD.slice(0, 2), '{"ret":"EFAULT"}']))).toEqual({
      a: [1, null],
      b: [1, null],
    });
  });

  it('is told of each target for which one answers', () => {
    const { reader } = target('', GOOD);
    const refusing = target('b', [], { header: '{"error":"no"}' });
    expect(compared({ names: ['src', 'oracle'], reader }, refusing)).toMatchObject({
      src: [2, null],
      oracle: [2, null],
    });
  });
});
