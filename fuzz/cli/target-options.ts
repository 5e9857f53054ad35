/**
 * `--target` of the verbs that run implementations side by side: the first is the subject, the others judge it.
 *
 * The default pair runs in this process; anything else is run by a referee (fuzz/referee/judging.ts).
 */
import { Option } from 'commander';
import { UsageError } from '../base/errors';
import type { Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import type { Judging } from '../referee/judging';
import { mergeNotes, noteText } from '../referee/target-remarks';
import { DEFAULT_TARGETS } from '../report/target-flags';
import { atEnd } from './cleanup';

const DEFAULT_STEP_TIMEOUT_MS = 10_000;

export interface JudgeOptions {
  readonly target: string;
  readonly stepTimeout?: string;
}

/** Runs a whole sequence; targets outside of this process answer later. */
export type AnyRun = (sequence: Sequence) => Difference | null | Promise<Difference | null>;

export function judgeOption(): Option {
  return new Option(
    '--target <list>',
    'implementations to run in lockstep: src, oracle, kernel or a command, with commas between; the first is the subject',
  ).default(DEFAULT_TARGETS);
}

export function stepTimeoutOption(): Option {
  return new Option(
    '--step-timeout <time>',
    'a step that takes longer hangs, in src as in a program outside (default: 10s)',
  );
}

/** Those of the present verb. */
const judges: Judging[] = [];

/** What the verb's judges came to know of targets outside since the last call, as lines for the screen or of JSON. */
export function takeNoteLines(json: boolean): string[] {
  const notes = mergeNotes(judges.flatMap((judging) => judging.takeNotes()));
  return notes.map((note) => (json ? JSON.stringify({ note: note[0], times: note[1] }) : noteText(note)));
}

/**
 * What runs the targets; it is closed when the verb ends. An endless loop in src ends by itself, after the time of a step.
 * @throws UsageError for a list that makes no sense.
 */
export function makeJudging(options: JudgeOptions): Judging {
  const { createJudging } = require('../referee/judging') as typeof import('../referee/judging');
  const { INVARIANTS } = require('../domains/invariants') as typeof import('../domains/invariants');
  const { CommandLineError } = require('../base/shell-words') as typeof import('../base/shell-words');
  const { createLimitedPair } = require('../run/runner') as typeof import('../run/runner');
  const stepTimeout = readStepTimeout(options.stepTimeout);
  try {
    const runs = createLimitedPair(INVARIANTS, stepTimeout);
    const judging = createJudging(options.target, INVARIANTS, { stepTimeout }, runs);
    judges.push(judging);
    atEnd(() => {
      judging.close();
      judges.splice(judges.indexOf(judging), 1);
    });
    return judging;
  } catch (error) {
    throw error instanceof CommandLineError ? new UsageError(`--target ${options.target}: ${error.message}`) : error;
  }
}

/** @throws UsageError that names the flag. */
export function readStepTimeout(text: string | undefined): number {
  if (text === undefined) return DEFAULT_STEP_TIMEOUT_MS;
  const { parseDuration } = require('../base/duration') as typeof import('../base/duration');
  const ms = parseDuration(text);
  if (ms === null || ms < 1) throw new UsageError(`--step-timeout ${text}: a time such as 10s or 500ms expected`);
  return ms;
}
