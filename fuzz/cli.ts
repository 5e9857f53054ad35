/**
 * The command line: verbs and flags, nothing else. What a verb does stands in fuzz/verbs.
 *
 * Only the verb that is asked for is loaded, so that `--help` and `exec` start fast. Errors that are no bug are one line on
 * standard error; the exit codes are in verbs/exits.ts.
 */
import { Command, CommanderError } from 'commander';
import { VERBS } from './verbs';
import { EXIT, exitOf } from './verbs/exits';
import type { Runner, VerbEntry } from './verbs/verb';

function version(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (require(path) as { version: string }).version;
    } catch {
      // The compiled command lies one folder deeper than the source.
    }
  }
  return 'unknown';
}

function report(error: unknown): void {
  const { code, text } = exitOf(error);
  process.stderr.write(`maple-fuzz: ${text}\n`);
  process.exitCode = code;
}

/** An action's number becomes the exit code, its exception one line. Output is never cut off by an early exit. */
const run: Runner =
  (action) =>
  async (...args) => {
    try {
      process.exitCode = await action(...args);
    } catch (error) {
      report(error);
    }
  };

function addVerb(program: Command, verb: VerbEntry, asked: string | undefined): void {
  const command = program.command(verb.name).description(verb.summary);
  command.showHelpAfterError(`(maple-fuzz ${verb.name} --help lists the flags)`);
  if (verb.name === asked) verb.load().define(command, run);
}

/** The verb that the arguments ask for; `help VERB` asks for it too. */
function askedVerb(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'));
  return words[0] === 'help' ? words[1] : words[0];
}

export function createProgram(args: readonly string[]): Command {
  const program = new Command('maple-fuzz');
  program
    .description('A differential fuzzer for maple trees and the VMA code on top of them.')
    .version(version())
    .showHelpAfterError('(maple-fuzz --help lists the verbs)')
    .configureOutput({ outputError: (text, write) => write(`maple-fuzz: ${text.replace(/^error: /, '')}`) })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing found, 1 a finding, 2 usage, 3 could not run, 4 only known findings.',
    );
  const asked = askedVerb(args);
  for (const verb of VERBS) addVerb(program, verb, asked);
  return program;
}

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
