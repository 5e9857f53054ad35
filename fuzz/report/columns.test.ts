/** Columns of text. */
import { columns } from './columns';

describe('columns', () => {
  it('are as wide as their widest cell: words at the left, numbers at the right', () => {
    const rows = [
      ['name', 'a', 'tried'],
      ['store', 'x', '12k'],
      ['in', '', '7'],
    ];
    expect(columns(rows).split('\n')).toEqual(['name   a  tried', 'store  x    12k', 'in            7']);
    expect(columns(rows, { words: 2 })).toContain('in            7');
    expect(columns(rows, { words: 3 }).split('\n')[1]).toBe('store  x  12k');
  });

  it('have at least the widths that they are given', () => {
    expect(columns([['a', 'b']], { widths: [3, 4] })).toBe('a       b');
  });

  it('do not count colours', () => {
    const red = '\u001b[31mmissed\u001b[39m';
    expect(
      columns([
        [red, '1'],
        ['verdict', '2'],
      ]),
    ).toBe(`${red}   1\nverdict  2`);
  });

  it('of no rows are no text', () => {
    expect(columns([])).toBe('');
  });
});
