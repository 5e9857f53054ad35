/**
 * The flags of a mapping, and what is computed from them alone.
 *
 * One small integer holds them. Bit i is the i-th of the two-letter codes, which stand in the order in which the
 * kernel's VmFlags line prints them, so that the flags of two implementations can be compared as they are:
 *
 *     bit    0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26
 *     code  rd wr ex sh mr mw me ms gd um pf lo io sr rr dc de lf ac nr wf dd mm hg nh mg sl
 *
 * Bit 27 has no code: growth upwards, which the kernel has on other machines than x86. Soft-dirty is not modelled.
 *
 * Rules that hold here:
 * - VM_MAY* is its VM_* shifted left by four, as in the kernel: mprotect checks one against the other by a shift.
 * - On x86 a stack is what grows down: VM_STACK is VM_GROWSDOWN (or VM_GROWSUP where that is in use).
 */
export const VM_READ = 1 << 0;
export const VM_WRITE = 1 << 1;
export const VM_EXEC = 1 << 2;
export const VM_SHARED = 1 << 3;
export const VM_MAYREAD = 1 << 4;
export const VM_MAYWRITE = 1 << 5;
export const VM_MAYEXEC = 1 << 6;
export const VM_MAYSHARE = 1 << 7;
export const VM_GROWSDOWN = 1 << 8;
export const VM_UFFD_MISSING = 1 << 9;
export const VM_PFNMAP = 1 << 10;
export const VM_LOCKED = 1 << 11;
export const VM_IO = 1 << 12;
export const VM_SEQ_READ = 1 << 13;
export const VM_RAND_READ = 1 << 14;
export const VM_DONTCOPY = 1 << 15;
export const VM_DONTEXPAND = 1 << 16;
export const VM_LOCKONFAULT = 1 << 17;
export const VM_ACCOUNT = 1 << 18;
export const VM_NORESERVE = 1 << 19;
export const VM_WIPEONFORK = 1 << 20;
export const VM_DONTDUMP = 1 << 21;
export const VM_MIXEDMAP = 1 << 22;
export const VM_HUGEPAGE = 1 << 23;
export const VM_NOHUGEPAGE = 1 << 24;
export const VM_MERGEABLE = 1 << 25;
export const VM_SEALED = 1 << 26;
export const VM_GROWSUP = 1 << 27;

export const VM_ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
export const VM_LOCKED_MASK = VM_LOCKED | VM_LOCKONFAULT;
/** Mappings that never merge, and whose pages are not locked. */
export const VM_SPECIAL = VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP;
const VM_STACK = VM_GROWSDOWN | VM_GROWSUP;
/** What a heap page gets, without VM_ACCOUNT. */
export const VM_DATA_DEFAULT_FLAGS = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

/** The code of bit i. */
const CODES: readonly string[] =
  'rd wr ex sh mr mw me ms gd um pf lo io sr rr dc de lf ac nr wf dd mm hg nh mg sl'.split(' ');

/** The two-letter codes of the flags, separated by spaces, in the kernel's order. */
export function flagCodes(flags: number): string {
  let text = '';
  for (let i = 0; i < CODES.length; i++) {
    if ((flags & (1 << i)) !== 0) text = text === '' ? CODES[i] : `${text} ${CODES[i]}`;
  }
  return text;
}

/** Whether any access is allowed. An inaccessible mapping needs no guard gap below a stack. */
export function isAccessible(flags: number): boolean {
  return (flags & VM_ACCESS_FLAGS) !== 0;
}

/** Counted in exec_vm: executable, not writable, not a stack. */
export function isExecMapping(flags: number): boolean {
  return (flags & (VM_EXEC | VM_WRITE | VM_STACK)) === VM_EXEC;
}

/** Counted in stack_vm. */
export function isStackMapping(flags: number): boolean {
  return (flags & VM_STACK) !== 0;
}

/** Counted in data_vm: private, writable, not a stack. */
export function isDataMapping(flags: number): boolean {
  return (flags & (VM_WRITE | VM_SHARED | VM_STACK)) === VM_WRITE;
}

/** Whether a new mapping is charged against the memory that may be committed: private, writable, not "noreserve". */
export function accountableMapping(flags: number): boolean {
  return (flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) === VM_WRITE;
}
