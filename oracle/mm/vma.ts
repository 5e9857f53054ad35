/**
 * One mapping (VMA): a page-aligned range of addresses with everything that is the same all over it.
 *
 * Besides what a dump shows it has two hidden properties that decide merges: its anon_vma (a number that says with whom
 * it shares the reverse map of its private pages, 0 if nothing private was ever written) and whether that anon_vma came
 * over a fork, so that the parent may still hold some of the pages.
 */
import type { FileObject } from './files';

export const PAGE = 4096;

export class Vma {
  constructor(
    /** First byte, from the start of the window. */
    public start: number,
    /** First byte beyond. */
    public end: number,
    /** Bits of flags.ts. */
    public flags: number,
    /** Null for private anonymous memory. */
    public file: FileObject | null,
    /** Page of the file at `start`; for private anonymous memory the page at which it was mapped first. */
    public pgoff: number,
    /** Identity of the anon_vma, 0 for none. */
    public anon = 0,
    /** Whether the anon_vma came over a fork (its chain has more than one link). */
    public inherited = false,
    /** Memory policy, 0 for the default. */
    public policy = 0,
    /** userfaultfd context, 0 for none. */
    public uffd = 0,
    /** Name of anonymous memory. */
    public name: string | null = null,
  ) {}

  copy(): Vma {
    return new Vma(
      this.start,
      this.end,
      this.flags,
      this.file,
      this.pgoff,
      this.anon,
      this.inherited,
      this.policy,
      this.uffd,
      this.name,
    );
  }

  /** Takes over everything from another one. */
  become(other: Vma): void {
    this.start = other.start;
    this.end = other.end;
    this.flags = other.flags;
    this.file = other.file;
    this.pgoff = other.pgoff;
    this.anon = other.anon;
    this.inherited = other.inherited;
    this.policy = other.policy;
    this.uffd = other.uffd;
    this.name = other.name;
  }

  has(flags: number): boolean {
    return (this.flags & flags) !== 0;
  }

  get pages(): number {
    return (this.end - this.start) / PAGE;
  }

  /** The page offset that belongs to an address, which may also lie beyond the mapping. */
  pgoffAt(addr: number): number {
    return this.pgoff + (addr - this.start) / PAGE;
  }

  /** Moves the lower edge up or down; the page offset goes with it. */
  moveStart(addr: number): void {
    this.pgoff = this.pgoffAt(addr);
    this.start = addr;
  }
}

/** Rounds up to whole pages. */
export function pageUp(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}

/** Rounds down to whole pages. */
export function pageDown(bytes: number): number {
  return Math.floor(bytes / PAGE) * PAGE;
}
