import type { Difference } from '../lockstep/types';
import { parseSequences } from '../sequence/parse';
import { drawBoxes } from './boxes';
import { printFailure } from './printout';

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
  const lines = plain(printFailure(sequence, difference, { file: 'a b.ndjson' }));

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
      '{"format":"maple-fuzz/1","domain":"mm","pages":16}\n{"op":"mmap","addr":8192,"len":8192,"prot":"rw-","flags":["private","fixed"],"file":"a"}\n{"op":"munmap","addr":12288,"len":4096}\n',
    )[0];
    const text = printFailure(mm, {
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

describe('boxes', () => {
  it('show what is marked, and as much around it as fits', () => {
    const boxes = Array.from({ length: 100 }, (_, i) => ({ label: `${10 * i}`, text: `${i}`, marked: i === 60 }));
    const [labels, walls, marks] = drawBoxes(boxes, 'max', 60);
    expect(walls.length).toBeLessThanOrEqual(60);
    expect(walls).toMatch(/^\.\.\. \| .* 60 .*\| \.\.\.$/);
    expect(labels.slice(marks.indexOf('^'))).toMatch(/^600 /);
  });
});
