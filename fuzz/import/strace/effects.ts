/**
 * Which system calls change mappings, and what they do to the layout.
 *
 * The one table that decides what is loud: a call in here that succeeded and did not become an operation makes the
 * layout wrong, and the import says so and fails. A call that is not in here changes no mapping. Calls that have many
 * meanings (prctl, ioctl, arch_prctl, personality, ipc, madvise) are looked at by their handlers; here stands what they
 * do at worst.
 */

const MAPS = 'maps memory';
const UNMAPS = 'removes mappings';

const CHANGES: ReadonlyMap<string, string> = new Map([
  ['mmap', MAPS],
  ['mmap2', MAPS],
  ['old_mmap', MAPS],
  ['mmap_pgoff', MAPS],
  ['munmap', UNMAPS],
  ['mremap', 'moves mappings or changes their length'],
  ['remap_file_pages', 'maps other pages of a file'],
  ['brk', 'moves the end of the heap'],
  ['mprotect', 'changes protections'],
  ['pkey_mprotect', 'changes protections and their keys'],
  ['madvise', 'changes flags of mappings'],
  ['process_madvise', 'changes flags of mappings'],
  ['mlock', 'locks mappings'],
  ['mlock2', 'locks mappings'],
  ['munlock', 'unlocks mappings'],
  ['mlockall', 'locks all mappings'],
  ['munlockall', 'unlocks all mappings'],
  ['mseal', 'seals mappings'],
  ['mbind', 'changes memory policies of mappings'],
  ['set_mempolicy_home_node', 'changes memory policies of mappings'],
  ['map_shadow_stack', 'maps a shadow stack'],
  ['shmat', 'maps shared memory'],
  ['shmdt', 'removes shared memory'],
  ['ipc', 'may map or remove shared memory'],
  ['io_setup', 'maps a ring for asynchronous input and output'],
  ['io_destroy', 'removes the ring of io_setup'],
  ['uselib', 'maps a library'],
  ['prctl', 'changes names, flags or bounds of mappings'],
  ['arch_prctl', 'maps or removes memory of the architecture'],
  ['personality', 'makes readable mappings executable from now on'],
  ['ioctl', 'changes mappings through a device or a userfaultfd'],
  ['clone', 'may copy the address space'],
  ['clone3', 'may copy the address space'],
  ['fork', 'copies the address space'],
  ['vfork', 'shares the address space'],
  ['execve', 'begins a new address space'],
  ['execveat', 'begins a new address space'],
]);

/** Calls that an old strace prints by their number, which above 423 is the same for all architectures. */
const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [440, 'process_madvise'],
  [450, 'set_mempolicy_home_node'],
  [453, 'map_shadow_stack'],
  [462, 'mseal'],
]);
/** mlock2 and pkey_mprotect of x86, arm and arm64: younger than many an strace, and not the same everywhere. */
const PERHAPS: ReadonlySet<number> = new Set([284, 288, 325, 329, 376, 380, 390, 394]);
const LAST_KNOWN = 475;
/** Calls of arm alone: break points, caches, thread registers. */
const FIRST_OF_ARM = 0xf0000;
const LAST_OF_ARM = 0xf0006;

const UNKNOWN_NUMBER = 'has a number that is not known here, so that what it does is not known either';

/** The number in `syscall_0x1ce`, `SYS_462`; null for a name. */
function numberIn(name: string): number | null {
  const found = /^(?:syscall|SYS)_(0x[0-9a-f]+|\d+)$/.exec(name);
  return found === null ? null : Number(found[1]);
}

/** `syscall_0x1ce` becomes `mseal`; a number that is not known, and any other name, stay as they are. */
export function knownName(name: string): string {
  const number = numberIn(name);
  return number === null ? name : (BY_NUMBER.get(number) ?? name);
}

/** What a call does to the layout; null if it changes no mapping. */
export function effectOf(name: string): string | null {
  const effect = CHANGES.get(name);
  if (effect !== undefined) return effect;
  const number = numberIn(name);
  if (number === null) return null;
  const isKnown = number <= LAST_KNOWN && !PERHAPS.has(number);
  return isKnown || (number >= FIRST_OF_ARM && number <= LAST_OF_ARM) ? null : UNKNOWN_NUMBER;
}

/** Calls that hardly ever change mappings are told by their arguments. */
const MANY: Readonly<Record<string, string>> = {
  ioctl: '\\d[^,]*, UFFDIO_(?:UN)?REGISTER',
  prctl: 'PR_SET_(?:VMA|MM|MEMORY)',
  arch_prctl: 'ARCH_(?:MAP|SHSTK)',
  personality: '[^)]*READ_IMPLIES_EXEC',
  ipc: 'SHM(?:AT|DT)',
};
const USUAL = '(?:$|NULL|0x|\\d|\\{|"|MCL_|child|flags)';

const DAMAGED = new RegExp(
  `(?<![\\w.])(?:${[...CHANGES.keys()].map((name) => `(?:${name})\\(${MANY[name] ?? USUAL}`).join('|')})`,
);

/** The name of the call that a damaged line shows, if it may have changed mappings; null if there is none. */
export function changeIn(damaged: string): string | null {
  if (/ = -1 E[A-Z]/.test(damaged)) return null;
  const found = DAMAGED.exec(damaged);
  return found === null ? null : found[0].slice(0, found[0].indexOf('('));
}
