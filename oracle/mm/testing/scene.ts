/**
 * Short words for tests of the rules: everything in pages, mappings as one line each.
 *
 *     const s = scene({ pages: 64 });
 *     s.map(0, 2);                        // pages 0 and 1, private, rw-, fixed
 *     s.map(4, 2, 'r--', { file: 'a', pgoff: 8 });
 *     s.show();                           // ['0-2 rd wr ac', '4-6 rd a@8']
 *
 * A line has the range (end exclusive), the flags without `mr mw me`, which nearly every mapping has, and what else is
 * set.
 */
import { type FailedOutcome, OracleAddressSpace } from '../address-space';
import { flagsText, MAY_EXEC, MAY_READ, MAY_WRITE } from '../flags';
import type { SpaceOptions } from '../space';
import { PAGE, type Vma } from '../vma';

interface MapOptions {
  readonly file?: string;
  /** In pages of the file. */
  readonly pgoff?: number;
  readonly shared?: boolean;
  /** Further mmap flags; without `place`, the mapping is fixed. */
  readonly flags?: readonly string[];
  readonly place?: boolean;
}

function line(vma: Readonly<Vma>): string {
  let text = `${vma.start / PAGE}-${vma.end / PAGE}`;
  const flags = flagsText(vma.flags & ~(MAY_READ | MAY_WRITE | MAY_EXEC));
  if (flags !== '') text += ` ${flags}`;
  if (vma.file !== null) text += vma.file.name === null ? ' shared' : ` ${vma.file.name}@${vma.pgoff}`;
  if (vma.policy !== 0) text += ` policy ${vma.policy}`;
  if (vma.uffd !== 0) text += ` uffd ${vma.uffd}`;
  if (vma.name !== null) text += ` "${vma.name}"`;
  return text;
}

/** A page number for an address, an errno as it is. */
export function inPages(ret: number | string): number | string {
  return typeof ret === 'number' ? ret / PAGE : ret;
}

export class Scene {
  constructor(readonly mm: OracleAddressSpace) {}

  map(page: number, count: number, prot = 'rw-', options: MapOptions = {}): number | string {
    const { file = null, pgoff = 0, shared = false, flags = [], place = false } = options;
    const words = [shared ? 'shared' : 'private', ...(place ? [] : ['fixed']), ...flags];
    return inPages(this.mm.mmap(page * PAGE, count * PAGE, prot, words, file, pgoff * PAGE));
  }

  unmap(page: number, count: number): number | string {
    return this.mm.munmap(page * PAGE, count * PAGE);
  }

  protect(page: number, count: number, prot: string): number | string {
    return this.mm.mprotect(page * PAGE, count * PAGE, prot);
  }

  advise(page: number, count: number, advice: string): number | string {
    return this.mm.madvise(page * PAGE, count * PAGE, advice);
  }

  lock(page: number, count: number, onfault = false): number | string {
    return this.mm.mlock(page * PAGE, count * PAGE, onfault);
  }

  unlock(page: number, count: number): number | string {
    return this.mm.munlock(page * PAGE, count * PAGE);
  }

  seal(page: number, count: number): number | string {
    return this.mm.mseal(page * PAGE, count * PAGE);
  }

  remap(page: number, oldCount: number, newCount: number, flags: string, newPage = 0): number | string {
    const words = flags === '' ? [] : flags.split(' ');
    return inPages(this.mm.mremap(page * PAGE, oldCount * PAGE, newCount * PAGE, words, newPage * PAGE));
  }

  touch(page: number): number | string {
    return this.mm.touch(page * PAGE);
  }

  /** Moves the break, in pages; answers where it is. */
  brk(page: number): number {
    return this.mm.brk(page * PAGE) / PAGE;
  }

  /** All mappings, a line each. */
  show(): string[] {
    return Array.from({ length: this.mm.count }, (_, i) => line(this.mm.at(i)));
  }

  /** The identities of the anon_vmas, numbered as they appear from below; "-" for none, "'" behind an inherited one. */
  anons(): string {
    const seen: number[] = [];
    return Array.from({ length: this.mm.count }, (_, i) => {
      const { anon, inherited } = this.mm.at(i);
      if (anon === 0) return '-';
      if (!seen.includes(anon)) seen.push(anon);
      return `${seen.indexOf(anon) + 1}${inherited ? "'" : ''}`;
    }).join(' ');
  }

  /** What an operation may leave when it runs out of memory: answer and mappings. */
  failed(operation: (s: Scene) => number | string): string[] {
    const outcomes = this.mm.failedOutcomes((mm) => operation(new Scene(mm)));
    return outcomes.map(({ ret, space }: FailedOutcome) => `${ret}: ${new Scene(space).show().join(', ')}`);
  }
}

export function scene(options: Partial<SpaceOptions> = {}): Scene {
  return new Scene(new OracleAddressSpace({ pages: 64, ...options }));
}
