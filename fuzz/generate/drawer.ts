/**
 * One sequence's generator, for either domain: a profile drawn once, then one operation after the other.
 */

import { MmDrawer } from '../domains/mm/drawer';
import { drawMmProfile, type MmProfile } from '../domains/mm/profile';
import type { MmView } from '../domains/mm/view';
import { TreeDrawer } from '../domains/tree/drawer';
import { drawTreeProfile, type TreeProfile } from '../domains/tree/profile';
import type { TreeView } from '../domains/tree/view';
import type { DomainName, Header, Operation } from '../format/types';

import type { Stream } from './stream';
import type { GenerateOptions } from './weights';

export type { GenerateOptions };

/** What a sequence is like: its header, its length, and all that its operations are drawn by. */
export type Profile =
  | { readonly domain: 'tree'; readonly profile: TreeProfile }
  | { readonly domain: 'mm'; readonly profile: MmProfile };

export type View =
  | { readonly domain: 'tree'; readonly view: TreeView }
  | { readonly domain: 'mm'; readonly view: MmView };

export function drawProfile(domain: DomainName, stream: Stream, options: GenerateOptions): Profile {
  return domain === 'tree'
    ? { domain: 'tree', profile: drawTreeProfile(stream, options) }
    : { domain: 'mm', profile: drawMmProfile(stream, options) };
}

export function headerOf(profile: Profile): Header {
  return profile.profile.header;
}

/** Draws operations; one object serves many sequences. */
export class Drawer {
  private tree: TreeDrawer | null = null;
  private mm: MmDrawer | null = null;
  private domain: DomainName = 'tree';

  constructor(private readonly stream: Stream) {}

  /** Starts a sequence; `view` reads what the judge holds, which is empty now. */
  begin(profile: Profile, view: View): void {
    this.domain = profile.domain;
    if (profile.domain === 'tree' && view.domain === 'tree') {
      this.tree ??= new TreeDrawer(this.stream, profile.profile, view.view);
      this.tree.begin(profile.profile, view.view);
    } else if (profile.domain === 'mm' && view.domain === 'mm') {
      this.mm ??= new MmDrawer(this.stream, profile.profile, view.view);
      this.mm.begin(profile.profile, view.view);
    } else {
      throw new Error(`a ${profile.domain} profile, and a view of ${view.domain}`);
    }
  }

  draw(): Operation {
    return this.domain === 'tree' ? this.tree!.draw() : this.mm!.draw();
  }
}
