/**
 * Answers of a target as they pass by, as one number: to see whether it answers the same when it is asked again,
 * without keeping what it said.
 */
import { createHash } from 'node:crypto';
import type { AnswerReader } from '../targets/answer-reader';
import type { TargetFailure } from '../targets/process/failure';

export class HashingReader implements AnswerReader {
  private readonly hash = createHash('sha256');
  private left: number;
  private failure: TargetFailure | undefined;
  private isFinished = false;

  /** @param lines  how many answers there are if nothing goes wrong. */
  constructor(
    private readonly inner: AnswerReader,
    lines: number,
  ) {
    this.left = lines;
  }

  get header(): string {
    return this.inner.header;
  }

  next(): string | null {
    const answer = this.inner.next();
    this.left--;
    this.hash.update(answer === null ? 'none' : answer).update('\n');
    return answer;
  }

  finish(): TargetFailure | undefined {
    if (this.isFinished) return this.failure;
    while (this.left > 0) this.next();
    this.isFinished = true;
    this.failure = this.inner.finish();
    this.hash.update(this.failure?.rule ?? 'well');
    return this.failure;
  }

  /** What all answers come to, once they are read. */
  digest(): string {
    return this.hash.digest('hex');
  }
}
