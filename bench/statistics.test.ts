/** Tests of the statistics: known sets, and the verdicts of `moved`. */
import { LEAST_MOVE, moved, quantile, ratios, spread, summarize } from './statistics';

describe('quantile', () => {
  it('interpolates between neighbours', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([7], 0.75)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('summarize', () => {
  it('does not care for the order and leaves its argument alone', () => {
    const values = [30, 10, 20, 50, 40];
    expect(summarize(values)).toEqual({ median: 30, low: 20, high: 40, least: 10, most: 50 });
    expect(values).toEqual([30, 10, 20, 50, 40]);
  });

  it('gives spread as half the quartile distance over the median', () => {
    expect(spread(summarize([30, 10, 20, 50, 40]))).toBeCloseTo(1 / 3);
    expect(spread(summarize([5, 5, 5]))).toBe(0);
  });
});

describe('ratios', () => {
  it('pairs rounds and leaves out what has no partner', () => {
    expect(ratios([10, 20, 30], [5, 40])).toEqual([2, 0.5]);
  });
});

describe('moved', () => {
  const quiet = [100, 101, 99, 100, 100];
  const scaled = (values: number[], factor: number) => values.map((x) => x * factor);

  it('calls a clear change faster or slower', () => {
    expect(moved(quiet, scaled(quiet, 1.3)).verdict).toBe('slower');
    expect(moved(quiet, scaled(quiet, 0.7)).verdict).toBe('faster');
    expect(moved(quiet, scaled(quiet, 1.3)).factor).toBeCloseTo(1.3);
  });

  it('calls nothing below the least move a change, however quiet', () => {
    const flat = [100, 100, 100];
    expect(moved(flat, scaled(flat, 1 + LEAST_MOVE * 0.9)).verdict).toBe('within noise');
    expect(moved(flat, scaled(flat, 1 + LEAST_MOVE * 1.2)).verdict).toBe('slower');
  });

  it('asks for more where the rounds scatter', () => {
    const loud = [80, 90, 100, 110, 120];
    expect(moved(loud, scaled(loud, 1.3)).verdict).toBe('within noise');
    expect(moved(loud, scaled(loud, 3)).verdict).toBe('slower');
  });
});
