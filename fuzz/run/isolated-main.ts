/**
 * Entry of a process that runs sequences for others, one after the other: for those that hang or die.
 *
 * A line on standard input is an order. The answer on standard output: `!` when a run begins, a dot before each operation,
 * then the difference as JSON and a line's end. A run that hangs ends by the limit in the order; one that ends this process
 * leaves the dots behind.
 */
import fs from 'node:fs';
import readline from 'node:readline';
import { INVARIANTS } from '../domains/invariants';
import { FORMAT, type Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { parseSequences } from '../sequence/parse';
import { createLockstep } from './create';
import type { IsolatedAnswer, IsolatedOrder } from './isolated';
import { hangOf, LimitedCall, limitFor } from './limited';

let lockstep = createLockstep({ invariants: INVARIANTS, thorough: true });
// Half of the program is loaded when a lockstep first begins: that is no sequence's time.
lockstep.begin({ format: FORMAT, domain: 'tree', ranges: false });
lockstep.begin({ format: FORMAT, domain: 'mm', pages: 1 });
const limited = new LimitedCall();

function run(sequence: Sequence, limitMs: number): Difference | null {
  let difference: Difference | null = null;
  let begun = 0;
  const ended = limited.ends(limitFor(limitMs, sequence), () => {
    fs.writeSync(1, '!');
    begun = 0;
    difference = lockstep.begin(sequence.header);
    for (const operation of sequence.operations) {
      if (difference !== null) return;
      fs.writeSync(1, '.');
      begun++;
      difference = lockstep.step(operation);
    }
    difference ??= lockstep.end();
  });
  if (ended) return difference;
  lockstep = createLockstep({ invariants: INVARIANTS, thorough: true });
  return hangOf(sequence.operations.slice(0, begun), limitMs);
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { sequence, limitMs } = JSON.parse(line) as IsolatedOrder;
  const answer: IsolatedAnswer = { difference: run(parseSequences(sequence)[0]!, limitMs) };
  fs.writeSync(1, `${JSON.stringify(answer)}\n`);
});
