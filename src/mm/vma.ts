/**
 * A VMA: one mapping, as an object; and what it belongs to when its pages have been written, an anon_vma.
 *
 *         start                 end
 *           |<----- pages ------>|
 *     file: pgoff            pgoff + pages
 *
 * Rules that hold here:
 * - Addresses are page numbers. `start` belongs to the mapping, `end` does not. Bytes exist only at the surface: the
 *   accessors are for users of the library (api.ts), and no code of this folder reads them.
 * - The tree holds the object itself over [start, end - 1]; there is no other list of mappings.
 * - `pgoff` of private anonymous memory is the page at which it was first mapped; a merge compares it all the same.
 * - The anon_vma is an identity: two mappings may merge if theirs agree. One made by fork is "inherited": it also hangs
 *   on the parent's, and such mappings are kept apart from unfaulted ones.
 * - `users` of an anon_vma is the number of mappings that have it.
 */
import type { DriverFlag, DriverVma, Prot } from './api';
import type { MmFile } from './file';
import { PAGE_SIZE } from './page';
import {
  flagCodes,
  VM_ACCESS_FLAGS,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_IO,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_MIXEDMAP,
  VM_PFNMAP,
  VM_SEALED,
  VM_SHARED,
} from './vm-flags';

/** What the pages of written private mappings belong to. */
export class AnonVma {
  readonly id: number;
  /** Made by fork: the chain of the mappings that have it is longer than one. */
  readonly inherited: boolean;
  /** Mappings that have it. */
  users = 0;

  constructor(id: number, inherited: boolean) {
    this.id = id;
    this.inherited = inherited;
  }
}

const DRIVER_FLAGS: Readonly<Record<DriverFlag, number>> = {
  dontdump: VM_DONTDUMP,
  dontexpand: VM_DONTEXPAND,
  io: VM_IO,
  mixedmap: VM_MIXEDMAP,
  pfnmap: VM_PFNMAP,
};

export class Vma implements DriverVma {
  /** First page. */
  start = 0;
  /** First page behind it. */
  end = 0;
  /** Offset of `start` in the file, in pages. */
  pgoff = 0;
  /** VM_* of vm-flags.ts. */
  flags = 0;
  file: MmFile | null = null;
  anonVma: AnonVma | null = null;
  /** Memory policy; 0 is the default one. */
  policy = 0;
  /** Userfaultfd context; 0 is none. */
  uffdCtx = 0;
  name: string | null = null;
  /** Gathered by a munmap, or removed: no code may rely on it. */
  detached = false;
  /** Its close hook has run. */
  closed = false;

  get addr(): number {
    return this.start * PAGE_SIZE;
  }

  get len(): number {
    return (this.end - this.start) * PAGE_SIZE;
  }

  get offset(): number {
    return this.file === null ? 0 : this.pgoff * PAGE_SIZE;
  }

  get prot(): Prot {
    return this.flags & VM_ACCESS_FLAGS;
  }

  get vmFlags(): string {
    return flagCodes(this.flags);
  }

  addFlags(...flags: readonly DriverFlag[]): void {
    for (const flag of flags) this.flags |= DRIVER_FLAGS[flag];
  }
}

/** Length in pages. */
export function vmaPages(vma: Vma): number {
  return vma.end - vma.start;
}

/** Private anonymous memory. */
export function vmaIsAnonymous(vma: Vma): boolean {
  return vma.file === null;
}

/** Memory without a name in the file system: private, or shared anonymous. */
export function vmaIsNameless(vma: Vma): boolean {
  return vma.file === null || vma.file.anonymousShared;
}

export function vmaIsSealed(vma: Vma): boolean {
  return (vma.flags & VM_SEALED) !== 0;
}

export function vmaIsShared(vma: Vma): boolean {
  return (vma.flags & (VM_SHARED | VM_MAYSHARE)) !== 0;
}

export function vmaIsSharedMaywrite(vma: Vma): boolean {
  return (vma.flags & (VM_SHARED | VM_MAYWRITE)) === (VM_SHARED | VM_MAYWRITE);
}

/** Whether its anon_vma also hangs on a parent's. */
export function vmaIsForkChild(vma: Vma | null): boolean {
  return vma?.anonVma?.inherited === true;
}

/** Whether its anon_vma chain has exactly one link: faulted, and not inherited. */
export function anonChainIsSingular(vma: Vma): boolean {
  return vma.anonVma !== null && !vma.anonVma.inherited;
}

export function vmaSetRange(vma: Vma, start: number, end: number, pgoff: number): void {
  vma.start = start;
  vma.end = end;
  vma.pgoff = pgoff;
}

/** "[12, 15) a@3", for messages. */
export function describeVma(vma: Vma | null): string {
  if (vma === null) return 'none';
  const what = vma.file === null ? 'anon' : (vma.file.name ?? 'shared');
  return `[${vma.start}, ${vma.end}) ${what}@${vma.pgoff}`;
}
