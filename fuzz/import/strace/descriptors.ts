/**
 * What the file descriptors of a process mean, as far as the log tells.
 *
 * Best known are those that the log shows being made (openat, memfd_create, dup, close); next those with a path (`-y`);
 * for the others it is guessed from how their mappings lie. A memfd's path is only its name, of which there can be
 * many.
 */
import type { Descriptor } from './arguments';

interface Guess {
  readonly key: string;
  readonly first: number;
  readonly end: number;
}

/** Counts files without a path, and memfds, through a whole log. */
export class Serial {
  private last = 0;

  next(): number {
    return ++this.last;
  }
}

const isMemfd = (path: string): boolean => path.startsWith('/memfd:') || path.startsWith('/anon_hugepage');

export class Descriptors {
  private readonly opened = new Map<number, string>();
  private readonly guesses = new Map<number, Guess>();

  constructor(private readonly serial: Serial) {}

  copy(): Descriptors {
    const copy = new Descriptors(this.serial);
    for (const [fd, key] of this.opened) copy.opened.set(fd, key);
    for (const [fd, guess] of this.guesses) copy.guesses.set(fd, guess);
    return copy;
  }

  open(fd: number, key: string): void {
    this.opened.set(fd, key);
    this.guesses.delete(fd);
  }

  /** A memfd: a new file, whatever its name. */
  create(fd: number, name: string): void {
    this.open(fd, `memfd ${this.serial.next()} ${name}`);
  }

  duplicate(from: number, to: number): void {
    const key = this.opened.get(from);
    if (key === undefined) this.close(to);
    else this.open(to, key);
  }

  close(fd: number): void {
    this.opened.delete(fd);
    this.guesses.delete(fd);
  }

  closeRange(from: number, to: number): void {
    for (const fd of [...this.opened.keys(), ...this.guesses.keys()]) if (fd >= from && fd <= to) this.close(fd);
  }

  /**
   * What tells the file of a mapping from others, whose pages lie from `first` to `end` and whose offset is in bytes.
   */
  keyOf({ fd, path }: Descriptor, first: number, end: number, offset: number): string {
    const opened = this.opened.get(fd);
    if (opened !== undefined && (path === null || isMemfd(path))) return opened;
    if (path !== null) return isMemfd(path) ? `${path} ${fd}` : path;
    return this.guess(fd, first, end, offset);
  }

  /**
   * Numbers are used again for other files: a mapping from offset 0 that does not lie in the one before is taken for a
   * new file (a loader maps a library whole, then its parts over it).
   */
  private guess(fd: number, first: number, end: number, offset: number): string {
    const before = this.guesses.get(fd);
    const within = before !== undefined && before.first <= first && first < before.end;
    if (before !== undefined && (within || offset > 0)) return before.key;
    const key = `file ${this.serial.next()}`;
    this.guesses.set(fd, { key, first, end });
    return key;
  }
}
