/**
 * Where sequences come from: number n of a seed, run on a lockstep.
 *
 * Sequence n is a pure function of the seed, the flags, n and the program's version, whoever runs it and in whatever order:
 * it has a fast-check seed of its own, made from the text `seed/n`.
 *
 * Two ways to the same kind of sequence:
 * - `fast-check`: drawn by the arbitrary of commands.ts and driven by `fc.check` and `fc.modelRun`;
 * - `direct`: the same profiles and the same drawing from one running stream, without arbitraries: several times faster to
 *   generate, and used where operations are mixed with saved ones. (The sequences are others: raw numbers differ.)
 */

import fc from 'fast-check';
import type { MmView } from '../domains/mm/view';
import type { TreeView } from '../domains/tree/view';
import type { DomainName, Header, Operation } from '../format/types';

import type { Difference, Lockstep } from '../lockstep/types';
import { DifferenceError, type GeneratedSequence, RunModel, SequenceArbitrary } from './commands';
import { Drawer, drawProfile, type GenerateOptions, headerOf, type View } from './drawer';
import { Stream, seedOfText } from './stream';

/** A lockstep whose judge the generator may look at. */
export interface ViewedLockstep extends Lockstep {
  /** What the judge holds in the sequence that began last, which is of one of the two domains. */
  view(): TreeView | MmView;
}

export interface SourceOptions extends GenerateOptions {
  readonly seed: string;
  /** The domains in turn: sequence n is of domain n modulo their number. */
  readonly domains: readonly DomainName[];
  readonly engine: 'fast-check' | 'direct';
}

/** The judge's content in the sequence with this header. */
export function viewOf(lockstep: ViewedLockstep, header: Header): View {
  return { domain: header.domain, view: lockstep.view() } as View;
}

/** A sequence that was run, as far as it went. `operations` is valid until the next run: copy what is to be kept. */
export interface GeneratedRun {
  readonly n: number;
  readonly header: Header;
  readonly operations: readonly Operation[];
  readonly difference: Difference | null;
}

export class SequenceSource {
  private readonly stream = new Stream();
  private readonly drawer = new Drawer(this.stream);
  private readonly model = new RunModel(this.stream, this.drawer);
  private readonly properties = new Map<DomainName, fc.IProperty<[GeneratedSequence]>>();
  private lockstep: ViewedLockstep | null = null;
  private header: Header | null = null;

  constructor(private readonly options: SourceOptions) {}

  domainOf(n: number): DomainName {
    return this.options.domains[n % this.options.domains.length];
  }

  /** Generates sequence n and runs it at the same time, up to its end or its first difference. */
  run(n: number, lockstep: ViewedLockstep): GeneratedRun {
    this.lockstep = lockstep;
    this.header = null;
    this.model.begin();
    if (this.options.engine === 'fast-check') this.runByFastCheck(n);
    else this.runDirectly(n, lockstep);
    const { operations, difference } = this.model;
    if (this.header === null) throw new Error(`sequence ${n} drew no header`);
    return { n, header: this.header, operations, difference };
  }

  private seedText(n: number): string {
    return `${this.options.seed}/${n}`;
  }

  private runByFastCheck(n: number): void {
    const domain = this.domainOf(n);
    let property = this.properties.get(domain);
    if (property === undefined) {
      const arbitrary = new SequenceArbitrary(domain, this.options);
      property = fc.property(arbitrary, (generated) => this.runCommands(generated));
      this.properties.set(domain, property);
    }
    const details = fc.check(property, { seed: seedOfText(this.seedText(n)), numRuns: 1, endOnFailure: true });
    if (details.failed && this.model.difference === null) {
      throw details.errorInstance ?? new Error(`sequence ${n} could not be run`);
    }
  }

  /** The property: every step agrees, and so does the end. */
  private runCommands(generated: GeneratedSequence): void {
    const lockstep = this.lockstep!;
    this.header = headerOf(generated.profile);
    try {
      this.note(lockstep.begin(this.header));
      this.drawer.begin(generated.profile, viewOf(lockstep, this.header));
      fc.modelRun(() => ({ model: this.model, real: lockstep }), generated.commands);
      this.note(lockstep.end());
    } catch (error) {
      if (error instanceof DifferenceError) this.model.difference = error.difference;
      throw error;
    }
  }

  private note(difference: Difference | null): void {
    if (difference !== null) throw new DifferenceError(difference);
  }

  private runDirectly(n: number, lockstep: ViewedLockstep): void {
    const { stream, drawer, model } = this;
    stream.startText(this.seedText(n));
    const profile = drawProfile(this.domainOf(n), stream, this.options);
    this.header = headerOf(profile);
    model.difference = lockstep.begin(this.header);
    if (model.difference !== null) return;
    drawer.begin(profile, viewOf(lockstep, this.header));
    for (let i = 0; i < profile.profile.length; i++) {
      const operation = drawer.draw();
      model.operations.push(operation);
      const difference = lockstep.step(operation);
      if (difference !== null) {
        model.difference = difference;
        return;
      }
    }
    model.difference = lockstep.end();
  }
}
