/**
 * The journal of a campaign: every fact that a resumed campaign must know, one JSON line each, only ever appended to.
 *
 * Workers write to it themselves, so that a fact is on disk before it is told. The coordinator learns of them by
 * reading on where it stopped, in a running campaign as in a resumed one: there is one way to learn a fact, not two.
 *
 * Rules that hold here:
 * - A fact is written before the worker's slot moves past its sequence. If the worker is killed in between, the
 *   sequence runs again and the fact is written twice: readers take facts about the same number as one.
 */
import fs from 'node:fs';
import { LineFile, parseLines } from '../base/files';

export type Fact =
  /**
   * Sequences [from, to) have been run, with `steps` operations; `print`: a hash of them and their answers, if known.
   */
  | { readonly done: readonly [from: number, to: number]; readonly steps: number; readonly print?: number }
  /** Sequence n reached features that the snapshot it ran with did not have. It lies in `corpus/`. */
  | { readonly reached: number; readonly features: readonly number[] }
  /** Sequence n failed; `folder` is null if enough of its kind were stored. */
  | { readonly finding: number; readonly slug: string; readonly folder: string | null }
  /** A finding was minimized and has this name now; a duplicate is one that was there before. */
  | { readonly settled: string; readonly as: string; readonly duplicate: boolean }
  /** A worker died or was killed while it ran sequence n, and what came of running it again. */
  | { readonly died: number; readonly how: string; readonly again: string }
  /** The campaign was started or resumed, and it ended, with how long it ran. */
  | { readonly started: string }
  | { readonly ended: string; readonly ranMs: number; readonly reason?: string };

/** Whether what is read of a fact has its type. Fields that it is told apart by may be unknown: a later version's. */
function isFact({ done, reached, features, finding, settled }: Record<string, unknown>): boolean {
  if (done !== undefined) return Array.isArray(done) && done.length === 2 && done.every(Number.isInteger);
  if (reached !== undefined) return Number.isInteger(reached) && Array.isArray(features);
  if (finding !== undefined) return Number.isInteger(finding);
  return settled === undefined || typeof settled === 'string';
}

export class Journal {
  private readonly lines: LineFile;
  private offset = 0;
  private linesRead = 0;

  constructor(readonly file: string) {
    this.lines = new LineFile(file);
  }

  write(fact: Fact): void {
    this.lines.append(fact);
  }

  /**
   * The facts that were written, by any process, since the last call. A line that is still being written comes the next
   * time.
   */
  readOn(): Fact[] {
    const size = fs.statSync(this.file).size;
    if (size <= this.offset) return [];
    const bytes = Buffer.alloc(size - this.offset);
    const fd = fs.openSync(this.file, 'r');
    const length = fs.readSync(fd, bytes, 0, bytes.length, this.offset);
    fs.closeSync(fd);
    const end = bytes.subarray(0, length).lastIndexOf('\n') + 1;
    this.offset += end;
    const before = this.linesRead;
    const text = bytes.toString('utf8', 0, end);
    this.linesRead += text.split('\n').length - 1;
    return parseLines<Fact>(text, (line) => `${this.file}: line ${before + line}`, isFact);
  }

  flush(): void {
    this.lines.flush();
  }

  close(): void {
    this.lines.close();
  }
}
