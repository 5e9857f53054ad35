/**
 * An implementation in this process as the fuzzer sees it. What it can do beside this is its domain's: one method an
 * operation, plain values in and out, called by the rows of the table.
 */
import type { MasStatus } from './types';

export interface Subject {
  /** The next operation's n-th allocation fails (n from 1); 0 switches that off. */
  failAllocation(n: number): void;
}

/** Where a cursor is: what an operation on one answers beside `ret`. */
export interface CursorView {
  readonly index: number;
  readonly last: number;
  readonly status: MasStatus;
}
