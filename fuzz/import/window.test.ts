/**
 * Moving addresses into a window: order, neighbours and what is inside an island stay, gaps shrink.
 */
import { PAGE } from '../format/types';
import { moveOperation, spanOf, spansOf, Window } from './window';

const span = (first: number, end: number) => ({ first, end });

describe('a window', () => {
  it('keeps islands whole, in order, and small gaps as they are', () => {
    const window = new Window([span(1000, 1010), span(1012, 1014), span(1010, 1011), span(90000, 90001)], false);
    const at = (page: number): number => window.move(page * PAGE) / PAGE;
    expect(at(1000)).toBe(16);
    expect(at(1010)).toBe(26);
    expect(at(1012)).toBe(28);
    expect(at(90000)).toBe(30 + 16);
    expect(window.pages).toBe(47 + 16);
    expect(window.move(1000 * PAGE + 5)).toBe(16 * PAGE + 5);
  });

  it('keeps the distance that a growsdown mapping needs', () => {
    const window = new Window([span(1000, 1001), span(9000, 9001)], true);
    expect(window.move(9000 * PAGE) - window.move(1001 * PAGE)).toBe(320 * PAGE);
  });

  it('keeps the place relative to 2 MiB when the live kernel cannot run it anyway', () => {
    const window = new Window([span(513, 2000), span(70000, 70600)], false);
    for (const page of [513, 1999, 70000, 70599]) expect((page - window.move(page * PAGE) / PAGE) % 512).toBe(0);
    expect(window.pages).toBeLessThan(4000);
  });

  it('never makes a gap larger', () => {
    const window = new Window([span(3, 5), span(8, 800), span(802, 804)], false);
    expect(window.move(3 * PAGE)).toBe(3 * PAGE);
    expect(window.move(802 * PAGE)).toBe(802 * PAGE);
  });

  it('knows the exclusive end of an island, and no other place outside', () => {
    const window = new Window([span(100, 110)], false);
    expect(window.move(110 * PAGE)).toBe(26 * PAGE);
    expect(() => window.move(111 * PAGE)).toThrow(RangeError);
    expect(() => window.move(99 * PAGE)).toThrow(RangeError);
  });
});

describe('the pages of an operation', () => {
  it('are those that it speaks of', () => {
    expect(spanOf(4095, 2)).toEqual(span(0, 2));
    expect(spanOf(4096, 0)).toEqual(span(1, 2));
    expect(spansOf({ op: 'fork' }, null)).toEqual([]);
    expect(spansOf({ op: 'munmap', addr: 8192, len: 4097 }, null)).toEqual([span(2, 4)]);
    const grow = { op: 'mremap', addr: 0, old_len: 4096, new_len: 8192 };
    expect(spansOf({ ...grow, flags: ['maymove'] }, null)).toEqual([span(0, 2)]);
    expect(spansOf({ ...grow, flags: ['maymove', 'fixed'], new_addr: 40960 }, null)).toEqual([
      span(0, 1),
      span(10, 12),
    ]);
    expect(spansOf({ op: 'brk', addr: 8193 }, 4096)).toEqual([span(1, 4)]);
  });

  it('move together; a brk below the heap stays a question', () => {
    const window = new Window([span(1000, 1010), span(2000, 2010)], false);
    const operation = { op: 'mremap', addr: 1000 * PAGE, old_len: PAGE, new_len: PAGE, flags: ['fixed', 'maymove'] };
    expect(moveOperation({ ...operation, new_addr: 2001 * PAGE }, window, null)).toMatchObject({
      addr: 16 * PAGE,
      new_addr: 43 * PAGE,
    });
    expect(moveOperation({ op: 'brk', addr: 0 }, window, 1000 * PAGE)).toEqual({ op: 'brk', addr: 0 });
    expect(moveOperation({ op: 'mlockall', flags: ['future'] }, window, null)).toEqual({
      op: 'mlockall',
      flags: ['future'],
    });
  });
});
