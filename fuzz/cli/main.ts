/**
 * The command line: verbs and flags, nothing else. What a verb does stands in fuzz/cli.
 *
 * Errors that are no bug are one line on standard error; the exit codes are in verbs/exits.ts.
 */
import { CommanderError } from 'commander';
import { EXIT } from '../base/errors';
import { stopWhenClosed } from './closed-pipe';
import { createProgram, report } from './program';

async function main(args: readonly string[]): Promise<void> {
  stopWhenClosed(process.stdout);
  stopWhenClosed(process.stderr);
  try {
    await createProgram(args).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) report(error);
    else process.exitCode = error.exitCode === 0 ? EXIT.nothing : EXIT.usage;
  }
}

void main(process.argv.slice(2));
