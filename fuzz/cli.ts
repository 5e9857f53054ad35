/**
 * The command line: verbs and flags, nothing else. What a verb does stands in fuzz/verbs.
 *
 * Errors that are no bug are one line on standard error; the exit codes are in verbs/exits.ts.
 */
import { CommanderError } from 'commander';
import { EXIT } from './verbs/exits';
import { createProgram, report } from './verbs/program';

/** A reader that went away (`| head`) is no error. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.nothing);
      throw error;
    });
  }
}

async function main(args: readonly string[]): Promise<void> {
  surviveClosedOutput();
  try {
    await createProgram(args).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) report(error);
    else process.exitCode = error.exitCode === 0 ? EXIT.nothing : EXIT.usage;
  }
}

void main(process.argv.slice(2));
