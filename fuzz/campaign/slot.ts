/**
 * A worker's place in its range, kept in a few bytes on disk that are overwritten after each sequence.
 *
 * A journal line a sequence would fill the disk in a long night; a slot costs one small write and tells, after
 * `kill -9` of the worker or of everything, which sequence was running. It is written only after everything that the
 * sequence brought (a finding, a kept sequence) is on disk itself.
 */
import fs from 'node:fs';
import { DiskFull, explained } from '../base/files';
import type { Range } from './ledger';

const BYTES = 96;

/** Where a worker is: `next` is the sequence that it runs now, all of the range before it is done. */
export interface Place extends Range {
  readonly next: number;
  /** Operations run in [from, next). */
  readonly steps: number;
}

export class Slot {
  private readonly fd: number;
  private readonly bytes = Buffer.alloc(BYTES, 0x20);

  constructor(readonly file: string) {
    this.fd = explained(file, () => fs.openSync(file, fs.existsSync(file) ? 'r+' : 'w+'));
    if (fs.fstatSync(this.fd).size < BYTES) this.write({ from: 0, to: 0, next: 0, steps: 0 });
  }

  /** One write call of a fixed length: a killed process has written all of it or nothing. */
  write(place: Place): void {
    this.bytes.fill(0x20);
    this.bytes.write(`${place.from} ${place.to} ${place.next} ${place.steps} .`);
    this.bytes[BYTES - 1] = 0x0a;
    explained(this.file, () => {
      if (fs.writeSync(this.fd, this.bytes, 0, BYTES, 0) < BYTES) throw new DiskFull(this.file);
    });
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

/** What a slot says; null if there is none or it was never written whole. */
export function readSlot(file: string): Place | null {
  if (!fs.existsSync(file)) return null;
  const words = fs.readFileSync(file, 'utf8').trim().split(' ');
  if (words.length !== 5 || words[4] !== '.') return null;
  const [from, to, next, steps] = words.slice(0, 4).map(Number) as [number, number, number, number];
  return [from, to, next, steps].every(Number.isSafeInteger) ? { from, to, next, steps } : null;
}
