/**
 * The command line as commander sees it: all verbs by name, the one that is asked for with its flags.
 *
 * Only that verb's file is loaded, so that `--help` and `exec` start fast.
 */
import { Command } from 'commander';
import { CouldNotRun, exitOf } from '../base/errors';
import { readVersion } from '../base/version';
import { VERBS } from '.';
import { cleanUp } from './cleanup';
import type { RunAction, VerbEntry } from './verb';

/** A package has no TypeScript. */
const IN_CHECKOUT = __filename.endsWith('.ts');

/** Says in one line why a command could not be done; sets the exit code. */
export function report(error: unknown): void {
  const { code, text } = exitOf(error);
  process.stderr.write(`maple-fuzz: ${text}\n`);
  process.exitCode = code;
}

/** An action's number becomes the exit code, its exception one line. Output is never cut off by an early exit. */
const run: RunAction =
  (action) =>
  async (...args) => {
    try {
      process.exitCode = await action(...args);
    } catch (error) {
      report(error);
    } finally {
      cleanUp();
    }
  };

function addVerb(program: Command, verb: VerbEntry, asked: string | undefined): void {
  const command = program.command(verb.name).description(verb.summary);
  if (verb.name === asked) {
    if (verb.needsCheckout !== undefined && !IN_CHECKOUT) refuse(command, verb.needsCheckout);
    else verb.load().define(command, run);
  }
  pointToHelp(command, verb.name);
}

/** A verb that is not in the package says so, whatever its flags. */
function refuse(command: Command, reason: string): void {
  command
    .allowUnknownOption()
    .argument('[words...]')
    .action(
      run(() => {
        throw new CouldNotRun(`${reason}: it needs a checkout, not an installed package`);
      }),
    );
}

/** Each command names its own help: a verb with commands of its own does not list their flags. */
function pointToHelp(command: Command, name: string): void {
  const what = command.commands.length > 0 ? 'commands' : 'flags';
  command.showHelpAfterError(`(maple-fuzz ${name} --help lists the ${what})`);
  for (const one of command.commands) pointToHelp(one, `${name} ${one.name()}`);
}

/** The verb that the arguments ask for; `help VERB` asks for it too. */
function askedVerb(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'));
  return words[0] === 'help' ? words[1] : words[0];
}

/** The whole command, ready to parse these arguments. */
export function createProgram(args: readonly string[]): Command {
  const program = new Command('maple-fuzz');
  program
    .description('A differential fuzzer for maple trees and the VMA code on top of them.')
    .version(readVersion())
    .showHelpAfterError('(maple-fuzz --help lists the verbs)')
    .configureOutput({ outputError: (text, write) => write(`maple-fuzz: ${text.replace(/^error: /, '')}`) })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing found, 1 a finding, 2 usage, 3 could not run, 4 only known findings, ' +
        '5 a planted bug was missed.',
    );
  const asked = askedVerb(args);
  for (const verb of VERBS) addVerb(program, verb, asked);
  return program;
}
