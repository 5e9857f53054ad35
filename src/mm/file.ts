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
 * - A hook looks at the mapping and at its own state; it must not call into an address space.
 * - `references` counts what get_file and fput count: one for each mapping of the file.
 * - `linked` counts the mappings in the file's interval tree. Between system calls both are equal.
 * - `opened` counts mappings that were opened less those closed, by hooks: one for each mapping, if the file has a close
 *   hook.
 */
import { EINVAL, ENODEV } from './errno';
import { VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_MIXEDMAP, VM_PFNMAP } from './vm-flags';

/** What a hook sees of a mapping; in truth it is the Vma. Pages. */
export interface FileMapping {
  readonly start: number;
  readonly end: number;
  readonly pgoff: number;
  /** VM_*; the mmap hook may set some. */
  flags: number;
  readonly file: MmFile | null;
}

/** Hooks return 0 or a negative errno. */
export interface VmOperations {
  mmap?(vma: FileMapping): number;
  open?(vma: FileMapping): void;
  close?(vma: FileMapping): void;
  /** `page` is where the mapping would be cut. */
  maySplit?(vma: FileMapping, page: number): number;
  mremap?(vma: FileMapping): number;
}

export interface MmFileOptions {
  /** Length in pages; a touch beyond it fails. Default: without end. */
  readonly size?: number;
  readonly ops?: VmOperations;
  /** Whether it stands for shared anonymous memory, which has no name. */
  readonly anonymousShared?: boolean;
  /** Whether its mappings can never be executable (VM_MAYEXEC is missing). */
  readonly noExec?: boolean;
  /** Whether it can be mapped once only; EBUSY while any piece is left. */
  readonly exclusive?: boolean;
  /** Whether a forked child does not get its mappings. */
  readonly dropAtFork?: boolean;
  /** Not a regular file: its offsets are not signed, and no holes can be punched into it. */
  readonly device?: boolean;
  /** Whether it places its mappings itself, so that it cannot be one of several mappings moved at once. */
  readonly placesItself?: boolean;
}

const NO_HOOKS: VmOperations = {};

/** What a mapping's `file` refers to. Two mappings are of the same file if the object is the same. */
export class MmFile {
  readonly name: string | null;
  readonly size: number;
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

  constructor(name: string | null, options: MmFileOptions = {}) {
    this.name = name;
    this.size = options.size ?? Number.POSITIVE_INFINITY;
    this.ops = options.ops ?? NO_HOOKS;
    this.anonymousShared = options.anonymousShared ?? false;
    this.noExec = options.noExec ?? false;
    this.exclusive = options.exclusive ?? false;
    this.dropAtFork = options.dropAtFork ?? false;
    this.device = options.device ?? false;
    this.placesItself = options.placesItself ?? false;
  }
}

/** A new object of shared anonymous memory, as long as its mapping. `size` is in pages. */
export function sharedAnonymousFile(size: number): MmFile {
  return new MmFile(null, { size, anonymousShared: true });
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

const KINDS: Readonly<Record<string, MmFileOptions>> = {
  a: { size: REGULAR_PAGES },
  b: { size: REGULAR_PAGES },
  c: { size: REGULAR_PAGES },
  dev: {
    size: RING_PAGES,
    noExec: true,
    exclusive: true,
    dropAtFork: true,
    device: true,
    ops: settingFlags(VM_DONTEXPAND),
  },
  closer: { size: REGULAR_PAGES, ops: CLOSER },
  nosplit: { size: REGULAR_PAGES, ops: { maySplit: () => -EINVAL } },
  pfn: { device: true, ops: settingFlags(VM_PFNMAP | VM_IO) },
  mixed: { device: true, ops: settingFlags(VM_MIXEDMAP) },
  failing: { size: REGULAR_PAGES, ops: { ...CLOSER, mmap: () => -ENODEV } },
  nodump: { size: REGULAR_PAGES, ops: settingFlags(VM_DONTDUMP) },
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
  return new MmFile(name, options);
}
