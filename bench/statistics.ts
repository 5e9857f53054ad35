/**
 * The bench's statistics: medians, because a shared machine has outliers on one side only, and quartiles for spread.
 */
export interface Summary {
  median: number;
  /** First and third quartile. */
  low: number;
  high: number;
  least: number;
  most: number;
}

/** The value below which a share of the sorted values lies, interpolated between neighbours. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((x, y) => x - y);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    least: quantile(sorted, 0),
    most: quantile(sorted, 1),
  };
}

/** Half the distance between the quartiles, as a share of the median. */
export function spread(summary: Summary): number {
  return summary.median === 0 ? 0 : (summary.high - summary.low) / 2 / summary.median;
}

/** What changed between two sets of rounds. */
export interface Move {
  /** Median after over median before. */
  factor: number;
  /** The change that noise alone makes plausible, as a share. */
  noise: number;
  verdict: 'faster' | 'slower' | 'within noise';
}

/** No change below this is called one, however quiet the rounds were: layout and alignment alone move as much. */
export const LEAST_MOVE = 0.05;

/**
 * Compares times of two runs. A move counts when it exceeds three times the spreads of both together and LEAST_MOVE,
 * and the quartile ranges do not touch.
 */
export function moved(before: readonly number[], after: readonly number[]): Move {
  const a = summarize(before);
  const b = summarize(after);
  const factor = b.median / a.median;
  const noise = Math.max(LEAST_MOVE, 3 * Math.hypot(spread(a), spread(b)));
  const apart = b.low > a.high || b.high < a.low;
  const beyond = apart && Math.abs(Math.log(factor)) > Math.log1p(noise);
  return { factor, noise, verdict: !beyond ? 'within noise' : factor > 1 ? 'slower' : 'faster' };
}

/** Round by round: what this took over what that took in the same round. NaN rounds are left out. */
export function ratios(these: readonly number[], those: readonly number[]): number[] {
  return these.map((value, i) => value / those[i]).filter(Number.isFinite);
}
