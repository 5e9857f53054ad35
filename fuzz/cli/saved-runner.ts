/**
 * How to run a saved sequence: here, or, if it is known to take the process along, in a process of its own.
 *
 * A finding's folder says so in `finding.json`: its rule is `hang` or `died`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { takesProcessAlong } from '../findings/finding';
import type { RunVariants } from '../findings/shorten';
import { readFacts } from '../findings/store';
import type { Sequence } from '../format/types';
import type { TargetRuns } from '../referee/target-runs';
import { isolatedRun } from '../run/isolated';
import { makeTargetRuns, readStepTimeout, type TargetOptions } from './target-options';

export interface Runners {
  readonly run: RunVariants;
  /** What runs variants of a failing sequence: targets outside are not asked what they may not be. */
  readonly runVariantsOf: (original: Sequence) => RunVariants;
}

function isIsolated(folder: string): boolean {
  return existsSync(path.join(folder, 'finding.json')) && takesProcessAlong(readFacts(folder));
}

/**
 * @param start  starts the targets, where they are needed: files may share them.
 * @throws UsageError for targets that make no sense.
 */
export function makeRunnersFor(
  file: string,
  flags: TargetOptions,
  start: () => TargetRuns = () => makeTargetRuns(flags),
): Runners {
  if (isIsolated(path.dirname(file))) {
    const run = isolatedRun(readStepTimeout(flags.stepTimeout));
    return { run, runVariantsOf: () => run };
  }
  const { runSequence, runVariantsOf } = start();
  return { run: runSequence, runVariantsOf };
}

/** The same running targets at each call; started at the first. */
export function startOnce(flags: TargetOptions): () => TargetRuns {
  let runs: TargetRuns | null = null;
  return () => {
    runs ??= makeTargetRuns(flags);
    return runs;
  };
}
