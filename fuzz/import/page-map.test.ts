/**
 * The map of pages against a plain array, and copies that share until they are written to.
 */
import { PageMap } from './page-map';

const PAGES = 40;

/** Each page's tag as text, `.` for none. */
const shown = (map: PageMap<string>): string =>
  Array.from({ length: PAGES }, (_, page) => map.at(page)?.tag ?? '.').join('');

describe('a map of pages', () => {
  it('is what a plain array is, after any stores', () => {
    let seed = 7;
    const draw = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 12; round++) {
      const map = new PageMap<string>();
      const plain = Array.from({ length: PAGES }, () => '.');
      for (let step = 0; step < 30; step++) {
        const [first, length, tag] = [draw(PAGES), draw(8), 'abc.'[draw(4)]];
        const end = Math.min(first + length, PAGES);
        map.store(first, end, tag === '.' ? null : tag);
        plain.fill(tag, first, end);
        expect(shown(map)).toBe(plain.join(''));
        const from = draw(PAGES);
        const to = Math.max(from + 1, draw(PAGES));
        const part = plain.slice(from, to);
        expect(map.isFree(from, to)).toBe(part.every((one) => one === '.'));
        const holes = map.holes(from, to).reduce((sum, [low, high]) => sum + high - low, 0);
        expect(holes).toBe(part.filter((one) => one === '.').length);
        const runs = map.runs(from, to).map((run) => run.tag.repeat(run.end - run.first));
        expect(runs.join('')).toBe(part.filter((one) => one !== '.').join(''));
      }
    }
  });

  it('leaves its copies alone, and they it', () => {
    const map = new PageMap<string>();
    map.store(0, 4, 'a');
    const copy = map.copy();
    copy.store(1, 2, 'b');
    map.store(3, 5, 'c');
    const second = copy.copy();
    copy.store(0, 1, null);
    expect(shown(map).slice(0, 6)).toBe('aaacc.');
    expect(shown(copy).slice(0, 6)).toBe('.baa..');
    expect(shown(second).slice(0, 6)).toBe('abaa..');
  });
});
