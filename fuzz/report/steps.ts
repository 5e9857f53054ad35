/**
 * A sequence step by step: each operation, what src answers (and the oracle, where it answers something else), and the
 * content after it.
 */
import pc from 'picocolors';
import type { Operation, Sequence } from '../format/types';
import type { Difference } from '../lockstep/types';
import { printHeader, printOperation } from '../sequence/print';
import { answerOf } from '../targets/answering';
import { type Instance, makeInstance } from '../targets/in-process';
import { drawContent } from './picture';

const COLUMNS = 80;

/** The answer line of one side; an exception is an answer too, here. */
function answerOrCrash(instance: Instance, operation: Operation): string {
  try {
    return answerOf(instance, operation);
  } catch (error) {
    return `threw ${(error as Error).message}`;
  }
}

/** The content of a subject, with that marked which the operation was about. */
function contentLines(instance: Instance, operation: Operation): string[] {
  try {
    return drawContent(instance, operation, COLUMNS - 7).map((line) => `       ${line}`);
  } catch (error) {
    return [`       the content cannot be read: ${(error as Error).message}`];
  }
}

/** The lines of all steps up to the first difference, if there is one, or to the end. */
export function* stepLines(sequence: Sequence, difference: Difference | null): Generator<string> {
  const { header, operations } = sequence;
  yield printHeader(header);
  if (difference !== null && difference.step < 0) return;
  const src = makeInstance('src', header);
  const oracle = makeInstance('oracle', header);
  const last = difference === null ? operations.length : difference.step + 1;
  for (const [i, operation] of operations.slice(0, last).entries()) {
    const wrong = difference !== null && i === difference.step;
    const line = `${wrong ? '>' : ' '}${String(i + 1).padStart(5)} ${printOperation(operation, header.domain)}`;
    yield wrong ? pc.bold(line) : line;
    // What never ended, or took the process along, would do so again.
    if (wrong && (difference.rule === 'hang' || difference.rule === 'died')) {
      yield `       ${pc.red(difference.detail.split('\n')[0])}`;
      return;
    }
    const actual = answerOrCrash(src, operation);
    const expected = answerOrCrash(oracle, operation);
    yield `       ${actual}`;
    if (expected !== actual) yield `       ${pc.red(`oracle: ${expected}`)}`;
    yield* contentLines(src, operation);
  }
}
