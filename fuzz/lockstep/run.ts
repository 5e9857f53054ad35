/**
 * A whole sequence on a lockstep. This is the one place where a sequence begins, goes on and ends: a source makes the
 * operations, listeners look at them.
 *
 *     source: header    -> lockstep.begin        listeners: begin
 *     source: next      -> lockstep.step         listeners: beforeStep ... afterStep
 *     nothing is left   -> lockstep.end
 *
 * Rules that hold here:
 * - The first difference ends the run; after it only `begin` may follow.
 * - What was begun is known at any time, so that an interrupted run can be told by what was under way.
 * - Nothing is allocated for a step.
 */
import type { Header, Operation, Sequence } from '../format/types';
import type { Answered, Difference, Lockstep, View } from './types';

/** Where the operations of one sequence come from. */
export interface Source {
  readonly header: Header;
  /** The sequence has begun; `view` shows the oracle's content for as long as it runs. */
  begin(view: View): void;
  /** The next operation, null at the end. */
  next(): Operation | null;
}

/** Looks at a run; it changes nothing. */
export interface RunListener {
  /** Before the sequence begins. */
  begin(header: Header): void;
  /** Before an operation is applied: it may never come back. */
  beforeStep(operation: Operation): void;
  /** After it was applied, also if it differs. */
  afterStep(operation: Operation, answered: Answered): void;
}

/** The operations of a sequence that is there already. */
export class SavedSource implements Source {
  readonly header: Header;
  private at = 0;

  constructor(private readonly sequence: Sequence) {
    this.header = sequence.header;
  }

  begin(): void {
    this.at = 0;
  }

  next(): Operation | null {
    const { operations } = this.sequence;
    return this.at < operations.length ? operations[this.at++] : null;
  }
}

const NO_LISTENERS: readonly RunListener[] = [];

/** One run after another. Step by step for a caller that has a loop of its own, as fast-check has. */
export class SequenceRun {
  /** What began last: its header, and its operations as far as it went. Valid until the next one begins. */
  header: Header | null = null;
  readonly operations: Operation[] = [];
  difference: Difference | null = null;
  private source!: Source;
  private lockstep!: Lockstep;
  private listeners = NO_LISTENERS;

  /** Runs a sequence to its end or its first difference. */
  run(source: Source, lockstep: Lockstep, listeners?: readonly RunListener[]): Difference | null {
    if (this.begin(source, lockstep, listeners)) while (this.step());
    return this.end();
  }

  /** Whether steps may follow. */
  begin(source: Source, lockstep: Lockstep, listeners = NO_LISTENERS): boolean {
    this.source = source;
    this.lockstep = lockstep;
    this.listeners = listeners;
    this.header = source.header;
    this.operations.length = 0;
    this.difference = null;
    for (const listener of listeners) listener.begin(source.header);
    this.difference = lockstep.begin(source.header);
    if (this.difference !== null) return false;
    source.begin(lockstep.view());
    return true;
  }

  /** Runs the next operation. False if there was none, or if it differs: then nothing but the end may follow. */
  step(): boolean {
    const { lockstep, listeners } = this;
    const operation = this.source.next();
    if (operation === null) return false;
    this.operations.push(operation);
    for (let i = 0; i < listeners.length; i++) listeners[i].beforeStep(operation);
    this.difference = lockstep.step(operation);
    for (let i = 0; i < listeners.length; i++) listeners[i].afterStep(operation, lockstep.sides);
    return this.difference === null;
  }

  /** The checks at the end, unless something differed before it. */
  end(): Difference | null {
    this.difference ??= this.lockstep.end();
    return this.difference;
  }
}

/** Runs one whole sequence on a lockstep, to its end or its first difference. */
export function runOn(
  lockstep: Lockstep,
  sequence: Sequence | Source,
  listeners?: readonly RunListener[],
): Difference | null {
  const source = 'next' in sequence ? sequence : new SavedSource(sequence);
  return new SequenceRun().run(source, lockstep, listeners);
}
