/**
 * The flags that system calls take: the constants of mman.h, with values of our own.
 *
 * Rules that hold here:
 * - PROT_* are the lowest VM_* (vm-flags.ts), so that a protection is part of the flags of a mapping as it is.
 */
import type { MapFlags, MclFlags, MremapFlags, Prot } from './api';

export const PROT_NONE: Prot = 0;
export const PROT_READ: Prot = 1 << 0;
export const PROT_WRITE: Prot = 1 << 1;
export const PROT_EXEC: Prot = 1 << 2;

export const MAP_SHARED: MapFlags = 1 << 0;
export const MAP_PRIVATE: MapFlags = 1 << 1;
export const MAP_FIXED: MapFlags = 1 << 2;
export const MAP_FIXED_NOREPLACE: MapFlags = 1 << 3;
export const MAP_GROWSDOWN: MapFlags = 1 << 4;
export const MAP_GROWSUP: MapFlags = 1 << 5;
export const MAP_LOCKED: MapFlags = 1 << 6;
export const MAP_NORESERVE: MapFlags = 1 << 7;
export const MAP_POPULATE: MapFlags = 1 << 8;

export const MREMAP_MAYMOVE: MremapFlags = 1 << 0;
export const MREMAP_FIXED: MremapFlags = 1 << 1;
export const MREMAP_DONTUNMAP: MremapFlags = 1 << 2;

export const MCL_CURRENT: MclFlags = 1 << 0;
export const MCL_FUTURE: MclFlags = 1 << 1;
export const MCL_ONFAULT: MclFlags = 1 << 2;
