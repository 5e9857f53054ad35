/**
 * How a command ends: the exit codes, and the two kinds of error that are no bug.
 *
 *     0  nothing found, all agree          2  usage: the command line itself is wrong
 *     1  a finding, a difference           3  could not run: a file, a folder, a target, the machine
 *     4  only findings that were known before      5  the self-test missed a planted bug
 *
 * The border between 2 and 3: what can be seen from the words of the command line alone is usage; what the world has to
 * say (no such file, damaged content, no permission, a target that does not start) is 3.
 */
import { types } from 'node:util';
import { printable } from './printable';

export const EXIT = { nothing: 0, finding: 1, usage: 2, couldNotRun: 3, onlyKnown: 4, missed: 5 } as const;

/** The command line is wrong. Printed as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command line is right, but it cannot be done. Printed as one line, exit code 3. */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun';
}

/** The one line for an exception that ends a command: its text, and the exit code. */
export function exitOf(error: unknown): { readonly code: number; readonly text: string } {
  if (error instanceof UsageError) return { code: EXIT.usage, text: printable(error.message) };
  if (error instanceof CouldNotRun) return { code: EXIT.couldNotRun, text: printable(error.message) };
  if (isKnownTrouble(error)) return { code: EXIT.couldNotRun, text: printable(troubleText(error)) };
  const text = printable(types.isNativeError(error) ? (error.stack ?? error.message) : String(error));
  return { code: EXIT.couldNotRun, text: `a mistake in maple-fuzz itself: ${text}` };
}

/** Names of errors about something of the user's: a damaged file, a target or a planted bug that does not fit. */
const KNOWN_TROUBLE = ['SequenceError', 'TargetStartError', 'MutantError'];

/** One of those, or a system call that failed on something of the user's. */
function isKnownTrouble(error: unknown): error is Error {
  if (!types.isNativeError(error)) return false;
  if (KNOWN_TROUBLE.includes(error.name)) return true;
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

/** What the system's names for its errors mean. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'something of this name is there already',
  ENOTEMPTY: 'the folder is not empty',
  EACCES: 'no permission',
  EPERM: 'the system does not allow it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's share of the disk is full",
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EFBIG: 'the file is too large',
  EIO: 'the disk reports an error',
  EINVAL: 'the system takes no such name or number',
  ENOEXEC: 'it is no program for this machine',
  ENOMEM: 'the machine has no memory left',
  EAGAIN: 'the machine has no process left to give',
  ETXTBSY: 'the program is being written',
  EPIPE: 'whoever read it has gone',
};

/** Why something failed, without the place: a system's error in our words, any other in its own. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : MEANINGS[code]) ?? message;
}

/** A system call that failed: the path, and why. */
function troubleText(error: Error): string {
  const { path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  if (syscall === undefined) return error.message;
  const place = [path, dest].filter((part) => part !== undefined).join(' to ');
  return place === '' ? reasonOf(error) : `${place}: ${reasonOf(error)}`;
}
