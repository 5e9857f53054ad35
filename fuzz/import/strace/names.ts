/**
 * The constants of memory calls, by the names that strace gives them.
 *
 * What is not listed is an unknown name, and a call that has it is not understood. Numbers are those of x86, arm and
 * RISC-V; only logs that print numbers in place of names (`-X raw`) need them.
 */

export const BITS = {
  prot: {
    PROT_NONE: 0,
    PROT_READ: 1,
    PROT_WRITE: 2,
    PROT_EXEC: 4,
    PROT_SEM: 8,
    PROT_BTI: 0x10,
    PROT_MTE: 0x20,
    PROT_GROWSDOWN: 0x1000000,
    PROT_GROWSUP: 0x2000000,
  },
  map: {
    MAP_FILE: 0,
    MAP_SHARED: 1,
    MAP_PRIVATE: 2,
    MAP_SHARED_VALIDATE: 3,
    MAP_DROPPABLE: 8,
    MAP_FIXED: 0x10,
    MAP_ANONYMOUS: 0x20,
    MAP_ANON: 0x20,
    MAP_32BIT: 0x40,
    MAP_ABOVE4G: 0x80,
    MAP_GROWSDOWN: 0x100,
    MAP_GROWSUP: 0x200,
    MAP_DENYWRITE: 0x800,
    MAP_EXECUTABLE: 0x1000,
    MAP_LOCKED: 0x2000,
    MAP_NORESERVE: 0x4000,
    MAP_POPULATE: 0x8000,
    MAP_NONBLOCK: 0x10000,
    MAP_STACK: 0x20000,
    MAP_HUGETLB: 0x40000,
    MAP_SYNC: 0x80000,
    MAP_FIXED_NOREPLACE: 0x100000,
    MAP_UNINITIALIZED: 0x4000000,
    MAP_HUGE_2MB: 21 * 2 ** 26,
    MAP_HUGE_1GB: 30 * 2 ** 26,
  },
  mremap: { MREMAP_MAYMOVE: 1, MREMAP_FIXED: 2, MREMAP_DONTUNMAP: 4 },
  mlock2: { MLOCK_ONFAULT: 1 },
  mlockall: { MCL_CURRENT: 1, MCL_FUTURE: 2, MCL_ONFAULT: 4 },
  prctl: { PR_SET_VMA: 0x53564d41, PR_SET_VMA_ANON_NAME: 0, PR_SET_MM: 35, PR_SET_MEMORY_MERGE: 67 },
  archPrctl: {
    ARCH_MAP_VDSO_X32: 0x2001,
    ARCH_MAP_VDSO_32: 0x2002,
    ARCH_MAP_VDSO_64: 0x2003,
    ARCH_SHSTK_ENABLE: 0x5001,
    ARCH_SHSTK_DISABLE: 0x5002,
  },
  shm: { SHM_EXEC: 0o100000, SHM_RDONLY: 0o10000, SHM_RND: 0o20000, SHM_REMAP: 0o40000 },
  number: {},
} as const satisfies Record<string, Record<string, number>>;

export type BitKind = keyof typeof BITS;

/** Names of advice by number. */
export const ADVICE_BY_NUMBER: Readonly<Record<number, string>> = {
  0: 'normal',
  1: 'random',
  2: 'sequential',
  3: 'willneed',
  4: 'dontneed',
  8: 'free',
  9: 'remove',
  10: 'dontfork',
  11: 'dofork',
  12: 'mergeable',
  13: 'unmergeable',
  14: 'hugepage',
  15: 'nohugepage',
  16: 'dontdump',
  17: 'dodump',
  18: 'wipeonfork',
  19: 'keeponfork',
  20: 'cold',
  21: 'pageout',
  22: 'populate_read',
  23: 'populate_write',
  24: 'dontneed_locked',
  25: 'collapse',
  100: 'hwpoison',
  101: 'soft_offline',
  102: 'guard_install',
  103: 'guard_remove',
};
