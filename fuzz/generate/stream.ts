/**
 * Random numbers for generating: a small fast generator (sfc32: three words of state and a counter) that is started
 * either from any text, through seedrandom, or from the few raw numbers that a fast-check command carries.
 *
 * Rules that hold here:
 * - The same start gives the same numbers, on every machine and in every Node version: only 32-bit integer steps.
 * - Nothing allocates after construction; one stream is restarted for each sequence or command.
 */
import seedrandom from 'seedrandom';

const GOLDEN = 0x9e3779b9 | 0;
const TWO32 = 4294967296;

export class Stream {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  /** Starts from any text: the same text, the same numbers. */
  startText(text: string): void {
    const words = seedrandom(text);
    this.start(words.int32(), words.int32(), words.int32());
  }

  /** Starts from raw 32-bit numbers, such as those a command carries. */
  start(a: number, b: number, c: number = GOLDEN): void {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.counter = 1;
    // A change in one bit of the start has reached every word after a dozen rounds.
    for (let round = 0; round < 12; round++) this.int32();
  }

  /** A signed 32-bit number. */
  int32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }

  /** An integer from 0 to n - 1, for n from 1 to 2^31. */
  below(n: number): number {
    return Math.floor(((this.int32() >>> 0) * n) / TWO32);
  }

  /** An integer from low to high, both included, for spans below 2^31. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** An integer from 0 to n - 1, for n up to 2^53. */
  belowWide(n: number): number {
    if (n <= 0x7fffffff) return this.below(n);
    const fraction = ((this.int32() >>> 0) * 2097152 + (this.int32() >>> 11)) / (TWO32 * 2097152);
    return Math.floor(fraction * n);
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}

/** A signed 32-bit seed that is a pure function of a text: for a fast-check run of its own. */
export function seedOfText(text: string): number {
  return seedrandom(text).int32();
}
