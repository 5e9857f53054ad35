/**
 * A run as data: what was known before the first step, and what each step changed.
 *
 *     names   0 pivot@L0.1   1 slot@L0.1  ...              texts   0 "9"   1 "max"   2 "-"  ...
 *     state 0         0=1 1=2          after the header
 *     state 1         0=0              after operation 1: [0, 0], a number of a name, a number of a text
 *     state 2         0 gone           after operation 2: [0, -1]
 *
 * Whoever reads it keeps for each name the steps that changed it. So the value at any step is a binary search away, and
 * so is the step that wrote it last, without a copy of the state for each step.
 *
 * Rules that hold here:
 * - It is JSON, and nothing in it depends on a domain: what its names mean to a reader stands in `views`.
 * - Numbers in `src`, `oracle` are pairs: a name, and a text or -1 where the name is gone.
 * - Cells of a content are names as well: the first index behind "=", whose text is the JSON of [last, label, text].
 */
import type { TraceView } from '../../domains/domain';

/** What the strip over the steps shows of one. */
export type Tick = 'read' | 'write' | 'refused' | 'split' | 'merge' | 'wrong';

export interface TraceStep {
  /** The operation's name; empty for the state before the first. */
  readonly op: string;
  /** Its fields as they are written for people. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly tick: Tick;
  /** What it is about in the content, both ends inclusive; null if it has no place. */
  readonly place: readonly [first: number, last: number] | null;
  /** Numbers of texts: what src answered, and the oracle. -1 where one was not asked. */
  readonly answers: readonly [src: number, oracle: number];
  /** Numbers of events, in the order in which src recorded them. */
  readonly events: readonly number[];
  /** A number of a text with a letter for each invariant: h holds, b broken, . not asked after this step. */
  readonly invariants: number;
  readonly src: readonly number[];
  readonly oracle: readonly number[];
}

export interface TraceDifference {
  /** The number of the state in which it was seen. */
  readonly state: number;
  readonly rule: string;
  readonly foundBy: string;
  readonly detail: string;
  /** Where in src an assertion broke: its place, and those that called it. */
  readonly places: readonly string[];
  readonly alone: string;
}

export interface Trace {
  readonly title: string;
  /** Commands and facts under the title. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly about: string;
  readonly views: readonly TraceView[];
  readonly invariants: readonly (readonly [name: string, about: string])[];
  readonly events: readonly (readonly [name: string, place: string])[];
  readonly names: readonly string[];
  readonly texts: readonly string[];
  readonly steps: readonly TraceStep[];
  readonly difference: TraceDifference | null;
}

/** Gives each text a number, the same to the same. */
export class Numbering {
  readonly all: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.all.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }
}
