/**
 * What the generator needs of a domain: how one sequence is like as a whole, and how its operations are drawn.
 */
import type { DomainFormat } from '../format/domain';
import type { Header, Operation } from '../format/types';
import type { View } from '../lockstep/types';
import type { Stream } from './stream';
import type { GenerateOptions } from './weights';

/** What a sequence is like. A domain adds all that its own operations are drawn by. */
export interface Profile {
  readonly header: Header;
  /** So many operations. */
  readonly length: number;
}

/** Draws the operations of one sequence after the other, from the stream that it was made with. */
export interface Drawer {
  /** Starts a sequence, with a profile and a view of its own domain; the content is empty now. */
  begin(profile: Profile, view: View): void;
  /** The next operation, complete, resolved against the present content. */
  draw(): Operation;
  /** Whether a saved operation, changed perhaps, may run now in a sequence for targets that are not ours. */
  isLegal(operation: Operation): boolean;
}

export interface Generation {
  drawProfile(stream: Stream, options: GenerateOptions): Profile;
  createDrawer(stream: Stream): Drawer;
}

export interface GeneratedDomain extends DomainFormat {
  readonly generation: Generation;
}

/** One drawer for each domain; all draw from the same stream. */
export class Drawers {
  private readonly made = new Map<string, Drawer>();

  constructor(private readonly stream: Stream) {}

  of(domain: GeneratedDomain): Drawer {
    let drawer = this.made.get(domain.name);
    if (drawer === undefined) this.made.set(domain.name, (drawer = domain.generation.createDrawer(this.stream)));
    return drawer;
  }
}
