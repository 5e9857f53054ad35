/**
 * fast-check's own ceiling: as many sequences, as long, of commands that do nothing. Three of them:
 *
 * - `commands`: `fc.commands` with one constant command: the fastest that its users can write. The goals are set
 *   against this.
 * - `drawn`: `fc.commands` with a command of two drawn integers, which is what a command of some use must have at
 *   least.
 * - `bare`: the loop's own arbitrary (two raw numbers a command) with commands that do nothing. Less of fast-check is
 *   in it, so it is faster: what it takes beyond that is what drawing, running and checking cost.
 */
import fc from 'fast-check';

export class Nothing implements fc.Command<object, object> {
  check(): boolean {
    return true;
  }

  run(): void {
    steps++;
  }

  toString(): string {
    return 'nothing';
  }
}

class NothingOfTwo extends Nothing {
  constructor(
    readonly high: number,
    readonly low: number,
  ) {
    super();
  }
}

let steps = 0;

const nothing = fc.constant(new Nothing());

/** A whole sequence of a given length, drawn as the loop draws its own. */
class BareArbitrary extends fc.Arbitrary<readonly NothingOfTwo[]> {
  constructor(private readonly length: number) {
    super();
  }

  generate(random: fc.Random): fc.Value<readonly NothingOfTwo[]> {
    const commands: NothingOfTwo[] = new Array(this.length);
    for (let i = 0; i < commands.length; i++) commands[i] = new NothingOfTwo(random.nextInt(), random.nextInt());
    return new fc.Value(commands, undefined);
  }

  canShrinkWithoutContext(_value: unknown): _value is readonly NothingOfTwo[] {
    return false;
  }

  shrink(): fc.Stream<fc.Value<readonly NothingOfTwo[]>> {
    return fc.Stream.nil();
  }
}

const setup = () => ({ model: {}, real: {} });

function runOne(arbitrary: fc.Arbitrary<Iterable<fc.Command<object, object>>>, seed: number): void {
  const property = fc.property(arbitrary, (commands) => fc.modelRun(setup, commands));
  fc.check(property, { seed, numRuns: 1, endOnFailure: true });
}

/**
 * Runs sequences of such commands, about as long as `lengths` says (twice the length at most, so that the mean is it);
 * steps that ran.
 */
export function runAll(commands: fc.Arbitrary<Nothing>[], lengths: readonly number[]): number {
  steps = 0;
  lengths.forEach((length, n) => {
    runOne(fc.commands<object, object>(commands, { maxCommands: 2 * length, size: 'max' }), n);
  });
  return steps;
}

/** The same command again and again. */
export function runCommands(lengths: readonly number[]): number {
  return runAll([nothing], lengths);
}

const drawn = fc.tuple(fc.integer(), fc.integer()).map(([high, low]) => new NothingOfTwo(high, low));

/** As runCommands, with two integers drawn for each command. */
export function runDrawn(lengths: readonly number[]): number {
  return runAll([drawn], lengths);
}

/** Runs sequences exactly as long as `lengths` says; steps that ran. */
export function runBare(lengths: readonly number[]): number {
  steps = 0;
  lengths.forEach((length, n) => {
    runOne(new BareArbitrary(length), n);
  });
  return steps;
}
