/**
 * How this program starts another Node process, or a thread, of its own.
 */
import path from 'node:path';

/** `.ts` in a checkout, `.js` in an installed package. */
export const SOURCE_EXTENSION = path.extname(__filename);

/** What it must load first: in a checkout the hook that compiles the sources, which it does not get by itself. */
export const LOADED_FIRST: readonly string[] =
  SOURCE_EXTENSION === '.ts' ? [path.join(__dirname, '..', '..', 'scripts', 'register.cjs')] : [];

/** The flags of such a process: those of this one, but for a debugger's port. */
export function nodeFlags(): string[] {
  const inherited = process.execArgv.filter((flag) => !flag.startsWith('--inspect'));
  return [...inherited, ...LOADED_FIRST.flatMap((file) => ['-r', file])];
}
