/**
 * The bench's stream of pseudo-random numbers: small, quick, the same on every machine. Seeds are any text.
 */

/** 32 bits from a text (FNV-1a), never 0. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}

export class Random {
  private state: number;

  constructor(seed: string) {
    this.state = seedOf(seed);
  }

  /** 32 bits: a xorshift whose low bits a multiplication stirs. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return Math.imul(x, 0x9e3779b1) >>> 0;
  }

  /** A whole number from 0 to below `limit` (at most 2^32). */
  below(limit: number): number {
    return Math.floor((this.next() / 0x100000000) * limit);
  }

  /** A whole number from low to high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** Puts an array in random order, in place. */
  shuffle<T extends { length: number; [index: number]: number }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }
}
