/**
 * What users of the library import: the maple tree, and the address space on top of it.
 *
 * Rules that hold here:
 * - The classes are given out under the types of the api.ts files: what those do not name is no part of the library,
 *   and may change without notice. Tests and the fuzzer, which look inside, import the inner files.
 * - A name is exported because a user needs it: test/face.slow.test.ts has the list.
 */
import type {
  MapleStateConstructor,
  MapleTreeConstructor,
  MapleState as State,
  MapleTree as Tree,
} from './maple-tree/api';
import { MapleState as InnerState } from './maple-tree/state';
import { MapleTree as InnerTree } from './maple-tree/tree';
import { AddressSpace as InnerSpace } from './mm/address-space';
import type { AddressSpaceConstructor, MmFileConstructor, MmFile as PublicFile, AddressSpace as Space } from './mm/api';
import { MmFile as InnerFile } from './mm/file';

export type { Entry, Status, TreeErrno, TreeOptions } from './maple-tree/api';
export { MAX_INDEX } from './maple-tree/layout';
export type {
  AddressSpaceOptions,
  Advice,
  DriverFlag,
  DriverVma,
  FileOperations,
  KernelVersion,
  MapFlags,
  MclFlags,
  MmCounters,
  MmErrno,
  MmFileOptions,
  MremapFlags,
  Prot,
  Vma,
} from './mm/api';
export {
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_GROWSUP,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MCL_CURRENT,
  MCL_FUTURE,
  MCL_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from './mm/mman';
export { PAGE_SIZE } from './mm/page';

export type MapleTree<T> = Tree<T>;
export const MapleTree: MapleTreeConstructor = InnerTree;

export type MapleState<T> = State<T>;
// The inside takes trees with an inside, and the trees that users can have are these.
export const MapleState = InnerState as unknown as MapleStateConstructor;

export type AddressSpace = Space;
export const AddressSpace = InnerSpace as AddressSpaceConstructor;

export type MmFile = PublicFile;
export const MmFile: MmFileConstructor = InnerFile;
