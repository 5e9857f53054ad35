/**
 * The address space as users of the library see it: types alone, so that no part of the inside is promised to them.
 *
 * `AddressSpace`, `Vma` and `MmFile` (address-space.ts, vma.ts, file.ts) implement these interfaces; src/index.ts gives
 * the classes out under these types. What is public and not named here is for the files of this folder, and for tests.
 *
 * Rules that hold everywhere:
 * - Addresses, lengths and offsets are in bytes, integers from 0 to 2^53 - 1; anything else throws a RangeError. What
 *   is in pages has `Page` or `Pages` in its name, but for `pgoff`, the kernel's word for an offset in pages.
 * - A range begins at `addr` and has `len` bytes: `addr + len` does not belong to it. A length is rounded up to whole
 *   pages, where nothing else is said.
 * - An operation that cannot be done answers the name of an error, as errno would be. What is listed for it stands in
 *   the order in which it is looked at, and the first that applies is the answer.
 */

/** The names of the errors that an operation on an address space can give. */
export type MmErrno =
  | 'EPERM'
  | 'EBADF'
  | 'EAGAIN'
  | 'ENOMEM'
  | 'EACCES'
  | 'EFAULT'
  | 'EBUSY'
  | 'EEXIST'
  | 'ENODEV'
  | 'EINVAL'
  | 'EOVERFLOW';

// The types of flags are enumerations that exist for the compiler alone: so it takes PROT_READ | PROT_WRITE for a
// protection, and refuses MAP_PRIVATE, MCL_FUTURE or 7 for one. Their members are the constants of the same name.

/** PROT_NONE, or PROT_READ, PROT_WRITE, PROT_EXEC joined by |. */
export declare enum Prot {
  NONE = 0,
  READ = 1 << 0,
  WRITE = 1 << 1,
  EXEC = 1 << 2,
}

/** MAP_PRIVATE or MAP_SHARED, joined by | with other MAP_*. */
export declare enum MapFlags {
  SHARED = 1 << 0,
  PRIVATE = 1 << 1,
  FIXED = 1 << 2,
  FIXED_NOREPLACE = 1 << 3,
  GROWSDOWN = 1 << 4,
  GROWSUP = 1 << 5,
  LOCKED = 1 << 6,
  NORESERVE = 1 << 7,
  POPULATE = 1 << 8,
}

/** 0, or MREMAP_* joined by |. */
export declare enum MremapFlags {
  NONE = 0,
  MAYMOVE = 1 << 0,
  FIXED = 1 << 1,
  DONTUNMAP = 1 << 2,
}

/** MCL_* joined by |. */
export declare enum MclFlags {
  CURRENT = 1 << 0,
  FUTURE = 1 << 1,
  ONFAULT = 1 << 2,
}

/** Every advice that is modelled: MADV_* of madvise(2) in small letters. */
export type Advice =
  | 'normal'
  | 'sequential'
  | 'random'
  | 'dontfork'
  | 'dofork'
  | 'dontdump'
  | 'dodump'
  | 'wipeonfork'
  | 'keeponfork'
  | 'hugepage'
  | 'nohugepage'
  | 'mergeable'
  | 'unmergeable'
  | 'willneed'
  | 'dontneed'
  | 'dontneed_locked'
  | 'free'
  | 'remove'
  | 'cold'
  | 'pageout'
  | 'populate_read'
  | 'populate_write';

/** Which kernel's rules hold where they differ. */
export type KernelVersion = '6.18' | '6.12';

/** How an address space is made. */
export interface AddressSpaceOptions {
  /** The lowest page. Default 0. */
  readonly startPage?: number;
  /** The page behind the highest one. What lies outside counts as occupied. */
  readonly endPage: number;
  /** The page at which the heap starts; left out, there is no heap. */
  readonly brkPage?: number;
  /** Limit of mappings (vm.max_map_count). Default 65530. */
  readonly maxMapCount?: number;
  /** Limit of locked memory, as for a process without CAP_IPC_LOCK (RLIMIT_MEMLOCK). Default: none. */
  readonly memlockPages?: number;
  /** Limit of a growing stack (RLIMIT_STACK). Default: 2048 pages, which are 8 MiB. */
  readonly stackLimitPages?: number;
  /** Default "6.18". */
  readonly kernel?: KernelVersion;
  /** Whether placement goes from the top down. Default true. */
  readonly topDown?: boolean;
  /** Where a search from the bottom up starts that follows a failed one from the top. Default: it finds nothing. */
  readonly unmappedBasePage?: number;
  /** Slots of the nodes of the tree, as TreeOptions has them. */
  readonly leafSlots?: number;
  readonly innerSlots?: number;
}

/** One mapping. It is the live object: later calls change it, cut it, or drop it. */
export interface Vma {
  /** The first byte. */
  readonly addr: number;
  /** Its length in bytes. */
  readonly len: number;
  /** Where it begins in its file, in bytes; without a file it means nothing. */
  readonly offset: number;
  readonly prot: Prot;
  /**
   * The two-letter codes of its flags, as the kernel's VmFlags line in /proc/PID/smaps has them: "rd wr mr mw me ac".
   */
  readonly vmFlags: string;
  /**
   * What it is a mapping of; shared anonymous memory has a file too, without a name. null for private anonymous memory.
   */
  readonly file: MmFile | null;
  /** What setVmaName gave it. */
  readonly name: string | null;
  /** Memory policy; 0 is the default one. */
  readonly policy: number;
  /** Userfaultfd context; 0 is none. */
  readonly uffdCtx: number;
}

/** Flags that a driver may put on its mappings: VM_* in small letters. */
export type DriverFlag = 'dontdump' | 'dontexpand' | 'io' | 'mixedmap' | 'pfnmap';

/** A mapping as a hook of its file sees it. */
export interface DriverVma extends Vma {
  /** Puts flags on the mapping. For the mmap hook alone. */
  addFlags(...flags: readonly DriverFlag[]): void;
}

/**
 * The hooks by which a driver takes part in the life of its mappings (struct file_operations and vm_operations_struct).
 *
 * A hook answers 0 or the name of an error. It looks at the mapping and at its own state, and nothing else: a call into
 * an address space, whichever, throws an Error, for an operation is under way. A hook that throws leaves the operation
 * half done, and the address space is of no more use; others are not concerned.
 */
export interface FileOperations {
  /** A mapping is made. An error refuses it. */
  mmap?(vma: DriverVma): 0 | MmErrno;
  /** A mapping was copied: cut, moved, or forked. Not called for the first one. */
  open?(vma: DriverVma): void;
  /** A mapping goes away. A file with this hook forbids merges that would remove a mapping. */
  close?(vma: DriverVma): void;
  /** Asked before a mapping is cut at the address. An error refuses it. */
  maySplit?(vma: DriverVma, addr: number): 0 | MmErrno;
  /** A mapping was moved. An error undoes the move. */
  mremap?(vma: DriverVma): 0 | MmErrno;
}

/** What a file is like; all of it optional. */
export interface MmFileOptions {
  /** Its length; a touch beyond it fails. Default: without end. */
  readonly sizePages?: number;
  readonly ops?: FileOperations;
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

/**
 * What a mapping can be of. Two mappings are of the same file if the object is the same.
 *
 *     const log = new MmFile('log', { sizePages: 16 });
 *     const ring = new MmFile('ring', {
 *       device: true,
 *       ops: {
 *         mmap(vma) {
 *           vma.addFlags('io', 'pfnmap');
 *           return 0;
 *         },
 *         maySplit: () => 'EINVAL',
 *       },
 *     });
 */
export interface MmFile {
  readonly name: string | null;
  readonly sizePages: number;
  /** How many mappings hold it. */
  readonly references: number;
}

/** What `new MmFile` is. */
export interface MmFileConstructor {
  /** A file that nothing maps yet. `name` is for reports; null is the name of shared anonymous memory. */
  new (name: string | null, options?: MmFileOptions): MmFile;
}

/** The counters of an address space; all but mapCount are pages. */
export interface MmCounters {
  readonly mapCount: number;
  readonly totalVm: number;
  readonly dataVm: number;
  readonly execVm: number;
  readonly stackVm: number;
  readonly lockedVm: number;
  /** Charged against the memory that may be committed. */
  readonly committed: number;
}

/**
 * An address space: a method for each system call that changes one, with the rules of Linux on x86-64.
 *
 *     const space = new AddressSpace({ endPage: 256 });
 *     space.mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED);   // 0, the address
 *     space.mprotect(4096, 4096, PROT_READ);                                  // 0
 *     space.vmas().map(({ addr, len, vmFlags }) => [addr, len, vmFlags]);
 *     // [[0, 4096, 'rd wr mr mw me ac'], [4096, 4096, 'rd mr mw me']]
 *
 * An operation that answers an error changes nothing but what is said here, and what the kernel's would: what came
 * before the error in a range, and the cut at its beginning. A cut beyond `maxMapCount` is ENOMEM everywhere.
 */
export interface AddressSpace {
  /** How many mappings there are. */
  readonly count: number;

  /** The break, an address; null in a space without a heap. */
  readonly heapEnd: number | null;

  /** The counters as they are kept. */
  counters(): MmCounters;

  /** The mapping that contains the address, or the first one above it; null if there is none. (find_vma) */
  find(addr: number): Vma | null;

  /** All mappings in ascending order. */
  vmas(): Vma[];

  /**
   * Maps `len` bytes. Without MAP_FIXED and MAP_FIXED_NOREPLACE `addr` is a hint, of which 0 is one too; null is none.
   * Of a file it is the part from `offset` on; without one it is anonymous memory. MAP_FIXED replaces what is there.
   *
   * Answers the address, or
   * - 'EBUSY': an `exclusive` file of which a piece is mapped
   * - 'EINVAL': `offset` not of whole pages, or len 0; with MAP_FIXED or MAP_FIXED_NOREPLACE also addr not at a page
   * - 'ENOMEM': more mappings than maxMapCount; no gap is long enough; a fixed range leaves the space
   * - 'EEXIST': MAP_FIXED_NOREPLACE, and something is mapped there
   * - 'EPERM': MAP_LOCKED while memlockPages is 0
   * - 'EAGAIN': locked beyond memlockPages
   * - 'EOVERFLOW': beyond the largest offset that a file can have
   * - 'EPERM': PROT_EXEC of a `noExec` file
   * - 'EINVAL': MAP_GROWSDOWN or MAP_GROWSUP with MAP_SHARED or with a file
   * - 'EPERM': a sealed mapping is in the way
   * - what a hook answers: maySplit of what is in the way, mmap of the file. After mmap's error what was in the way is
   *   gone
   *
   * (mmap(2); mm/mmap.c do_mmap, mm/vma.c mmap_region)
   */
  mmap(
    addr: number | null,
    len: number,
    prot: Prot,
    flags: MapFlags,
    file?: MmFile | null,
    offset?: number,
  ): number | MmErrno;

  /**
   * Removes whatever is mapped in the range; holes do not matter.
   *
   * Answers 0, also where nothing is mapped, or
   * - 'EINVAL': addr not at a page, len 0, or a range that leaves the space
   * - 'EPERM': a sealed mapping. Nothing is removed then, but a mapping that holds addr inside stays cut there, unless
   *   it is the sealed one
   * - 'ENOMEM': a hole in the middle of a mapping at maxMapCount
   * - what the hook maySplit answers
   *
   * (munmap(2); mm/vma.c do_vmi_munmap)
   */
  munmap(addr: number, len: number): 0 | MmErrno;

  /**
   * Gives the range another protection, mapping by mapping; what came before an error stays changed.
   *
   * Answers 0, also for len 0, or
   * - 'EINVAL': addr not at a page
   * - 'ENOMEM': a page that is not mapped
   * - 'EACCES': PROT_EXEC for a `noExec` file
   * - 'EPERM': a sealed mapping, even if nothing would change
   * - 'ENOMEM': a cut beyond maxMapCount
   * - what the hook maySplit answers
   *
   * (mprotect(2); mm/mprotect.c)
   */
  mprotect(addr: number, len: number, prot: Prot): 0 | MmErrno;

  /**
   * Gives the `oldLen` bytes at `addr` another length, and another place: where there is room with MREMAP_MAYMOVE, at
   * `newAddr` with MREMAP_FIXED, which clears the place. MREMAP_DONTUNMAP keeps the source mapped, and takes `newAddr`
   * for a hint unless fixed. `newAddr` counts only with one of these two. Both lengths are rounded up to pages.
   *
   * MREMAP_FIXED with equal lengths moves everything in the range, which may be several mappings and the holes behind
   * `addr`; those before an error have moved. With oldLen 0 a shared mapping is duplicated.
   *
   * Answers the address, or
   * - 'EINVAL': addr not at a page, newLen 0 or too long; with FIXED or DONTUNMAP also newAddr not at a page or
   *   outside, no MAYMOVE, DONTUNMAP with another length, or ranges that overlap
   * - 'ENOMEM': FIXED or DONTUNMAP with fewer than six mappings left below maxMapCount
   * - 'EFAULT': nothing is mapped at addr
   * - 'EPERM': a sealed mapping
   * - 'EINVAL': oldLen 0 of private memory; DONTUNMAP of a mapping with the flag dontexpand or pfnmap
   * - 'EFAULT': the range leaves the mapping, or a mapping with such a flag is to grow
   * - 'EAGAIN': locked beyond memlockPages
   * - 'ENOMEM': no room in place without MAYMOVE, or nowhere; a move with fewer than four mappings left below
   *   maxMapCount
   * - what the hooks maySplit and mremap answer
   *
   * (mremap(2); mm/mremap.c. In 6.12 the order differs: the new place and the tail go first)
   */
  mremap(addr: number, oldLen: number, newLen: number, flags: MremapFlags, newAddr?: number): number | MmErrno;

  /**
   * Gives advice about the range, mapping by mapping, some of which becomes a flag. Holes are passed over, and make the
   * answer ENOMEM at the end; any other error ends it, with what came before done.
   *
   * Answers 0, also for len 0, or
   * - 'EINVAL': addr not at a page
   * - 'EPERM': dontneed, dontneed_locked, free, remove, dontfork, wipeonfork of sealed private anonymous memory that is
   *   not writable
   * - 'EINVAL': dofork of a mapping with the flag io; dodump of a special one (io, dontexpand, pfnmap, mixedmap);
   *   wipeonfork of a file or of shared memory; dontneed, cold, pageout of memory that is locked or pfnmap;
   *   dontneed_locked of pfnmap; free of anything but private anonymous memory that is not locked; remove of locked or
   *   private anonymous memory
   * - 'EACCES': remove of a file that is not mapped shared and writable
   * - 'ENODEV': remove of a `device`
   * - 'EAGAIN': a cut beyond maxMapCount
   * - what the hook maySplit answers
   *
   * populate_read and populate_write stop at the first page that has no mapping ('ENOMEM'), may not be read or written
   * or is of a mapping with the flag io or pfnmap ('EINVAL'), or lies beyond the end of its file ('EFAULT').
   *
   * (madvise(2); mm/madvise.c)
   */
  madvise(addr: number, len: number, advice: Advice): 0 | MmErrno;

  /**
   * Locks the range, rounded outwards to pages, and faults its pages in; with `onfault` (mlock2, MLOCK_ONFAULT) it does
   * not fault. Special mappings are passed over.
   *
   * Answers 0, also for len 0, or
   * - 'EPERM': memlockPages is 0
   * - 'ENOMEM': beyond memlockPages
   * - 'ENOMEM': a hole, or a cut beyond maxMapCount; what lies before it is locked
   * - 'ENOMEM': a page may not be accessed, or lies beyond the end of its file; the range stays locked
   * - what the hook maySplit answers
   *
   * (mlock(2); mm/mlock.c)
   */
  mlock(addr: number, len: number, onfault?: boolean): 0 | MmErrno;

  /**
   * Unlocks the range, rounded outwards to pages.
   *
   * Answers 0, also for len 0; 'ENOMEM' at a hole or a cut beyond maxMapCount, and what lies before it is unlocked;
   * what the hook maySplit answers. (munlock(2); mm/mlock.c)
   */
  munlock(addr: number, len: number): 0 | MmErrno;

  /**
   * Locks all that is mapped (MCL_CURRENT), all that will be (MCL_FUTURE), without faulting it in (MCL_ONFAULT). What
   * was said for the future before is forgotten.
   *
   * Answers 0; 'EINVAL' with neither MCL_CURRENT nor MCL_FUTURE; 'EPERM' while memlockPages is 0; 'ENOMEM' for
   * MCL_CURRENT beyond memlockPages. (mlockall(2); mm/mlock.c)
   */
  mlockall(flags: MclFlags): 0 | MmErrno;

  /** Unlocks all mappings, and those to come. Answers 0. (munlockall(2); mm/mlock.c) */
  munlockall(): 0 | MmErrno;

  /**
   * Seals the range: it may not be unmapped, moved, given another protection, or emptied by advice any more.
   *
   * Answers 0, also for len 0; 'EINVAL' if addr is not at a page; 'ENOMEM' at a hole, and then nothing is sealed;
   * 'ENOMEM' at a cut beyond maxMapCount; what the hook maySplit answers. (mseal(2); mm/mseal.c)
   */
  mseal(addr: number, len: number): 0 | MmErrno;

  /**
   * Moves the break to `addr`. Throws a RangeError in a space without a heap.
   *
   * Answers the break that holds after it: the old one if it cannot be moved, never an error. (brk(2); mm/mmap.c)
   */
  brk(addr: number): number;

  /**
   * Maps the pages from page `pgoff` of the file on over the range of a shared mapping; addr and len are rounded down
   * to pages. Protection and lock stay, and nothing else that was set.
   *
   * Answers 0, or
   * - 'EINVAL': less than a page; no shared mapping at addr; what follows it in the range is not adjacent, of the same
   *   file, and of equal flags
   * - as mmap with MAP_FIXED
   *
   * (remap_file_pages(2); mm/mmap.c)
   */
  remapFilePages(addr: number, len: number, pgoff: number): 0 | MmErrno;

  /**
   * One write access to the byte at `addr`: a page fault, which may give the mapping an anon_vma, or grow a stack.
   *
   * Answers 0; 'EFAULT' if nothing is mapped (and no stack may grow to it), it is not writable, or it lies beyond the
   * end of the file. (mm/memory.c)
   */
  touch(addr: number): 0 | MmErrno;

  /**
   * Sets the memory policy of the range; policies are numbers, and 0 is the default one.
   *
   * Answers 0, also for len 0; 'EINVAL' if addr is not at a page; 'EFAULT' at a hole, with policy 0 only if nothing is
   * mapped in the range; 'ENOMEM' at a cut beyond maxMapCount; what the hook maySplit answers. (mbind(2);
   * mm/mempolicy.c)
   */
  mbind(addr: number, len: number, policy: number): 0 | MmErrno;

  /**
   * Has missing pages of the range supplied by context `ctx`, a number from 1 on. Holes do not matter.
   *
   * Answers 0; 'EINVAL' if addr or len are not of whole pages, len is 0, nothing is mapped, or a special mapping (io,
   * dontexpand, pfnmap, mixedmap) lies in the range; 'EBUSY' for a mapping of another context; 'ENOMEM' at a cut beyond
   * maxMapCount; what the hook maySplit answers. (ioctl_userfaultfd(2), UFFDIO_REGISTER; mm/userfaultfd.c)
   */
  uffdRegister(addr: number, len: number, ctx: number): 0 | MmErrno;

  /**
   * Takes the range from its context, whichever that is.
   *
   * Answers 0; 'EINVAL' and 'ENOMEM' as uffdRegister. (ioctl_userfaultfd(2), UFFDIO_UNREGISTER; mm/userfaultfd.c)
   */
  uffdUnregister(addr: number, len: number): 0 | MmErrno;

  /**
   * Names anonymous memory; null takes the name away. Holes are passed over.
   *
   * Answers 0, also for len 0, or
   * - 'EINVAL': a name of more than 79 characters, with one that is not printable, or one of \ ` $ [ ]; addr not at a
   *   page
   * - 'EBADF': a file; what came before it is named
   * - 'EAGAIN': a cut beyond maxMapCount
   * - 'ENOMEM' at the end, if there was a hole
   *
   * (PR_SET_VMA of prctl(2); mm/madvise.c)
   */
  setVmaName(addr: number, len: number, name: string | null): 0 | MmErrno;

  /** The child's copy-on-write copy; both live on, and share their files. (fork(2); mm/mmap.c dup_mmap) */
  fork(): AddressSpace;

  /** The process ends: all mappings are closed, and the space is of no more use. (mm/mmap.c exit_mmap) */
  exit(): void;

  /**
   * Checks the whole: the tree, each mapping, the counters against a recount. Answers what is wrong, one message each,
   * with the place and both numbers; best is []. (mm/debug.c validate_mm)
   */
  validate(): string[];
}

/** What `new AddressSpace` and its static functions are. */
export interface AddressSpaceConstructor {
  /** A space without a mapping. */
  new (options: AddressSpaceOptions): AddressSpace;

  /**
   * To be called after the engine has ended a hook from outside (a timeout of node:vm, say): the hook counts as running
   * still, and every address space would refuse every call. The space that it was called for is of no more use.
   */
  resetAfterInterruption(): void;
}
