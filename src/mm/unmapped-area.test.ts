/** Places met exactly: at the ends of the space, below a guard area, of huge pages; those of the second search. */
import { PAGE_SIZE } from './mm';
import { MAP_GROWSDOWN, MAP_PRIVATE } from './mman';
import { map, prot, space } from './testing/spaces';

const P = PAGE_SIZE;

/** Asks for so many pages; the hint, too, is a page. */
function place(mm: ReturnType<typeof space>, pages: number, hint: number | null = null): number | string {
  const got = mm.mmap(hint === null ? null : hint * P, pages * P, prot('r--'), MAP_PRIVATE);
  return typeof got === 'number' ? got / P : got;
}

function stack(mm: ReturnType<typeof space>, start: number, end: number): void {
  map(mm, start, end, 'rw-', null, 0, MAP_PRIVATE | MAP_GROWSDOWN);
}

describe('a place', () => {
  it('may be hinted at anywhere in the space, from its first page to its last', () => {
    const mm = space(16);
    expect([0, 1, 15, 14].map((hint) => place(mm, 1, hint))).toEqual([0, 1, 15, 14]);
    expect(place(mm, 2, 15)).toBe(12);
    const high = space(16, { startPage: 8 });
    expect(place(high, 1, 1)).toBe(15);
    expect(place(high, 1, 8)).toBe(8);
  });

  it('may be the whole space, but no more', () => {
    for (const topDown of [true, false]) {
      expect(place(space(16, { topDown }), 16)).toBe(0);
      expect(place(space(16, { topDown }), 17)).toBe('ENOMEM');
      expect(place(space(16, { topDown, startPage: 8 }), 9)).toBe('ENOMEM');
    }
  });

  it('does not reach beyond the end when it is looked for from the bottom', () => {
    const mm = space(16, { topDown: false });
    map(mm, 0, 15, '---');
    expect(place(mm, 2)).toBe('ENOMEM');
    expect(place(mm, 1)).toBe(15);
  });

  it('ends where the guard area of a stack begins, from either side', () => {
    for (const topDown of [true, false]) {
      const mm = space(310, { topDown });
      stack(mm, 300, 310);
      expect(place(mm, 45)).toBe('ENOMEM');
      expect(place(mm, 44)).toBe(0);
    }
  });

  it('below a mapping in a guard area is found by the second search alone', () => {
    for (const [options, found] of [
      [{ unmappedBasePage: 0 }, 440],
      [{ unmappedBasePage: 445 }, 445],
      [{}, 'ENOMEM'],
    ] as const) {
      const mm = space(600, options);
      map(mm, 0, 440, '---');
      map(mm, 460, 490, '---');
      stack(mm, 500, 510);
      map(mm, 510, 600, '---');
      expect(place(mm, 8)).toBe(found);
    }
  });

  it('for whole huge pages is rounded up within a longer place, or taken as it comes where there is none', () => {
    expect(place(space(1024), 512)).toBe(512);
    expect(place(space(600), 512)).toBe(88);
    expect(place(space(600, { topDown: false }), 512)).toBe(0);
    expect(place(space(2048, { topDown: false }), 512)).toBe(0);
    const mm = space(2048);
    map(mm, 1536, 2048, '---');
    expect(place(mm, 512)).toBe(1024);
  });
});
