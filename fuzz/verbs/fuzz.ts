/**
 * `fuzz`: searches for differences with generated sequences.
 *
 * Ctrl-C once ends after the present sequence, with the summary; twice ends at once.
 */
import type { Command } from 'commander';
import type { FuzzLoop } from '../run/loop';
import type { FuzzFlags, FuzzOptions } from '../run/options';
import { EXIT } from './exits';
import type { Runner } from './verb';

/** The flags that `fuzz` and `check` share. */
export function addFuzzFlags(command: Command): Command {
  return command
    .option('--domain <name>', 'tree or mm; both in turn without it')
    .option('--for <time>', 'how long: 60s, 10m, 8h')
    .option('--runs <number>', 'how many sequences')
    .option('--seed <text>', 'any text; the same seed and version give the same sequences')
    .option('--out <folder>', 'where findings are kept', 'findings')
    .option('--only <operations>', 'only these operations, with commas between')
    .option('--without <operations>', 'not these operations')
    .option('--json', 'one line of JSON for each thing to say');
}

/** Runs the loop to its end; the exit code says whether anything was found. */
export async function runFuzz(options: FuzzOptions): Promise<number> {
  const { FuzzLoop } = require('../run/loop') as typeof import('../run/loop');
  const { LoopOutput } = require('../run/output') as typeof import('../run/output');
  const output = new LoopOutput(options, process.stdout);
  output.begin();
  const loop = new FuzzLoop(options, output);
  const release = stopOnInterrupt(loop);
  try {
    const status = await loop.run();
    output.end(status);
    return status.findings.length === 0 ? EXIT.nothing : EXIT.finding;
  } finally {
    release();
  }
}

function stopOnInterrupt(loop: FuzzLoop): () => void {
  let asked = 0;
  const onSignal = (): void => {
    asked++;
    if (asked > 1) process.exit(130);
    loop.stop();
  };
  process.on('SIGINT', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
  };
}

export function define(command: Command, run: Runner): void {
  addFuzzFlags(command).action(
    run((flags: FuzzFlags) => {
      const { readFuzzOptions } = require('../run/options') as typeof import('../run/options');
      return runFuzz(readFuzzOptions(flags));
    }),
  );
}
