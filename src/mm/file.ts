/**
 * Files that can be mapped, with the hooks by which a driver takes part in the life of its mappings.
 *
 * The hooks are those of the kernel that decide what memory-management code may do:
 *
 *     mmap      a mapping is made; may set flags on it, may fail
 *     open      a mapping has been copied (split, moved, forked); not called for the first one
 *     close     a mapping goes away; a file with this hook forbids merges that would remove a mapping
 *     maySplit  asked before a split; may refuse
 *     mremap    a mapping has been moved; may fail, and the move is undone
 *
 * Rules that hold here:
 * - A hook looks at the mapping and at its own state; a call into an address space is refused (hooks.ts).
 * - Hooks of users are wrapped: names of errors become numbers, pages become addresses. Those of the standard files are
 *   not, for they ask for nothing.
 * - `references` counts what get_file and fput count: one for each mapping of the file.
 * - `linked` counts the mappings in the file's interval tree. Between system calls both are equal.
 * - `opened` counts mappings that were opened less those closed, by hooks: one for each mapping, if the file has a
 *   close hook.
 */
import type { DriverVma, FileOperations, MmErrno, MmFileOptions, MmFile as PublicFile } from './api';
import { EINVAL, ENODEV, hookResult } from './errno';
import { enterHook, leaveHook } from './hooks';
import { PAGE_SIZE } from './page';
import { VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_MIXEDMAP, VM_PFNMAP } from './vm-flags';

/** What a hook is given; in truth it is the Vma. Pages. */
interface FileMapping extends DriverVma {
  readonly start: number;
  readonly end: number;
  readonly pgoff: number;
  /** VM_*; the mmap hook may set some. */
  flags: number;
  readonly file: MmFile | null;
}

/** Hooks as the files of this folder call them: answers are 0 or a negative errno. */
export interface VmOperations {
  mmap?(vma: FileMapping): number;
  open?(vma: FileMapping): void;
  close?(vma: FileMapping): void;
  /** `page` is where the mapping would be cut. */
  maySplit?(vma: FileMapping, page: number): number;
  mremap?(vma: FileMapping): number;
}

/** Runs a hook that answers. */
function asked(hook: () => 0 | MmErrno): number {
  enterHook();
  try {
    return hookResult(hook());
  } finally {
    leaveHook();
  }
}

/** Runs a hook that is only told. */
function told(hook: () => void): void {
  enterHook();
  try {
    hook();
  } finally {
    leaveHook();
  }
}

/**
 * Hooks of users: no operation may begin while one runs. A hook that is not there stays undefined, which is asked for.
 */
function guarded(ops: FileOperations): VmOperations {
  const { mmap, open, close, maySplit, mremap } = ops;
  return {
    ...(mmap && { mmap: (vma) => asked(() => mmap.call(ops, vma)) }),
    ...(open && { open: (vma) => told(() => open.call(ops, vma)) }),
    ...(close && { close: (vma) => told(() => close.call(ops, vma)) }),
    ...(maySplit && { maySplit: (vma, page) => asked(() => maySplit.call(ops, vma, page * PAGE_SIZE)) }),
    ...(mremap && { mremap: (vma) => asked(() => mremap.call(ops, vma)) }),
  };
}

const NO_HOOKS: VmOperations = {};

/** What a mapping's `file` refers to. Two mappings are of the same file if the object is the same. */
export class MmFile implements PublicFile {
  readonly name: string | null;
  readonly sizePages: number;
  readonly ops: VmOperations;
  readonly anonymousShared: boolean;
  readonly noExec: boolean;
  readonly exclusive: boolean;
  readonly dropAtFork: boolean;
  readonly device: boolean;
  readonly placesItself: boolean;

  /** Mappings that hold the file. */
  references = 0;
  /** Mappings in its interval tree. */
  linked = 0;
  /** Opens less closes, where the file has a close hook. */
  opened = 0;
  /** Whether it was ever mapped. */
  mapped = false;

  /** `ops` is for the standard files alone. */
  constructor(name: string | null, options: MmFileOptions = {}, ops?: VmOperations) {
    this.name = name;
    this.sizePages = options.sizePages ?? Number.POSITIVE_INFINITY;
    this.ops = ops ?? (options.ops === undefined ? NO_HOOKS : guarded(options.ops));
    this.anonymousShared = options.anonymousShared ?? false;
    this.noExec = options.noExec ?? false;
    this.exclusive = options.exclusive ?? false;
    this.dropAtFork = options.dropAtFork ?? false;
    this.device = options.device ?? false;
    this.placesItself = options.placesItself ?? false;
  }
}

/** A new object of shared anonymous memory, as long as its mapping. */
export function sharedAnonymousFile(sizePages: number): MmFile {
  return new MmFile(null, { sizePages, anonymousShared: true });
}

const REGULAR_PAGES = 64;
const RING_PAGES = 4;

function settingFlags(flags: number): VmOperations {
  return {
    mmap(vma) {
      vma.flags |= flags;
      return 0;
    },
  };
}

const CLOSER: VmOperations = {
  mmap(vma) {
    vma.file!.opened++;
    return 0;
  },
  open(vma) {
    vma.file!.opened++;
  },
  close(vma) {
    vma.file!.opened--;
  },
};

type Kind = MmFileOptions & { readonly hooks?: VmOperations };

const KINDS: Readonly<Record<string, Kind>> = {
  a: { sizePages: REGULAR_PAGES },
  b: { sizePages: REGULAR_PAGES },
  c: { sizePages: REGULAR_PAGES },
  dev: {
    sizePages: RING_PAGES,
    noExec: true,
    exclusive: true,
    dropAtFork: true,
    device: true,
    hooks: settingFlags(VM_DONTEXPAND),
  },
  closer: { sizePages: REGULAR_PAGES, hooks: CLOSER },
  nosplit: { sizePages: REGULAR_PAGES, hooks: { maySplit: () => -EINVAL } },
  pfn: { device: true, hooks: settingFlags(VM_PFNMAP | VM_IO) },
  mixed: { device: true, hooks: settingFlags(VM_MIXEDMAP) },
  failing: { sizePages: REGULAR_PAGES, hooks: { ...CLOSER, mmap: () => -ENODEV } },
  nodump: { sizePages: REGULAR_PAGES, hooks: settingFlags(VM_DONTDUMP) },
};

/** The names that `standardFile` knows. */
export const STANDARD_FILES: readonly string[] = Object.keys(KINDS);

/**
 * One of the files of the sequence format: `a`, `b`, `c` regular files of 64 pages; `dev` a device of 4 pages whose
 * mappings are special; `closer`, `nosplit`, `failing`, `nodump` regular files with a hook; `pfn` and `mixed` special
 * devices.
 */
export function standardFile(name: string): MmFile {
  const options = KINDS[name];
  if (options === undefined) throw new RangeError(`${name} is none of the files ${STANDARD_FILES.join(', ')}`);
  return new MmFile(name, options, options.hooks);
}
