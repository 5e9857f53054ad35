/**
 * New mappings: mmap, and remap_file_pages, which is an mmap over what is there.
 *
 * The order of the steps is the order of the errors: arguments, place, limits, kind of memory; then what is in the way
 * is removed as by munmap, the new range joins its neighbours or becomes a mapping of its own, and is populated.
 *
 * Once what was in the way is prepared for removal there is no way back: if the file's mmap hook fails, or memory runs
 * out, a hole is left where the mapping should have been. Sources: FACTS.md "mmap", "remap_file_pages"; do_mmap,
 * __mmap_region, vms_abort_munmap_vmas.
 */
import { populate } from './fault';
import { type FileObject, fileNamed, sharedMemory } from './files';
import {
  ACCESS,
  ACCOUNT,
  accessBits,
  GROWS_DOWN,
  LOCK,
  LOCKED,
  MAY_EXEC,
  MAY_READ,
  MAY_SHARE,
  MAY_WRITE,
  NO_RESERVE,
  SHARED,
  SPECIAL,
  WRITE,
} from './flags';
import { joinNew } from './join';
import { lockFits, mayLock } from './limits';
import { place } from './place';
import type { AddressOr, Errno, Outcome, Space } from './space';
import { cutOutForRemoval, dropRange } from './unmap';
import { PAGE, pageDown, pageUp, Vma } from './vma';

interface MapRequest {
  readonly addr: number;
  readonly len: number;
  /** READ, WRITE, EXEC. */
  readonly access: number;
  readonly shared: boolean;
  readonly fixed: boolean;
  readonly noReplace: boolean;
  readonly growsDown: boolean;
  readonly locked: boolean;
  readonly noReserve: boolean;
  readonly populate: boolean;
  /** Null for anonymous memory. */
  readonly file: FileObject | null;
  /** In pages. */
  readonly pgoff: number;
}

export function mmap(
  space: Space,
  addr: number,
  len: number,
  prot: string,
  flags: readonly string[],
  fileName: string | null,
  offset: number,
): AddressOr {
  const file = fileName === null ? null : fileNamed(fileName);
  if (fileName === 'dev' && [...space.vmas].some((vma) => vma.file === file)) return 'EBUSY';
  if (offset % PAGE !== 0) return 'EINVAL';
  const noReplace = flags.includes('fixed_noreplace');
  return map(space, {
    addr,
    len,
    access: accessBits(prot),
    shared: flags.includes('shared'),
    fixed: noReplace || flags.includes('fixed'),
    noReplace,
    growsDown: flags.includes('growsdown'),
    locked: flags.includes('locked'),
    noReserve: flags.includes('noreserve'),
    populate: flags.includes('populate'),
    file,
    pgoff: offset / PAGE,
  });
}

/** do_mmap: everything that is checked before anything is changed, then the mapping, then its pages. */
function map(space: Space, request: MapRequest): AddressOr {
  if (request.len === 0) return 'EINVAL';
  const len = pageUp(request.len);
  if (space.count > space.maxMapCount) return 'ENOMEM';
  const flags =
    request.access |
    (request.growsDown ? GROWS_DOWN : 0) |
    (request.locked ? LOCKED : 0) |
    space.defaultFlags |
    (MAY_READ | MAY_WRITE | MAY_EXEC);

  const addr = chooseAddress(space, request, len);
  if (typeof addr === 'string') return addr;
  const refused = refuse(space, request, addr, len, flags);
  if (refused !== null) return refused;

  const kind = (request.shared ? SHARED | MAY_SHARE : 0) | (request.noReserve ? NO_RESERVE : 0);
  const error = mapRegion(space, addr, addr + len, flags | kind, request);
  if (error !== 0) return error;
  if (request.populate || (flags & LOCKED) !== 0) populate(space, addr, addr + len, true);
  return addr;
}

function chooseAddress(space: Space, { addr, fixed }: MapRequest, len: number): AddressOr {
  if (!fixed) return place(space, addr, len, false);
  return addr % PAGE === 0 ? addr : 'EINVAL';
}

/** The page that a mapping of a file must end below: offsets of regular files are signed, those of devices are not. */
function lastPage(file: FileObject): number {
  return file.device ? 2 ** 52 : 2 ** 51;
}

function refuse(space: Space, request: MapRequest, addr: number, len: number, flags: number): Errno | null {
  if (request.noReplace && space.occupied(addr, addr + len)) return 'EEXIST';
  if (request.locked && !mayLock(space)) return 'EPERM';
  if (!lockFits(space, flags, len)) return 'EAGAIN';
  if (request.file !== null && request.pgoff + len / PAGE >= lastPage(request.file)) return 'EOVERFLOW';
  if (request.growsDown && (request.shared || request.file !== null)) return 'EINVAL';
  return null;
}

/** __mmap_region: makes room at [addr, end) and maps there. */
function mapRegion(space: Space, addr: number, end: number, asked: number, request: MapRequest): Outcome {
  const error = cutOutForRemoval(space, addr, end);
  if (error !== 0) return error;
  dropRange(space, addr, end);

  // Only what can be written in private needs memory that is not promised yet.
  const accountable = (asked & (NO_RESERVE | SHARED | WRITE)) === WRITE;
  const flags = asked | (accountable ? ACCOUNT : 0);
  const vma = new Vma(addr, end, flags, request.file, request.pgoff);
  if (request.file === null) vma.pgoff = request.shared ? 0 : addr / PAGE;
  if (request.file === null && request.shared) vma.file = sharedMemory(vma.pages);

  const joined = joinNew(space, vma, 'new');
  if (joined !== null && joined !== 'ENOMEM') return 0;
  if (!space.allocate()) return 'ENOMEM';
  return runHook(space, vma);
}

/** The file's mmap hook, then the mapping is there. Special mappings are not locked. */
function runHook(space: Space, vma: Vma): Outcome {
  if (vma.file?.failsMmap === true) return 'ENODEV';
  if (vma.file?.mayExec === false) vma.flags &= ~MAY_EXEC;
  vma.flags |= vma.file?.adds ?? 0;
  if (vma.has(SPECIAL)) vma.flags &= ~LOCK;
  if (joinsAfterAll(space, vma)) return 0;
  space.insert(vma);
  return 0;
}

/**
 * Linux 6.12 tries once more to merge when the hook has added flags, if there is any mapping below. Want of memory is
 * no error then: the mapping stays alone.
 */
function joinsAfterAll(space: Space, vma: Vma): boolean {
  if (!space.old || (vma.file?.adds ?? 0) === 0 || space.indexAt(vma.start) === 0) return false;
  const joined = joinNew(space, vma, 'new');
  return joined !== null && joined !== 'ENOMEM';
}

/**
 * Maps other pages of the same shared file over [addr, addr + len): start and length are rounded down. All other flags
 * than the protection and `lo` are lost.
 */
export function remapFilePages(space: Space, addr: number, len: number, pgoff: number): Outcome {
  const start = pageDown(addr);
  const end = start + pageDown(len);
  if (end <= start) return 'EINVAL';
  const vma = space.lookup(start);
  if (vma === null || !vma.has(SHARED)) return 'EINVAL';
  if (!sameFileUpTo(space, vma, end)) return 'EINVAL';
  const mapped = map(space, {
    addr: start,
    len: end - start,
    access: vma.flags & ACCESS,
    shared: true,
    fixed: true,
    noReplace: false,
    growsDown: false,
    locked: vma.has(LOCKED),
    noReserve: false,
    populate: true,
    file: vma.file,
    pgoff,
  });
  return typeof mapped === 'string' ? mapped : 0;
}

/** Whether mappings of the same file with the same flags follow without a hole up to `end`. */
function sameFileUpTo(space: Space, vma: Vma, end: number): boolean {
  let reached = vma.end;
  for (let i = space.indexAt(vma.start) + 1; reached < end; i++) {
    const next = space.vmas.at(i);
    if (next === undefined || next.start !== reached) return false;
    if (next.file !== vma.file || next.flags !== vma.flags) return false;
    reached = next.end;
  }
  return true;
}
