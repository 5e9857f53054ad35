/**
 * A lockstep of any targets: src and oracle run step by step, and every target that is named gets the whole sequence.
 *
 *     begin  step  step  step ...  end
 *       |     |     |     |         |____ all lines leave for the targets; programs work on them while the targets of
 *       |_____|_____|_____|               this process answer the same lines; then every answer is compared
 *         src and oracle in step: their own differences, invariants, and what the generator looks at
 *
 * Rules that hold here:
 * - Every target is asked, in this process or outside. Of those that the pair has compared step by step, and which have
 *   agreed, one answers for all: which these are is said by the maker of the pair (`comparedStepwise`).
 * - A difference within the pair counts if the targets that the pair compares are all named. The pair always runs,
 *   since generation looks at the oracle; after a difference that does not count it stands still until the next
 *   sequence.
 * - A dump stands behind every operation that writes (for a content that is large, behind every so many), so that
 *   contents are compared and not only answers; unless a target has no dump.
 * - An allocation that fails (`fail`) is between src and oracle in this process; the answers of others are compared up
 *   to it.
 */

import { domainOf } from '../domains';
import type { Header, Operation } from '../format/types';
import type { Answered, Difference, Lockstep, View } from '../lockstep/types';
import type { AnyLockstep } from '../run/create';
import { printOperation } from '../sequence/print';
import type { Target } from '../targets/list';
import type { Participant } from '../targets/participant';
import { wireHeader } from '../targets/process/target';
import { compareAnswers, type Script, type TargetEvents } from './compare-answers';
import type { ComparedTally } from './compared';
import { HashingReader } from './hashing-reader';
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
  /** Counts what is compared; not for runs that only make a failing sequence shorter. */
  readonly tally?: ComparedTally;
}

/** One sequence in so many is put to the targets twice. */
const REPEATED = 100;

export class Referee implements Lockstep {
  private readonly pair: AnyLockstep;
  private readonly thorough: boolean;
  private readonly tally: ComparedTally | null;
  private readonly events: TargetEvents;
  /** What onCompared told of the present sequence. */
  private readonly compared = new Map<string, { readonly comparedSteps: number; readonly satOut: string | null }>();
  private sequences = 0;
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
    this.tally = options.tally ?? null;
    this.events = {
      onRefused: (name, answer) => running.onRefused(name, answer),
      onUnsupported: (...about) => running.onUnsupported(...about),
      declaredReason: (...about) => running.declaredReason(...about),
      onCompared: (name, comparedSteps, satOut) => this.compared.set(name, { comparedSteps, satOut }),
    };
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
    this.compared.clear();
    return this.own(this.pair.begin(header));
  }

  step(operation: Operation): Difference | null {
    const difference = this.pairStopped ? null : this.own(this.pair.step(operation));
    this.record(operation);
    if (difference !== null) this.count();
    return difference;
  }

  end(): Difference | null {
    const own = this.pairStopped ? null : this.own(this.pair.end());
    if (own === null && this.steps.length > 0) this.dumpAfter(this.steps.at(-1)!);
    const difference = own ?? this.ask();
    this.count();
    return difference;
  }

  /** What the generator may look at: the oracle's content. */
  view(): View {
    return this.pair.view();
  }

  /** What the pair answered last. */
  get sides(): Answered {
    return this.pair.sides;
  }

  /** A difference within the pair, if it counts. */
  private own(difference: Difference | null): Difference | null {
    if (difference === null || this.comparedStepwise.length > 0) return difference;
    this.pairStopped = true;
    return null;
  }

  /** Adds up what was compared in the present sequence. */
  private count(): void {
    if (this.tally === null) return;
    const steps = this.operations.length;
    for (const { name } of this.running.targets) {
      const of = this.compared.get(name) ?? {
        comparedSteps: 0,
        satOut: 'a difference of src and oracle before it was asked',
      };
      const withinPair = this.comparedStepwise.includes(name);
      const satOut = of.satOut ?? (this.failed ? 'an allocation that fails' : null);
      this.tally.add(name, withinPair ? { steps, comparedSteps: steps, satOut: null } : { steps, ...of, satOut });
    }
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
    const repeats = this.tally !== null && this.sequences++ % REPEATED === 0;
    const found = repeats ? this.compareTwice(script) : this.compare(script);
    return found === null
      ? null
      : this.withStability(found.rule === 'target-died' ? this.whoKilled(script, found) : found);
  }

  /**
   * What a program had answered may have died with it. The operation that killed it is known when each line waits for
   * the answer to the one before.
   */
  private whoKilled(script: Script, found: Difference): Difference {
    const again = this.compare(script, { oneByOne: found.alone! });
    if (again !== null) return again;
    const detail = `${found.detail}\nasked line by line it did not die, so no operation is blamed`;
    return { ...found, step: script.operations.length, operation: null, detail };
  }

  private compare(
    script: Script,
    how: { oneByOne?: string; hash?: Map<string, HashingReader> } = {},
  ): Difference | null {
    const { header, lines } = script;
    const asked = this.asked(script);
    for (const target of asked) target.send({ header, lines, oneByOne: target.name === how.oneByOne });
    const answers = asked.map((target) => {
      const { name } = target;
      if (name === this.comparedStepwise[0]) return { names: this.comparedStepwise, reader: target.receive() };
      if (how.hash === undefined) return { names: [name], reader: target.receive() };
      const reader = new HashingReader(target.receive(), lines.length);
      how.hash.set(name, reader);
      return { names: [name], reader };
    });
    return compareAnswers(script, answers, this.running.targets[0].name, this.events);
  }

  /** One of the targets that were compared step by step answers for all of them. */
  private asked({ domain }: Script): Participant[] {
    const represented = this.comparedStepwise.slice(1);
    return this.running.start(domain).filter(({ name }) => !represented.includes(name));
  }

  /** Compares, and asks again whether the answers are the same. */
  private compareTwice(script: Script): Difference | null {
    const hash = new Map<string, HashingReader>();
    const found = this.compare(script, { hash });
    for (const target of found === null ? this.asked(script) : []) {
      const before = hash.get(target.name);
      if (before === undefined) continue;
      target.send(script);
      const reader = new HashingReader(target.receive(), script.lines.length);
      reader.finish();
      const isStable = reader.digest() === before.digest();
      this.running.addRepeat(target.name, isStable);
      this.tally?.addRepeat(target.name, isStable);
    }
    return found;
  }

  /** A difference tells of the targets in it that are known to answer now this, now that. */
  private withStability(found: Difference): Difference {
    const names = found.alone === undefined ? this.running.targets.map(({ name }) => name) : [found.alone];
    const texts = names.map((name) => this.running.instability(name)).filter((text) => text !== null);
    return texts.length === 0 ? found : { ...found, detail: [found.detail, ...texts].join('\n') };
  }
}
