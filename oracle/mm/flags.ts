/**
 * The flags of a mapping: one bit each, in the order in which the kernel prints them.
 *
 * Rules that hold here:
 * - Bit i is the i-th two-letter code of CODES. A comparison of flags that builds no dump uses these numbers.
 * - The order is that of the kernel's bits (the VmFlags line of smaps); soft-dirty is left out, as the format says.
 * - Two neighbours are alike only if every bit is alike: there is no flag that a merge overlooks.
 */

/** The codes, lowest bit first: `um` is a userfaultfd for missing pages, `pf io mm de` are the four of VM_SPECIAL. */
export const CODES = 'rd wr ex sh mr mw me ms gd um pf lo io sr rr dc de lf ac nr wf dd mm hg nh mg sl'.split(
  ' ',
) as readonly string[];

const bit = (code: string): number => 1 << CODES.indexOf(code);

export const READ = bit('rd');
export const WRITE = bit('wr');
export const EXEC = bit('ex');
export const SHARED = bit('sh');
export const MAY_READ = bit('mr');
export const MAY_WRITE = bit('mw');
export const MAY_EXEC = bit('me');
export const MAY_SHARE = bit('ms');
export const GROWS_DOWN = bit('gd');
export const UFFD = bit('um');
export const PFN = bit('pf');
export const LOCKED = bit('lo');
export const IO = bit('io');
export const SEQUENTIAL = bit('sr');
export const RANDOM = bit('rr');
export const DONT_FORK = bit('dc');
export const DONT_EXPAND = bit('de');
export const LOCK_ON_FAULT = bit('lf');
export const ACCOUNT = bit('ac');
export const NO_RESERVE = bit('nr');
export const WIPE_ON_FORK = bit('wf');
export const DONT_DUMP = bit('dd');
export const MIXED = bit('mm');
export const HUGE = bit('hg');
export const NO_HUGE = bit('nh');
export const MERGEABLE = bit('mg');
export const SEALED = bit('sl');

/** What mprotect may change. */
export const ACCESS = READ | WRITE | EXEC;
/** Both halves of a lock. */
export const LOCK = LOCKED | LOCK_ON_FAULT;
/** A mapping with any of these merges with nothing and cannot be locked (VM_SPECIAL). */
export const SPECIAL = IO | DONT_EXPAND | PFN | MIXED;

/** "rw-" as bits. */
export function accessBits(prot: string): number {
  return (prot[0] === 'r' ? READ : 0) | (prot[1] === 'w' ? WRITE : 0) | (prot[2] === 'x' ? EXEC : 0);
}

/** The codes of these bits, separated by spaces, as a dump shows them. */
export function flagsText(flags: number): string {
  let text = '';
  for (let i = 0; i < CODES.length; i++) {
    if ((flags & (1 << i)) !== 0) text += text === '' ? CODES[i] : ` ${CODES[i]}`;
  }
  return text;
}
