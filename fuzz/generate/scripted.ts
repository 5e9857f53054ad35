/**
 * Runs scripts (saved operations with holes) on a lockstep: the path that feeds operations directly, without
 * fast-check. Holes are filled from the present content by a profile of their own.
 */
import type { Header, Operation, Sequence } from '../format/types';
import { type RunListener, SequenceRun, type Source } from '../lockstep/run';
import type { Lockstep, View } from '../lockstep/types';
import { type Drawer, Drawers, type GeneratedDomain, type Profile } from './generation';
import { mutate, type ScriptItem } from './mutate';
import type { GeneratedRun } from './source';
import { Stream } from './stream';
import type { GenerateOptions } from './weights';

/** The items of a script, and drawn operations in its holes. */
class ScriptSource implements Source {
  readonly header: Header;
  private at = 0;

  constructor(
    private readonly script: readonly ScriptItem[],
    private readonly profile: Profile,
    private readonly drawer: Drawer,
    private readonly strict: boolean,
  ) {
    this.header = profile.header;
  }

  begin(view: View): void {
    this.drawer.begin(this.profile, view);
  }

  next(): Operation | null {
    if (this.at >= this.script.length) return null;
    const item = this.script[this.at++];
    return item !== null && this.isLegal(item) ? item : this.drawer.draw();
  }

  /** In a strict run a changed argument must not lead to what only the format defines, nor an allocation fail. */
  private isLegal(operation: Operation): boolean {
    return !this.strict || (operation.fail === undefined && this.drawer.isLegal(operation));
  }
}

/** Makes children of saved sequences and runs them. */
export class Breeder {
  private readonly present = new SequenceRun();
  private readonly stream = new Stream();
  private readonly drawers = new Drawers(this.stream);

  constructor(
    private readonly domainOf: (header: Header) => GeneratedDomain,
    private readonly options: GenerateOptions,
  ) {}

  /**
   * Runs a child of `parent` and `other`, a pure function of the two and of `seedText`. As with SequenceSource, the
   * operations are valid until the next run.
   */
  run(
    n: number,
    seedText: string,
    [parent, other]: readonly [Sequence, Sequence],
    lockstep: Lockstep,
    listeners?: readonly RunListener[],
  ): GeneratedRun {
    const { header } = parent;
    const domain = this.domainOf(header);
    this.stream.startText(seedText);
    const script = mutate(this.stream, domain, parent, other);
    // The domain's way of drawing, under the parent's header.
    const profile = { ...domain.generation.drawProfile(this.stream, this.options), header };
    const source = new ScriptSource(script, profile, this.drawers.of(domain), this.options.strict === true);
    const difference = this.present.run(source, lockstep, listeners);
    return { n, header, operations: this.present.operations, difference };
  }
}
