/**
 * The ways in which a program on the wire can misbehave, each with its name and its wording, in one place.
 *
 * A wrong answer is none of them: that is a difference, which the comparison finds.
 */
import type { FoundBy } from '../../lockstep/types';

/** Names are stable: a finding is told from another by them. */
export type FailureRule =
  | 'target-died'
  | 'target-threw'
  | 'target-hangs'
  | 'closed-input'
  | 'closed-output'
  | 'too-few-answers'
  | 'too-many-answers'
  | 'not-json'
  | 'bad-answer'
  | 'answer-too-long';

export interface TargetFailure {
  readonly rule: FailureRule;
  readonly foundBy: FoundBy;
  /** Index of the first operation that has no good answer; -1 for the header. */
  readonly step: number;
  /** One line or a few, for people. */
  readonly detail: string;
}

/** A target that cannot be used at all: the run ends with exit status 3. The message is one line. */
export class TargetStartError extends Error {
  override readonly name = 'TargetStartError';
}

/** Behind the name of the target; its answer follows. */
export const REFUSES_HEADER = 'to a header it answers';

/** Whether a target can be used, but not in this domain: it says so in its answer to a header. */
export function refusesDomain(error: unknown): error is TargetStartError {
  if (!(error instanceof TargetStartError)) return false;
  const [, answer] = error.message.split(`${REFUSES_HEADER} `);
  return answer?.startsWith('{"error":"domain') === true;
}

const FOUND_BY: Readonly<Record<FailureRule, FoundBy>> = {
  'target-died': 'crash',
  'target-threw': 'crash',
  'target-hangs': 'hang',
  'closed-input': 'protocol',
  'closed-output': 'protocol',
  'too-few-answers': 'protocol',
  'too-many-answers': 'protocol',
  'not-json': 'protocol',
  'bad-answer': 'protocol',
  'answer-too-long': 'protocol',
};

function failure(rule: FailureRule, step: number, detail: string): TargetFailure {
  return { rule, foundBy: FOUND_BY[rule], step, detail };
}

const MISCOUNTS: readonly FailureRule[] = ['too-few-answers', 'too-many-answers'];

/**
 * The failure at this step, if it is one of the count of answers: then what they say means nothing, for it is of other
 * lines.
 */
export function miscountAt(failed: TargetFailure | undefined, step: number): TargetFailure | null {
  return failed !== undefined && MISCOUNTS.includes(failed.rule) ? { ...failed, step } : null;
}

/**
 * What a bad answer comes from: a shape that is wrong here may be right at another line, what is no JSON is nowhere.
 */
export function causeOf(bad: TargetFailure, failed: TargetFailure | undefined): TargetFailure {
  return bad.rule === 'not-json' ? bad : (miscountAt(failed, bad.step) ?? bad);
}

/** How far a conversation got: the header counts as nothing, so -1 means that not even it was answered. */
export interface ExchangeProgress {
  /** Operations of the sequence. */
  readonly operations: number;
  /** Lines answered, the header's included. */
  readonly answered: number;
}

export function stepOf(progress: ExchangeProgress): number {
  return Math.min(progress.answered, progress.operations) - 1;
}

function answeredText(progress: ExchangeProgress): string {
  if (progress.answered === 0) return 'before it answered the header';
  return `after ${Math.min(progress.answered - 1, progress.operations)} of ${progress.operations} answers`;
}

/** A short piece of a line for a message. */
function excerpt(line: string): string {
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}

/** The last lines on standard error, indented, or nothing. */
function saidText(said: readonly string[]): string {
  return said.length === 0 ? '' : `; its last words:\n${said.map((line) => `  ${excerpt(line)}`).join('\n')}`;
}

export const died = (progress: ExchangeProgress, code: number | null, signal: string | null, said: readonly string[]) =>
  failure(
    'target-died',
    stepOf(progress),
    `ended with ${signal === null ? `status ${code}` : signal} ${answeredText(progress)}${saidText(said)}`,
  );

/** An implementation of this process threw. */
export const threw = (step: number, error: unknown) =>
  failure('target-threw', step, `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

export const hung = (progress: ExchangeProgress, seconds: number, said: readonly string[]) =>
  failure(
    'target-hangs',
    stepOf(progress),
    `no answer for ${seconds} s ${answeredText(progress)}; it was killed${saidText(said)}`,
  );

export const closedInput = (progress: ExchangeProgress) =>
  failure('closed-input', stepOf(progress), `closed its standard input ${answeredText(progress)}`);

export const closedOutput = (progress: ExchangeProgress) =>
  failure('closed-output', stepOf(progress), `closed its standard output ${answeredText(progress)}`);

export const tooFew = (progress: ExchangeProgress) =>
  failure(
    'too-few-answers',
    stepOf(progress),
    `too few answers: the next header's came ${answeredText(progress)}; every line has exactly one`,
  );

export const tooMany = (progress: ExchangeProgress, line: string) =>
  failure(
    'too-many-answers',
    stepOf(progress),
    `too many answers: one more after all ${progress.operations}; every line has exactly one: ${excerpt(line)}`,
  );

export const notJson = (step: number, line: string) =>
  failure('not-json', step, `an answer that is not JSON: ${line === '' ? '(an empty line)' : excerpt(line)}`);

export const badAnswer = (step: number, complaint: string, line: string) =>
  failure('bad-answer', step, `an answer of no known shape, ${complaint}: ${excerpt(line)}`);

/** A line that does not even begin like an object. */
export function notAnObject(step: number, line: string): TargetFailure {
  try {
    JSON.parse(line);
    return badAnswer(step, 'not a JSON object', line);
  } catch {
    return notJson(step, line);
  }
}

export const tooLong = (progress: ExchangeProgress, limit: number) =>
  failure('answer-too-long', stepOf(progress), `an answer of more than ${limit} characters without a line end`);
