/** Tests of the bench's stream of numbers. */
import { Random, seedOf } from './prng';

describe('Random', () => {
  it('gives the same stream for the same seed and another for another', () => {
    const some = (seed: string) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(some('a')).toEqual(some('a'));
    expect(some('a')).not.toEqual(some('b'));
  });

  it('keeps its published first numbers, so that saved runs stay comparable', () => {
    const random = new Random('maple');
    expect([random.next(), random.next(), random.next()]).toMatchInlineSnapshot(`
[
  2776746274,
  2666397271,
  1013372225,
]
`);
  });

  it('stays within its limits and reaches them', () => {
    const random = new Random('limits');
    const seen = new Set<number>();
    for (let i = 0; i < 1000; i++) seen.add(random.between(3, 7));
    expect([...seen].sort()).toEqual([3, 4, 5, 6, 7]);
    for (let i = 0; i < 100; i++) expect(random.below(1)).toBe(0);
  });

  it('spreads evenly enough for a bench', () => {
    const random = new Random('even');
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) counts[random.below(16)]++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });

  it('shuffles into a permutation', () => {
    const items = new Random('cards').shuffle(Array.from({ length: 52 }, (_, i) => i));
    expect(items).not.toEqual([...items].sort((a, b) => a - b));
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 52 }, (_, i) => i));
  });
});

describe('seedOf', () => {
  it('is never 0, where the stream would stand still', () => {
    for (const text of ['', 'a', 'maple', '0']) expect(seedOf(text)).toBeGreaterThan(0);
  });
});
