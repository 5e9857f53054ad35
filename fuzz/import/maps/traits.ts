/**
 * What a mapping has besides its place, protection and file, and how a sequence says it.
 */
import type { Operation } from '../../format/types';
import type { Listed } from './listing';

export interface Traits {
  readonly shared: boolean;
  readonly growsdown: boolean;
  readonly locked: boolean;
  readonly onfault: boolean;
  readonly noreserve: boolean;
  readonly sealed: boolean;
  /** Was writable once, and still counts as memory that may be (a library's data that became read-only). */
  readonly accounted: boolean;
  readonly uffd: boolean;
  /** In the order in which it is given. */
  readonly advice: readonly string[];
  readonly name: string | null;
}

/** Codes of VmFlags that are the work of an advice. */
const ADVICE: readonly (readonly [code: string, advice: string])[] = [
  ['rr', 'random'],
  ['sr', 'sequential'],
  ['dc', 'dontfork'],
  ['dd', 'dontdump'],
  ['wf', 'wipeonfork'],
  ['hg', 'hugepage'],
  ['nh', 'nohugepage'],
  ['mg', 'mergeable'],
];

/** Huge pages have a file of their own, which the format says by shared memory. */
const isHuge = (flags: readonly string[]): boolean => flags.includes('ht');

/** The kernel's own pages have flags that no advice gives. */
const isOfKernel = (path: string): boolean => /^\[(?:v(?:dso|var|syscall|ectors)|sigpage|uprobes)/.test(path);

export function traitsOf({ perms, flags, path }: Listed): Traits {
  const codes = isOfKernel(path) ? [] : (flags ?? []);
  const has = (code: string): boolean => codes.includes(code);
  return {
    shared: perms?.[3] === 's' || isHuge(codes),
    growsdown: has('gd') || path === '[stack]',
    locked: has('lo') && !has('lf'),
    onfault: has('lf'),
    noreserve: has('nr') || has('dp'),
    sealed: has('sl'),
    accounted: has('ac') && perms?.[1] === '-' && perms[3] === 'p',
    uffd: has('um') || has('uw') || has('ui'),
    advice: ADVICE.filter(([code]) => has(code)).map(([, advice]) => advice),
    name: /^\[anon(?:_shmem)?:(.*)\]$/.exec(path)?.[1] ?? null,
  };
}

/** Whether nothing but the place tells two mappings apart. */
export function areAlike(a: Traits, b: Traits): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What is left out, for the report; null if nothing is. */
export function traitNote({ flags, path }: Listed): string | null {
  const codes = flags ?? [];
  if (isOfKernel(path)) return `pages of the kernel (${path}) mapped as anonymous memory`;
  if (isHuge(codes)) return 'huge pages mapped as shared memory with a file of its own';
  if (codes.includes('dp')) return 'droppable memory mapped as private memory that is neither dumped nor inherited';
  if (codes.includes('ss')) return 'shadow stacks mapped as private memory';
  if (codes.includes('ms') && !codes.includes('mw'))
    return 'shared files that may not be written mapped as ones that may';
  if (codes.includes('io') || codes.includes('pf')) return 'mappings of devices mapped like those of files';
  return null;
}

/** The operations behind the one that maps. */
export function operationsFor(traits: Traits, addr: number, len: number): Operation[] {
  const operations: Operation[] = traits.advice.map((advice) => ({ op: 'madvise', addr, len, advice }));
  if (traits.name !== null) operations.push({ op: 'set_vma_name', addr, len, name: traits.name });
  if (traits.onfault) operations.push({ op: 'mlock', addr, len, onfault: true });
  if (traits.uffd) operations.push({ op: 'uffd_register', addr, len, ctx: 1 });
  if (traits.sealed) operations.push({ op: 'mseal', addr, len });
  return operations;
}
