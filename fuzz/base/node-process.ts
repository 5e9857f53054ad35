/**
 * How this program starts another Node process of its own.
 */
import path from 'node:path';

/** `.ts` in a checkout, `.js` in an installed package. */
export const SOURCE_EXTENSION = path.extname(__filename);

/** A process gets neither ts-node's hook nor a debugger's port by itself. */
export function nodeFlags(): string[] {
  const inherited = process.execArgv.filter((flag) => !flag.startsWith('--inspect'));
  return SOURCE_EXTENSION === '.ts' ? [...inherited, '-r', require.resolve('ts-node/register')] : inherited;
}
