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
  if (error instanceof UsageError) return { code: EXIT.usage, text: error.message };
  if (error instanceof CouldNotRun) return { code: EXIT.couldNotRun, text: error.message };
  if (isKnownTrouble(error)) return { code: EXIT.couldNotRun, text: error.message };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT.couldNotRun, text: `a mistake in maple-fuzz itself: ${text}` };
}

/**
 * Names of errors about something of the user's: a damaged sequence file, a target that does not start, a planted bug
 * that does not fit.
 */
const KNOWN_TROUBLE = ['SequenceError', 'TargetStartError', 'MutantError'];

/** One of those, or a system call that failed on something of the user's. */
function isKnownTrouble(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (KNOWN_TROUBLE.includes(error.name)) return true;
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
