/**
 * Sequences as fast-check sees them: commands for `fc.modelRun`, drawn by an arbitrary of our own.
 *
 * A command carries two raw 32-bit numbers and nothing else. What it does is decided when it runs: the numbers start a
 * stream, and the drawer resolves the operation against what the oracle holds by then. That is what lets an argument be
 * "edge k of the present content", and it is cheap: fast-check's own arbitraries, composed, cost more than the step
 * itself.
 *
 * Shrinking is left to our own minimizer, which works on what was resolved; so the arbitrary shrinks to nothing.
 */
import fc from 'fast-check';
import type { Header, Operation } from '../format/types';
import type { SequenceRun, Source } from '../lockstep/run';
import type { Difference, Lockstep, View } from '../lockstep/types';
import type { Drawer, GeneratedDomain, Profile } from './generation';
import { Stream } from './stream';
import type { GenerateOptions } from './weights';

/** As many operations as a profile says, each drawn when it is its turn. */
export class DrawnSource implements Source {
  readonly header: Header;
  private left: number;

  constructor(
    private readonly profile: Profile,
    private readonly drawer: Drawer,
  ) {
    this.header = profile.header;
    this.left = profile.length;
  }

  begin(view: View): void {
    this.drawer.begin(this.profile, view);
  }

  next(): Operation | null {
    return this.left-- > 0 ? this.drawer.draw() : null;
  }
}

/** What the commands of a sequence share: the stream that each starts, and the run that each takes a step further. */
export interface RunModel {
  readonly stream: Stream;
  readonly run: SequenceRun;
}

/** Thrown by the command that found a difference: so fast-check counts the run as failed. */
export class DifferenceError extends Error {
  constructor(readonly difference: Difference) {
    super(`${difference.rule} at step ${difference.step}: ${difference.detail}`);
  }
}

/** One operation that is still to be drawn. */
export class OperationCommand implements fc.Command<RunModel, Lockstep> {
  private operation: Operation | null = null;

  constructor(
    private readonly high: number,
    private readonly low: number,
  ) {}

  /** Draws are legal by themselves; there is nothing to skip. */
  check(): boolean {
    return true;
  }

  run({ stream, run }: RunModel): void {
    stream.start(this.high, this.low);
    run.step();
    this.operation = run.operations[run.operations.length - 1] ?? null;
    if (run.difference !== null) throw new DifferenceError(run.difference);
  }

  get hasRun(): boolean {
    return this.operation !== null;
  }

  toString(): string {
    return this.operation === null ? 'not run' : JSON.stringify(this.operation);
  }
}

/** A drawn sequence: what it is like, and its commands. */
export class GeneratedSequence {
  constructor(
    readonly profile: Profile,
    readonly commands: readonly OperationCommand[],
  ) {}

  /** What fast-check prints of it: the header, and what was run. */
  [fc.toStringMethod](): string {
    const run = this.commands.filter((command) => command.hasRun).map(String);
    return [JSON.stringify(this.profile.header), ...run].join('\n');
  }
}

/** Draws whole sequences of a domain. */
export class SequenceArbitrary extends fc.Arbitrary<GeneratedSequence> {
  private readonly stream = new Stream();

  constructor(
    private readonly domain: GeneratedDomain,
    private readonly options: GenerateOptions,
  ) {
    super();
  }

  generate(random: fc.Random): fc.Value<GeneratedSequence> {
    this.stream.start(random.nextInt(), random.nextInt(), random.nextInt());
    const profile = this.domain.generation.drawProfile(this.stream, this.options);
    const commands: OperationCommand[] = new Array(profile.length);
    for (let i = 0; i < commands.length; i++) commands[i] = new OperationCommand(random.nextInt(), random.nextInt());
    return new fc.Value(new GeneratedSequence(profile, commands), undefined);
  }

  canShrinkWithoutContext(_value: unknown): _value is GeneratedSequence {
    return false;
  }

  shrink(): fc.Stream<fc.Value<GeneratedSequence>> {
    return fc.Stream.nil();
  }
}
