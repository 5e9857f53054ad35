/**
 * One attempt of the minimizer after another: runs a shorter or simpler sequence, keeps it if it fails in the same way.
 *
 * Rules that hold here:
 * - The same failure is the same rule at an operation of the same name, or at one put in its place on purpose. A
 *   sequence that fails in another way is not followed, but reported once: it is a finding of its own.
 * - What is kept ends with the failing operation: the tail behind it is cut each time.
 * - No sequence is run twice. Limits in runs and in time end the search; what was kept until then stands.
 */

import type { DomainFormat } from '../format/domain';
import type { Header, Operation, Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';

/** Runs a whole sequence: at once in this process, later where a target outside of it is asked. */
export type RunAnywhere = (sequence: Sequence) => Difference | null | Promise<Difference | null>;

/** Called with a failing sequence of another kind, met on the way. */
export type OtherFailure = (sequence: Sequence, difference: Difference) => void;

export interface TrialProgress {
  readonly phase: string;
  readonly runs: number;
  readonly operations: number;
}

export interface MinimizeOptions {
  /** At most so many runs. Default 20,000. */
  readonly maxRuns?: number;
  /** Asked between runs: true ends the search (a time limit, a second Ctrl-C). */
  readonly stop?: () => boolean;
  /**
   * Runs the result once more, where the runs before it may have been wrong in haste; if it does not fail, all is
   * undone.
   */
  readonly confirm?: RunAnywhere;
  readonly onOther?: OtherFailure;
  /** Called with what the search goes on from, each time that it changes: what stands if the search were to end now. */
  readonly onShorter?: (sequence: Sequence, difference: Difference) => void;
  readonly onProgress?: (progress: TrialProgress) => void;
}

/**
 * What makes two failures the same: the rule, and the name of the operation at which it broke. A program that dies may
 * die at any of several: there it is the program.
 */
export function failureKey(difference: Difference): string {
  if (difference.rule === 'target-died') return `${difference.rule} ${difference.alone}`;
  return `${difference.rule} ${difference.operation === null ? 'end' : difference.operation.op}`;
}

/** How much there is to read in a sequence: its operations, and of a build each entry behind the first. */
export function weightOf(operations: readonly Operation[]): number {
  let weight = operations.length;
  for (const { entries } of operations) if (Array.isArray(entries) && entries.length > 1) weight += entries.length - 1;
  return weight;
}

const DEFAULT_RUNS = 20_000;
/** So many characters of sequences are remembered as tried; beyond that the oldest knowledge is dropped. */
const REMEMBERED = 64_000_000;

export class Trial {
  header: Header;
  operations: readonly Operation[];
  difference: Difference;
  runs = 0;
  phase = 'start';
  key: string;
  private readonly tried = new Set<string>();
  private triedLength = 0;
  /** The length of what was put aside by `save`, as long as nothing shorter was found. */
  private aside: number | null = null;
  private readonly others = new Set<string>();
  private readonly maxRuns: number;

  /** `difference` is what running `sequence` gave. */
  constructor(
    readonly domain: DomainFormat,
    sequence: Sequence,
    difference: Difference,
    private readonly run: RunAnywhere,
    private readonly options: MinimizeOptions,
  ) {
    this.header = sequence.header;
    this.difference = difference;
    this.key = failureKey(difference);
    this.operations = cutTail(sequence.operations, difference);
    this.maxRuns = options.maxRuns ?? DEFAULT_RUNS;
    this.tellIfShorter();
  }

  /** Whether a limit was reached: no further attempt is made. */
  get over(): boolean {
    return this.runs >= this.maxRuns || this.options.stop?.() === true;
  }

  /** Tries other operations under the same header. */
  tryOperations(operations: readonly Operation[]): Promise<boolean> {
    return this.attempt(this.header, operations);
  }

  /** Tries operations that end with another one, put in the place of the failing one: it is to break the same rule. */
  async tryOtherEnd(operations: readonly Operation[], header: Header = this.header): Promise<boolean> {
    const { key } = this;
    const operation = operations[operations.length - 1];
    this.key = failureKey({ ...this.difference, operation });
    if (await this.attempt(header, operations)) return true;
    this.key = key;
    return false;
  }

  /** What stands now, to come back to: it stands until something shorter is found. */
  save(): () => void {
    const { header, operations, difference, key } = this;
    this.aside = operations.length;
    return () => Object.assign(this, { header, operations, difference, key, aside: null });
  }

  tryHeader(header: Header): Promise<boolean> {
    return this.attempt(header, this.operations);
  }

  /** Runs a candidate; true if it fails in the same way, and it is then what the search goes on from. */
  async attempt(header: Header, operations: readonly Operation[]): Promise<boolean> {
    if (this.over) return false;
    const text = JSON.stringify([header, operations]);
    if (this.tried.has(text)) return false;
    this.remember(text);
    this.runs++;
    const difference = await this.run({ header, operations });
    this.options.onProgress?.({ phase: this.phase, runs: this.runs, operations: this.operations.length });
    if (difference === null) return false;
    const key = failureKey(difference);
    if (key !== this.key) {
      if (!this.others.has(key)) {
        this.others.add(key);
        this.options.onOther?.({ header, operations: cutTail(operations, difference) }, difference);
      }
      return false;
    }
    this.header = header;
    this.operations = cutTail(operations, difference);
    this.difference = difference;
    this.tellIfShorter();
    return true;
  }

  private remember(text: string): void {
    this.triedLength += text.length;
    if (this.triedLength > REMEMBERED) {
      this.tried.clear();
      this.triedLength = text.length;
    }
    this.tried.add(text);
  }

  private tellIfShorter(): void {
    if (this.aside !== null && this.operations.length >= this.aside) return;
    this.aside = null;
    this.options.onShorter?.({ header: this.header, operations: this.operations }, this.difference);
  }
}

/** The operations up to the failing one; all of them if the end of the sequence was the failing step. */
function cutTail(operations: readonly Operation[], difference: Difference): readonly Operation[] {
  if (difference.operation === null) return operations;
  return operations.slice(0, difference.step + 1);
}
