/**
 * Drawing an operation's name by weight in one step: a table of some 1000 places, each operation having as many as its
 * weight is worth. Swarm testing lives here too: which operations a sequence uses at all, and how much.
 */
import type { Stream } from './stream';

const PLACES = 1024;

/** Weights by name; a name with weight 0 is never drawn. */
export type Weights = ReadonlyMap<string, number>;

/** Leaves all weights as they are. */
export const NO_FACTORS: Weights = new Map();

function totalOf(weights: Weights, factors: Weights): number {
  let total = 0;
  for (const [name, weight] of weights) total += weight * (factors.get(name) ?? 1);
  return total;
}

/** Weights times factors; names that are left out of the factors keep theirs. */
export function scaled(weights: Weights, factors: Weights): Map<string, number> {
  const result = new Map<string, number>();
  for (const [name, weight] of weights) result.set(name, weight * (factors.get(name) ?? 1));
  return result;
}

export class WeightTable {
  private readonly names: string[] = [];
  /** For each place the number of its name. */
  private readonly places: Uint8Array;

  /**
   * At least one weight is above 0. Every operation with a weight gets one place at least. `factors` are what a phase
   * does to the weights; where only operations are left that it does without, it has to take them as they are.
   */
  constructor(weights: Weights, factors: Weights = NO_FACTORS) {
    let used = factors;
    let total = totalOf(weights, used);
    if (total <= 0) {
      used = NO_FACTORS;
      total = totalOf(weights, used);
    }
    if (total <= 0) throw new Error('no operation is left to draw from');
    const shares: number[] = [];
    let places = 0;
    for (const [name, plain] of weights) {
      const weight = plain * (used.get(name) ?? 1);
      if (weight <= 0) continue;
      const share = Math.max(1, Math.round((weight / total) * PLACES));
      this.names.push(name);
      shares.push(share);
      places += share;
    }
    this.places = new Uint8Array(places);
    for (let i = 0, at = 0; i < shares.length; i++) {
      this.places.fill(i, at, at + shares[i]);
      at += shares[i];
    }
  }

  draw(stream: Stream): string {
    return this.names[this.places[stream.below(this.places.length)]];
  }

  has(name: string): boolean {
    return this.names.includes(name);
  }
}

/** What may be generated; everything, where nothing is said. */
export interface GenerateOptions {
  /** Only these operations. */
  readonly only?: readonly string[] | undefined;
  /** All but these. */
  readonly without?: readonly string[] | undefined;
  /**
   * Only what the kernel's own code answers, and answers alike however its nodes lie: no extensions of the format,
   * windows below 512 pages, none of the corners whose answers the format defines.
   */
  readonly strict?: boolean | undefined;
  /** In a strict sequence: what all targets can do beside what every one can. Without it nothing. */
  readonly can?: Capabilities | undefined;
}

/** What all targets of a run can do, beside their operations. */
export interface Capabilities {
  /** Header fields that they honour. */
  readonly headers: readonly string[];
  /** Files that they can map. */
  readonly files: readonly string[];
}

/** Whether a header field may be drawn. */
export function mayHave({ strict, can }: GenerateOptions, field: string): boolean {
  return strict !== true || can?.headers.includes(field) === true;
}

export function isAllowed(options: GenerateOptions, op: string): boolean {
  return options.without?.includes(op) !== true && (options.only === undefined || options.only.includes(op));
}

/**
 * Draws a swarm: each operation of `base` stays with the given chance in percent, and what stays gets its weight times
 * 1 to 8. `keep` names operations that always stay, for without them nothing happens.
 */
export function drawSwarm(
  stream: Stream,
  base: Weights,
  stayPercent: number,
  keep: readonly string[],
  options: GenerateOptions,
): Map<string, number> {
  const isPossible = (name: string, weight: number): boolean => weight !== 0 && isAllowed(options, name);
  const drawn = new Map<string, number>();
  for (const [name, weight] of base) {
    const stays = stream.chance(stayPercent) || keep.includes(name);
    const factor = stream.between(1, 8);
    if (stays && isPossible(name, weight)) drawn.set(name, weight * factor);
  }
  if (drawn.size > 0) return drawn;
  return new Map([...base].filter(([name, weight]) => isPossible(name, weight)));
}
