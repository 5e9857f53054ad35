/**
 * Entry of a process that finds the suspects of one case: see suspects.ts. Its argument is a module that exports
 * INVARIANTS; standard input has the order, standard output gets the suspects as JSON in a line.
 *
 * V8 counts blocks only of what it compiles after it was told to: everything else is loaded later.
 */
import fs from 'node:fs';
import { BlockCounts } from './block-counts';
import type { SuspectsOrder } from './suspects';

function main(invariantsFile: string): void {
  const counts = new BlockCounts();
  const { suspectsOf } = require('./suspects-run') as typeof import('./suspects-run');
  const order = JSON.parse(fs.readFileSync(0, 'utf8')) as SuspectsOrder;
  fs.writeSync(1, `${JSON.stringify(suspectsOf(order, invariantsFile, counts))}\n`);
}

main(process.argv[2]);
