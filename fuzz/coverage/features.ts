/**
 * What a step reached, as small numbers: coverage without instrumenting anything.
 *
 * A feature is an operation together with one thing that happened in it: an event that src records in debug mode (a kind
 * of store and how full the leaf was, a cursor's change of status, a merge case and its neighbours), or the kind of
 * answer that came back.
 *
 *     23       17                 0
 *     | operation |    event      |     operation: its row in the table of its domain, mm above tree
 *
 * Rules that hold here:
 * - A feature's number depends on the version alone, so that workers and machines can put theirs together.
 * - Counting costs one read of an array an event; nothing is allocated for a feature that was seen before.
 */

import { debug } from '../../src/debug';
import { MM_OPERATIONS } from '../domains/mm/operations';
import { TREE_OPERATIONS } from '../domains/tree/operations';

import type { DomainName, Ret } from '../format/types';

const EVENT_BITS = 17;
const EVENT_COUNT = 1 << EVENT_BITS;
/** Events of the answer's kind lie above all that src records. */
const ANSWER_BASE = EVENT_COUNT - 64;

const ANSWERS = [
  '0',
  'null',
  'value',
  'list',
  'error',
  'EINVAL',
  'EEXIST',
  'EBUSY',
  'ENOMEM',
  'EAGAIN',
  'EFAULT',
  'EPERM',
  'EACCES',
  'ENODEV',
  'EOVERFLOW',
];

const NAMES = [...TREE_OPERATIONS, ...MM_OPERATIONS].map((spec) => spec.op);
const TREE_ROWS = new Map(TREE_OPERATIONS.map((spec, i) => [spec.op, i]));
const MM_ROWS = new Map(MM_OPERATIONS.map((spec, i) => [spec.op, TREE_OPERATIONS.length + i]));

/** How many numbers there are for features; most are never used. */
export const FEATURE_COUNT = NAMES.length * EVENT_COUNT;

/** The row of an operation, for building features. */
export function operationRow(domain: DomainName, op: string): number {
  return (domain === 'tree' ? TREE_ROWS : MM_ROWS).get(op)!;
}

export function operationOf(feature: number): string {
  return NAMES[feature >>> EVENT_BITS]!;
}

export function eventOf(feature: number): number {
  return feature & (EVENT_COUNT - 1);
}

function answerEvent(ret: Ret): number {
  if (ret === 0) return ANSWER_BASE;
  if (ret === null) return ANSWER_BASE + 1;
  if (typeof ret === 'number') return ANSWER_BASE + 2;
  if (typeof ret !== 'string') return ANSWER_BASE + 3;
  const at = ANSWERS.indexOf(ret);
  return ANSWER_BASE + (at < 0 ? 4 : at);
}

/** Collects the features of one sequence after the other. */
export class FeatureCollector {
  /** For each feature the number of the sequence that reached it last; the array's pages are touched only where used. */
  private readonly lastSeen = new Uint32Array(FEATURE_COUNT);
  private sequence = 0;
  /** Features of the present sequence, each once, in the order in which they were reached. */
  readonly reached: number[] = [];
  begin(): void {
    this.sequence++;
    this.reached.length = 0;
  }

  /** After a step: takes the events that src recorded in it. */
  step(row: number, ret: Ret): void {
    const base = row * EVENT_COUNT;
    const { events, eventCount } = debug;
    for (let i = 0; i < eventCount; i++) this.note(base + events[i]!);
    this.note(base + answerEvent(ret));
  }

  private note(feature: number): void {
    if (this.lastSeen[feature] === this.sequence) return;
    this.lastSeen[feature] = this.sequence;
    this.reached.push(feature);
  }
}
