/**
 * How to run a saved sequence: here, or, if it is known to take the process along, in a process of its own.
 *
 * A finding's folder says so in `finding.json`: its rule is `hang` or `died`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type AnyRun, type JudgeOptions, makeRunSequence, readStepTimeout } from './judge';

export function makeRunFor(file: string, flags: JudgeOptions): AnyRun {
  const folder = path.dirname(file);
  if (!existsSync(path.join(folder, 'finding.json'))) return makeRunSequence(flags);
  const { readFacts } = require('../campaign/findings') as typeof import('../campaign/findings');
  const { takesProcessAlong } = require('../campaign/minimizing') as typeof import('../campaign/minimizing');
  if (!takesProcessAlong(readFacts(folder))) return makeRunSequence(flags);
  const { isolatedRun } = require('../campaign/isolated') as typeof import('../campaign/isolated');
  return isolatedRun(readStepTimeout(flags.stepTimeout));
}
