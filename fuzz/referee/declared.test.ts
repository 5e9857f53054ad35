import type { Answer, Operation } from '../format/types';
import { fits, parseDeclared, reasonFor } from './declared';

const erase: Operation = { op: 'erase', index: 5 };
const answers = { expected: { ret: 7 } as Answer, actual: { ret: null } as Answer };

describe('declared differences', () => {
  it('are a JSON list or a row a line', () => {
    const row = { op: 'erase', reason: 'returns nothing' };
    expect(parseDeclared(JSON.stringify([row, row]))).toEqual([row, row]);
    expect(parseDeclared(`# ours\n\n${JSON.stringify(row)}\n`)).toEqual([row]);
  });

  it.each([
    ['{"op":"erase"}', 'line 1: "reason" is no text'],
    ['\n{"reason":"x"}', 'line 2: "op" is no text'],
    [
      '[{"op":"erase","reason":"x","answer":1}]',
      'row 1: "answer" is none of op, fields, target, expected, actual, reason',
    ],
    ['[3]', 'row 1: an object expected'],
    ['{"op":', 'line 1: not JSON'],
    ['[', 'the file: not JSON'],
    ['{"op":"erase","reason":"x","target":3}', 'line 1: "target" is no text'],
  ])('%s is refused', (text, message) => {
    expect(() => parseDeclared(text)).toThrow(message);
  });

  it.each([
    [{}, true],
    [{ op: 'load' }, false],
    [{ op: 'era*' }, true],
    [{ target: './driver' }, true],
    [{ target: 'kernel' }, false],
    [{ fields: { index: 5 } }, true],
    [{ fields: { index: 6 } }, false],
    [{ expected: { ret: '*' }, actual: { ret: null } }, true],
    [{ expected: { ret: 7 } }, true],
    [{ expected: { ret: null } }, false],
    [{ actual: { error: '*' } }, false],
  ])('%j fits an erase that returned null for 7: %s', (part, does) => {
    const rows = [{ op: 'erase', reason: 'returns nothing', ...part }];
    expect(reasonFor(rows, './driver', erase, answers)).toBe(does ? 'returns nothing' : null);
  });

  it('have patterns', () => {
    expect(fits({ a: [1, '*'] }, { a: [1, { x: 2 }], b: 3 })).toBe(true);
    expect(fits({ a: [1] }, { a: [1, 2] })).toBe(false);
    expect(fits({ a: 'max-*' }, { a: 'max-77' })).toBe(true);
    expect(fits({ a: 'max-*' }, { a: 'maxi' })).toBe(false);
    expect(fits({ a: 'E.*' }, { a: 'EINVAL' })).toBe(false);
  });
});
