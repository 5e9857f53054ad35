/**
 * `--target` of the verbs that run implementations side by side: the first is the subject, the others are what it is
 * compared with.
 *
 * src and oracle run in this process; any other list is run by a referee (fuzz/referee/target-runs.ts).
 */
import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import { LONGEST_TIMER_MS, parseDuration } from '../base/duration';
import { CouldNotRun, reasonOf, UsageError } from '../base/errors';
import { CommandLineError } from '../base/shell-words';
import { INVARIANTS } from '../domains/invariants';
import { type Compared, mergeCompared } from '../referee/compared';
import { type DeclaredRow, parseDeclared } from '../referee/declared';
import { mergeRemarks, remarkText } from '../referee/target-remarks';
import { createTargetRuns, type TargetRuns } from '../referee/target-runs';
import { DEFAULT_TARGETS } from '../report/target-flags';
import { createLimitedPair } from '../run/runner';
import { parseTargets } from '../targets/list';
import { atEnd } from './cleanup';

const DEFAULT_STEP_TIMEOUT_MS = 10_000;

export interface TargetOptions {
  readonly target: string;
  readonly stepTimeout?: string;
  readonly declared?: string;
  /** The same, read already. */
  readonly declaredRows?: readonly DeclaredRow[];
}

export function targetOption(): Option {
  return new Option(
    '--target <list>',
    'implementations to run in lockstep: src, oracle, kernel or a command, with commas between; ' +
      'the first is the subject',
  ).default(DEFAULT_TARGETS);
}

export function stepTimeoutOption(): Option {
  return new Option(
    '--step-timeout <time>',
    'a step that takes longer hangs, in src as in a program outside (default: 10s)',
  );
}

export function declaredOption(): Option {
  return new Option(
    '--declared <file>',
    'differences of targets that are right, as docs/targets.md has them: counted, no finding',
  );
}

export function requireComparedOption(): Option {
  return new Option(
    '--require-compared <percent>',
    'the run is green only if so much of the steps was compared with each target: 90%',
  );
}

/** The share that --require-compared asks for, from 0 to 1; null without it. @throws UsageError. */
export function readRequired(text: string | undefined): number | null {
  return text === undefined ? null : readPercent('--require-compared', text);
}

/** A share from 0 to 1. @throws UsageError that names the flag. */
export function readPercent(flag: string, text: string): number {
  const percent = Number(text.replace(/%$/, ''));
  if (text.trim() === '' || !(percent >= 0 && percent <= 100))
    throw new UsageError(`${flag} ${text}: a share from 0% to 100% expected`);
  return percent / 100;
}

/** @throws CouldNotRun that names the file, and the row. */
export function readDeclared(file: string | undefined): DeclaredRow[] {
  if (file === undefined) return [];
  try {
    return parseDeclared(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CouldNotRun(`--declared ${file}: ${reasonOf(error)}`);
  }
}

/** What runs the targets of the present verb. */
const present: TargetRuns[] = [];

/** What the verb's runs came to know of their targets since the last call, as lines for the screen or of JSON. */
export function takeRemarkLines(json: boolean): string[] {
  const remarks = mergeRemarks(present.flatMap((runs) => runs.takeRemarks()));
  return remarks.map((remark) => (json ? JSON.stringify({ note: remark[0], times: remark[1] }) : remarkText(remark)));
}

/** How much was compared with each target of the verb since the last call. */
export function takeCompared(): Compared {
  return mergeCompared(present.map((runs) => runs.takeCompared()));
}

/**
 * What runs the targets; it is closed when the verb ends. An endless loop in src ends by itself, after the time of a
 * step.
 * @throws UsageError for a list that makes no sense.
 */
export function makeTargetRuns(options: TargetOptions): TargetRuns {
  const stepTimeout = readStepTimeout(options.stepTimeout);
  const declared = options.declaredRows ?? readDeclared(options.declared);
  try {
    const runs = createTargetRuns(parseTargets(options.target), {
      invariants: INVARIANTS,
      limits: { stepTimeout },
      declared,
      pairRuns: createLimitedPair(INVARIANTS, stepTimeout),
    });
    present.push(runs);
    atEnd(() => {
      runs.close();
      present.splice(present.indexOf(runs), 1);
    });
    return runs;
  } catch (error) {
    throw error instanceof CommandLineError ? new UsageError(`--target ${options.target}: ${error.message}`) : error;
  }
}

/** @throws UsageError that names the flag. */
export function readStepTimeout(text: string | undefined): number {
  if (text === undefined) return DEFAULT_STEP_TIMEOUT_MS;
  const ms = parseDuration(text, LONGEST_TIMER_MS);
  if (ms === null || ms < 1)
    throw new UsageError(`--step-timeout ${text}: a time such as 10s or 500ms expected, at most 24 days`);
  return ms;
}
