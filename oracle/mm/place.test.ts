import { scene } from './testing/scene';

const anywhere = { place: true };

describe('placement', () => {
  it('placement: the top of the highest gap that is long enough', () => {
    const s = scene({ pages: 16 });
    s.map(12, 2);
    expect(s.map(12, 2, 'r--', anywhere)).toBe(14);
    expect(s.map(12, 3, 'r--', anywhere)).toBe(9);
    expect(s.map(12, 10, 'r--', anywhere)).toBe('ENOMEM');
    expect(s.map(0, 9, 'r--', anywhere)).toBe(0);
    expect(s.map(0, 1, 'r--', anywhere)).toBe('ENOMEM');
  });

  it('takes a free hint, rounded down, at 0 and at the very top too', () => {
    const s = scene({ pages: 16 });
    expect(s.mm.mmap(5 * 4096 + 17, 1, 'r--', ['private'], null, 0)).toBe(5 * 4096);
    expect(s.map(0, 2, 'r--', anywhere)).toBe(0);
    expect(s.map(14, 2, 'r--', anywhere)).toBe(14);
    expect(s.map(4, 2, 'r--', anywhere)).toBe(12);
    expect(s.map(15, 2, 'r--', anywhere)).toBe(10);
    expect(s.map(2 ** 30, 1, 'r--', anywhere)).toBe(9);
  });

  it('placement-guard: a hint keeps 256 pages from a stack above, fixed mappings do not', () => {
    const s = scene({ pages: 400 });
    s.map(300, 1, 'rw-', { flags: ['growsdown'] });
    expect(s.map(42, 2, 'rw-', anywhere)).toBe(42);
    expect(s.map(44, 1, 'rw-', { place: true })).not.toBe(44);
    expect(s.map(299, 1, 'r--')).toBe(299);
  });

  it('placement-guard: a gap that reaches into the guard excludes everything above the guard', () => {
    const s = scene({ pages: 400 });
    s.map(399, 1, 'rw-', { flags: ['growsdown'] });
    s.map(200, 1, 'r--');
    // The highest gap is 201-399, all in the guard of the stack (from 143); the gap 0-200 is the next.
    expect(s.map(399, 1, 'r--', anywhere)).toBe(142);
    // A longer request, for which no gap above is long enough either.
    expect(s.map(399, 100, 'r--', anywhere)).toBe(42);
  });

  it('placement-guard: a gap inside the guard below no stack is used by a longer request only', () => {
    const s = scene({ pages: 400 });
    s.map(399, 1, 'rw-', { flags: ['growsdown'] });
    s.map(390, 1, 'r--');
    s.map(100, 1, 'r--');
    // 391-399 is long enough for 8 pages, and leads below the guard; 9 pages do not fit there, so 381-390 is found.
    expect(s.map(399, 8, 'r--', anywhere)).toBe(135);
    expect(s.map(399, 9, 'r--', anywhere)).toBe(381);
  });

  it('6.12 and 6.18: a move of anonymous memory is aligned to 2 MiB in large windows, a hint never', () => {
    const s = scene({ pages: 3000 });
    s.map(0, 512);
    s.map(512, 1, 'r--');
    expect(s.remap(0, 512, 1024, 'maymove')).toBe(1536);
    expect(s.map(0, 512, 'r--', anywhere)).toBe(0);
    expect(s.map(0, 100, 'r--', anywhere)).toBe(2900);
    expect(s.map(0, 512, 'r--', anywhere)).toBe(1024);

    const file = scene({ pages: 3000 });
    file.map(0, 512, 'rw-', { file: 'a' });
    file.map(512, 1, 'r--');
    expect(file.remap(0, 512, 1024, 'maymove')).toBe(1976);
  });

  it('does without the alignment where there is no room for it', () => {
    const s = scene({ pages: 1600 });
    s.map(0, 512);
    s.map(512, 1, 'r--');
    expect(s.remap(0, 512, 1024, 'maymove')).toBe(576);
  });
});
