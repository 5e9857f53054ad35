/**
 * Which of the format's few files stands for which real one.
 *
 * There are many real files and three to stand for them, so that two real ones often share one. That must not make two
 * of their mappings one: a file gets, where it is mapped first, one that no neighbour of the place has.
 */
import { PLAIN_FILES } from '../format/kinds';

const FILES = PLAIN_FILES.filter((file) => file !== 'dev');

/** A real file. */
export interface RealFile {
  readonly key: string;
  /** What stands for it. */
  readonly id: string;
}

export class FileIds {
  private readonly files = new Map<string, RealFile>();
  private used = 0;

  /** @param neighbours what stands side by side with the place of the first mapping */
  of(key: string, neighbours: readonly (RealFile | null)[]): RealFile {
    const known = this.files.get(key);
    if (known !== undefined) return known;
    const taken = neighbours.map((file) => file?.id);
    const next = FILES.map((_, i) => FILES[(this.used + i) % FILES.length]);
    const id = next.find((file) => !taken.includes(file)) ?? next[0];
    this.used++;
    const file = { key, id };
    this.files.set(key, file);
    return file;
  }
}

/** Memory in spite of its name: what is mapped of it privately is anonymous. */
export const isZeroDevice = (path: string): boolean => path === '/dev/zero';
