/**
 * A lockstep of any targets: those of this process run step by step, those outside get the whole sequence at once.
 *
 *     begin  step  step  step ...  end
 *       |     |     |     |         |____ all lines leave for the targets outside; while they work, the targets of this
 *       |_____|_____|_____|               process answer the same lines; then every answer is compared
 *         src and oracle in step: their own differences, invariants, and what the generator looks at
 *
 * Rules that hold here:
 * - A dump stands behind every operation that writes (for a content that is large, behind every so many), so that contents
 *   are compared and not only answers; unless a target has no dump.
 * - The pair src and oracle always runs, since generation looks at the oracle; a difference between the two counts only if
 *   both are named. After one that does not count the pair stands still until the next sequence.
 * - An allocation that fails (`fail`) is between src and oracle in this process; the answers of others are compared up to it.
 */

import { domainOf } from '../domains';
import type { Header, Operation } from '../format/types';
import type { Answered, Difference, Invariant, Lockstep, View } from '../lockstep/types';
import { AnyLockstep } from '../run/create';
import { printOperation } from '../sequence/print';
import { wireHeader } from '../targets/process/target';
import type { Seats } from './running-targets';
import { compareVoices, type Script } from './verdict';

/** How much content may be dumped per step, in mappings or entries, taken over some steps. */
const DUMP_CREDIT = 64;
const DUMP: Operation = { op: 'dump' };

export interface RefereeOptions {
  readonly invariants: readonly Invariant[];
  /** A dump behind every writing operation, at whatever cost. */
  readonly thorough?: boolean;
}

export class Referee implements Lockstep {
  private readonly pair: AnyLockstep;
  private readonly thorough: boolean;
  private header!: Header;
  private operations: Operation[] = [];
  private lines: string[] = [];
  private steps: number[] = [];
  private credit = 0;
  private dumps = true;
  private pairStopped = false;
  private failed = false;

  constructor(
    private readonly seats: Seats,
    options: RefereeOptions,
  ) {
    this.thorough = options.thorough ?? false;
    this.pair = new AnyLockstep({ invariants: options.invariants, thorough: this.thorough });
  }

  begin(header: Header): Difference | null {
    this.seats.of(header.domain);
    this.header = header;
    this.operations = [];
    this.lines = [];
    this.steps = [];
    this.credit = 0;
    this.dumps = this.seats.supports(DUMP);
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
  view(): View {
    return this.pair.view();
  }

  /** What the pair answered last. */
  get sides(): Answered {
    return this.pair.sides;
  }

  /** A difference of src and oracle, if that is asked for. */
  private own(difference: Difference | null): Difference | null {
    if (difference === null || this.seats.hasPair) return difference;
    this.pairStopped = true;
    return null;
  }

  private record(operation: Operation): void {
    const { domain } = this.header;
    const at = this.operations.push(operation) - 1;
    if (operation.fail !== undefined) this.failed = true;
    if (this.failed) return;
    this.push(printOperation(operation, domain), at);
    if (!domainOf(this.header).spec(operation.op)?.writes) return;
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
    const joined = this.seats.of(header.domain);
    // Those outside first: they work while we do.
    for (const participant of joined) if (!participant.inside) participant.send(script.header, lines);
    // Of src and oracle, which have agreed step by step, one speaks for both.
    const inside = joined.filter((participant) => participant.inside);
    inside[0]?.send(script.header, lines);
    const voices = joined.map((participant) => {
      const speaker = participant.inside ? inside[0] : participant;
      return { name: participant.name, exchange: speaker.receive() };
    });
    return compareVoices(script, voices, this.seats);
  }
}
