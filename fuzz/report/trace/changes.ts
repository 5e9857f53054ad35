/**
 * What a state has that the one before it had not: pairs of a name and a text, by their numbers.
 */
import type { Numbering } from './trace';

const GONE = -1;

/** Follows one side from state to state. Names and texts are numbered together with those of the other side. */
export class Changes {
  /** By the number of a name: its text, and in which state it was seen last. */
  private readonly texts = new Map<number, number>();
  private readonly seen = new Map<number, number>();
  private state = 0;
  private changed: number[] = [];

  constructor(
    private readonly names: Numbering,
    private readonly values: Numbering,
  ) {}

  readonly put = (name: string, value: string): void => {
    const key = this.names.of(name);
    const text = this.values.of(value);
    this.seen.set(key, this.state);
    if (this.texts.get(key) === text) return;
    this.texts.set(key, text);
    this.changed.push(key, text);
  };

  /** What `read` puts that is new, and what it puts no more. If it throws, all that it did not put stays. */
  take(read: () => void): number[] {
    this.state++;
    this.changed = [];
    try {
      read();
    } catch {
      return this.changed;
    }
    for (const key of this.texts.keys()) {
      if (this.seen.get(key) === this.state) continue;
      this.texts.delete(key);
      this.changed.push(key, GONE);
    }
    return this.changed;
  }
}
