import { EPOCH, EpochBook, epochOf, startLimit } from './epochs';

describe('EpochBook', () => {
  it('keeps the lowest number that reached a new feature, whatever the order of the reports', () => {
    const reports: [number, number[]][] = [
      [5, [1, 2]],
      [3, [2]],
      [9, [1]],
      [8, [7]],
    ];
    for (const order of [reports, [...reports].reverse()]) {
      const book = new EpochBook();
      for (const [n, features] of order) book.reached(n, features);
      expect(book.close().kept).toEqual([3, 5, 8]);
    }
  });

  it('does not keep what an earlier epoch reached', () => {
    const book = new EpochBook();
    book.reached(3, [1]);
    book.reached(EPOCH + 1, [1, 2]);
    book.reached(EPOCH + 2, [1]);
    expect([book.storedCount, book.keptCount]).toEqual([3, 0]);
    expect(book.close()).toEqual({ kept: [3], dropped: [] });
    expect([book.storedCount, book.keptCount]).toEqual([3, 1]);
    expect(book.close()).toEqual({ kept: [EPOCH + 1], dropped: [EPOCH + 2] });
    expect([book.storedCount, book.keptCount]).toEqual([2, 2]);
    expect(book.allFeatures()).toEqual(new Set([1, 2]));
  });

  it('lets a sequence use only epochs that are complete when it may start', () => {
    const book = new EpochBook();
    book.reached(3, [1]);
    book.close();
    book.reached(EPOCH + 7, [2]);
    book.close();
    expect([0, 1, 2, 3].map((e) => book.usable(e))).toEqual([[], [], [3], [3, EPOCH + 7]]);
    expect(epochOf(startLimit(book.complete) - 1)).toBe(3);
    expect(startLimit(0)).toBe(2 * EPOCH);
  });

  it('ignores a late report of a complete epoch, as a killed worker may cause', () => {
    const book = new EpochBook();
    book.close();
    book.reached(1, [4]);
    expect(book.allFeatures().size).toBe(0);
  });
});
