import { describeUnseen, estimateUnseen } from './estimate';

describe('the estimate of what is unseen', () => {
  it('follows how many features were seen once', () => {
    expect(estimateUnseen(1000, 10, 4)).toEqual({ nextSequence: 0.01, features: 9 });
    expect(estimateUnseen(1000, 0, 4)).toEqual({ nextSequence: 0, features: 0 });
  });

  it('comes near the truth for species of unequal frequency', () => {
    // 200 species, species k with weight 1/(k+1): draw, count those seen once and twice, compare with those not seen.
    const seen = new Array<number>(200).fill(0);
    let x = 7;
    const total = seen.reduce((sum, _, k) => sum + 1 / (k + 1), 0);
    for (let draw = 0; draw < 600; draw++) {
      x = (x * 48271) % 2147483647;
      let at = (x / 2147483647) * total;
      let k = 0;
      while (k < 199 && (at -= 1 / (k + 1)) > 0) k++;
      seen[k]++;
    }
    const unseen = seen.filter((c) => c === 0).length;
    const { features } = estimateUnseen(600, seen.filter((c) => c === 1).length, seen.filter((c) => c === 2).length);
    expect(features).toBeGreaterThan(unseen / 2);
    expect(features).toBeLessThan(unseen * 2);
  });

  it('speaks plainly', () => {
    expect(describeUnseen(0, 0, 0)).toMatch(/nothing can be said/);
    expect(describeUnseen(500, 0, 3)).toMatch(/little is left/);
    expect(describeUnseen(500, 10, 3)).toBe(
      'About one in 50 further sequences would bring a new feature; at least 12 more seem to be within reach.',
    );
    expect(describeUnseen(10, 30, 9)).toMatch(/about 3\.0 new features/);
  });
});
