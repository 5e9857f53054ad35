/**
 * Entry of a process that runs one sequence from its standard input: `!` when it begins, a dot before each
 * operation, then the answer.
 */
import fs from 'node:fs';
import { INVARIANTS } from '../invariants';
import { createLockstep } from '../lockstep/create';
import type { Difference } from '../lockstep/types';
import { parseSequences } from '../sequence/parse';
import type { Sequence } from '../sequence/types';
import type { IsolatedAnswer } from './isolated';

function run(sequence: Sequence): Difference | null {
  const lockstep = createLockstep({ invariants: INVARIANTS, thorough: true });
  let difference = lockstep.begin(sequence.header);
  // Everything is loaded: from here on silence counts.
  fs.writeSync(1, '!');
  for (const operation of sequence.operations) {
    if (difference !== null) return difference;
    fs.writeSync(1, '.');
    difference = lockstep.step(operation);
  }
  return difference ?? lockstep.end();
}

const answer: IsolatedAnswer = { difference: run(parseSequences(fs.readFileSync(0, 'utf8'))[0]!) };
fs.writeSync(1, JSON.stringify(answer));
