/**
 * Error numbers, as the kernel has them, and their names.
 *
 * Rules that hold here:
 * - Inside src/mm a function that may fail returns a number: 0 or a page number if all went well, a negative errno
 *   otherwise (`return -ENOMEM`), so that results stay small integers.
 * - Names appear only at the surface, in AddressSpace and in the hooks of a file.
 */
import type { MmErrno } from './api';

export const EPERM = 1;
export const EAGAIN = 11;
export const EBADF = 9;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const EOVERFLOW = 75;

const NAMES = {
  1: 'EPERM',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  75: 'EOVERFLOW',
} as const satisfies Readonly<Record<number, MmErrno>>;

/** A negative errno by its name. */
const NUMBERS = new Map<MmErrno, number>(Object.entries(NAMES).map(([number, name]) => [name, -Number(number)]));

/** The name of a negative errno: -12 is "ENOMEM". */
export function errnoName(result: number): MmErrno {
  const name = (NAMES as Readonly<Record<number, MmErrno>>)[-result];
  if (name === undefined) throw new RangeError(`${result} is not a negative errno that this code knows`);
  return name;
}

/** What a hook of a file answered, as a number: 0 or a negative errno. */
export function hookResult(answer: 0 | MmErrno): number {
  if (answer === 0) return 0;
  const errno = NUMBERS.get(answer);
  if (errno === undefined) throw new RangeError(`a hook answers 0 or the name of an error, and not ${String(answer)}`);
  return errno;
}
