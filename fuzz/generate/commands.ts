/**
 * Sequences as fast-check sees them: commands for `fc.modelRun`, drawn by an arbitrary of our own.
 *
 * A command carries two raw 32-bit numbers and nothing else. What it does is decided when it runs: the numbers start a
 * stream, and the drawer resolves the operation against what the judge holds by then. That is what lets an argument be "edge
 * k of the present content", and it is cheap: fast-check's own arbitraries, composed, cost more than the step itself.
 *
 * Shrinking is left to our own minimizer, which works on what was resolved; so the arbitrary shrinks to nothing.
 */
import fc from 'fast-check';
import type { DomainName, Operation } from '../format/types';
import type { Difference, Lockstep } from '../lockstep/types';
import { type Drawer, drawProfile, type GenerateOptions, type Profile } from './drawer';
import { Stream } from './stream';

/** What commands share while a sequence runs: the generator, and what it came to. */
export class RunModel {
  readonly operations: Operation[] = [];
  difference: Difference | null = null;

  constructor(
    readonly stream: Stream,
    readonly drawer: Drawer,
  ) {}

  begin(): void {
    this.operations.length = 0;
    this.difference = null;
  }
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

  run(model: RunModel, real: Lockstep): void {
    model.stream.start(this.high, this.low);
    const operation = model.drawer.draw();
    this.operation = operation;
    model.operations.push(operation);
    const difference = real.step(operation);
    if (difference !== null) throw new DifferenceError(difference);
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
    return [JSON.stringify(this.profile.profile.header), ...run].join('\n');
  }
}

/** Draws whole sequences of a domain. */
export class SequenceArbitrary extends fc.Arbitrary<GeneratedSequence> {
  private readonly stream = new Stream();

  constructor(
    private readonly domain: DomainName,
    private readonly options: GenerateOptions,
  ) {
    super();
  }

  generate(random: fc.Random): fc.Value<GeneratedSequence> {
    this.stream.start(random.nextInt(), random.nextInt(), random.nextInt());
    const profile = drawProfile(this.domain, this.stream, this.options);
    const commands: OperationCommand[] = new Array(profile.profile.length);
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
