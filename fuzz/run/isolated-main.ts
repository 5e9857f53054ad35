/**
 * Entry of a process that runs sequences for others, one after the other: for those that hang or die.
 *
 * The first argument is a module that exports INVARIANTS. A line on standard input is an order. The answer on standard
 * output: `!` when a run begins, a dot before each operation, then the difference as JSON and a line's end. A run that
 * hangs ends by the limit in the order; one that ends this process leaves the dots behind.
 */
import fs from 'node:fs';
import readline from 'node:readline';
import type { RunListener } from '../lockstep/run';
import type { Invariant } from '../lockstep/types';
import { parseSequences } from '../sequence/parse';
import type { IsolatedAnswer, IsolatedOrder } from './isolated';
import { Runner } from './runner';

const say = (text: string): void => {
  fs.writeSync(1, text);
};

const steps: RunListener = { begin: () => say('!'), beforeStep: () => say('.'), afterStep: () => {} };

async function main(invariantsFile: string): Promise<void> {
  const { INVARIANTS } = require(invariantsFile) as { readonly INVARIANTS: readonly Invariant[] };
  const runner = new Runner(INVARIANTS, { thorough: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { sequence, limitMs } = JSON.parse(line) as IsolatedOrder;
    const answer: IsolatedAnswer = { difference: runner.run(parseSequences(sequence)[0], [steps], limitMs) };
    say(`${JSON.stringify(answer)}\n`);
  }
}

void main(process.argv[2]);
