/**
 * The answers of a target to one sequence, read once and in order, so that they need not all be in memory.
 */
import type { TargetFailure } from './process/failure';

export interface AnswerReader {
  /** The answer to the header; empty if the target failed before it. */
  readonly header: string;
  /** The answer to the next line; null if the target failed before it. */
  next(): string | null;
  /** Reads the rest, and tells what went wrong, if anything did. Only then can the target be asked again. */
  finish(): TargetFailure | undefined;
}
