/**
 * Where sequences come from: number n of a seed, run on a lockstep.
 *
 * Sequence n is a pure function of the seed, the flags, n and the program's version, whatever process runs it and in
 * whatever order: it has a fast-check seed of its own, made from the text `seed/n`.
 *
 * Two ways to the same kind of sequence:
 * - `fast-check`: drawn by the arbitrary of commands.ts and driven by `fc.check` and `fc.modelRun`;
 * - `direct`: the same profiles and the same drawing from one running stream, without arbitraries: several times faster
 *   to generate, and used where operations are mixed with saved ones. (The sequences are others: raw numbers differ.)
 */
import fc from 'fast-check';
import type { Header, Operation } from '../format/types';
import { type RunListener, SequenceRun } from '../lockstep/run';
import type { Difference, Lockstep } from '../lockstep/types';
import { DifferenceError, DrawnSource, type GeneratedSequence, SequenceArbitrary } from './commands';
import { Drawers, type GeneratedDomain } from './generation';
import { Stream, seedOfText } from './stream';
import type { GenerateOptions } from './weights';

export interface SourceOptions extends GenerateOptions {
  readonly seed: string;
  /** The domains in turn: sequence n is of domain n modulo their number. */
  readonly domains: readonly GeneratedDomain[];
  readonly engine: 'fast-check' | 'direct';
}

/** A sequence that was run, as far as it went. `operations` is valid until the next run: copy what is to be kept. */
export interface GeneratedRun {
  readonly n: number;
  readonly header: Header;
  readonly operations: readonly Operation[];
  readonly difference: Difference | null;
}

export class SequenceSource {
  /** The sequence that is under way, or ran last. */
  readonly present = new SequenceRun();
  private readonly stream = new Stream();
  private readonly drawers = new Drawers(this.stream);
  private readonly properties = new Map<string, fc.IProperty<[GeneratedSequence]>>();
  private lockstep!: Lockstep;
  private listeners: readonly RunListener[] | undefined;

  constructor(private readonly options: SourceOptions) {}

  domainOf(n: number): GeneratedDomain {
    return this.options.domains[n % this.options.domains.length];
  }

  /** Generates sequence n and runs it at the same time, up to its end or its first difference. */
  run(n: number, lockstep: Lockstep, listeners?: readonly RunListener[]): GeneratedRun {
    const { present } = this;
    this.lockstep = lockstep;
    this.listeners = listeners;
    present.header = null;
    if (this.options.engine === 'fast-check') this.runByFastCheck(n);
    else this.runDirectly(n);
    const { header, operations, difference } = present;
    if (header === null) throw new Error(`sequence ${n} drew no header`);
    return { n, header, operations, difference };
  }

  private seedText(n: number): string {
    return `${this.options.seed}/${n}`;
  }

  private runByFastCheck(n: number): void {
    const domain = this.domainOf(n);
    let property = this.properties.get(domain.name);
    if (property === undefined) {
      const arbitrary = new SequenceArbitrary(domain, this.options);
      property = fc.property(arbitrary, (generated) => this.runCommands(domain, generated));
      this.properties.set(domain.name, property);
    }
    const details = fc.check(property, { seed: seedOfText(this.seedText(n)), numRuns: 1, endOnFailure: true });
    if (details.failed && !(details.errorInstance instanceof DifferenceError)) {
      throw details.errorInstance ?? new Error(`sequence ${n} could not be run`);
    }
  }

  /** The property: every step agrees, and so does the end. */
  private runCommands(domain: GeneratedDomain, { profile, commands }: GeneratedSequence): void {
    const { present: run, stream, lockstep } = this;
    if (run.begin(new DrawnSource(profile, this.drawers.of(domain)), lockstep, this.listeners)) {
      fc.modelRun(() => ({ model: { stream, run }, real: lockstep }), commands);
    }
    const difference = run.end();
    if (difference !== null) throw new DifferenceError(difference);
  }

  private runDirectly(n: number): void {
    const { stream } = this;
    const domain = this.domainOf(n);
    stream.startText(this.seedText(n));
    const profile = domain.generation.drawProfile(stream, this.options);
    this.present.run(new DrawnSource(profile, this.drawers.of(domain)), this.lockstep, this.listeners);
  }
}
