/**
 * How to run a saved sequence: here, or, if it is known to take the process along, in a process of its own.
 *
 * A finding's folder says so in `finding.json`: its rule is `hang` or `died`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Sequence } from '../format/types';
import { type AnyRun, type JudgeOptions, makeJudging, readStepTimeout } from './target-options';

export interface Runners {
  readonly run: AnyRun;
  /** What runs variants of a failing sequence: targets outside are not asked what they may not be. */
  readonly runVariantsOf: (original: Sequence) => AnyRun;
}

function takesProcessAlong(folder: string): boolean {
  if (!existsSync(path.join(folder, 'finding.json'))) return false;
  const { readFacts } = require('../findings/store') as typeof import('../findings/store');
  const minimizing = require('../findings/minimizing') as typeof import('../findings/minimizing');
  return minimizing.takesProcessAlong(readFacts(folder));
}

/** @throws UsageError for targets that make no sense. */
export function makeRunnersFor(file: string, flags: JudgeOptions): Runners {
  if (takesProcessAlong(path.dirname(file))) {
    const { isolatedRun } = require('../run/isolated') as typeof import('../run/isolated');
    const run = isolatedRun(readStepTimeout(flags.stepTimeout));
    return { run, runVariantsOf: () => run };
  }
  const { runSequence, runVariantsOf } = makeJudging(flags);
  return { run: runSequence, runVariantsOf };
}
