/**
 * Where the time of a step goes, measured from outside: now and then a sequence is run again in parts.
 *
 *     run            = generate + src + oracle + invariants
 *     replay         =            src + oracle + invariants
 *     src alone, oracle alone
 *
 * Nothing in the loop itself is timed, so measuring costs nothing but these sequences.
 */

import type { GeneratedRun } from '../generate/source';
import type { RunSequence } from '../lockstep/types';
import { applyChecked } from '../targets/answering';
import { makeInstance } from '../targets/in-process';
import type { TimeSplit } from './status';

/** One sequence in so many is measured; not the first, in which the engine still compiles. */
export const SPLIT_EVERY = 256;

type Sums = { -readonly [Part in keyof TimeSplit]: number };

/** Adds the milliseconds of a sequence that took `ms` to `sums`. */
export function measureSplit(run: GeneratedRun, ms: number, replay: RunSequence, sums: Sums): void {
  const sequence = { header: run.header, operations: [...run.operations] };
  const whole = time(() => replay(sequence));
  const src = time(() => applyAll('src', sequence));
  const oracle = time(() => applyAll('oracle', sequence));
  sums.src += src;
  sums.oracle += oracle;
  sums.invariants += Math.max(0, whole - src - oracle);
  sums.generate += Math.max(0, ms - whole);
}

function applyAll(name: 'src' | 'oracle', { header, operations }: Pick<GeneratedRun, 'header' | 'operations'>): void {
  const instance = makeInstance(name, header);
  for (const operation of operations) applyChecked(instance, operation);
}

/** Milliseconds of the processor's time: on a busy machine the clock on the wall counts others' work too. */
function time(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}
