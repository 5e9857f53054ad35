import type { Difference } from '../lockstep/types';
import { parseSequences } from '../sequence/parse';
import { drawBoxes } from './boxes';
import { printFailure, showFailure } from './printout';

const sequence = parseSequences(
  `${'{"format":"maple-fuzz/1","domain":"tree"}\n'}${'{"op":"load","index":1}\n'.repeat(40)}${[
    '{"op":"store_range","first":5,"last":9,"value":1}',
    '{"op":"store_range","first":20,"last":"max","value":2}',
    '{"op":"mas_set_range","r":1,"first":7,"last":22}',
    '{"op":"mas_store","r":1,"value":3}',
    '{"op":"dump"}',
  ].join('\n')}`,
)[0];

const difference: Difference = {
  step: 43,
  operation: sequence.operations[43],
  rule: 'cursor',
  foundBy: 'answer',
  expected: { ret: 0, mas: [7, 22, 'active'] },
  actual: { ret: 0, mas: [7, Number.MAX_SAFE_INTEGER, 'active'] },
  detail: 'state 1: expected [7, 22, active], got [7, max, active]',
};

/** Without colours, which depend on the terminal. */
function plain(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  return text.replace(/\u001b\[\d+m/g, '').split('\n');
}

describe('the print-out of a failure', () => {
  const lines = plain(showFailure(sequence, difference, { file: 'a b.ndjson' }));

  it('fits one screen', () => {
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('marks the first wrong step, and leaves the middle out', () => {
    expect(lines[0]).toBe('cursor at step 44 of 45, mas_store');
    expect(lines).toContain('>    44  {"op":"mas_store","r":1,"value":3}');
    expect(lines).toContain('         ... 28 more ...');
    expect(lines).toContain('         (1 more after it)');
  });

  it('draws the ranges before it, with what the operation is about', () => {
    const at = lines.indexOf('before it:');
    expect(lines.slice(at + 1, at + 5)).toEqual([
      '  0    5    10   20   max',
      '  | -  | 1  | -  | 2  |',
      '       ^^^^^^^^^^^^^^^',
      '  r1 [7, 22, start]',
    ]);
  });

  it('says what was expected, the rule, and what to paste', () => {
    expect(lines).toContain('expected  {"ret":0,"mas":[7,22,"active"]}');
    expect(lines).toContain('actual    {"ret":0,"mas":[7,"max","active"]}');
    expect(lines.join('\n')).toContain('rule      cursor (answer): state 1: expected [7, 22, active]');
    expect(lines).toContain("minimize  npx maple-fuzz minimize 'a b.ndjson'");
  });

  it('shows an address space by pages', () => {
    const mm = parseSequences(
      '{"format":"maple-fuzz/1","domain":"mm","pages":16}\n' +
        '{"op":"mmap","addr":8192,"len":8192,"prot":"rw-","flags":["private","fixed"],"file":"a"}\n' +
        '{"op":"munmap","addr":12288,"len":4096}\n',
    )[0];
    const text = showFailure(mm, {
      step: 1,
      operation: mm.operations[1],
      rule: 'content',
      foundBy: 'answer',
      detail: 'x',
    });
    expect(text).toContain('0    2              4    16');
    expect(text).toContain('|    | rw-p a@0 ac  |    |');
  });
});

describe('long operations', () => {
  const failing = (...operations: string[]): [typeof sequence, Difference] => {
    const header = operations[0].includes('mmap') ? '"domain":"mm","pages":16' : '"domain":"tree"';
    const one = parseSequences(`{"format":"maple-fuzz/1",${header}}\n${operations.join('\n')}\n`)[0];
    const step = operations.length - 1;
    return [one, { ...difference, step, operation: one.operations[step] }];
  };
  /** The operations' lines, continuations joined again. */
  const operationsOf = (lines: string[]): string =>
    lines
      .slice(3, lines.indexOf('', 3))
      .map((line) => line.slice(9).trimStart())
      .join('');
  const mmap =
    '{"op":"mmap","addr":0,"len":12288,"prot":"rw-","flags":["private","fixed"],"file":"a","offset":4096,"fail":1}';
  const bulk = (count: number): string => {
    const entries = Array.from({ length: count }, (_, i) => `[${9 * i},${9 * i + 2},${i + 1}]`);
    return `{"op":"bulk","entries":[${entries.join(',')}],"fail":1}`;
  };

  it('go on in the next line, up to a dozen of them', () => {
    const lines = plain(showFailure(...failing(...Array(12).fill(mmap))));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(operationsOf(lines)).toBe(mmap.repeat(12));
    expect(lines).toContain('             "flags":["private","fixed"],"file":"a","offset":4096,"fail":1}');
  });

  it('are cut where they would fill the screen, which says how many entries are not there', () => {
    const lines = plain(showFailure(...failing(bulk(1000))));
    expect(lines.length).toBeLessThanOrEqual(45);
    const [, more] = /\.\.\. (\d+) more entries,"fail":1\}$/m.exec(lines.join('\n')) ?? [];
    expect(operationsOf(lines).match(/\[\d+,\d+,\d+\]/g)).toHaveLength(1000 - Number(more));
  });

  it('are never cut in a file', () => {
    const lines = plain(printFailure(...failing(bulk(1000))));
    expect(operationsOf(lines)).toBe(bulk(1000));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('leave the wrong one whole in a long sequence', () => {
    const lines = plain(showFailure(...failing(...Array(40).fill(mmap))));
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(operationsOf(lines).endsWith(mmap)).toBe(true);
  });
});

describe('the command that minimizes', () => {
  const commandFor = (file: string): string | undefined =>
    plain(printFailure(sequence, difference, { file })).find((line) => line.startsWith('minimize'));

  it('goes on with a finding in its folder, and writes nothing beside it', () => {
    expect(commandFor('to come/minimal.ndjson')).toBe("minimize  npx maple-fuzz minimize 'to come'");
    expect(commandFor('nowhere/original.ndjson')).toBe('minimize  npx maple-fuzz minimize nowhere');
  });

  it('takes a file of such a name that is no finding as a file', () => {
    expect(commandFor(`${__dirname}/minimal.ndjson`)).toContain('/minimal.ndjson');
  });
});

describe('boxes', () => {
  it('show what is marked, and as much around it as fits', () => {
    const boxes = Array.from({ length: 100 }, (_, i) => ({ label: `${10 * i}`, text: `${i}`, marked: i === 60 }));
    const [labels, walls, marks] = drawBoxes(boxes, 'max', 60);
    expect(walls.length).toBeLessThanOrEqual(60);
    expect(walls).toMatch(/^\.\.\. \| .* 60 .*\| \.\.\.$/);
    expect(labels.slice(marks.indexOf('^'))).toMatch(/^600 /);
  });
});
