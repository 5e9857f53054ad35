/**
 * Runs scripts (saved operations with holes) on a lockstep: the path that feeds operations directly, without fast-check. Holes are filled from the present content by a profile of their own.
 */

import type { MmHeader } from '../domains/mm/header';
import type { TreeHeader } from '../domains/tree/header';
import type { Header, Operation, Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { Drawer, drawProfile, type GenerateOptions, type Profile, type View } from './drawer';
import { mutate, type ScriptItem } from './mutate';
import { type GeneratedRun, type ViewedLockstep, viewOf } from './source';
import { Stream } from './stream';

/** Makes children of saved sequences and runs them. */
export class Breeder {
  private readonly stream = new Stream();
  private readonly drawer = new Drawer(this.stream);
  private readonly operations: Operation[] = [];

  constructor(private readonly options: GenerateOptions) {}

  /**
   * Runs a child of `parent` and `other`, a pure function of the two and of `seedText`. As with SequenceSource, the
   * operations are valid until the next run.
   */
  run(n: number, seedText: string, parent: Sequence, other: Sequence, lockstep: ViewedLockstep): GeneratedRun {
    this.stream.startText(seedText);
    const script = mutate(this.stream, parent, other);
    const { header } = parent;
    const profile = withHeader(drawProfile(header.domain, this.stream, this.options), header);
    this.operations.length = 0;
    const difference = this.runScript(script, profile, header, lockstep);
    return { n, header, operations: this.operations, difference };
  }

  private runScript(
    script: readonly ScriptItem[],
    profile: Profile,
    header: Header,
    lockstep: ViewedLockstep,
  ): Difference | null {
    const begun = lockstep.begin(header);
    if (begun !== null) return begun;
    const view = viewOf(lockstep, header);
    this.drawer.begin(profile, view);
    for (const item of script) {
      const operation = item !== null && this.isLegal(item, view) ? item : this.drawer.draw();
      this.operations.push(operation);
      const difference = lockstep.step(operation);
      if (difference !== null) return difference;
    }
    return lockstep.end();
  }

  /** In a strict run a changed argument must not lead to what only the format defines, nor an allocation fail. */
  private isLegal(operation: Operation, view: View): boolean {
    if (this.options.strict !== true) return true;
    return operation.fail === undefined && !(view.domain === 'tree' && view.view.isCorner(operation));
  }
}

/** The profile's way of drawing under another sequence's header. */
function withHeader(profile: Profile, header: Header): Profile {
  if (profile.domain === 'tree' && header.domain === 'tree') {
    return { domain: 'tree', profile: { ...profile.profile, header: header as TreeHeader } };
  }
  if (profile.domain === 'mm' && header.domain === 'mm') {
    return { domain: 'mm', profile: { ...profile.profile, header: header as MmHeader } };
  }
  return profile;
}
