/**
 * What a step reached, as small numbers: coverage without instrumenting anything.
 *
 * A feature is an operation together with one thing that happened in it: an event that src records in debug mode (a
 * kind of store and how full the leaf was, a cursor's change of status, a merge case and its neighbours), or the kind
 * of answer that came back.
 *
 *     23       17                 0
 *     | operation |    event      |     operation: its row in the tables of all domains, one after the other
 *
 * Rules that hold here:
 * - A feature's number depends on the version alone, so that workers and machines can put theirs together.
 * - Counting costs one read of an array an event; nothing is allocated for a feature that was seen before.
 */
import { debug } from '../../src/debug';
import { allDomains } from '../domains';
import type { Ret } from '../format/types';

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

/** The operations of all domains, one domain after the other. */
interface Rows {
  readonly names: readonly string[];
  readonly byDomain: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

let rows: Rows = { names: [], byDomain: new Map() };

/** They change when a domain is added: behind those that are there. */
function presentRows(): Rows {
  const domains = allDomains();
  if (rows.byDomain.size === domains.length) return rows;
  const names: string[] = [];
  const byDomain = domains.map(({ name, operations }): [string, ReadonlyMap<string, number>] => [
    name,
    new Map(operations.map(({ op }) => [op, names.push(op) - 1])),
  ]);
  rows = { names, byDomain: new Map(byDomain) };
  return rows;
}

/** The rows of a domain's operations, for building features. */
export function rowsOf(domain: string): ReadonlyMap<string, number> {
  const found = presentRows().byDomain.get(domain);
  if (found === undefined) throw new TypeError(`no domain is named ${domain}`);
  return found;
}

export function operationOf(feature: number): string {
  return presentRows().names[feature >>> EVENT_BITS];
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
  /**
   * For each feature the number of the sequence that reached it last; the array's pages are touched only where used.
   */
  private readonly lastSeen = new Uint32Array(presentRows().names.length * EVENT_COUNT);
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
    for (let i = 0; i < eventCount; i++) this.note(base + events[i]);
    this.note(base + answerEvent(ret));
  }

  private note(feature: number): void {
    if (this.lastSeen[feature] === this.sequence) return;
    this.lastSeen[feature] = this.sequence;
    this.reached.push(feature);
  }
}
