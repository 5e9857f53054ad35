/**
 * The VMA code as a library: an address space on a maple tree, and what is needed to use and to watch it.
 */
export { type AddressResult, AddressSpace, type MmResult } from './address-space';
export { Allocations } from './allocations';
export type { MmErrno } from './errno';
export { MM_EVENT_BASE, MM_EVENT_COUNT, mmEventName } from './events';
export { type FileMapping, MmFile, type MmFileOptions, STANDARD_FILES, standardFile, type VmOperations } from './file';
export type { Advice } from './madvise';
export { MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT } from './mlock';
export { type AddressSpaceOptions, type KernelVersion, type Mm, PAGE_SIZE } from './mm';
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
} from './mmap';
export { MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from './mremap';
export { validateMm } from './validate';
export * from './vm-flags';
export { AnonVma, Vma } from './vma';
