/**
 * What a file in this folder exports: `define`, which gives a commander command its arguments, flags and action.
 *
 *     export function define(command: Command, run: RunAction): void {
 *       command
 *         .argument('<file>', 'a sequence file')
 *         .option('--json', 'for machines')
 *         .action(run((file: string, options: Options) => runIt(file, options)));
 *     }
 *
 * The action returns (a promise of) the exit code, and throws UsageError or CouldNotRun (fuzz/base/errors.ts) when it
 * cannot. Flags are long only. A verb's file is loaded only when that verb is used.
 */
import type { Command } from 'commander';

/** Wraps an action: its result is the exit code. Flags come last, as commander gives them. */
export type RunAction = <Args extends unknown[]>(
  action: (...args: Args) => number | Promise<number>,
) => (...args: Args) => Promise<void>;

export interface VerbModule {
  define(command: Command, run: RunAction): void;
}

export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  /** Works on the sources, and is not in the package: there it is answered with why it cannot run. */
  readonly needsCheckout?: string;
  load(): VerbModule;
}
