/**
 * A lockstep of any targets: src and oracle run step by step, and every target that is named gets the whole sequence.
 *
 *     begin  step  step  step ...  end
 *       |     |     |     |         |____ all lines leave for the targets; programs work on them while the targets of this
 *       |_____|_____|_____|               process answer the same lines; then every answer is compared
 *         src and oracle in step: their own differences, invariants, and what the generator looks at
 *
 * Rules that hold here:
 * - Every target is asked, in this process or outside. Of those that the pair has compared step by step, and which have agreed,
 *   one answers for all: which these are is said by the maker of the pair (`comparedStepwise`).
 * - A difference within the pair counts if the targets that the pair compares are all named. The pair always runs, since generation
 *   looks at the oracle; after a difference that does not count it stands still until the next sequence.
 * - A dump stands behind every operation that writes (for a content that is large, behind every so many), so that contents
 *   are compared and not only answers; unless a target has no dump.
 * - An allocation that fails (`fail`) is between src and oracle in this process; the answers of others are compared up to it.
 */

import { specOf } from '../format/table';
import type { Header, Operation, Ret } from '../format/types';
import type { MmView, TreeView } from '../format/view';
import type { Difference, Lockstep } from '../lockstep/types';
import type { AnyLockstep } from '../run/create';
import { printOperation } from '../sequence/print';
import type { Target } from '../targets/list';
import type { Exchange } from '../targets/process/target';
import { wireHeader } from '../targets/process/target';
import { compareAnswers, type Script } from './compare-answers';
import type { RunningTargets } from './running-targets';

/** How much content may be dumped per step, in mappings or entries, taken over some steps. */
const DUMP_CREDIT = 64;
const DUMP: Operation = { op: 'dump' };

/** Two implementations of this process that run step by step. */
export interface Pair {
  readonly lockstep: AnyLockstep;
  /** The targets that it compares: the same values that the list of targets has, where they are named. */
  readonly comparedStepwise: readonly Target[];
}

export interface RefereeOptions {
  /** A dump behind every writing operation, at whatever cost. */
  readonly thorough?: boolean;
}

export class Referee implements Lockstep {
  private readonly pair: AnyLockstep;
  private readonly thorough: boolean;
  /** Names of the targets that the pair compares, if all are named; else none. */
  private readonly comparedStepwise: readonly string[];
  private header!: Header;
  private operations: Operation[] = [];
  private lines: string[] = [];
  private steps: number[] = [];
  private credit = 0;
  private dumps = true;
  private pairStopped = false;
  private failed = false;

  constructor(
    private readonly running: RunningTargets,
    { lockstep, comparedStepwise }: Pair,
    options: RefereeOptions = {},
  ) {
    this.pair = lockstep;
    this.thorough = options.thorough ?? false;
    const named = comparedStepwise.every((target) => running.targets.includes(target));
    this.comparedStepwise = named ? comparedStepwise.map(({ name }) => name) : [];
  }

  begin(header: Header): Difference | null {
    this.running.start(header.domain);
    this.header = header;
    this.operations = [];
    this.lines = [];
    this.steps = [];
    this.credit = 0;
    this.dumps = this.running.supports(header.domain, DUMP);
    this.pairStopped = false;
    this.failed = false;
    return this.own(this.pair.begin(header));
  }

  step(operation: Operation): Difference | null {
    const difference = this.pairStopped ? null : this.own(this.pair.step(operation));
    if (difference !== null) return difference;
    this.record(operation);
    return null;
  }

  end(): Difference | null {
    const own = this.pairStopped ? null : this.own(this.pair.end());
    if (own !== null) return own;
    if (this.steps.length > 0) this.dumpAfter(this.steps.at(-1)!);
    return this.ask();
  }

  /** What the generator may look at: the oracle's content. */
  view(): TreeView | MmView {
    return this.pair.view();
  }

  /** What the pair answered last. */
  get sides(): { readonly ret: Ret; readonly refused: boolean } {
    return this.pair.sides;
  }

  /** A difference within the pair, if it counts. */
  private own(difference: Difference | null): Difference | null {
    if (difference === null || this.comparedStepwise.length > 0) return difference;
    this.pairStopped = true;
    return null;
  }

  private record(operation: Operation): void {
    const { domain } = this.header;
    const at = this.operations.push(operation) - 1;
    if (operation.fail !== undefined) this.failed = true;
    if (this.failed) return;
    this.push(printOperation(operation, domain), at);
    if (!specOf(domain, operation.op)!.writes) return;
    this.credit += DUMP_CREDIT;
    if (!this.thorough && this.credit < this.pair.view().count()) return;
    this.credit = 0;
    this.dumpAfter(at);
  }

  private push(line: string, step: number): void {
    this.lines.push(line);
    this.steps.push(step);
  }

  /** Puts a dump behind an operation, unless one stands there. */
  private dumpAfter(step: number): void {
    const { steps } = this;
    if (!this.dumps || this.operations[step].op === 'dump') return;
    if (steps.at(-1) === step && steps.at(-2) === step) return;
    this.push('{"op":"dump"}', step);
  }

  private ask(): Difference | null {
    const { header, operations, lines, steps } = this;
    const script: Script = { domain: header.domain, header: wireHeader(header), lines, steps, operations };
    const targets = this.running.start(header.domain);
    // One of those that were compared step by step answers for all of them.
    const [spokesman, ...represented] = this.comparedStepwise;
    const asked = targets.filter(({ name }) => !represented.includes(name));
    for (const target of asked) target.send(script.header, lines);
    const exchanges = new Map<string, Exchange>(asked.map((target) => [target.name, target.receive()]));
    const answers = targets.map(({ name }) => ({ name, exchange: exchanges.get(name) ?? exchanges.get(spokesman)! }));
    return compareAnswers(script, answers, this.running);
  }
}
